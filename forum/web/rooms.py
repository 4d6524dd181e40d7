"""The pages of rooms: the list, the door, the room itself, and what can be done in it without a script."""

from collections.abc import Callable, Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions import messages as said
from forum.actions import rooms as deeds
from forum.errors import ForumError, Invalid
from forum.helplines import country, for_country
from forum.identity import current_actor
from forum.live.ids import new_cid
from forum.models import Message, Room
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
    can_remove_member,
    can_resume_room,
    can_see_room,
    can_send_message,
    can_set_slow_mode,
    can_show_message,
    can_silence_member,
)
from forum.queries.rooms import Present, member_in, message_for, present_in, room_for, rooms_for, talk_of
from forum.queries.strategies import cards_to_put_in
from forum.web.marks import asks, public
from forum.web.writing import with_card

bp = Blueprint("rooms", __name__)

Page = Response | str | tuple[Response | str, int]


@bp.get("/rooms")
@public("the list holds what is there for each reader, and for a guest only what guests may see")
def index() -> str:
    actor = current_actor()
    return render_template("rooms/index.html", cards=rooms_for(actor))


@bp.get("/rooms/<int:room_id>")
@asks(can_see_room)
def show(room_id: int) -> str:
    """The room for whoever is in it, its door for everyone else."""
    return _page(room_for(current_actor(), room_id))


@bp.post("/rooms/<int:room_id>/membership")
@asks(can_join_room)
def join(room_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)
    return _tried(room, lambda: deeds.join_room(actor, room))


@bp.post("/rooms/<int:room_id>/membership/end")
@asks(can_leave_room)
def leave(room_id: int) -> Response:
    actor = current_actor()
    deeds.leave_room(actor, room_for(actor, room_id))
    return redirect(url_for("rooms.index"), 303)


# Words


@bp.post("/rooms/<int:room_id>/messages")
@asks(can_send_message)
def send(room_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)
    try:
        sent = said.send_message(
            actor,
            room,
            cid=request.form.get("cid"),
            body=with_card(request.form.get("body", "")),
            reply_to=_whole("reply_to"),
            mask=request.form.get("mask") == "1",
        )
    except ForumError as error:
        return _refused(room, error)
    if sent.receipt.get("care"):
        return _care_page(room)
    return _back_to(room, sent.receipt["id"])


@bp.get("/rooms/<int:room_id>/messages/<int:message_id>/edit")
@asks(can_edit_message)
def edit(room_id: int, message_id: int) -> str:
    message = _message(room_id, message_id)
    require(can_edit_message(current_actor(), message))
    return render_template(
        "rooms/edit.html", room=message.room, message=message, error=None, body=message.source
    )


@bp.post("/rooms/<int:room_id>/messages/<int:message_id>")
@asks(can_edit_message)
def change(room_id: int, message_id: int) -> Page:
    actor, message = current_actor(), _message(room_id, message_id)
    body = request.form.get("body", "")
    try:
        sent = said.edit_message(actor, message, body=body, mask=request.form.get("mask") == "1")
    except ForumError as error:
        page = render_template("rooms/edit.html", room=message.room, message=message, error=error, body=body)
        return page, error.status
    return _care_page(message.room) if sent.receipt.get("care") else _back_to(message.room, message.id)


@bp.post("/rooms/<int:room_id>/messages/<int:message_id>/delete")
@asks(can_delete_message)
def delete(room_id: int, message_id: int) -> Response:
    message = _message(room_id, message_id)
    said.delete_message(current_actor(), message)
    return _back_to(message.room, message.id)


@bp.post("/rooms/<int:room_id>/messages/<int:message_id>/hide")
@asks(can_hide_message)
def hide(room_id: int, message_id: int) -> Response:
    message = _message(room_id, message_id)
    said.hide_message(current_actor(), message)
    return _back_to(message.room, message.id)


@bp.post("/rooms/<int:room_id>/messages/<int:message_id>/show")
@asks(can_show_message)
def show_again(room_id: int, message_id: int) -> Response:
    message = _message(room_id, message_id)
    said.show_message(current_actor(), message)
    return _back_to(message.room, message.id)


# Keeping the room


@bp.post("/rooms/<int:room_id>/opening")
@asks(can_open_room)
def open_room(room_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)

    def opened() -> None:
        deeds.open_room(actor, room)
        if actor.facilitates(room.id):
            deeds.join_room(actor, room)

    return _tried(room, opened)


@bp.post("/rooms/<int:room_id>/closing")
@asks(can_close_room)
def close_room(room_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)
    return _tried(room, lambda: deeds.close_room(actor, room))


@bp.post("/rooms/<int:room_id>/pause")
@asks(can_pause_room)
def pause(room_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)
    return _tried(room, lambda: deeds.pause_room(actor, room))


@bp.post("/rooms/<int:room_id>/pause/end")
@asks(can_resume_room)
def resume(room_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)
    return _tried(room, lambda: deeds.resume_room(actor, room))


@bp.post("/rooms/<int:room_id>/pace")
@asks(can_set_slow_mode)
def pace(room_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)
    return _tried(room, lambda: deeds.set_slow_mode(actor, room, seconds=_needed("seconds")))


@bp.post("/rooms/<int:room_id>/members/<int:persona_id>/silence")
@asks(can_silence_member)
def silence(room_id: int, persona_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)

    def silenced() -> None:
        require(can_keep_room(actor, room))
        user = member_in(actor, room, persona_id)
        deeds.silence_member(actor, room, user, minutes=_needed("minutes"), reason=request.form.get("reason"))

    return _tried(room, silenced)


@bp.post("/rooms/<int:room_id>/members/<int:persona_id>/removal")
@asks(can_remove_member)
def remove(room_id: int, persona_id: int) -> Page:
    actor = current_actor()
    room = room_for(actor, room_id)

    def removed() -> None:
        require(can_keep_room(actor, room))
        user = member_in(actor, room, persona_id)
        deeds.remove_member(actor, room, user, reason=request.form.get("reason"))

    return _tried(room, removed)


# Parts


def _tried(room: Room, deed: Callable[[], object]) -> Page:
    """Do it and go back to the room; or the room's page again, with what stood in the way and the words in it."""
    try:
        deed()
    except ForumError as error:
        return _refused(room, error)
    return _back_to(room)


def _refused(room: Room, error: ForumError) -> Page:
    if error.code == "not_found":
        raise error
    return _page(room_for(current_actor(), room.id), error=error), error.status


def _page(room: Room, *, error: ForumError | None = None) -> str:
    actor = current_actor()
    present = present_in(actor, room)
    if present.stay is None or not room.is_open or not can_join_room(actor, room):
        return render_template(
            "rooms/door.html", card=present.card, room=room, last=present.last, error=error
        )
    keeps = bool(can_keep_room(actor, room))
    told = {
        "card": present.card,
        "room": room,
        "stay": present.stay,
        "error": error,
        "keeps": keeps,
        "cid": _cid(),
    }
    if room.is_paused and not keeps:
        return render_template("rooms/paused.html", **told)
    return _talk_page(present, told)


def _talk_page(present: Present, told: dict[str, object]) -> str:
    actor, room = present.actor, present.room
    answers = _whole("reply_to", request.args)
    return render_template(
        "rooms/show.html",
        talk=talk_of(present, before=_whole("before", request.args)),
        people=present.shown,
        reply_to=message_for(actor, room, answers) if answers else None,
        before=request.args.get("before"),
        slow_choices=deeds.SLOW_CHOICES,
        silence_choices=deeds.SILENCE_CHOICES,
        to_put_in=cards_to_put_in(actor),
        **told,
    )


def _care_page(room: Room) -> str:
    """The words are in; before going on, who can be reached now in the reader's country."""
    settings = current_app.extensions["hearth"]
    chosen = country(getattr(current_actor(), "country", None) or settings.country)
    return render_template("rooms/care.html", room=room, country=chosen, lines=for_country(chosen.code))


def _back_to(room: Room, message_id: int | None = None) -> Response:
    anchor = f"message-{message_id}" if message_id else None
    return redirect(url_for("rooms.show", room_id=room.id, _anchor=anchor), 303)


def _message(room_id: int, message_id: int) -> Message:
    actor = current_actor()
    return message_for(actor, room_for(actor, room_id), message_id)


def _cid() -> str:
    """The id of the form's message: the one it came with, so that sending it again is one deed."""
    return request.form.get("cid") or new_cid()


def _needed(name: str) -> int:
    number = _whole(name)
    if number is None:
        raise Invalid(fields={name: "Please choose one from the list."})
    return number


def _whole(name: str, values: Mapping[str, str] | None = None) -> int | None:
    """A whole number from the form or the address; what is none counts as not given."""
    raw = (request.form if values is None else values).get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and int(raw) < 2**31 else None
