"""Who is behind a byline, as far as members see it, and keeping some distance from them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions import boundaries as deeds
from forum.identity import current_actor
from forum.policy.boundaries import can_lift_boundary, can_set_boundary
from forum.policy.cases import can_see_member
from forum.queries.boundaries import boundary_with, is_shown_openness
from forum.queries.cases import persona_for, since
from forum.queries.profile import profile_for
from forum.web.marks import asks

bp = Blueprint("members", __name__)


@bp.get("/members/<int:persona_id>")
@asks(can_see_member)
def show(persona_id: int) -> str:
    actor, persona = current_actor(), persona_for(current_actor(), persona_id)
    return render_template(
        "members/show.html",
        persona=persona,
        profile=profile_for(actor, persona),
        since=since(persona),
        boundary=boundary_with(actor, persona),
        shows_openness=is_shown_openness(actor, persona),
    )


@bp.post("/members/<int:persona_id>/boundary")
@asks(can_set_boundary)
def keep_away(persona_id: int) -> Response:
    persona = persona_for(current_actor(), persona_id)
    deeds.set_boundary(current_actor(), persona, kind=request.form.get("kind", ""))
    flash("Kept. They are not told, and you can change it here at any time.")
    return redirect(url_for("members.show", persona_id=persona_id), 303)


@bp.post("/members/<int:persona_id>/boundary/lift")
@asks(can_lift_boundary)
def lift(persona_id: int) -> Response:
    deeds.lift_boundary(current_actor(), persona_for(current_actor(), persona_id))
    flash("You meet each other again.")
    return redirect(url_for("members.show", persona_id=persona_id), 303)
