"""A member’s own plan, for the page that must stand whatever else does not."""

from dataclasses import dataclass
from datetime import timedelta
from threading import Thread

import structlog
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from forum.db import db
from forum.models import LoginSession, Plan
from forum.queries.accounts import digest_of, still_open

log = structlog.get_logger("forum.plans")

QUICK_MS = 200
"""Help has 300 ms for everything. What has not come by then is left out, and the page says so."""


@dataclass(frozen=True)
class OwnPlan:
    """What was found within that time of whoever holds a log-in’s key."""

    is_late: bool = False
    is_member: bool = False
    parts: dict[str, list[str]] | None = None


def plan_quickly(key: str, *, idle: timedelta) -> OwnPlan:
    """The plan of whoever this log-in belongs to, and of nobody else, or that it did not come in time.

    It runs aside, because with a database that does not answer even opening a connection takes seconds.
    """
    found: list[OwnPlan] = []
    aside = Thread(target=_look_aside, args=(db.engine, digest_of(key), idle, found), daemon=True)
    aside.start()
    aside.join(QUICK_MS / 1000)
    return found[0] if found else OwnPlan(is_late=True)


def _look_aside(engine: Engine, digest: str, idle: timedelta, found: list[OwnPlan]) -> None:
    own = (
        select(LoginSession.user_id, Plan.parts)
        .outerjoin(Plan, Plan.user_id == LoginSession.user_id)
        .where(LoginSession.digest == digest, still_open(idle))
    )
    try:
        with engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL statement_timeout = {QUICK_MS}"))
            row = connection.execute(own).first()
    except SQLAlchemyError as problem:
        log.warning("help was shown without a plan", kind=type(problem).__name__)
        return
    found.append(OwnPlan(is_member=row is not None, parts=row.parts if row is not None else None))
