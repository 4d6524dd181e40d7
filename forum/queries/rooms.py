"""What somebody may see of rooms: the list, one room, and what is said in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import joinedload

from forum import serialize
from forum.db import db, now
from forum.errors import ForumError, NotFound
from forum.live import log
from forum.models import Actor, Appointment, Duty, Membership, Message, Persona, Room, User
from forum.policy.boundaries import is_unnamed, meets_in_room
from forum.policy.core import require
from forum.policy.rooms import (
    Span,
    can_read_room,
    can_see_room,
    is_readable,
    keeps_room,
    readable_spans,
    visible_rooms,
)

LINES = 50
"""Messages that a room shows at first, and that each step back adds."""


@dataclass(frozen=True)
class RoomCard:
    """A room as the list shows it: how many are in, and who facilitates."""

    room: Room
    taken: int
    guides: list[Persona] = field(default_factory=list)
    is_mine: bool = False

    @property
    def left(self) -> int:
        return max(0, self.room.capacity - self.taken)


@dataclass(frozen=True)
class Talk:
    """A stretch of what was said, the oldest first, and where the log stands."""

    lines: Sequence[Message]
    guides: set[int]
    head: int
    older: int | None = None
    away: frozenset[int] = frozenset()
    """The bylines that the reader does not meet here; whoever answers one of them answers nobody by name."""


@dataclass(frozen=True)
class Present:
    """Who is in a room, who keeps it, and the reader's own stays in it: asked for once, for all that a page shows."""

    actor: Actor
    room: Room
    people: list[Membership]
    own: list[Membership]
    guides: list[Persona]
    unnamed: frozenset[int] = frozenset()
    """Members whom the reader keeps away, or who block them."""

    @property
    def stay(self) -> Membership | None:
        """The reader's stay in the room now."""
        return next((one for one in self.own if one.is_open), None)

    @property
    def last(self) -> Membership | None:
        """The reader's latest stay, to say how it ended."""
        return max(self.own, key=lambda one: one.id, default=None)

    @property
    def guide_ids(self) -> set[int]:
        return {guide.user_id for guide in self.guides if guide.user_id is not None}

    @property
    def card(self) -> RoomCard:
        return RoomCard(self.room, len(self.people), self.guides, self.stay is not None)

    @property
    def shown(self) -> list[Membership]:
        """Everyone, for whoever keeps the room; for others those who show themselves, the facilitators and they."""
        sees_all, guides = keeps_room(self.actor, self.room), self.guide_ids
        return [
            one
            for one in self.people
            if sees_all
            or one.user_id in guides
            or one.user_id == self.actor.id
            or (one.user.shows_presence and one.user_id not in self.unnamed)
        ]


def present_in(actor: Actor, room: Room) -> Present:
    """Everybody's open stay in the room, and every stay of the reader's own."""
    is_own = Membership.user_id == actor.id if actor.id is not None else false()
    rows = db.session.execute(
        select(Membership, is_unnamed(actor.id, Membership.user_id) if actor.id is not None else false())
        .where(Membership.room_id == room.id, or_(Membership.left_at.is_(None), is_own))
        .options(joinedload(Membership.user).lazyload("*"))
        .order_by(Membership.id)
    ).all()
    people = [stay for stay, _ in rows if stay.is_open]
    own = [stay for stay, _ in rows if stay.user_id == actor.id]
    unnamed = frozenset(stay.user_id for stay, is_one in rows if is_one)
    return Present(actor, room, people, own, _guides([room.id])[room.id], unnamed)


def rooms_for(actor: Actor) -> list[RoomCard]:
    """Every room that is there for them, the open ones first, then those that open next."""
    rooms = db.session.scalars(
        select(Room).where(visible_rooms(actor)).order_by(Room.position, Room.id)
    ).all()
    ids = [room.id for room in rooms]
    taken, guides, mine = _taken(ids), _guides(ids), _stays_open(actor, ids)
    cards = [RoomCard(room, taken.get(room.id, 0), guides[room.id], room.id in mine) for room in rooms]
    return sorted(cards, key=_soonest)


def room_for(actor: Actor, room_id: int) -> Room:
    """The room, if it is there for them."""
    room = db.session.get(Room, room_id)
    if room is None or not can_see_room(actor, room):
        raise NotFound()
    return room


def open_stay_of(actor: Actor, room: Room) -> Membership | None:
    """The stay that they have in the room now."""
    if not actor.is_authenticated:
        return None
    stay = select(Membership).where(
        Membership.room_id == room.id, Membership.user_id == actor.id, Membership.left_at.is_(None)
    )
    return db.session.scalar(stay.execution_options(populate_existing=True))


def message_for(actor: Actor, room: Room, message_id: int) -> Message:
    """One line, if it lies where they may read and is of nobody they keep away, is their own, or they keep the room."""
    message = db.session.get(Message, message_id, options=log.WITH_WORDS)
    if message is None or message.room_id != room.id:
        raise NotFound()
    if message.author_id == actor.id or keeps_room(actor, room):
        return message
    if not is_readable(_spans(actor, room), message.seq) or message.persona_id in _away(actor, room):
        raise NotFound()
    return message


def member_in(actor: Actor, room: Room, persona_id: int) -> User:
    """Who is in the room under this byline."""
    stay = db.session.scalar(
        select(Membership)
        .where(
            Membership.room_id == room.id, Membership.persona_id == persona_id, Membership.left_at.is_(None)
        )
        .options(joinedload(Membership.user))
    )
    if stay is None:
        raise NotFound("They are not in this room any more.")
    return stay.user


def talk_in(actor: Actor, room: Room, *, before: int | None = None, limit: int = LINES) -> Talk:
    """What was said last, or before a place in the log, as it reads now; needs an open stay."""
    return talk_of(present_in(actor, room), before=before, limit=limit)


def talk_of(present: Present, *, before: int | None = None, limit: int = LINES) -> Talk:
    """The same for a reader whose stays are known already."""
    actor, room = present.actor, present.room
    require(can_read_room(actor, room, present.stay))
    after_head = room.last_seq + 1
    spans = readable_spans(room, present.own)
    upto = min(before, after_head) if before is not None else after_head
    found = _lines(actor, room, spans, upto, limit + 1)
    lines = list(reversed(found[:limit]))
    older = lines[0].seq if len(found) > limit else None
    held = _held(actor, room) if before is None else []
    away = _away(actor, room) if any(line.reply_to for line in lines) else frozenset()
    return Talk(lines + held, present.guide_ids, room.last_seq, older, away)


def backfill(
    actor: Actor, room: Room, *, epoch: int | None = None, after: int | None = None, limit: int = log.PAGE
) -> dict[str, Any]:
    """What a client gets when it joins or asks: the events after its cursor, or without one the last lines.

    Raises `reset` when the cursor is of another epoch, below the floor or above the head: refetch then.
    """
    stay = open_stay_of(actor, room)
    require(can_read_room(actor, room, stay))
    db.session.refresh(room)
    answer = _where_it_stands(actor, room, stay)
    if after is None:
        talk = talk_in(actor, room)
        messages = [_line(message, talk, actor) for message in talk.lines]
        return answer | {"head": talk.head, "messages": messages, "more": False, "older": talk.older}
    if epoch != room.epoch or not room.floor_seq <= after <= room.last_seq:
        raise ForumError("This page is too far behind. It is read anew from the room.", code="reset")
    events = log.read(room.id, after, min(max(limit, 1), log.PAGE), upto=room.last_seq)
    guides, away = log.guides(room.id), _away(actor, room)
    seen = log.as_seen(events, _spans(actor, room), guides, actor.id or 0, away)
    last = events[-1].seq if events else after
    return answer | {"events": seen, "more": last < room.last_seq}


def history(actor: Actor, room: Room, *, before: int | None = None) -> dict[str, Any]:
    """Older lines, as the JSON route gives them."""
    talk = talk_in(actor, room, before=before)
    return {
        "messages": [_line(message, talk, actor) for message in talk.lines],
        "older": talk.older,
        "head": talk.head,
        "epoch": room.epoch,
    }


def _line(message: Message, talk: Talk, actor: Actor) -> serialize.MessageShape:
    own = message.author_id == actor.id
    return serialize.message(message, guides=talk.guides, own=own, away=talk.away)


def _where_it_stands(actor: Actor, room: Room, stay: Membership | None) -> dict[str, Any]:
    return {
        "now": int(now().timestamp() * 1000),
        "epoch": room.epoch,
        "head": room.last_seq,
        "floor": room.floor_seq,
        "role": "keeper" if keeps_room(actor, room) else "member",
        "state": serialize.room_state(room) | {"silent": stay is not None and stay.is_silent},
    }


def _lines(actor: Actor, room: Room, spans: list[Span], before: int, limit: int) -> Sequence[Message]:
    inside = [
        (Message.seq > span.start)
        & (Message.seq <= span.end if span.end is not None else Message.seq < before)
        for span in spans
    ]
    lines = (
        select(Message)
        .where(Message.room_id == room.id, Message.seq < before, or_(*inside), meets_in_room(actor, room))
        .options(*log.WITH_WORDS)
        .order_by(Message.seq.desc())
        .limit(limit)
    )
    return db.session.scalars(lines.execution_options(populate_existing=True)).all()


def _held(actor: Actor, room: Room) -> list[Message]:
    """Their own lines that wait for a moderator; nobody else sees them in the room."""
    held = select(Message).where(
        Message.room_id == room.id,
        Message.author_id == actor.id,
        Message.held_at.is_not(None),
        Message.deleted_at.is_(None),
    )
    return list(db.session.scalars(held.options(*log.WITH_WORDS).order_by(Message.id).limit(LINES)))


def _away(actor: Actor, room: Room) -> frozenset[int]:
    """The bylines that they do not meet in the room."""
    return frozenset(log.kept_away([actor.id], room.id)[actor.id]) if actor.id is not None else frozenset()


def _spans(actor: Actor, room: Room) -> list[Span]:
    if actor.id is None:
        return []
    return readable_spans(room, log.stays(room.id, [actor.id])[actor.id])


def _taken(room_ids: Sequence[int]) -> dict[int, int]:
    counted = (
        select(Membership.room_id, func.count())
        .where(Membership.room_id.in_(room_ids), Membership.left_at.is_(None))
        .group_by(Membership.room_id)
    )
    return {room_id: count for room_id, count in db.session.execute(counted)}  # noqa: C416  (dict() would not type)


def _guides(room_ids: Sequence[int]) -> defaultdict[int, list[Persona]]:
    found: defaultdict[int, list[Persona]] = defaultdict(list)
    appointed = (
        select(Appointment.room_id, Persona)
        .join(Persona, (Persona.user_id == Appointment.user_id) & Persona.is_main)
        .where(Appointment.room_id.in_(room_ids), Appointment.role == Duty.FACILITATOR)
        .order_by(Appointment.id)
    )
    for room_id, persona in db.session.execute(appointed):
        found[room_id or 0].append(persona)
    return found


def _stays_open(actor: Actor, room_ids: Sequence[int]) -> set[int]:
    if not actor.is_authenticated:
        return set()
    mine = select(Membership.room_id).where(
        Membership.user_id == actor.id, Membership.room_id.in_(room_ids), Membership.left_at.is_(None)
    )
    return set(db.session.scalars(mine))


def _soonest(card: RoomCard) -> tuple[bool, bool, datetime]:
    room = card.room
    return (not room.is_open, room.next_at is None, room.next_at or room.opened_at or now())
