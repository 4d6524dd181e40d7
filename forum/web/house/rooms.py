"""Rooms, as pages for those who look after the house."""

from typing import Any

from flask import render_template, request

from forum.actions import places as deeds
from forum.actions import roles
from forum.errors import ForumError, Invalid
from forum.identity import current_actor
from forum.models import Audience, Duty, ReadsFrom
from forum.policy.house import (
    can_appoint,
    can_archive_room,
    can_bring_room_back,
    can_change_room,
    can_make_room,
    can_see_house,
    can_shift_room,
)
from forum.queries import house as asked
from forum.web.house.doing import Page, bp, chosen_groups, done, goes_up
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.writing import form_key


@bp.get("/rooms")
@asks(can_see_house)
def rooms() -> str:
    return _rooms()


@bp.post("/rooms")
@asks(can_make_room)
def make_room() -> Page:
    return done(
        lambda: deeds.make_room(current_actor(), **_written(), key=request.form.get("key", "")),
        _rooms,
        "The room is there. It stays closed until its facilitator opens it.",
        "rooms",
    )


@bp.get("/rooms/<int:room_id>")
@asks(can_see_house)
def room(room_id: int) -> str:
    return _room(room_id)


@bp.post("/rooms/<int:room_id>")
@asks(can_change_room)
def change_room(room_id: int) -> Page:
    room = asked.room_to_keep(current_actor(), room_id)
    return done(
        lambda: deeds.change_room(current_actor(), room, **_written()),
        lambda error: _room(room_id, error),
        "Kept. It holds from now on.",
        "room",
        room_id=room_id,
    )


@bp.post("/rooms/<int:room_id>/order")
@asks(can_shift_room)
def shift_room(room_id: int) -> Page:
    room = asked.room_to_keep(current_actor(), room_id)
    return done(lambda: deeds.shift_room(current_actor(), room, up=goes_up()), _rooms, "Moved.", "rooms")


@bp.post("/rooms/<int:room_id>/archive")
@asks(can_archive_room)
def archive_room(room_id: int) -> Page:
    room = asked.room_to_keep(current_actor(), room_id)
    return done(
        lambda: deeds.archive_room(current_actor(), room),
        lambda error: _room(room_id, error),
        "The room is put away.",
        "rooms",
    )


@bp.post("/rooms/<int:room_id>/return")
@asks(can_bring_room_back)
def bring_room_back(room_id: int) -> Page:
    room = asked.room_to_keep(current_actor(), room_id)
    return done(
        lambda: deeds.bring_room_back(current_actor(), room),
        _rooms,
        "The room is in the list again.",
        "rooms",
    )


@bp.post("/rooms/<int:room_id>/facilitators")
@asks(can_appoint)
def appoint_facilitator(room_id: int) -> Page:
    actor, name = current_actor(), request.form.get("member")
    room = asked.room_to_keep(actor, room_id)
    return done(
        lambda: roles.appoint(actor, asked.member_named(actor, name), duty=Duty.FACILITATOR, room=room),
        lambda error: _room(room_id, error),
        "They facilitate this room now.",
        "room",
        room_id=room_id,
    )


def _written() -> dict[str, Any]:
    form = request.form
    return {
        "name": form.get("name"),
        "about": form.get("about", ""),
        "capacity": form.get("capacity", type=whole),
        "audience": form.get("audience", Audience.MEMBERS),
        "reads_from": form.get("reads_from", ReadsFrom.JOINING),
        "keeps_hours": _hours(form.get("keeps_hours", "").strip()),
        "groups": chosen_groups(),
    }


def _hours(raw: str) -> int | None:
    """A number of hours; nothing means the hours that hold everywhere."""
    try:
        return whole(raw) if raw else None
    except ValueError as error:
        raise Invalid(fields={"keeps_hours": "A whole number of hours works, or nothing."}) from error


def _rooms(error: ForumError | None = None) -> str:
    actor = current_actor()
    every = asked.rooms_of_house(actor)
    return render_template(
        "house/rooms.html",
        rooms=[one for one in every if not one.is_archived],
        away=[one for one in every if one.is_archived],
        groups=[group for group, _ in asked.groups_of_house(actor)],
        key=form_key(error),
        error=error,
        form=request.form,
    )


def _room(room_id: int, error: ForumError | None = None) -> str:
    actor = current_actor()
    room = asked.room_to_keep(actor, room_id)
    return render_template(
        "house/room.html",
        room=room,
        facilitators=asked.facilitators_of(actor, room),
        groups=[group for group, _ in asked.groups_of_house(actor)],
        error=error,
        form=request.form,
    )
