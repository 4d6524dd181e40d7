"""Reading a room's log: events in order, with what their messages say now, for one reader or for everyone."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum import serialize
from forum.db import db
from forum.models import Appointment, Boundary, Duty, Membership, Message, Persona, RoomEvent
from forum.policy.rooms import Span, is_readable

PAGE = 200
"""How many events one answer holds at most."""

WITH_WORDS = (joinedload(Message.byline), joinedload(Message.reply_to).joinedload(Message.byline))
"""Everything that one message needs to be shown, in the same query."""


def read(room_id: int, after: int, limit: int = PAGE, *, upto: int | None = None) -> Sequence[RoomEvent]:
    """The events after this place, the oldest first."""
    events = select(RoomEvent).where(RoomEvent.room_id == room_id, RoomEvent.seq > after)
    if upto is not None:
        events = events.where(RoomEvent.seq <= upto)
    with_message = joinedload(RoomEvent.message)
    events = events.options(
        with_message.joinedload(Message.byline),
        with_message.joinedload(Message.reply_to).joinedload(Message.byline),
    )
    return db.session.scalars(
        events.order_by(RoomEvent.seq).limit(limit).execution_options(populate_existing=True)
    ).all()


def guides(room_id: int) -> set[int]:
    """Ids of the members who facilitate the room; their lines carry the slate mark."""
    return set(
        db.session.scalars(
            select(Appointment.user_id).where(
                Appointment.room_id == room_id, Appointment.role == Duty.FACILITATOR
            )
        )
    )


def stays(room_id: int, user_ids: Collection[int]) -> dict[int, list[Membership]]:
    """Every stay that these members have or had in the room, by member."""
    found: dict[int, list[Membership]] = {user_id: [] for user_id in user_ids}
    rows = select(Membership).where(Membership.room_id == room_id, Membership.user_id.in_(user_ids))
    for stay in db.session.scalars(rows.execution_options(populate_existing=True)):
        found[stay.user_id].append(stay)
    return found


def is_for(event: RoomEvent, spans: Collection[Span]) -> bool:
    """Whether a reader of these spans may see the event, and the message that it is about."""
    if event.message is None:
        return is_readable(spans, event.seq)
    return is_readable(spans, event.seq, event.message.seq)


def kept_away(user_ids: Collection[int], room_id: int) -> dict[int, set[int]]:
    """The bylines that each of these members does not meet in the room: whom they mute or block, but for whoever looks
    after the room; nobody, for those who look after it themselves."""
    keepers = select(Appointment.user_id).where(Appointment.room_id == room_id)
    rows = db.session.execute(
        select(Boundary.user_id, Boundary.persona_id)
        .join(Persona, Persona.id == Boundary.persona_id)
        .where(Boundary.user_id.in_(list(user_ids)), Boundary.user_id.not_in(keepers))
        .where(Persona.user_id.is_(None) | Persona.user_id.not_in(keepers))
    )
    found: dict[int, set[int]] = defaultdict(set)
    for user_id, persona_id in rows:
        found[user_id].add(persona_id)
    return found


def as_seen(
    events: Sequence[RoomEvent],
    spans: Collection[Span],
    guide_ids: Collection[int],
    reader_id: int,
    away: Collection[int] = (),
) -> list[serialize.EventShape]:
    """The events as one reader gets them: a skip stands where they may not or do not want to look, so that no number is
    missing. `away` are the bylines that they do not meet."""
    return [
        serialize.event(event, guides=guide_ids, reader_id=reader_id, away=away)
        if is_for(event, spans) and not is_by(event, away)
        else serialize.skip(event.seq)
        for event in events
    ]


def is_by(event: RoomEvent, away: Collection[int]) -> bool:
    """Whether the event is about the words of one of these bylines."""
    return event.message is not None and event.message.persona_id in away


def answers_one_of(event: RoomEvent, away: Collection[int]) -> bool:
    """Whether the event's words answer one of these bylines, which are then not named."""
    answered = event.message.reply_to if event.message is not None else None
    return answered is not None and answered.persona_id in away
