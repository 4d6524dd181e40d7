"""Topics that wait for a kind word, and replies that landed."""

from flask import Blueprint, current_app, redirect, render_template
from werkzeug import Response

from forum.actions.kindness import mark_landed, unmark_landed
from forum.identity import current_actor
from forum.models import NOTE_KINDS
from forum.policy.watching import can_mark_landed, can_see_waiting
from forum.queries.kindness import waiting_list
from forum.queries.topics import post_for
from forum.web.marks import asks
from forum.web.writing import address_of, checked

bp = Blueprint("kindness", __name__)


@bp.get("/kind-words")
@asks(can_see_waiting)
def waiting() -> str:
    found = waiting_list(current_actor(), after=current_app.extensions["hearth"].kind_words_after)
    return render_template("kindness/waiting.html", waiting=found, note_kinds=NOTE_KINDS)


@bp.post("/posts/<int:post_id>/landed")
@asks(can_mark_landed)
def landed(post_id: int) -> Response:
    deed = mark_landed if checked("on") else unmark_landed
    return redirect(address_of(deed(current_actor(), post_for(current_actor(), post_id))), 303)
