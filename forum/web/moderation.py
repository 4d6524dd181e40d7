"""The moderators' pages: the queue, a case on one screen, and the record."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions import cases as deeds
from forum.actions.aliases import reveal_alias
from forum.actions.decisions import decide_case
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import NOTE_KINDS, Case, Channel
from forum.policy.aliases import can_reveal_alias
from forum.policy.cases import (
    can_add_note,
    can_claim_case,
    can_decide_case,
    can_hand_back_case,
    can_see_case,
    can_see_queue,
    can_see_record,
    scopes_for,
    verbs_for,
)
from forum.queries import cases as asked
from forum.queries.agreements import agreement_now, rule_of
from forum.queries.boards import board_for, moderated_boards
from forum.queries.joining import application_of
from forum.web import casewords
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.writing import checked, form_key, kept

bp = Blueprint("moderation", __name__)
Page = Response | str | tuple[Response | str, int]

FILTERS = (
    ("all", "All"),
    ("mine", "Mine"),
    ("held", "Held"),
    ("worries", "Worries"),
    ("looks", "Second looks"),
)


@bp.get("/moderation")
@asks(can_see_queue)
def queue() -> str:
    return render_template("moderation/queue.html", lines=_lines(), filters=FILTERS, shown=_shown())


@bp.get("/moderation/lines")
@asks(can_see_queue)
def lines() -> Response:
    """The queue for its own script, which asks again when something changes."""
    return jsonify(lines=_lines())


@bp.get("/moderation/cases/<int:case_id>")
@asks(can_see_case)
def case(case_id: int) -> str:
    return _case_page(asked.case_for(current_actor(), case_id))


@bp.post("/moderation/cases/<int:case_id>/claim")
@asks(can_claim_case)
def claim(case_id: int) -> Page:
    return _tried(case_id, lambda case: deeds.claim_case(_me(), case))


@bp.post("/moderation/cases/<int:case_id>/hand-back")
@asks(can_hand_back_case)
def hand_back(case_id: int) -> Response:
    deeds.hand_back_case(_me(), asked.case_for(current_actor(), case_id))
    return redirect(url_for("moderation.queue"), 303)


@bp.post("/moderation/cases/<int:case_id>/notes")
@asks(can_add_note)
def note(case_id: int) -> Page:
    words, key = request.form.get("note", ""), request.form.get("key", "")
    return _tried(case_id, lambda case: deeds.add_note(_me(), case, words=words, key=key))


@bp.post("/moderation/cases/<int:case_id>/alias")
@asks(can_reveal_alias)
def reveal(case_id: int) -> Page:
    return _tried(
        case_id, lambda case: reveal_alias(_me(), case, reason=request.form.get("alias_reason", ""))
    )


@bp.post("/moderation/cases/<int:case_id>/decision")
@asks(can_decide_case)
def decide(case_id: int) -> Page:
    return _tried(case_id, lambda case: decide_case(_me(), case, **_decided()))


@bp.get("/moderation/record")
@asks(can_see_record)
def record() -> str:
    actor, before = current_actor(), request.args.get("before", type=whole)
    chain = asked.verify(actor) if request.args.get("check") else None
    found = asked.record(actor, before=before)
    older = found[-1].entry.id if len(found) == asked.PAGE else None
    return render_template("moderation/record.html", lines=found, older=older, chain=chain, words=casewords)


def _me() -> Any:
    return current_actor()


def _shown() -> str:
    return request.args.get("show", "all")


def _lines() -> list[dict[str, Any]]:
    return [casewords.line_told(line) for line in asked.queue_for(current_actor(), show=_shown())]


def _decided() -> dict[str, Any]:
    """The form as the deed takes it; what it means is the deed's to say."""
    form = request.form
    board_id = form.get("board", type=whole) if form.get("verb") == "move" else None
    return {
        "verb": form.get("verb"),
        "rule": form.get("rule"),
        "letter": form.get("letter"),
        "scope": form.get("scope"),
        "days": form.get("days"),
        "board": board_for(current_actor(), board_id) if board_id else None,
        "kinds": form.getlist("kinds"),
        "hides": checked("hides"),
    }


def _tried(case_id: int, deed: Any) -> Page:
    """Do it and show the case as it is now; or show it with what was written and what stands in the way."""
    try:
        deed(asked.case_for(current_actor(), case_id))
    except ForumError as error:
        return kept(error, lambda no: _case_page(asked.case_for(current_actor(), case_id), error=no))
    return redirect(url_for("moderation.case", case_id=case_id), 303)


def _case_page(case: Case, *, error: ForumError | None = None) -> str:
    actor = current_actor()
    is_open = case.is_decided or case.is_claimed_by(_me())
    return render_template(
        "moderation/case.html", case=case, error=error, key=form_key(error), form=request.form, words=casewords, is_open=is_open,
        around=asked.around(case) if is_open else asked.Around(), told=asked.told_about(actor, case),
        notes=asked.notes_on(case), standing=asked.standing_of(case.author_id), decision=asked.decision_of(case),
        person=asked.person_of(case), revealed=asked.revealed_to(actor, case), verbs=verbs_for(case), scopes=scopes_for(case), boards=moderated_boards(actor),
        rules=agreement_now().rules, rule_of=rule_of,
        application=application_of(case.author_id) if case.channel == Channel.PROFILE and is_open else None, note_kinds=NOTE_KINDS,
    )  # fmt: skip
