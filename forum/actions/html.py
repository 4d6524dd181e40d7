"""What is stored rendered, rendered again after the renderer changed."""

from typing import TypeVar

from sqlalchemy import select

from forum.db import action, db
from forum.models import Actor, Message, Post, Revision, Strategy
from forum.policy.boards import can_rebuild_html
from forum.policy.core import require
from forum.text import HELPED, RENDERER, render

RENDERED = (Post, Message, Revision, Strategy)
W = TypeVar("W", Post, Message, Revision, Strategy)


@action
def rebuild_html(
    actor: Actor, kind: type[W], *, after: int = 0, size: int = 200, every: bool = False
) -> int | None:
    """Render a batch of an older renderer's words again, or of every renderer's, from their source; the last id, or None
    when none is left."""
    require(can_rebuild_html(actor))
    wanted = select(kind).where(kind.id > after).order_by(kind.id).limit(size)
    older = wanted if every else wanted.where(kind.renderer < RENDERER)
    rows = db.session.scalars(older.with_for_update()).all()
    for row in rows:
        row.html, row.renderer = render(row.source), RENDERER
        if isinstance(row, Post):
            row.has_helped = HELPED in row.html
        if isinstance(row, Strategy):
            row.changes_html, row.cautions_html = render(row.changes), render(row.cautions)
    return rows[-1].id if rows else None
