"""How rows look to browsers and programs: one shape each, shared by the JSON routes, sockets and broadcasts."""

from collections.abc import Collection
from typing import Any

from forum.models import EventType, Message, Persona, Room, RoomEvent


def persona(byline: Persona) -> dict[str, Any]:
    """A byline, as it is at this moment."""
    return {"id": byline.id, "name": byline.name, "figure": byline.figure, "tone": byline.tone}


def message(row: Message, *, guides: Collection[int] = (), own: bool = False) -> dict[str, Any]:
    """One line of a room. Words that are hidden or taken back are not in it, except a hidden one's for its author."""
    shown = row.is_public or (own and not row.is_deleted)
    return {
        "id": row.id,
        "seq": row.seq,
        "by": persona(row.byline),
        "guide": row.author_id in guides,
        "at": row.created_at.isoformat(),
        "edited": row.edited_at is not None,
        "state": message_state(row),
        "html": row.html if shown else None,
        "cid": row.cid,
        "reply_to": _answered(row),
    }


def message_state(row: Message) -> str:
    """One word for what has become of it."""
    if row.is_deleted:
        return "deleted"
    if row.is_hidden:
        return "hidden"
    return "held" if row.is_held else "shown"


def event(row: RoomEvent, *, guides: Collection[int] = (), reader_id: int | None = None) -> dict[str, Any]:
    """One step of a room's log, with what its message says at this moment."""
    told: dict[str, Any] = {"s": row.seq, "t": str(EventType(row.type)), "at": row.at.isoformat()}
    if row.message is not None:
        own = reader_id is not None and row.message.author_id == reader_id
        told["m"] = message(row.message, guides=guides, own=own)
    if row.data:
        told["data"] = row.data
    return told


def skip(seq: int) -> dict[str, Any]:
    """What stands in the log's order where a reader may not look. It says nothing of why."""
    return {"s": seq, "t": "skip"}


def room_state(room: Room) -> dict[str, Any]:
    """What everyone in a room knows about it."""
    return {
        "open": room.is_open,
        "paused": room.is_paused,
        "slow": room.slow_seconds,
        "closes_at": room.closes_at.isoformat() if room.closes_at else None,
    }


def _answered(row: Message) -> dict[str, Any] | None:
    if row.reply_to is None:
        return None
    return {"id": row.reply_to.id, "name": row.reply_to.byline.name}
