"""The fifth door: what is done when nobody asks. It keeps the promises of the outbox, one after another.

It runs inside the server, or as a process of its own (`flask work`), or both: claims keep them apart.
"""

import os
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from flask import Flask

from forum import jobs
from forum.actions.cases import forget_old_cases
from forum.actions.drafts import forget_old_drafts
from forum.actions.factors import forget_spent_asks
from forum.actions.house import write_house_file
from forum.actions.jobs import bury_job, claim_job, finish_job, forget_done_jobs, plan_job, put_job_off
from forum.actions.joining import forget_old_answers
from forum.actions.leaving import forget_old_copies
from forum.actions.links import forget_old_links
from forum.actions.planned import JOB
from forum.actions.requests import forget_old_requests
from forum.actions.rooms import erase_old_words
from forum.actions.sessions import end_idle_sessions
from forum.actions.taken_back import erase_taken_back
from forum.config import SettingError, Settings
from forum.errors import ForumError
from forum.extensions import socketio
from forum.models import Job, System
from forum.queries.accounts import demo_members
from forum.work.copies import make_copy
from forum.work.mail import send_mail
from forum.work.planned import publish

log = structlog.get_logger("forum.work")
HOUR = 3600
FINISH_WITHIN = 8.0
"""Seconds that the server waits for a job under way; less than gunicorn's `graceful_timeout`, which ends it all."""
LOOK_EVERY = 5.0
"""Seconds between two looks at the outbox when nobody rings."""


def init_app(app: Flask) -> None:
    """Give the command line `flask work`."""
    from forum.work.process import work

    app.cli.add_command(work)


def check_members(app: Flask) -> None:
    """Refuse to serve a production site with accounts whose passwords everybody can read in the seeds."""
    with app.app_context():
        if app.extensions["hearth"].is_production and demo_members():
            raise SettingError("There are demo accounts in this database, which production does not serve.")


def start(app: Flask, goes_on: Callable[[], bool]) -> None:
    """Keep promises beside the server's other work while it goes on, unless another process does."""
    if app.extensions["hearth"].work_inside:
        app.extensions["hearth_work"] = socketio.start_background_task(keep_on, app, goes_on)


def stop(app: Flask) -> None:
    """Let what is under way be finished before the server's process ends; the lease covers what takes longer."""
    jobs.due.set()
    if inside := app.extensions.get("hearth_work"):
        inside.join(timeout=FINISH_WITHIN)


def keep_on(app: Flask, goes_on: Callable[[], bool]) -> None:
    """Keep promises for as long as this says so; what is under way then is finished first."""
    worker = f"{os.getpid()}-{secrets.token_hex(4)}"
    while goes_on():
        with app.app_context():
            try:
                plan_what_recurs()
                while goes_on() and work_once(app.extensions["hearth"], worker):
                    pass
            except ForumError as busy:
                log.warning("work waits", code=busy.code)
            except Exception:
                log.exception("work waits")  # the database may be away; the next look may find it again
        jobs.due.wait(LOOK_EVERY)
        jobs.due.clear()


def plan_what_recurs() -> None:
    """Promise this hour's upkeep. There is one of it, however many workers look: its key names the hour."""
    plan_job(System(), "upkeep", key=f"upkeep:{int(time.time()) // HOUR}")


def work_once(settings: Settings, worker: str) -> bool:
    """Do the job that has been due longest; false when nothing is due."""
    job = claim_job(System(), worker=worker)
    if job is None:
        return False
    try:
        HANDLERS[job.kind](settings, job)
    except jobs.Dropped as problem:
        log.warning("job dropped", job=job.id, kind=job.kind, problem=str(problem))
        finish_job(System(), job, worker=worker, problem=str(problem))
    except jobs.Hopeless as problem:
        log.warning("job left to a person", job=job.id, kind=job.kind, problem=str(problem))
        bury_job(System(), job, worker=worker, problem=str(problem))
    except Exception as problem:
        log.exception("job failed", job=job.id, kind=job.kind, attempt=job.attempts)
        put_job_off(System(), job, worker=worker, problem=type(problem).__name__)
    else:
        finish_job(System(), job, worker=worker)
    return True


def upkeep(settings: Settings) -> dict[str, int]:
    """Forget what is kept no longer; the answer counts what was taken back, lines of rooms and cases. Twice forgets nothing more."""
    actor = System()
    end_idle_sessions(actor, idle=timedelta(days=settings.session_days))
    forget_old_links(actor)
    forget_old_copies(actor)
    forget_old_drafts(actor)
    forget_spent_asks(actor)
    forget_old_requests(actor, days=settings.request_days)
    forget_done_jobs(actor, days=settings.request_days)
    write_house_file(actor)
    forget_old_answers(actor, days=settings.case_days)
    return {
        "taken_back": erase_taken_back(actor, days=settings.taken_back_days),
        "lines": erase_old_words(actor, hours=settings.room_hours),
        "cases": forget_old_cases(actor, days=settings.case_days),
    }


def _upkeep(settings: Settings, _job: Job) -> None:
    log.info("upkeep", **upkeep(settings))


HANDLERS: dict[str, Callable[[Settings, Job], None]] = {
    "upkeep": _upkeep,
    "mail": send_mail,
    "copy": make_copy,
    JOB: publish,
}
"""What to do, by the kind of the job. A handler may be called twice for one job, and must not show it."""
