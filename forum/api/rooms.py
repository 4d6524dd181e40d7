"""Rooms: going in and out, what happens in them, saying something, and keeping them."""

from typing import Annotated, Any

from pydantic import Field

from forum import serialize
from forum.actions import messages as said
from forum.actions import rooms as deeds
from forum.api.calls import Answer, Api, Asked, Id, Sent, text_up_to
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks, public
from forum.models import Message, Room, TokenScope, User
from forum.policy.core import require
from forum.policy.rooms import (
    can_close_room,
    can_delete_message,
    can_edit_message,
    can_hide_message,
    can_join_room,
    can_keep_room,
    can_leave_room,
    can_open_room,
    can_pause_room,
    can_read_room,
    can_release_message,
    can_remove_member,
    can_resume_room,
    can_see_room,
    can_send_message,
    can_set_slow_mode,
    can_show_message,
    can_silence_member,
)
from forum.queries.rooms import (
    RoomCard,
    backfill,
    history,
    member_in,
    message_for,
    present_in,
    room_for,
    rooms_for,
)
from forum.serialize import BackfillShape, HistoryShape, MessageShape, PersonaShape, ReceiptShape, RoomShape
from forum.text import LINE_LIMIT

api = Api("rooms")
READ, WRITE = TokenScope.READ_ROOMS, TokenScope.WRITE_ROOMS
KEPT = ("room_closed", "room_paused", "muted", "suspended", "second_step", "conflict")
"""What may stand in the way of whoever speaks in a room or keeps it."""

UUID7 = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
Line = Annotated[str, text_up_to(LINE_LIMIT)]


class NewMessage(Sent):
    """Something to say. `cid` is a UUIDv7 of the program's own, made when it is written; sending it again is one message."""

    body: Line
    cid: Annotated[str, Field(json_schema_extra={"pattern": UUID7})]
    reply_to: Id | None = None
    mask: bool = False


class ChangedMessage(Sent):
    """New words for a line of one's own."""

    body: Line
    mask: bool = False


class Pace(Sent):
    """Seconds between two messages of one person."""

    seconds: int


class Silence(Sent):
    """For how long somebody reads along, and why; only they are told."""

    minutes: int
    reason: Line


class Removal(Sent):
    """Why somebody is asked to step out; only they are told."""

    reason: Line


class Since(Asked):
    """Where the program's copy of the log stands."""

    after: Id | None = None
    epoch: Id | None = None


class Before(Asked):
    """Where to go back from."""

    before: Id | None = None


# Rooms


@api.call("GET", "/rooms", scope=READ, answers=Listed[RoomShape], guests=True)
@public("everyone meets the rooms that visible_rooms gives them")
def every() -> Any:
    """Every room that is there for the reader, the open ones first."""
    return listed([_room(card) for card in rooms_for(current_actor())])


@api.call("GET", "/rooms/<int:room_id>", scope=READ, answers=RoomShape, guests=True)
@asks(can_see_room)
def one(room_id: int) -> Any:
    """One room."""
    actor = current_actor()
    return _room(present_in(actor, room_for(actor, room_id)).card)


@api.call(
    "GET", "/rooms/<int:room_id>/people", scope=READ, answers=Listed[PersonaShape], codes=("suspended",)
)
@asks(can_read_room)
def people(room_id: int) -> Any:
    """Who is in and shows it; whoever keeps the room is told of everybody."""
    actor = current_actor()
    present = present_in(actor, room_for(actor, room_id))
    require(can_read_room(actor, present.room, present.stay))
    return listed([serialize.persona(stay.byline) for stay in present.shown])


@api.call("PUT", "/rooms/<int:room_id>/stay", scope=WRITE, codes=KEPT)
@asks(can_join_room)
def join(room_id: int) -> None:
    """Go in, if there is a place."""
    actor: Any = current_actor()
    deeds.join_room(actor, room_for(actor, room_id))


@api.call("DELETE", "/rooms/<int:room_id>/stay", scope=WRITE)
@asks(can_leave_room)
def leave(room_id: int) -> None:
    """Step out."""
    actor: Any = current_actor()
    deeds.leave_room(actor, room_for(actor, room_id))


# What is said


@api.call(
    "GET", "/rooms/<int:room_id>/events", scope=READ, answers=BackfillShape, codes=("suspended", "reset")
)
@asks(can_read_room)
def events(room_id: int, query: Since) -> Any:
    """The events after a cursor; without one, the last lines and where the log stands."""
    actor = current_actor()
    room = room_for(actor, room_id)
    return backfill(actor, room, epoch=room.epoch if query.epoch is None else query.epoch, after=query.after)


@api.call("GET", "/rooms/<int:room_id>/messages", scope=READ, answers=HistoryShape, codes=("suspended",))
@asks(can_read_room)
def messages(room_id: int, query: Before) -> Any:
    """What was said before a place in the log."""
    actor = current_actor()
    return history(actor, room_for(actor, room_id), before=query.before)


@api.call(
    "POST", "/rooms/<int:room_id>/messages", scope=WRITE, answers=ReceiptShape, status=201, also=(200, 202),
    codes=(*KEPT, "expired", "idempotency_conflict", "slow_mode"),
)  # fmt: skip
@asks(can_send_message)
def send(room_id: int, body: NewMessage) -> Answer:
    """Say something. 201 when it is new, 202 when it is kept for a moderator, 200 when this `cid` was answered before."""
    actor: Any = current_actor()
    sent = said.send_message(actor, room_for(actor, room_id), **body.model_dump())
    status = 200 if sent.receipt.get("dup") else 202 if sent.receipt.get("held") else 201
    return Answer({"ok": True, **sent.receipt}, status=status)


@api.call(
    "GET",
    "/rooms/<int:room_id>/messages/<int:message_id>",
    scope=READ,
    answers=MessageShape,
    gives_version=True,
)
@asks(can_see_room)
def message(room_id: int, message_id: int) -> Answer:
    """One line, if the reader may read it."""
    found = _message(room_id, message_id)
    own = found.author_id == current_actor().id
    return Answer(serialize.message(found, own=own), version=found.version)


@api.call(
    "PATCH", "/rooms/<int:room_id>/messages/<int:message_id>", scope=WRITE, answers=ReceiptShape,
    codes=(*KEPT, "slow_mode"), gives_version=True,
)  # fmt: skip
@asks(can_edit_message)
def change(room_id: int, message_id: int, body: ChangedMessage, version: str | None) -> Answer:
    """Change one's own words, while the time for it lasts."""
    actor: Any = current_actor()
    sent = said.edit_message(actor, _message(room_id, message_id), **body.model_dump(), version=version)
    return Answer({"ok": True, **sent.receipt}, version=sent.message.version if sent.message else None)


@api.call("DELETE", "/rooms/<int:room_id>/messages/<int:message_id>", scope=WRITE)
@asks(can_delete_message)
def delete(room_id: int, message_id: int) -> None:
    """Take one's own words back."""
    actor: Any = current_actor()
    said.delete_message(actor, _message(room_id, message_id))


@api.call("PUT", "/rooms/<int:room_id>/messages/<int:message_id>/hidden", scope=WRITE, codes=KEPT)
@asks(can_hide_message)
def hide(room_id: int, message_id: int) -> None:
    """Take somebody's words out of sight."""
    said.hide_message(current_actor(), _message(room_id, message_id))


@api.call("DELETE", "/rooms/<int:room_id>/messages/<int:message_id>/hidden", scope=WRITE, codes=KEPT)
@asks(can_show_message)
def show(room_id: int, message_id: int) -> None:
    """Bring hidden words back."""
    said.show_message(current_actor(), _message(room_id, message_id))


@api.call("PUT", "/rooms/<int:room_id>/messages/<int:message_id>/published", scope=WRITE, codes=KEPT)
@asks(can_release_message)
def release(room_id: int, message_id: int) -> None:
    """Let a kept message into the room."""
    said.release_message(current_actor(), _message(room_id, message_id))


# Keeping the room


@api.call("PUT", "/rooms/<int:room_id>/open", scope=WRITE, codes=KEPT)
@asks(can_open_room)
def open_room(room_id: int) -> None:
    """Let people in."""
    deeds.open_room(current_actor(), _room_here(room_id))


@api.call("DELETE", "/rooms/<int:room_id>/open", scope=WRITE, codes=KEPT)
@asks(can_close_room)
def close_room(room_id: int) -> None:
    """End the session; everyone is out."""
    deeds.close_room(current_actor(), _room_here(room_id))


@api.call("PUT", "/rooms/<int:room_id>/paused", scope=WRITE, codes=KEPT)
@asks(can_pause_room)
def pause(room_id: int) -> None:
    """Stop the talk for a moment."""
    deeds.pause_room(current_actor(), _room_here(room_id))


@api.call("DELETE", "/rooms/<int:room_id>/paused", scope=WRITE, codes=KEPT)
@asks(can_resume_room)
def resume(room_id: int) -> None:
    """Go on after a pause."""
    deeds.resume_room(current_actor(), _room_here(room_id))


@api.call("PUT", "/rooms/<int:room_id>/pace", scope=WRITE, codes=KEPT)
@asks(can_set_slow_mode)
def pace(room_id: int, body: Pace) -> None:
    """Set how long each person waits between two messages; 0 for no wait."""
    deeds.set_slow_mode(current_actor(), _room_here(room_id), seconds=body.seconds)


@api.call("PUT", "/rooms/<int:room_id>/people/<int:persona_id>/silence", scope=WRITE, codes=KEPT)
@asks(can_silence_member)
def silence(room_id: int, persona_id: int, body: Silence) -> None:
    """Ask somebody to read along for some minutes."""
    room, user = _member(room_id, persona_id)
    actor: Any = current_actor()
    deeds.silence_member(actor, room, user, minutes=body.minutes, reason=body.reason)


@api.call("PUT", "/rooms/<int:room_id>/people/<int:persona_id>/removal", scope=WRITE, codes=KEPT)
@asks(can_remove_member)
def remove(room_id: int, persona_id: int, body: Removal) -> None:
    """Ask somebody to step out until the room opens next."""
    room, user = _member(room_id, persona_id)
    actor: Any = current_actor()
    deeds.remove_member(actor, room, user, reason=body.reason)


def _room(card: RoomCard) -> Any:
    return serialize.room(card.room, taken=card.taken, guides=card.guides, is_mine=card.is_mine)


def _room_here(room_id: int) -> Room:
    return room_for(current_actor(), room_id)


def _message(room_id: int, message_id: int) -> Message:
    return message_for(current_actor(), _room_here(room_id), message_id)


def _member(room_id: int, persona_id: int) -> tuple[Room, User]:
    """Who is in is looked up for whoever keeps the room, and for nobody else."""
    room = _room_here(room_id)
    require(can_keep_room(current_actor(), room))
    return room, member_in(current_actor(), room, persona_id)
