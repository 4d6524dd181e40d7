"""The watch: every two seconds it looks whether a push was missed or a log-in has ended without us hearing of it."""

import logging
from typing import Any

from flask import Flask
from sqlalchemy import select

from forum.db import db
from forum.extensions import socketio
from forum.live import connections, presence, tail
from forum.models import LoginSession, User

EVERY = 2.0
"""Seconds between two looks; the promise is two and a half."""

logger = logging.getLogger(__name__)
_started: set[int] = set()


def start(app: Flask) -> None:
    """Keep watch in this process from now on; asking twice starts one."""
    if id(app) in _started:
        return
    _started.add(id(app))
    socketio.start_background_task(_keep, app)


def look() -> None:
    """One look: end sockets whose log-in is over, push what was missed, and tell who has left."""
    end_dead_connections()
    tail.ring_if_behind(connections.rooms())
    presence.sweep()


def end_dead_connections() -> None:
    """Close every socket whose session row is gone or whose member's rights have changed since it connected."""
    every = connections.every()
    epochs = _epochs({one.user_id for one in every})
    alive = _sessions({one.session_id for one in every if one.session_id is not None})
    for one in every:
        has_session = one.session_id is None or one.session_id in alive
        if epochs.get(one.user_id) != one.auth_epoch or not has_session:
            connections.end(one)


def _epochs(user_ids: set[int]) -> dict[int, int]:
    rows = db.session.execute(select(User.id, User.auth_epoch).where(User.id.in_(user_ids)))
    return {user_id: epoch for user_id, epoch in rows}  # noqa: C416  (dict() would not type)


def _sessions(session_ids: set[int]) -> set[int]:
    return set(db.session.scalars(select(LoginSession.id).where(LoginSession.id.in_(session_ids))))


def _keep(app: Flask) -> Any:  # the loop itself holds no decision; `look` is what tests call
    while True:
        socketio.sleep(EVERY)  # type: ignore[arg-type]
        with app.app_context():
            try:
                look()
            except Exception:
                logger.exception("the watch over live rooms failed once")
