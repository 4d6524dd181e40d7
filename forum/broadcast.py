"""What browsers are told, one function an event. Called on commit; a lost push is never a lost deed.

A process without sockets (the command line, a job) has nobody to tell and tells nobody.
"""

from collections.abc import Iterable
from typing import Any

from forum.extensions import socketio
from forum.live import connections, tail


def room_rang(room_id: int) -> None:
    """Something was appended to the room's log: push it to whoever is in."""
    if _has_listeners():
        tail.ring(room_id)


def sessions_ended(user_id: int, *, session_id: int | None = None) -> None:
    """A log-in has ended, or all of a member's: tell those sockets, then close them."""
    if not _has_listeners():
        return
    for connection in connections.of_user(user_id):
        if session_id is None or connection.session_id == session_id:
            connections.end(connection)


def queue_changed() -> None:
    """A case came, was claimed or was decided: staff with the queue open fetch it again."""
    _tell("queue:event", {}, "queue")


def topic_changed(topic_id: int, number: int) -> None:
    """A topic has a new reply: whoever reads it is offered to show it. No words are pushed."""
    _tell("topic:event", {"topic": topic_id, "number": number}, f"topic:{topic_id}")


def users_told(user_ids: Iterable[int]) -> None:
    """Members have something new in the notices."""
    for user_id in user_ids:
        member_told(user_id, "notice")


def member_told(user_id: int, kind: str, **more: Any) -> None:
    """Tell one member, in every tab, what concerns only them."""
    if _has_listeners():
        for connection in connections.of_user(user_id):
            socketio.emit("user:event", {"kind": kind, **more}, to=connection.sid)


def _tell(event: str, payload: dict[str, Any], channel: str) -> None:
    if _has_listeners():
        socketio.emit(event, payload, to=channel)


def _has_listeners() -> bool:
    return socketio.server is not None  # type: ignore[attr-defined]
