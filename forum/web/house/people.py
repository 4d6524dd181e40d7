"""Who holds a role, as a page for those who look after the house."""

from typing import Any

from flask import render_template, request

from forum.actions import roles as deeds
from forum.errors import ForumError, Invalid
from forum.identity import current_actor
from forum.models import Duty
from forum.policy.house import can_appoint, can_dismiss, can_give_role, can_see_house
from forum.queries import house as asked
from forum.web.house.doing import Page, bp, done
from forum.web.marks import asks
from forum.web.numbers import whole


@bp.get("/people")
@asks(can_see_house)
def people() -> str:
    return _people()


@bp.post("/people/role")
@asks(can_give_role)
def give_role() -> Page:
    actor, form = current_actor(), request.form
    return done(
        lambda: deeds.give_role(actor, asked.member_named(actor, form.get("member")), role=form.get("role")),
        _people,
        "Their role is changed. It holds from now on.",
        "people",
    )


@bp.post("/people/moderators")
@asks(can_appoint)
def appoint_moderator() -> Page:
    actor, name = current_actor(), request.form.get("member")
    return done(
        lambda: deeds.appoint(actor, asked.member_named(actor, name), duty=Duty.MODERATOR, **_place()),
        _people,
        "They moderate there now.",
        "people",
    )


@bp.post("/people/duties/<int:appointment_id>/end")
@asks(can_dismiss)
def dismiss(appointment_id: int) -> Page:
    appointment = asked.appointment_to_end(current_actor(), appointment_id)
    room_id = appointment.room_id
    where: dict[str, Any] = (
        {"to": "room", "room_id": room_id} if "from_room" in request.form and room_id else {"to": "people"}
    )
    return done(
        lambda: deeds.dismiss(current_actor(), appointment),
        _people,
        "That duty is ended, with thanks.",
        **where,
    )


def _place() -> dict[str, Any]:
    """Everywhere, or the board or room that the form names, as in board:3."""
    kind, _, number = request.form.get("place", "").partition(":")
    if kind == "everywhere":
        return {}
    try:
        found = whole(number)
    except ValueError:
        found = 0
    if kind == "board":
        return {"board": asked.board_to_keep(current_actor(), found)}
    if kind == "room":
        return {"room": asked.room_to_keep(current_actor(), found)}
    raise Invalid(fields={"place": "Please choose a place from the list."})


def _people(error: ForumError | None = None) -> str:
    actor = current_actor()
    return render_template(
        "house/people.html",
        people=asked.people_with_a_role(actor),
        shelves=asked.shelves(actor),
        rooms=[room for room in asked.rooms_of_house(actor) if not room.is_archived],
        error=error,
        form=request.form,
    )
