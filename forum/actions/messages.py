"""What people say in rooms. Each send is one transaction: look the id up, take the next place, write, and then tell."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select, update

from forum import limits, modlog
from forum.actions.cases import open_case_for, waits
from forum.actions.requests import answered, remember
from forum.actions.rooms import append_event, log_event, open_stay
from forum.config import Settings
from forum.db import action, db, locked, now
from forum.errors import Conflict, Forbidden, ForumError, Invalid, NotFound, RateLimited, Retry, Stale
from forum.live.ids import made_at
from forum.models import Actor, EventType, Membership, Message, Room, User
from forum.policy.core import require
from forum.policy.rooms import (
    CLOSED,
    OUTSIDE,
    PAUSED,
    can_delete_message,
    can_edit_message,
    can_hide_message,
    can_release_message,
    can_see_room,
    can_send_message,
    can_show_message,
    is_readable,
    keeps_room,
    readable_spans,
)
from forum.text import LINE_LIMIT
from forum.words import Words, to_publish

CHANNEL = "room"

CID_DAYS = 30
"""An id older than this is refused, never saved twice; the table of requests keeps answers a day longer."""

CLOCK_SLACK = timedelta(hours=1)
"""How far a client's clock may run ahead of ours."""

URGES_WHY = "It may read as telling somebody to hurt themself, so a moderator reads it before the room does."
HELD_WHY = (
    "A program found something in it that a moderator should read before the room does. It can be mistaken."
)


@dataclass
class _Rules:
    """What the operator chose for rooms. See `keep_to`."""

    edit_window: timedelta = timedelta(minutes=60)
    held_wait: timedelta = timedelta(hours=1)


_rules = _Rules()


def keep_to(settings: Settings) -> None:
    """Take the edit window and the aim for held messages from these settings."""
    _rules.edit_window = timedelta(minutes=settings.edit_minutes)
    _rules.held_wait = settings.due_red


@dataclass(frozen=True)
class Sent:
    """A message and what its sender is answered: the same answer however often the same id is sent."""

    message: Message | None
    receipt: dict[str, Any]


# Words, read before the transaction opens


def _read(actor: Actor, thing: Any, *, body: Any, mask: bool = False, **rest: Any) -> dict[str, Any]:
    return {"body": to_publish(body, channel=CHANNEL, limit=LINE_LIMIT, mask=mask), "sent": str(body)}


def _read_new(actor: Actor, room: Room, *, cid: Any, **rest: Any) -> dict[str, Any]:
    _check_cid(cid)
    return _read(actor, room, **rest)


def _check_cid(cid: Any) -> None:
    made = made_at(cid)
    if made is None or made > now() + CLOCK_SLACK:
        raise Invalid(
            fields={"cid": "Each message needs an id of its own, a UUIDv7 made when it is written."}
        )
    if made < now() - timedelta(days=CID_DAYS):
        raise ForumError(
            "This was written more than 30 days ago. You can copy the words and send them anew.",
            code="expired",
        )


# Deeds


@action(words=_read_new)
def send_message(
    actor: User,
    room: Room,
    *,
    cid: str,
    body: Words,
    sent: str = "",
    reply_to: int | None = None,
    mask: bool = False,
) -> Sent:
    """Say something in the room: once, in its place, and certain when this returns.

    A line that tells somebody to hurt themself is kept without a place until a moderator has read it; its sender
    is told so. Someone in crisis is heard, and shown help.
    """
    room = locked(room)
    if not can_see_room(actor, room):
        raise NotFound()
    require(can_send_message(actor, room))
    if before := answered(actor, cid, _asked(room, sent, reply_to)):
        return Sent(db.session.get(Message, before["id"]), before | {"dup": True})
    limits.check(actor, "message")
    is_held = waits(actor, body.verdict)
    seq = _take_place(actor, room, steps=0 if is_held else 1)
    answers = _answered_message(actor, room, reply_to)
    message = _write(actor, room, cid, body, answers, seq=None if is_held else seq)
    if not is_held:
        log_event(room, EventType.CREATED, seq, message=message, by=message.byline)
    open_case_for(message, body.verdict)
    receipt = _receipt(message, body)
    remember(actor, cid, _asked(room, sent, reply_to), receipt)
    return Sent(message, receipt)


@action(words=_read)
def edit_message(
    actor: User,
    message: Message,
    *,
    body: Words,
    sent: str = "",
    cid: str | None = None,
    version: str | None = None,
    mask: bool = False,
) -> Sent:
    """Change one's own words while the edit window is open. They are read anew, and everyone sees the new ones."""
    room, message = _held_with_room(message)
    require(can_edit_message(actor, message))
    if now() - message.created_at > _rules.edit_window:
        raise Conflict("The time for changing these words is over. You can take them back, or say it anew.")
    if cid and (before := answered(actor, cid, f"edit:{message.id}:{sent}")):
        return Sent(message, before | {"dup": True})
    if version is not None and version != message.version:
        raise Stale(message.version)
    _check_may_speak(actor, room)
    limits.check(actor, "message")
    if waits(actor, body.verdict):
        raise Invalid(fields={"body": _why_held(body) + " You can put it another way."})
    for column, value in body.columns().items():
        setattr(message, column, value)
    message.edited_at = now()
    if message.is_held:
        _publish(room, message)
    else:
        append_event(room, EventType.EDITED, message=message, by=message.byline)
    open_case_for(message, body.verdict)
    receipt = _receipt(message, body)
    if cid:
        remember(actor, cid, f"edit:{message.id}:{sent}", receipt)
    return Sent(message, receipt)


@action
def delete_message(actor: User, message: Message) -> Message:
    """Take one's own words back. That there were some stays visible, so that answers keep their sense."""
    room, message = _held_with_room(message)
    require(can_delete_message(actor, message))
    if message.is_deleted:
        return message
    was_shown = message.seq is not None
    message.deleted_at = now()
    if was_shown:
        append_event(room, EventType.DELETED, message=message, by=message.byline)
    return message


@action
def hide_message(actor: Actor, message: Message) -> Message:
    """Take somebody's words out of sight. Its author and the staff can still read them."""
    room, message = _held_with_room(message)
    require(can_hide_message(actor, message))
    if message.is_hidden or message.is_deleted:
        return message
    message.hidden_at = now()
    modlog.write(actor, "message_hidden", user=message.author, subject=f"message:{message.id}")
    if message.seq is not None:
        append_event(room, EventType.HIDDEN, message=message)
    return message


@action
def show_message(actor: Actor, message: Message) -> Message:
    """Bring hidden words back, where they were."""
    room, message = _held_with_room(message)
    require(can_show_message(actor, message))
    if not message.is_hidden:
        return message
    message.hidden_at = None
    modlog.write(actor, "message_shown", user=message.author, subject=f"message:{message.id}")
    if message.seq is not None:
        append_event(room, EventType.SHOWN, message=message)
    return message


@action
def release_message(actor: Actor, message: Message) -> Message:
    """Let a kept message into the room. It takes its place at the end, now."""
    room, message = _held_with_room(message)
    require(can_release_message(actor, message))
    if not message.is_held or message.is_deleted:
        return message
    modlog.write(actor, "message_released", user=message.author, subject=f"message:{message.id}")
    _publish(room, message)
    return message


# Parts of a send


def _asked(room: Room, sent: str, reply_to: int | None) -> str:
    """What the id stands for: these words, here, in answer to that."""
    return f"{room.id}:{reply_to or ''}:{sent}"


def _take_place(actor: User, room: Room, *, steps: int) -> int:
    """Move the head of the log on, if and only if this person may speak at this moment.

    The row stays locked until the deed is certain, so places are taken in the order in which deeds become certain.
    """
    taken = db.session.execute(
        update(Room)
        .where(
            Room.id == room.id,
            Room.opened_at.is_not(None),
            Room.closed_at.is_(None),
            Room.paused_at.is_(None),
            _may_speak_now(actor, room).exists(),
        )
        .values(last_seq=Room.last_seq + steps)
        .returning(Room.last_seq)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is None:
        _check_pace(actor, room, _check_may_speak(actor, room))
        raise Retry()
    _spoke(actor, room)
    return taken


def _may_speak_now(actor: User, room: Room) -> Select[Any]:
    """The open stay of somebody who is neither silenced nor too early."""
    at, slow = now(), room.slow_seconds
    stay = select(Membership.id).where(
        Membership.room_id == room.id,
        Membership.user_id == actor.id,
        Membership.left_at.is_(None),
        or_(Membership.silent_until.is_(None), Membership.silent_until <= at),
    )
    if slow and not keeps_room(actor, room):
        stay = stay.where(
            or_(Membership.sent_at.is_(None), Membership.sent_at <= at - timedelta(seconds=slow))
        )
    return stay


def _check_may_speak(actor: User, room: Room) -> Membership:
    """Say why somebody may not speak in the room just now, if so; gives back their stay otherwise."""
    stay = open_stay(room, actor.id)
    if not room.is_open:
        raise Conflict(CLOSED.reason, code=CLOSED.code)
    if stay is None:
        raise Forbidden(OUTSIDE.reason)
    if room.is_paused:
        raise Conflict(PAUSED.reason, code=PAUSED.code)
    if stay.is_silent:
        raise Forbidden(_silent_words(stay), code="muted")
    return stay


def _check_pace(actor: User, room: Room, stay: Membership) -> None:
    if not room.slow_seconds or keeps_room(actor, room) or stay.sent_at is None:
        return
    left = room.slow_seconds - (now() - stay.sent_at).total_seconds()
    if left > 0:
        raise RateLimited(
            f"Slow pace: one message every {room.slow_seconds} seconds. Your words are kept here.",
            code="slow_mode",
            retry_after=max(1, round(left + 0.5)),
        )


def _silent_words(stay: Membership) -> str:
    told = f" “{stay.told}”" if stay.told else ""
    return f"You were asked to read along for a while.{told} It ends by itself, and your words are kept here."


def _spoke(actor: User, room: Room) -> None:
    mine = and_(Membership.room_id == room.id, Membership.user_id == actor.id, Membership.left_at.is_(None))
    db.session.execute(
        update(Membership).where(mine).values(sent_at=now()).execution_options(synchronize_session=False)
    )


def _answered_message(actor: User, room: Room, message_id: int | None) -> Message | None:
    """The line that is answered, if the sender can see it."""
    if message_id is None:
        return None
    answers = db.session.get(Message, message_id)
    stays = db.session.scalars(
        select(Membership).where(Membership.room_id == room.id, Membership.user_id == actor.id)
    ).all()
    if (
        answers is None
        or answers.room_id != room.id
        or not is_readable(readable_spans(room, stays), answers.seq)
    ):
        raise Invalid(
            fields={"reply_to": "The message you answer is not here any more. You can send yours without it."}
        )
    return answers


def _write(
    actor: User, room: Room, cid: str, words: Words, answers: Message | None, *, seq: int | None
) -> Message:
    message = Message(
        room=room,
        seq=seq,
        cid=cid,
        author_id=actor.id,
        persona_id=actor.byline.id,
        byline=actor.byline,
        reply_to=answers,
        held_at=None if seq is not None else now(),
        created_at=now(),
        **words.columns(),
    )
    db.session.add(message)
    db.session.flush()
    return message


def _publish(room: Room, message: Message) -> None:
    """Give a kept message its place, at the end of the log."""
    message.held_at, message.created_at = None, now()
    event = append_event(room, EventType.CREATED, message=message, by=message.byline)
    message.seq = event.seq


def _receipt(message: Message, words: Words) -> dict[str, Any]:
    """What the sender is told, now and whenever the same id comes again."""
    receipt: dict[str, Any] = {
        "id": message.id,
        "seq": message.seq,
        "ts": int(message.created_at.timestamp() * 1000),
    }
    if message.is_held:
        receipt |= {"held": True, "why": _why_held(words), "wait": _wait_words()}
    if words.verdict.shows_help:
        receipt["care"] = True
    return receipt


def _why_held(words: Words) -> str:
    return URGES_WHY if words.verdict.urges_harm else HELD_WHY


def _wait_words() -> str:
    minutes = int(_rules.held_wait.total_seconds() // 60)
    length = (
        f"{minutes // 60} hour{'s' if minutes >= 120 else ''}"
        if minutes and not minutes % 60
        else f"{minutes} minutes"
    )
    return f"Usually within {length} while moderators are here."


def _held_with_room(message: Message) -> tuple[Room, Message]:
    """The room and the message as they are now, locked in the order that every deed keeps: the room first."""
    room = locked(db.session.get_one(Room, message.room_id))
    return room, locked(message)
