"""A socket comes and goes. Only pages of ours, opened by somebody who is signed in, are let in."""

from datetime import timedelta
from typing import Any

from flask import current_app, request
from flask_socketio import SocketIO

from forum.actions.sessions import digest_of
from forum.identity import current_actor
from forum.live import connections, presence, watch
from forum.live.connections import Connection
from forum.marks import asks, public
from forum.models import User
from forum.policy.core import member_verdict
from forum.queries.accounts import session_for


def register(socketio: SocketIO) -> None:
    socketio.on("connect")(connected)
    socketio.on("disconnect")(disconnected)


@asks(member_verdict)
def connected(_auth: Any = None) -> bool:
    """Let a member's page in. A missing Origin is refused: only a browser sends one, and it cannot lie about it."""
    settings = current_app.extensions["hearth"]
    actor = current_actor()
    if request.headers.get("Origin") != settings.base_url or not member_verdict(actor):
        return False
    _remember(actor)
    if settings.env != "test":
        watch.start(current_app._get_current_object())  # type: ignore[attr-defined]
    return True


@public("a page that goes away asks for nothing")
def disconnected(_reason: Any = None) -> None:
    """Forget the socket, and let the rooms see it leave after a while."""
    connection = connections.drop(request.sid)  # type: ignore[attr-defined]
    if connection is None:
        return
    for room_id in connection.rooms:
        presence.left(room_id, connection.user_id)


def _remember(actor: Any) -> None:
    if isinstance(actor, User):
        connections.add(
            Connection(
                request.sid,  # type: ignore[attr-defined]
                actor.id,
                actor.auth_epoch,
                session_id=_session_id(actor),
            )
        )


def _session_id(actor: User) -> int | None:
    """The row of the log-in that this page was opened with; when it ends, the socket does."""
    idle = timedelta(days=current_app.extensions["hearth"].session_days)
    found = session_for(digest_of(actor.session_key), idle=idle) if actor.session_key else None
    return found.id if found else None
