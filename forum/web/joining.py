"""Coming in, as it is looked after: which door is open, invitations, and who waits; and what whoever waits sees."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions import joining as deeds
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import SignUp
from forum.policy.core import require
from forum.policy.joining import (
    can_approve,
    can_change_joining,
    can_decline,
    can_end_invitation,
    can_make_invitation,
    can_see_applications,
    can_see_joining,
    can_see_own_application,
)
from forum.queries import joining as asked
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.writing import kept, reachable

bp = Blueprint("joining", __name__)
Page = Response | str | tuple[Response | str, int]

DOORS: dict[SignUp, tuple[str, str]] = {
    SignUp.OPEN: ("Open", "Whoever comes makes an account and is in."),
    SignUp.APPROVAL: (
        "By approval",
        "They answer one question and wait for a moderator. Until then they read what guests read. An invitation lets "
        "them in at once.",
    ),
    SignUp.INVITATION: ("By invitation", "Only with the link of an invitation."),
    SignUp.CLOSED: ("Closed", "Nobody new, with or without an invitation. The page offers helplines."),
}


# Where one stands oneself


@bp.get("/waiting")
@asks(can_see_own_application)
def waiting() -> Page:
    """Where one's request stands, and what happens next; whoever is in goes on to the boards."""
    actor: Any = current_actor()
    application = asked.own_application(actor)
    if actor.is_member:
        return redirect(url_for("boards.index"))
    return render_template("joining/waiting.html", application=application, help=reachable())


# For moderators of the whole site


@bp.get("/moderation/waiting")
@asks(can_see_applications)
def applications() -> str:
    return _applications_page()


@bp.post("/moderation/waiting/<int:application_id>/approve")
@asks(can_approve)
def approve(application_id: int) -> Response:
    deeds.approve(current_actor(), asked.application_for(current_actor(), application_id))
    flash("They are in, and are told so.")
    return redirect(url_for("joining.applications"), 303)


@bp.post("/moderation/waiting/<int:application_id>/decline")
@asks(can_decline)
def decline(application_id: int) -> Page:
    application = asked.application_for(current_actor(), application_id)
    try:
        deeds.decline(current_actor(), application, letter=request.form.get("letter"))
    except ForumError as refused:
        return kept(refused, lambda no: _applications_page(no, application_id))
    flash("They are told, in your words. You can still let them in later.")
    return redirect(url_for("joining.applications"), 303)


def _applications_page(error: ForumError | None = None, about: int | None = None) -> str:
    actor = current_actor()
    return render_template(
        "joining/applications.html", waiting=asked.applications(actor), error=error, about=about, form=request.form,
        declined=asked.applications(actor, declined=True),
    )  # fmt: skip


# For admins


@bp.get("/house/joining")
@asks(can_see_joining)
def house() -> str:
    return _house_page()


@bp.post("/house/joining")
@asks(can_change_joining)
def change() -> Page:
    form = request.form
    try:
        deeds.change_joining(current_actor(), mode=form.get("mode"), question=form.get("question"))
    except ForumError as refused:
        return kept(refused, _house_page)
    flash("Kept. It holds for whoever comes from now on.")
    return redirect(url_for("joining.house"), 303)


@bp.post("/house/invitations")
@asks(can_make_invitation)
def invite() -> Page:
    """The link is shown once, on a page of its own."""
    actor, form = current_actor(), request.form
    require(can_make_invitation(actor))
    group_ids = [number for number in (whole(raw) for raw in form.getlist("groups")) if number is not None]
    try:
        invitation, token = deeds.make_invitation(
            actor, purpose=form.get("purpose"), uses=form.get("uses", type=whole), days=form.get("days", type=whole),
            groups=asked.groups_with(actor, group_ids),
        )  # fmt: skip
    except ForumError as refused:
        return kept(refused, _house_page)
    link = current_app.extensions["hearth"].base_url + url_for("accounts.invited", token=token)
    return render_template("joining/invitation.html", invitation=invitation, link=link)


@bp.post("/house/invitations/<int:invitation_id>/end")
@asks(can_end_invitation)
def end(invitation_id: int) -> Response:
    deeds.end_invitation(current_actor(), asked.invitation_for(current_actor(), invitation_id))
    flash("That link lets nobody in any more. Whoever came by it stays.")
    return redirect(url_for("joining.house"), 303)


def _house_page(error: ForumError | None = None) -> str:
    actor = current_actor()
    return render_template(
        "joining/house.html", site=asked.site_settings(), doors=DOORS, invitations=asked.invitations(actor),
        groups=asked.every_group(actor), error=error, form=request.form,
    )  # fmt: skip
