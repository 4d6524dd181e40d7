"""The tail of each room's log: whatever was appended is pushed to whoever is attached, strictly in order.

A ring only says that something may be new; what it is, is read from the log. So a lost ring costs time, never an
event, and two rings at once push nothing twice.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from forum import serialize
from forum.db import db
from forum.extensions import socketio
from forum.live import connections, log, presence
from forum.live.connections import Connection
from forum.models import Membership, Room, RoomEvent
from forum.policy.rooms import readable_spans

_pushed: dict[int, int] = {}
"""Up to which event each followed room was pushed from this process."""

_turns: dict[int, threading.Lock] = defaultdict(threading.Lock)
"""One pusher a room at a time; whoever comes second pushes what the first one did not see."""


def follow(room_id: int, head: int) -> None:
    """Push what is appended after this place, unless the room is followed already."""
    _pushed.setdefault(room_id, head)


def ring(room_id: int) -> None:
    """Push everything that the log has and this process has not pushed yet."""
    if not connections.in_room(room_id):
        _pushed.pop(room_id, None)
        return
    with _turns[room_id]:
        while room_id in _pushed and _push_page(room_id):
            pass
        _let_departed_go(room_id)


def ring_if_behind(room_ids: Iterable[int]) -> None:
    """The safety look: ring each of these rooms whose log is longer than what was pushed."""
    heads = select(Room.id, Room.last_seq).where(Room.id.in_(list(room_ids)))
    for room_id, head in db.session.execute(heads).all():
        if head > _pushed.get(room_id, head):
            ring(room_id)


def _push_page(room_id: int) -> bool:
    """Push the next events; true if there may be more."""
    events = log.read(room_id, _pushed[room_id])
    if not events:
        return False
    room = db.session.get_one(Room, room_id, populate_existing=True)
    guide_ids = log.guides(room_id)
    here = connections.users_in(room_id)
    stays, away = log.stays(room_id, here), log.kept_away(here, room_id)
    for event in events:
        _turn_out(room, event, stays)
        _push(room, event, stays, guide_ids, away)
        _pushed[room_id] = event.seq
    return len(events) == log.PAGE


def _push(
    room: Room,
    event: RoomEvent,
    stays: dict[int, list[Membership]],
    guide_ids: set[int],
    away: dict[int, set[int]],
) -> None:
    """One frame for all, and another for whom it is not, or who keeps away whom it answers."""
    address = {"r": room.id, "e": room.epoch}
    others: dict[str, serialize.EventShape] = {}
    for one in connections.in_room(room.id):
        theirs = away.get(one.user_id, set())
        if not _may_see(room, event, stays.get(one.user_id, [])) or log.is_by(event, theirs):
            others[one.sid] = serialize.skip(event.seq)
        elif log.answers_one_of(event, theirs):
            others[one.sid] = serialize.event(event, guides=guide_ids, away=theirs)
    frame = address | serialize.event(event, guides=guide_ids)
    socketio.emit("room:event", frame, to=connections.channel(room.id), skip_sid=list(others))
    for sid, other in others.items():
        socketio.emit("room:event", address | other, to=sid)


def _may_see(room: Room, event: RoomEvent, stays: Sequence[Membership]) -> bool:
    return log.is_for(event, readable_spans(room, stays))


def _turn_out(room: Room, event: RoomEvent, stays: dict[int, list[Membership]]) -> None:
    """Whoever's stay ended before this event hears neither it nor anything after it."""
    for one in connections.in_room(room.id):
        if not any(_reaches(stay, event.seq) for stay in stays.get(one.user_id, [])):
            let_go(one, room.id, "left")


def _let_departed_go(room_id: int) -> None:
    """A stay can end without a line in the log; its sockets then hear nothing more either."""
    stays = log.stays(room_id, connections.users_in(room_id))
    for one in connections.in_room(room_id):
        if not any(stay.is_open for stay in stays[one.user_id]):
            let_go(one, room_id, "left")


def _reaches(stay: Membership, seq: int) -> bool:
    return stay.is_open or (stay.left_seq or 0) >= seq


def let_go(connection: Connection, room_id: int, why: str) -> None:
    """Take a socket out of a room and tell its page to look again."""
    connections.detach(connection, room_id)
    presence.left(room_id, connection.user_id)
    socketio.emit("room:reset", {"r": room_id, "why": why}, to=connection.sid)
