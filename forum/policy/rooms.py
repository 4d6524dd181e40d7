"""Who may see, enter, read, write in and keep a room."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, not_, or_, select

from forum.db import now
from forum.models import (
    Actor,
    Audience,
    GroupMember,
    Membership,
    Message,
    ReadsFrom,
    Room,
    RoomGroup,
    Sanction,
    SanctionKind,
    Scope,
)
from forum.policy.core import (
    LOG_IN,
    STAFF,
    SUSPENDED,
    Denied,
    Verdict,
    consent_verdict,
    house_verdict,
    is_banned,
    is_suspended,
    staff_denial,
    writing_verdict,
)

CLOSED = Denied("room_closed", "This room is closed for now. Its page says when it opens next.")
PAUSED = Denied("room_paused", "The room is paused for a moment. Your words are kept here until it goes on.")
OUTSIDE = Denied("forbidden", "You are not in this room at the moment. You can go in by its door.")
STEPPED_OUT = Denied(
    "forbidden", "You were asked to step out of this room for now. You can come back when it opens next."
)
NOT_YOURS = Denied("forbidden", "These are somebody else’s words.")
KEEPERS_ONLY = Denied("forbidden", "Only the facilitator and the moderators of this room can do that.")
NOT_THERE = Denied("not_found", "There is nothing here that you can see.")

ENDED_BY_STAFF = ("removed", "ban")
"""A stay that ended so is not readable any more."""


class Span(NamedTuple):
    """A stretch of a room's log that someone may read: after `start`, up to `end` (None: to the head)."""

    start: int
    end: int | None

    def holds(self, seq: int) -> bool:
        return seq > self.start and (self.end is None or seq <= self.end)


def can_see_room(actor: Actor, room: Room) -> Verdict:
    """Whether the room is there for them at all; its twin in SQL is `visible_rooms`."""
    if room.is_archived or is_banned(actor, room_id=room.id):
        return NOT_THERE
    if actor.moderates_room(room.id) or actor.facilitates(room.id) or room.audience == Audience.GUESTS:
        return True
    if not actor.is_authenticated:
        return NOT_THERE
    if room.audience == Audience.MEMBERS:
        return True
    mine = {group.id for group in actor.groups}
    return True if any(group.id in mine for group in room.groups) else NOT_THERE


def visible_rooms(actor: Actor) -> ColumnElement[bool]:
    """`can_see_room` as SQL."""
    if not actor.is_authenticated:
        return (Room.audience == Audience.GUESTS) & Room.archived_at.is_(None)
    kept = [one.room_id for one in actor.appointments if one.room_id is not None]
    grouped = (
        select(RoomGroup.room_id)
        .join(GroupMember, GroupMember.group_id == RoomGroup.group_id)
        .where(GroupMember.user_id == actor.id)
    )
    everywhere = actor.moderates_room(None)
    open_to = or_(
        Room.audience.in_([Audience.GUESTS, Audience.MEMBERS]),
        and_(Room.audience == Audience.GROUPS, Room.id.in_(grouped)),
        Room.id.in_(kept) if kept else false(),
        Room.id.is_not(None) if everywhere else false(),
    )
    return and_(open_to, Room.archived_at.is_(None), not_(_banned(actor)))


def can_join_room(actor: Actor, room: Room) -> Verdict:
    """Whether they may go in, as far as the person is concerned; whether there is a place is the action's to see."""
    if not actor.is_authenticated:
        return LOG_IN
    seen = can_see_room(actor, room)
    return consent_verdict(actor) if seen and not is_suspended(actor) else (seen and SUSPENDED)


def can_read_room(actor: Actor, room: Room, stay: Membership | None) -> Verdict:
    """Whether they may read what is said in the room now: who is in, and nobody else."""
    if not actor.is_authenticated:
        return LOG_IN
    seen = can_see_room(actor, room)
    if not seen:
        return seen
    if is_suspended(actor):
        return SUSPENDED
    return True if stay is not None and stay.is_open else OUTSIDE


def can_open_room(actor: Actor, room: Room) -> Verdict:
    """Whoever keeps a room opens it and ends its session."""
    return can_keep_room(actor, room)


def can_leave_room(actor: Actor, room: Room) -> Verdict:
    """Leaving is always all right."""
    return True if actor.is_authenticated else LOG_IN


def can_send_message(actor: Actor, room: Room) -> Verdict:
    """Whether they may say something here; stay, pace and pause are checked as the message is placed."""
    if not actor.is_authenticated:
        return LOG_IN
    return can_see_room(actor, room) and writing_verdict(actor, room_id=room.id)


def can_edit_message(actor: Actor, message: Message) -> Verdict:
    """Authors change their own words while they are there to be read, or wait to be."""
    if not actor.is_authenticated:
        return LOG_IN
    if message.author_id != actor.id:
        return NOT_YOURS
    if message.is_deleted or message.is_hidden:
        return Denied("conflict", "These words are not shown any more, so they cannot be changed.")
    return can_send_message(actor, message.room)


def can_delete_message(actor: Actor, message: Message) -> Verdict:
    """Authors may take their words back at any time, also when they may not write."""
    if not actor.is_authenticated:
        return LOG_IN
    return True if message.author_id == actor.id else NOT_YOURS


def can_hide_message(actor: Actor, message: Message) -> Verdict:
    """Whoever keeps the room may hide words in it, show them again and let held ones through."""
    return can_keep_room(actor, message.room)


def can_show_message(actor: Actor, message: Message) -> Verdict:
    return can_hide_message(actor, message)


def can_release_message(actor: Actor, message: Message) -> Verdict:
    return can_hide_message(actor, message)


def can_keep_room(actor: Actor, room: Room) -> Verdict:
    """Facilitators of the room and its moderators set its pace, pause it and look after who is in it."""
    if not actor.is_authenticated:
        return LOG_IN
    if not (actor.facilitates(room.id) or actor.moderates_room(room.id)):
        return staff_denial(actor, KEEPERS_ONLY)
    return can_see_room(actor, room) and writing_verdict(actor, room_id=room.id)


def can_close_room(actor: Actor, room: Room) -> Verdict:
    return can_keep_room(actor, room)


def can_pause_room(actor: Actor, room: Room) -> Verdict:
    return can_keep_room(actor, room)


def can_resume_room(actor: Actor, room: Room) -> Verdict:
    return can_keep_room(actor, room)


def can_set_slow_mode(actor: Actor, room: Room) -> Verdict:
    return can_keep_room(actor, room)


def can_silence_member(actor: Actor, room: Room) -> Verdict:
    return can_keep_room(actor, room)


def can_remove_member(actor: Actor, room: Room) -> Verdict:
    return can_keep_room(actor, room)


def can_erase_old_words(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)


def can_end_stays(actor: Actor) -> Verdict:
    """A sanction takes somebody out of the rooms; whoever may decide on it was asked before."""
    return True if actor.is_staff and not actor.waits_for_second_step else staff_denial(actor, STAFF)


def keeps_room(actor: Actor, room: Room) -> bool:
    """Whether somebody is this room's staff; slow pace and a full room do not hold them up."""
    return actor.facilitates(room.id) or actor.moderates_room(room.id)


def readable_spans(room: Room, stays: Iterable[Membership]) -> list[Span]:
    """Which parts of the log somebody with these stays may read: the room's rule for the open one, and their own
    earlier stays unless one of those was ended by staff."""
    return [_span(room, stay) for stay in stays if stay.is_open or stay.ended_by not in ENDED_BY_STAFF]


def is_readable(spans: Iterable[Span], *seqs: int | None) -> bool:
    """Whether all of these places in the log lie where they may read."""
    spans = list(spans)
    return all(seq is not None and any(span.holds(seq) for span in spans) for seq in seqs)


def _span(room: Room, stay: Membership) -> Span:
    if not stay.is_open:
        return Span(stay.joined_seq, stay.left_seq or stay.joined_seq)
    if room.reads_from == ReadsFrom.ALL:
        return Span(0, None)
    if room.reads_from == ReadsFrom.OPENING:
        return Span(min(room.opened_seq, stay.joined_seq), None)
    return Span(stay.joined_seq, None)


def _banned(actor: Actor) -> ColumnElement[bool]:
    holds = and_(Sanction.lifted_at.is_(None), or_(Sanction.until.is_(None), Sanction.until > now()))
    return (
        select(Sanction.id)
        .where(Sanction.user_id == actor.id, Sanction.kind == SanctionKind.BAN, holds)
        .where(
            or_(Sanction.scope == Scope.SITE, and_(Sanction.scope == Scope.ROOM, Sanction.room_id == Room.id))
        )
        .exists()
    )
