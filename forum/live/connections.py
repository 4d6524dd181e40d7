"""Who is connected to this process: one record a socket, and the ways to find it by member or by room."""

from collections import defaultdict
from dataclasses import dataclass, field

from forum.extensions import socketio


@dataclass
class Connection:
    """One open socket: whose it is, on which log-in it stands, and the rooms it is attached to."""

    sid: str
    user_id: int
    auth_epoch: int
    session_id: int | None = None
    rooms: set[int] = field(default_factory=set)
    typed_at: float = float("-inf")


_all: dict[str, Connection] = {}
_by_user: dict[int, set[str]] = defaultdict(set)
_by_room: dict[int, set[str]] = defaultdict(set)


def add(connection: Connection) -> None:
    """Remember a socket that was let in."""
    _all[connection.sid] = connection
    _by_user[connection.user_id].add(connection.sid)


def drop(sid: str) -> Connection | None:
    """Forget a socket that is gone; gives back what was known of it."""
    connection = _all.pop(sid, None)
    if connection is None:
        return None
    _discard(_by_user, connection.user_id, sid)
    for room_id in connection.rooms:
        _discard(_by_room, room_id, sid)
    return connection


def get(sid: str) -> Connection | None:
    return _all.get(sid)


def every() -> list[Connection]:
    """All of them, as they are now."""
    return list(_all.values())


def of_user(user_id: int) -> list[Connection]:
    return [_all[sid] for sid in _by_user.get(user_id, ())]


def in_room(room_id: int) -> list[Connection]:
    return [_all[sid] for sid in _by_room.get(room_id, ())]


def users_in(room_id: int) -> set[int]:
    """Ids of the members who have the room open here."""
    return {connection.user_id for connection in in_room(room_id)}


def rooms() -> list[int]:
    """Ids of the rooms that somebody here has open."""
    return list(_by_room)


def attach(connection: Connection, room_id: int) -> None:
    """From now on this socket hears what happens in the room."""
    connection.rooms.add(room_id)
    _by_room[room_id].add(connection.sid)
    socketio.server.enter_room(connection.sid, channel(room_id))  # type: ignore[attr-defined]


def detach(connection: Connection, room_id: int) -> None:
    """This socket hears nothing more from the room."""
    connection.rooms.discard(room_id)
    _discard(_by_room, room_id, connection.sid)
    socketio.server.leave_room(connection.sid, channel(room_id))  # type: ignore[attr-defined]


def channel(room_id: int) -> str:
    """The name under which the transport knows a room."""
    return f"room:{room_id}"


def end(connection: Connection) -> None:
    """Tell a socket that its log-in is over, then close it."""
    socketio.emit("auth:revoked", {}, to=connection.sid)
    socketio.server.disconnect(connection.sid)  # type: ignore[attr-defined]


def _discard(index: dict[int, set[str]], key: int, sid: str) -> None:
    index[key].discard(sid)
    if not index[key]:
        del index[key]
