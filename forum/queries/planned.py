"""Topics for a later time, as those who moderate their board see them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from forum.db import db
from forum.errors import NotFound
from forum.models import Actor, Board, Planned
from forum.policy.core import require
from forum.policy.writing import can_see_planned

PLANNED_SHOWN = 100


def planned_on(actor: Actor, board: Board) -> Sequence[Planned]:
    """What waits for its time on this board, the soonest first."""
    require(can_see_planned(actor, board))
    return db.session.scalars(
        select(Planned)
        .where(Planned.board_id == board.id, Planned.topic_id.is_(None))
        .options(joinedload(Planned.author).options(lazyload("*")))
        .order_by(Planned.publish_at, Planned.id)
        .limit(PLANNED_SHOWN)
    ).all()


def planned_for(actor: Actor, planned_id: int) -> Planned:
    """One of them, for whoever moderates its board."""
    planned = db.session.get(Planned, planned_id)
    if planned is None or not can_see_planned(actor, planned.board):
        raise NotFound()
    return planned


def planned_with_id(planned_id: int) -> Planned | None:
    """For the job that publishes it: as it is now, whatever the worker knew of it before."""
    return db.session.get(Planned, planned_id, populate_existing=True)
