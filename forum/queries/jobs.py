"""What waits to be done, and what could not be."""

from collections.abc import Sequence

from sqlalchemy import func, select

from forum.db import db
from forum.errors import NotFound
from forum.models import Actor, Job
from forum.policy.jobs import can_see_jobs

SHOWN = 100


def dead_jobs(actor: Actor) -> Sequence[Job]:
    """What nobody tries again by themselves, the latest first."""
    _look_after(actor)
    return db.session.scalars(
        select(Job).where(Job.dead_at.is_not(None)).order_by(Job.dead_at.desc(), Job.id.desc()).limit(SHOWN)
    ).all()


def waiting_jobs(actor: Actor) -> int:
    """How many are promised and neither done nor dead."""
    _look_after(actor)
    open_ones = select(func.count()).where(Job.done_at.is_(None), Job.dead_at.is_(None))
    return db.session.scalar(open_ones.select_from(Job)) or 0


def job_for(actor: Actor, job_id: int) -> Job:
    """This job, or NotFound."""
    _look_after(actor)
    found = db.session.get(Job, job_id)
    if found is None:
        raise NotFound()
    return found


def _look_after(actor: Actor) -> None:
    """To whoever does not look after the house there are no jobs."""
    if not can_see_jobs(actor):
        raise NotFound()
