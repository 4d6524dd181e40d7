"""How a post changed, as one reader may know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, load_only

from forum.db import db
from forum.errors import NotFound
from forum.models import Actor, Board, Post, Revision, Topic
from forum.policy.core import require
from forum.policy.writing import can_see_history, can_see_revision, visible_revisions
from forum.queries.boards import choices_for
from forum.queries.topics import choice_of, meets
from forum.text import veils
from forum.text.diff import Difference, difference

VERSIONS_SHOWN = 50
"""How many earlier wordings a page lists, the latest first."""


@dataclass(frozen=True)
class Version:
    """A wording in the list; `revision` is None for the one that the post has now."""

    place: int
    number: int
    at: datetime
    revision: Revision | None


@dataclass(frozen=True)
class History:
    """The wordings that this reader may see, and how one of them came to be."""

    versions: list[Version]
    """The latest first."""
    chosen: Version
    before: Version | None
    difference: Difference | None
    html: str
    choice: str
    """How this reader wants to meet what the topic mentions."""
    is_kept_away: bool
    """Whether the reader does not want to meet who started the topic."""
    is_cut: bool
    """Whether there are older ones than the list shows."""


def revision_for(actor: Actor, revision_id: int) -> Revision:
    """One earlier wording, if this person may see it."""
    revision = db.session.scalar(
        select(Revision)
        .where(Revision.id == revision_id)
        .options(joinedload(Revision.post).joinedload(Post.topic).joinedload(Topic.board))
    )
    if revision is None or not can_see_revision(actor, revision):
        raise NotFound()
    return revision


def revisions_of(actor: Actor, post: Post) -> Sequence[Revision]:
    """The earlier wordings that this person may see, the latest first."""
    require(can_see_history(actor, post))
    return db.session.scalars(_visible(actor, post)).all()


def history_of(actor: Actor, post: Post, number: int | None = None) -> History:
    """All of it at the same cost, however often the words changed: the words of two wordings are read, no more."""
    require(can_see_history(actor, post))
    columns = load_only(
        Revision.post_id, Revision.number, Revision.written_at, Revision.held_at, Revision.hidden_at
    )
    rows = db.session.scalars(_visible(actor, post).options(columns)).all()
    versions = _versions(post, rows[:VERSIONS_SHOWN])
    at = next((index for index, one in enumerate(versions) if one.number == number), 0)
    chosen, before = versions[at], versions[at + 1] if at + 1 < len(versions) else None
    words = _words(post, [one for one in (chosen, before) if one])
    choices = choices_for(actor)
    return History(
        versions=versions,
        chosen=chosen,
        before=before,
        difference=difference(words[before.number][0], words[chosen.number][0]) if before else None,
        html=veils.for_reader(words[chosen.number][1], choices),
        choice=choice_of(post.topic, choices),
        is_kept_away=not meets(actor, post.topic),
        is_cut=len(rows) > VERSIONS_SHOWN,
    )


def _visible(actor: Actor, post: Post) -> Select[Revision]:
    return (
        select(Revision)
        .join(Revision.post)
        .join(Post.topic)
        .join(Topic.board)
        .where(Revision.post_id == post.id, visible_revisions(actor))
        .options(
            contains_eager(Revision.post)
            .contains_eager(Post.topic)
            .options(lazyload(Topic.notes), contains_eager(Topic.board).options(lazyload(Board.groups)))
        )
        .order_by(Revision.number.desc())
        .limit(VERSIONS_SHOWN + 1)
    )


def _versions(post: Post, rows: Sequence[Revision]) -> list[Version]:
    now_number = rows[0].number + 1 if rows else 1
    count = len(rows) + 1
    now = Version(count, now_number, post.edited_at or post.created_at, None)
    return [now, *(Version(count - 1 - at, row.number, row.written_at, row) for at, row in enumerate(rows))]


def _words(post: Post, versions: Sequence[Version]) -> dict[int, tuple[str, str]]:
    """Source and HTML by the number of the version."""
    ids = [one.revision.id for one in versions if one.revision]
    rows = db.session.execute(
        select(Revision.number, Revision.source, Revision.html).where(Revision.id.in_(ids))
    )
    words = {number: (source, html) for number, source, html in rows}
    return words | {one.number: (post.source, post.html) for one in versions if one.revision is None}
