"""Rooms: going in and out, opening and closing, pace and pauses, and looking after who is in."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from forum import broadcast, modlog
from forum.db import action, db, locked, now, on_commit
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.models import (
    Actor,
    Case,
    EventType,
    Membership,
    Message,
    Persona,
    Room,
    RoomEvent,
    User,
)
from forum.policy.core import require
from forum.policy.rooms import (
    CLOSED,
    NOT_THERE,
    STEPPED_OUT,
    can_close_room,
    can_end_stays,
    can_erase_old_words,
    can_join_room,
    can_leave_room,
    can_open_room,
    can_pause_room,
    can_remove_member,
    can_resume_room,
    can_see_room,
    can_set_slow_mode,
    can_silence_member,
    keeps_room,
)
from forum.text import LINE_LIMIT, clean_line
from forum.words import from_staff

REASON_LIMIT = 500
SLOW_CHOICES = (0, 10, 20, 60)
"""Seconds between two messages of one person that a facilitator can choose from."""

SILENCE_CHOICES = (5, 10, 30)
"""Minutes of reading along that a facilitator can choose from."""


@action
def open_room(actor: Actor, room: Room, *, closes_at: datetime | None = None) -> Room:
    """Let people in. Who joins may read from now on, or as the room's rule says."""
    room = locked(room)
    require(can_open_room(actor, room))
    if room.is_open:
        return room
    room.opened_at, room.closed_at, room.paused_at, room.next_at = now(), None, None, None
    room.closes_at = closes_at
    room.opened_seq = room.last_seq
    append_event(room, EventType.CHANGED, by=actor.byline, data={"open": True})
    return room


@action
def close_room(actor: Actor, room: Room, *, next_at: datetime | None = None) -> Room:
    """End the session: everyone is out, and the page says when it opens next."""
    room = locked(room)
    require(can_close_room(actor, room))
    room.next_at = next_at
    if not room.is_open:
        return room
    room.closed_at, room.closes_at, room.paused_at = now(), None, None
    append_event(room, EventType.CHANGED, by=actor.byline, data={"open": False})
    for stay in _open_stays(room):
        end_stay(room, stay, by="closing")
    return room


@action
def join_room(actor: User, room: Room) -> Membership:
    """Go in, if there is a place. Being in already is fine, and changes nothing."""
    room = locked(room)
    if can_join_room(actor, room) is NOT_THERE:
        raise NotFound()
    require(can_join_room(actor, room))
    if stay := open_stay(room, actor.id):
        return stay
    if not room.is_open:
        raise Conflict(CLOSED.reason, code=CLOSED.code)
    if not keeps_room(actor, room):
        _find_place(actor, room)
    stay = Membership(room=room, user_id=actor.id, persona_id=actor.byline.id, joined_seq=room.last_seq)
    db.session.add(stay)
    db.session.flush()
    return stay


@action
def leave_room(actor: User, room: Room) -> None:
    """Step out. No reason is asked for, and coming back is always possible while there is a place."""
    room = locked(room)
    require(can_leave_room(actor, room))
    if stay := open_stay(room, actor.id):
        end_stay(room, stay, by="leaving")
        on_commit(broadcast.room_rang, room.id)


def _read_reason(actor: User, room: Room, user: User, *, reason: Any, **_given: Any) -> dict[str, Any]:
    line = clean_line(
        reason,
        limit=REASON_LIMIT,
        field="reason",
        empty="Please write a sentence that they will read. It helps to know why.",
    )
    return {"reason": from_staff(line, limit=LINE_LIMIT, field="reason")}


@action(words=_read_reason)
def remove_member(actor: User, room: Room, user: User, *, reason: Any) -> None:
    """Ask somebody to step out until the room opens next. What was said since is not for them any more."""
    room = locked(room)
    require(can_remove_member(actor, room))
    stay = _stay_of_another(actor, room, user)
    stay.told, stay.told_verdict = reason.source, reason.verdict.to_json()
    turn_out(room, stay, by="removed")
    modlog.write(actor, "member_removed", user=user, subject=f"room:{room.id}", words={"reason": stay.told})
    on_commit(broadcast.member_told, user.id, "removed")


@action(words=_read_reason)
def silence_member(actor: User, room: Room, user: User, *, minutes: int, reason: Any) -> Membership:
    """Ask somebody to read along for some minutes. Only they are told, and it ends by itself."""
    room = locked(room)
    require(can_silence_member(actor, room))
    if minutes not in SILENCE_CHOICES:
        raise Invalid(fields={"minutes": "Please choose one of the lengths in the list."})
    stay = _stay_of_another(actor, room, user)
    stay.told, stay.told_verdict = reason.source, reason.verdict.to_json()
    stay.silent_until = now() + timedelta(minutes=minutes)
    modlog.write(
        actor,
        "member_silenced",
        user=user,
        subject=f"room:{room.id}",
        words={"reason": stay.told, "minutes": minutes},
    )
    on_commit(broadcast.member_told, user.id, "silenced")
    return stay


@action
def pause_room(actor: Actor, room: Room) -> Room:
    """Stop the talk for a moment: nobody can write, and everyone sees something steady instead."""
    room = locked(room)
    require(can_pause_room(actor, room))
    if not room.is_open:
        raise Conflict(CLOSED.reason, code=CLOSED.code)
    if not room.is_paused:
        room.paused_at = now()
        append_event(room, EventType.PAUSED, by=actor.byline)
        modlog.write(actor, "room_paused", subject=f"room:{room.id}")
    return room


@action
def resume_room(actor: Actor, room: Room) -> Room:
    """Go on after a pause."""
    room = locked(room)
    require(can_resume_room(actor, room))
    if room.is_paused:
        room.paused_at = None
        append_event(room, EventType.RESUMED, by=actor.byline)
        modlog.write(actor, "room_resumed", subject=f"room:{room.id}")
    return room


@action
def set_slow_mode(actor: Actor, room: Room, *, seconds: int) -> Room:
    """Set how long each person waits between two messages; 0 for no wait. Whoever keeps the room is never slowed."""
    room = locked(room)
    require(can_set_slow_mode(actor, room))
    if seconds not in SLOW_CHOICES:
        raise Invalid(fields={"seconds": "Please choose one of the paces in the list."})
    if room.slow_seconds != seconds:
        room.slow_seconds = seconds
        append_event(room, EventType.CHANGED, by=actor.byline, data={"slow": seconds})
    return room


@action
def end_stays(actor: Actor, user: User, *, room: Room | None = None, by: str = "ban") -> None:
    """Take a member out of a room, or of all rooms, as part of a sanction. Rooms are locked by id, as everywhere."""
    require(can_end_stays(actor))
    room_ids = select(Membership.room_id).where(Membership.user_id == user.id, Membership.left_at.is_(None))
    if room is not None:
        room_ids = room_ids.where(Membership.room_id == room.id)
    for room_id in db.session.scalars(room_ids.order_by(Membership.room_id)).all():
        held = locked(db.session.get_one(Room, room_id))
        if stay := open_stay(held, user.id):
            turn_out(held, stay, by=by)


@action
def erase_old_words(actor: Actor, *, hours: int) -> int:
    """Erase what was said in rooms longer ago than each keeps it, and the log of it; the answer counts the lines.

    `hours` holds for rooms that say nothing else.

    Words that an open case is about stay until it is decided, and their log with them.
    """
    require(can_erase_old_words(actor))
    return sum(
        _erase(locked(room), hours) for room in db.session.scalars(select(Room).order_by(Room.id)).all()
    )


# What several deeds share


def _erase(room: Room, hours: int) -> int:
    """Raise the floor of the log to the last event that is old enough, and take the words up to it; a line that an
    open case is about holds both back. What was never shown has no place in the log and goes by its age alone."""
    until = now() - timedelta(hours=room.keeps_hours or hours)
    in_a_case = select(Case.message_id).where(Case.message_id.is_not(None), Case.decided_at.is_(None))
    held_back = select(func.min(Message.seq)).where(Message.room_id == room.id, Message.id.in_(in_a_case))
    is_old = (RoomEvent.at < until) & (
        RoomEvent.seq < func.coalesce(held_back.scalar_subquery(), room.last_seq + 1)
    )
    floor = db.session.scalar(select(func.max(RoomEvent.seq)).where(RoomEvent.room_id == room.id, is_old))
    room.floor_seq = max(room.floor_seq, floor or 0)
    db.session.execute(delete(RoomEvent).where(RoomEvent.room_id == room.id, RoomEvent.seq <= room.floor_seq))
    has_no_place = Message.seq.is_(None) & Message.id.not_in(in_a_case)
    erased = db.session.execute(
        delete(Message).where(
            Message.room_id == room.id,
            Message.created_at < until,
            or_(Message.seq <= room.floor_seq, has_no_place),
        )
    )
    return erased.rowcount  # type: ignore[attr-defined]


def append_event(
    room: Room,
    kind: EventType,
    *,
    message: Message | None = None,
    by: Persona | None = None,
    data: dict[str, Any] | None = None,
) -> RoomEvent:
    """Write the next line of the room's log and ring the room once it is certain."""
    seq = db.session.execute(
        update(Room).where(Room.id == room.id).values(last_seq=Room.last_seq + 1).returning(Room.last_seq)
    ).scalar_one()
    return log_event(room, kind, seq, message=message, by=by, data=data)


def log_event(
    room: Room,
    kind: EventType,
    seq: int,
    *,
    message: Message | None = None,
    by: Persona | None = None,
    data: dict[str, Any] | None = None,
) -> RoomEvent:
    """Write the line for a place in the log that was taken already."""
    event = RoomEvent(
        room_id=room.id,
        seq=seq,
        type=kind,
        message=message,
        persona_id=by.id if by else None,
        data=data or {},
    )
    db.session.add(event)
    db.session.flush()
    db.session.expire(room, ["last_seq"])
    on_commit(broadcast.room_rang, room.id)
    return event


def open_stay(room: Room, user_id: int | None) -> Membership | None:
    """The stay that a member has in the room now."""
    return db.session.scalar(
        select(Membership)
        .where(Membership.room_id == room.id, Membership.user_id == user_id, Membership.left_at.is_(None))
        .execution_options(populate_existing=True)
    )


def turn_out(room: Room, stay: Membership, *, by: str) -> None:
    """End somebody's stay by staff: the log says so, and nothing after that line is theirs to read."""
    event = append_event(room, EventType.REMOVED, by=stay.byline)
    end_stay(room, stay, by=by, seq=event.seq)


def end_stay(room: Room, stay: Membership, *, by: str, seq: int | None = None) -> None:
    """Close a stay at this place in the log."""
    stay.left_at, stay.left_seq, stay.ended_by = now(), room.last_seq if seq is None else seq, by
    db.session.flush()


def end_unseen_stays(user: User) -> None:
    """Inside a deed after which a member may see less: they are out of the rooms that are not there for them now."""
    inside = select(Membership.room_id).where(Membership.user_id == user.id, Membership.left_at.is_(None))
    for room_id in db.session.scalars(inside.order_by(Membership.room_id)).all():
        room = locked(db.session.get_one(Room, room_id))
        if not can_see_room(user, room) and (stay := open_stay(room, user.id)):
            turn_out(room, stay, by="unseen")


def _find_place(actor: User, room: Room) -> None:
    if _was_asked_out(actor, room):
        raise Forbidden(STEPPED_OUT.reason, code=STEPPED_OUT.code)
    taken = db.session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(Membership.room_id == room.id, Membership.left_at.is_(None))
    )
    if taken is not None and taken >= room.capacity:
        raise Conflict(
            "All places in this room are taken right now. Places open again when somebody steps out."
        )


def _was_asked_out(actor: User, room: Room) -> bool:
    since = room.opened_at
    removed = select(Membership.id).where(
        Membership.room_id == room.id,
        Membership.user_id == actor.id,
        Membership.ended_by == "removed",
        Membership.left_at >= since,
    )
    return db.session.scalar(removed.limit(1)) is not None


def _stay_of_another(actor: User, room: Room, user: User) -> Membership:
    if user.id == actor.id:
        raise Conflict("This is for others. You can step out yourself at any moment.")
    if keeps_room(user, room):
        raise Forbidden("They look after this room too. A moderator can help with that.")
    stay = open_stay(room, user.id)
    if stay is None:
        raise NotFound("They are not in this room any more.")
    return stay


def _open_stays(room: Room) -> list[Membership]:
    stays = select(Membership).where(Membership.room_id == room.id, Membership.left_at.is_(None))
    return list(db.session.scalars(stays.order_by(Membership.id)))
