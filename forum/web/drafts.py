"""A member's own drafts, as pages; what every form for words does with them is in `writing.py`."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.drafts import DRAFT_DAYS, drop_draft
from forum.identity import current_actor
from forum.models import Draft
from forum.policy.writing import can_drop_draft, can_see_draft, can_see_drafts
from forum.queries.drafts import draft_for, drafts_of, line_of
from forum.web.marks import asks

bp = Blueprint("drafts", __name__, url_prefix="/drafts")


@bp.get("")
@asks(can_see_drafts)
def index() -> str:
    return render_template(
        "drafts/index.html", lines=drafts_of(current_actor()), days=DRAFT_DAYS, form_of=form_of
    )


@bp.get("/<int:draft_id>")
@asks(can_see_draft)
def show(draft_id: int) -> str:
    draft = draft_for(current_actor(), draft_id)
    line = line_of(current_actor(), draft)
    return render_template("drafts/show.html", draft=draft, line=line, form_of=form_of)


@bp.post("/<int:draft_id>/drop")
@asks(can_drop_draft)
def drop(draft_id: int) -> Response:
    draft = draft_for(current_actor(), draft_id)
    back = form_of(draft) if "anew" in request.form else url_for("drafts.index")
    drop_draft(current_actor(), draft)
    return redirect(back, 303)


def form_of(draft: Draft) -> str:
    """Where the form is that a draft belongs to."""
    if draft.kind == "topic":
        return url_for("boards.new_topic", board_id=draft.place_id)
    if draft.kind == "edit":
        return url_for("topics.edit", post_id=draft.place_id)
    return url_for("topics.show", topic_id=draft.place_id, _anchor="reply")
