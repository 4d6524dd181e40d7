"""Reading a room's log: events in order, with what their messages say now, for one reader or for everyone."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum import serialize
from forum.db import db
from forum.models import Appointment, Duty, Membership, Message, RoomEvent
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


def as_seen(
    events: Sequence[RoomEvent], spans: Collection[Span], guide_ids: Collection[int], reader_id: int
) -> list[serialize.EventShape]:
    """The events as one reader gets them: a skip stands where they may not look, so that no number is missing."""
    return [
        serialize.event(event, guides=guide_ids, reader_id=reader_id)
        if is_for(event, spans)
        else serialize.skip(event.seq)
        for event in events
    ]
