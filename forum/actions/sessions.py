"""Log-ins: one row each, whose key only the browser holds. Ending the row ends the log-in, everywhere at once."""

import secrets
from datetime import timedelta
from threading import Thread

import structlog
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.exc import SQLAlchemyError

from forum import broadcast
from forum.actions.tokens import end_all_tokens
from forum.actions.watching import end_feed_of
from forum.db import action, db, now, on_commit
from forum.models import Actor, LoginSession, User
from forum.policy.accounts import (
    can_begin_session,
    can_end_idle_sessions,
    can_end_other_sessions,
    can_end_session,
    can_log_out,
    can_renew_session,
    can_touch_session,
)
from forum.policy.core import require
from forum.queries.accounts import digest_of, still_open

log = structlog.get_logger("forum.sessions")

TOUCH_EVERY = timedelta(minutes=10)
"""How exactly we know when a log-in was last used. Finer would be a write with every page."""

QUICK_MS = 300
DEVICE_LENGTH = 80


@action
def begin_session(user: User, *, device: str = "", idle: timedelta | None = None) -> str:
    """Sign a member in on one device; the answer is the key for its cookie, which is stored nowhere.

    Their log-ins that are over, for some because they lay unused for longer than `idle`, are cleared away with it.
    """
    require(can_begin_session(user))
    if idle is not None:
        db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id, ~still_open(idle)))
    key = secrets.token_urlsafe(32)
    db.session.add(LoginSession(user_id=user.id, digest=digest_of(key), device=device[:DEVICE_LENGTH]))
    return key


@action
def touch_session(actor: User, key: str) -> None:
    """Note that a log-in is in use."""
    require(can_touch_session(actor))
    db.session.execute(
        update(LoginSession).where(LoginSession.digest == digest_of(key)).values(used_at=now())
    )


@action
def renew_session(actor: User) -> str:
    """Give the log-in that one is here by another key, because its member showed who they are: whoever copied the key
    before that is not let further by it. The answer is the new key; open rooms stay open."""
    require(can_renew_session(actor))
    key = secrets.token_urlsafe(32)
    this_one = LoginSession.user_id == actor.id, LoginSession.digest == digest_of(actor.session_key)
    db.session.execute(update(LoginSession).where(*this_one).values(digest=digest_of(key)))
    return key


@action
def log_out(actor: User, key: str) -> None:
    """End the log-in with this key; its open rooms close."""
    require(can_log_out(actor))
    _end(actor, LoginSession.digest == digest_of(key))


@action
def end_idle_sessions(actor: Actor, *, idle: timedelta) -> None:
    """Forget log-ins that open nothing any more, because they lay unused or began so long ago."""
    require(can_end_idle_sessions(actor))
    db.session.execute(delete(LoginSession).where(~still_open(idle)))


@action
def end_session(actor: User, *, session_id: int) -> None:
    """End one log-in of one's own, on whichever device; its open rooms close."""
    require(can_end_session(actor))
    _end(actor, LoginSession.id == session_id)


@action
def end_other_sessions(actor: User, key: str) -> None:
    """End every log-in of one's own but the one with this key, and every key for programs."""
    require(can_end_other_sessions(actor))
    end_all_sessions(actor, but=key)


def end_all_sessions(user: User, *, but: str = "") -> None:
    """Inside a deed: end a member's log-ins, keys and feed, and have every open socket ask again who they are."""
    end_all_tokens(user)
    end_feed_of(user)
    db.session.execute(
        delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.digest != digest_of(but))
    )
    user.auth_epoch += 1
    on_commit(broadcast.sessions_ended, user.id)


def end_session_quickly(key: str) -> None:
    """End a log-in within 300 ms, or leave it to its idle time: leaving must not wait for a database.

    It runs aside, because with a database that does not answer even opening a connection takes seconds.
    """
    ended: list[tuple[int, int]] = []
    aside = Thread(target=_end_aside, args=(db.engine, digest_of(key), ended), daemon=True)
    aside.start()
    aside.join(QUICK_MS / 1000)
    for user_id, session_id in ended:
        broadcast.sessions_ended(user_id, session_id=session_id)


def _end(actor: User, *which: object) -> None:
    ended = db.session.scalar(
        delete(LoginSession).where(LoginSession.user_id == actor.id, *which).returning(LoginSession.id)  # type: ignore[arg-type]
    )
    if ended is not None:
        on_commit(_tell_ended, actor.id, ended)


def _tell_ended(user_id: int, session_id: int) -> None:
    broadcast.sessions_ended(user_id, session_id=session_id)


def _end_aside(engine: Engine, digest: str, ended: list[tuple[int, int]]) -> None:
    try:
        with engine.connect().execution_options(hearth_writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL statement_timeout = {QUICK_MS}"))
                connection.execute(text(f"SET LOCAL lock_timeout = {QUICK_MS}"))
            gone = connection.execute(
                delete(LoginSession)
                .where(LoginSession.digest == digest)
                .returning(LoginSession.user_id, LoginSession.id)
            ).first()
    except SQLAlchemyError as problem:
        log.warning("leaving left a session to its idle time", kind=type(problem).__name__)
        return
    if gone is not None:
        ended.append((gone.user_id, gone.id))
