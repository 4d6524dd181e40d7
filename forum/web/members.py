"""Who is behind a byline, as far as members see it."""

from flask import Blueprint, render_template

from forum.identity import current_actor
from forum.policy.cases import can_see_member
from forum.queries.cases import persona_for, since
from forum.queries.profile import profile_for
from forum.web.marks import asks

bp = Blueprint("members", __name__)


@bp.get("/members/<int:persona_id>")
@asks(can_see_member)
def show(persona_id: int) -> str:
    persona = persona_for(current_actor(), persona_id)
    profile = profile_for(current_actor(), persona)
    return render_template("members/show.html", persona=persona, since=since(persona), profile=profile)
