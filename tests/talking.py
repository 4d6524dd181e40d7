"""Small steps that tests of rooms share: going in, saying something, and being a browser of somebody's."""

import contextvars
from collections.abc import Callable
from typing import Any

from flask import Flask

from forum.actions import messages, rooms
from forum.db import db
from forum.extensions import socketio
from forum.live.ids import new_cid
from forum.models import Message, Room, RoomEvent, User


def go_in(room: Room, *people: User) -> None:
    for one in people:
        rooms.join_room(one, room)


def say(actor: User, room: Room, body: str = "Creaky.", **more: Any) -> messages.Sent:
    return messages.send_message(actor, room, cid=more.pop("cid", None) or new_cid(), body=body, **more)


def line(actor: User, room: Room, body: str = "Creaky.") -> Message:
    message = say(actor, room, body).message
    assert message is not None
    return message


def log_of(room: Room) -> list[tuple[int, str]]:
    rows = db.session.query(RoomEvent).filter_by(room_id=room.id).order_by(RoomEvent.seq)
    return [(row.seq, str(row.type)) for row in rows]


def apart(deed: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run as the server would: in a context of its own, not in the test's."""
    return contextvars.Context().run(lambda: deed(*args, **kwargs))


class Tab:
    """One open tab of a member: a socket on the real handlers."""

    def __init__(self, app: Flask, browser: Any, *, origin: str | None = "base") -> None:
        base_url = app.extensions["hearth"].base_url
        headers = {"Origin": base_url if origin == "base" else origin} if origin else {}
        self.client = apart(socketio.test_client, app, headers=headers, flask_test_client=browser)

    @property
    def is_open(self) -> bool:
        return self.client.is_connected()

    def ask(self, event: str, *sent: Any) -> dict[str, Any]:
        return apart(self.client.emit, event, *sent, callback=True)

    def heard(self, name: str | None = None) -> list[Any]:
        """What was told since the last time, or only the events of one name."""
        told, self.client.queue[:] = list(self.client.queue), []
        return [one["args"][0] for one in told if name in (None, one["name"])]

    def close(self) -> None:
        if self.is_open:
            apart(self.client.disconnect)
