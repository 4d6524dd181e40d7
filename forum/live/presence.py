"""Who has a room open at this moment: counted always, named only if they allow it. Lossy by contract.

A leave is told only after a grace, so that a reload or a tunnel is not seen by everyone.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from forum import serialize
from forum.db import db
from forum.extensions import socketio
from forum.live import connections, log
from forum.live.connections import Connection
from forum.models import Persona, User
from forum.policy.boundaries import is_unnamed

GRACE = 10.0
"""Seconds that somebody stays in the list after the last tab is gone."""

_versions: dict[int, int] = defaultdict(int)
_leaving: dict[tuple[int, int], float] = {}
_here: dict[int, set[int]] = defaultdict(set)


def entered(room_id: int, user_id: int) -> None:
    """Somebody opened the room; the others are told if they were not here a moment ago."""
    _leaving.pop((room_id, user_id), None)
    if user_id in _here[room_id]:
        return
    _here[room_id].add(user_id)
    _tell(room_id, user_id, came=True)


def left(room_id: int, user_id: int) -> None:
    """Somebody closed a tab; if it was their last, they are gone after the grace."""
    if user_id in _here[room_id] and user_id not in connections.users_in(room_id):
        _leaving[room_id, user_id] = time.monotonic() + GRACE


def sweep(at: float | None = None) -> None:
    """Tell about everyone whose grace is over."""
    at = time.monotonic() if at is None else at
    for (room_id, user_id), until in list(_leaving.items()):
        if until <= at:
            del _leaving[room_id, user_id]
            _here[room_id].discard(user_id)
            _tell(room_id, user_id, came=False)


def now_in(room_id: int, reader_id: int) -> dict[str, Any]:
    """The whole list as one member sees it, with the version that the next difference follows."""
    here = _here[room_id]
    unnamed = select(User.id).where(User.id.in_(list(here)), is_unnamed(reader_id, User.id))
    people = _named(room_id, here - set(db.session.scalars(unnamed)))
    return {"r": room_id, "v": _versions[room_id], "count": len(here), "people": people}


def _tell(room_id: int, user_id: int, *, came: bool) -> None:
    """Tell of one member who came or went; those who are not told of them learn the count alone."""
    _versions[room_id] += 1
    told = {"r": room_id, "v": _versions[room_id], "count": len(_here[room_id]), "in": [], "out": []}
    people = _named(room_id, [user_id])
    named = told | ({"in": people} if came else {"out": [person["id"] for person in people]})
    strangers = strangers_to(user_id, connections.users_in(room_id))
    apart = [one.sid for one in connections.in_room(room_id) if one.user_id in strangers]
    socketio.emit("presence:diff", named, to=connections.channel(room_id), skip_sid=apart)
    for sid in apart:
        socketio.emit("presence:diff", told, to=sid)


def strangers_to(user_id: int, others: Collection[int]) -> set[int]:
    """Which of these members are not told that this one is there."""
    return set(
        db.session.scalars(select(User.id).where(User.id.in_(list(others)), is_unnamed(User.id, user_id)))
    )


def _named(room_id: int, user_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Those who show themselves, and the facilitators, who always do."""
    guide_ids = log.guides(room_id)
    people = db.session.execute(
        select(User.id, User.shows_presence, Persona)
        .join(Persona, (Persona.user_id == User.id) & Persona.is_main)
        .where(User.id.in_(list(user_ids)))
        .order_by(User.id)
    )
    return [
        serialize.persona(byline) | {"guide": user_id in guide_ids}
        for user_id, shows, byline in people
        if shows or user_id in guide_ids
    ]


def may_tell_typing(connection: Connection, *, every: float) -> bool:
    """Whether enough time has passed since this socket's last sign of typing."""
    at = time.monotonic()
    if at - connection.typed_at < every:
        return False
    connection.typed_at = at
    return True


def forget() -> None:
    """Begin anew, as a process that has just started."""
    for known in (_versions, _leaving, _here):
        known.clear()
