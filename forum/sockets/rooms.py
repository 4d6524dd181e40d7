"""Opening a room in a tab, catching up with it, and who is there."""

from typing import Any

from flask_socketio import SocketIO

from forum.extensions import socketio as live
from forum.live import connections, presence, tail
from forum.marks import asks, public
from forum.models import Room, User
from forum.policy.core import require
from forum.policy.rooms import can_read_room, can_send_message
from forum.queries.rooms import backfill, open_stay_of, room_for
from forum.sockets.answering import answering, this_connection, whole, whole_or_none

TYPING_EVERY = 2.0
"""Seconds between two signs of typing that are passed on from one socket."""


def register(socketio: SocketIO) -> None:
    for event, handler in (
        ("room:join", join),
        ("room:leave", leave),
        ("room:sync", sync),
        ("presence:get", who_is_here),
        ("typing", typing),
    ):
        socketio.on(event)(handler)


@answering
@asks(can_read_room)
def join(actor: User, payload: dict[str, Any]) -> dict[str, Any]:
    """Attach this tab, then read what it missed: the other way round would lose what comes in between."""
    room = room_for(actor, whole(payload, "room"))
    require(can_read_room(actor, room, open_stay_of(actor, room)))
    connection = this_connection()
    tail.follow(room.id, room.last_seq)
    connections.attach(connection, room.id)
    presence.entered(room.id, actor.id)
    tail.ring(room.id)
    return backfill(actor, room, epoch=whole_or_none(payload, "epoch"), after=whole_or_none(payload, "after"))


@answering
@public("a tab may always stop listening")
def leave(actor: User, payload: dict[str, Any]) -> None:
    """Detach this tab; the stay in the room goes on."""
    connection, room_id = this_connection(), whole(payload, "room")
    if room_id in connection.rooms:
        connections.detach(connection, room_id)
        presence.left(room_id, actor.id)


@answering
@asks(can_read_room)
def sync(actor: User, payload: dict[str, Any]) -> dict[str, Any]:
    """Catch up with a gap."""
    room = room_for(actor, whole(payload, "room"))
    limit = whole_or_none(payload, "limit")
    return backfill(
        actor,
        room,
        epoch=whole(payload, "epoch"),
        after=whole(payload, "after"),
        limit=200 if limit is None else limit,
    )


@answering
@asks(can_read_room)
def who_is_here(actor: User, payload: dict[str, Any]) -> dict[str, Any]:
    """The whole list, for a tab that just came or missed a difference."""
    room = _room_open_here(actor, payload)
    require(can_read_room(actor, room, open_stay_of(actor, room)))
    return presence.now_in(room.id, actor.id)


@answering
@asks(can_send_message)
def typing(actor: User, payload: dict[str, Any]) -> None:
    """Show the others that somebody is writing; named only if they show themselves."""
    room = _room_open_here(actor, payload)
    require(can_send_message(actor, room))
    connection = this_connection()
    if presence.may_tell_typing(connection, every=TYPING_EVERY):
        own = [one.sid for one in connections.of_user(actor.id)]
        strangers = presence.strangers_to(actor.id, connections.users_in(room.id))
        apart = [one.sid for one in connections.in_room(room.id) if one.user_id in strangers]
        named = {"r": room.id, "name": actor.name if actor.shows_presence else None}
        live.emit("typing", named, to=connections.channel(room.id), skip_sid=own + apart)


def _room_open_here(actor: User, payload: dict[str, Any]) -> Room:
    """The room, if this tab is attached to it."""
    room_id = whole(payload, "room")
    room = room_for(actor, room_id)
    if room_id not in this_connection().rooms:
        require(can_read_room(actor, room, None))
    return room
