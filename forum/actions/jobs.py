"""How a promise is kept: claimed by one worker for a while, then done, put off, or left to a person.

A worker that dies keeps nobody waiting longer than its lease. A job that fails waits longer each time; after
`MAX_ATTEMPTS` it is dead, and an admin sees it.
"""

import random
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from forum import jobs, modlog
from forum.db import action, db, locked, now
from forum.errors import Conflict
from forum.models import Actor, Job
from forum.policy.core import require
from forum.policy.jobs import (
    can_bury_job,
    can_claim_job,
    can_finish_job,
    can_forget_done_jobs,
    can_plan_job,
    can_put_job_off,
    can_retry_job,
)

LEASE = timedelta(minutes=5)
"""How long a worker has a job to itself. Longer than any job takes."""
MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LOST = "WorkerLost"
"""The problem of a job during which worker after worker ended."""


@action
def plan_job(actor: Actor, kind: str, *, key: str) -> None:
    """Promise the job of this key, unless somebody did already: of ten processes that plan this hour's, one does."""
    require(can_plan_job(actor))
    if db.session.scalar(select(Job.id).where(Job.key == key)) is None:
        jobs.later(kind, key=key)


@action
def claim_job(actor: Actor, *, worker: str) -> Job | None:
    """Take the job that has been due longest, for the length of a lease; None when nothing is due.

    An attempt counts from here, so that a job which ends its worker is not tried for ever.
    """
    require(can_claim_job(actor))
    at = now()
    job = db.session.scalar(
        select(Job)
        .where(Job.done_at.is_(None), Job.dead_at.is_(None), Job.run_at <= at)
        .where(or_(Job.claimed_until.is_(None), Job.claimed_until <= at))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is None:
        return None
    if job.attempts >= MAX_ATTEMPTS:
        job.dead_at, job.problem, job.claimed_by, job.claimed_until = at, LOST, None, None
        return None
    job.claimed_by, job.claimed_until = worker, at + LEASE
    job.attempts += 1
    return job


@action
def finish_job(actor: Actor, job: Job, *, worker: str, problem: str | None = None) -> bool:
    """Call it done, or dropped because of a problem, and forget what it was about; false if the lease had passed to
    somebody else."""
    require(can_finish_job(actor))
    return _settle(job, worker, done_at=now(), payload={}, problem=problem)


@action
def put_job_off(actor: Actor, job: Job, *, worker: str, problem: str) -> bool:
    """Try it again later, each time after twice as long; or, after the last attempt, leave it to a person."""
    require(can_put_job_off(actor))
    if job.attempts >= MAX_ATTEMPTS:
        return _settle(job, worker, dead_at=now(), problem=problem)
    return _settle(job, worker, run_at=now() + wait_after(job.attempts), problem=problem)


@action
def bury_job(actor: Actor, job: Job, *, worker: str, problem: str) -> bool:
    """Leave it to a person at once, because trying again by ourselves would not help."""
    require(can_bury_job(actor))
    return _settle(job, worker, dead_at=now(), problem=problem)


@action
def retry_job(actor: Actor, job: Job) -> None:
    """Try a dead job from the beginning."""
    require(can_retry_job(actor))
    job = locked(job)
    if not job.is_dead:
        raise Conflict("This is not waiting for anybody any more.")
    job.dead_at, job.attempts, job.run_at = None, 0, now()
    modlog.write(actor, "job_retried", subject=f"job:{job.id}")
    jobs.ring()


@action
def forget_done_jobs(actor: Actor, *, days: int) -> None:
    """Forget what was done so long ago that nobody plans it again."""
    require(can_forget_done_jobs(actor))
    db.session.execute(delete(Job).where(Job.done_at < now() - timedelta(days=days)))


def wait_after(attempts: int) -> timedelta:
    """How long a job waits after so many failed attempts: doubling, up to an hour, and never all at one moment."""
    wait: timedelta = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return wait * random.uniform(0.8, 1.2)


def _settle(job: Job, worker: str, **values: object) -> bool:
    """End the claim, if it is still this worker's."""
    settled = db.session.execute(
        update(Job)
        .where(Job.id == job.id, Job.claimed_by == worker)
        .values(claimed_by=None, claimed_until=None, **values)
        .returning(Job.id)
    )
    return settled.first() is not None
