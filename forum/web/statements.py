"""What was decided about a member, why, and how to ask for a second look. Open whatever else was decided."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.decisions import request_second_look
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import Decision
from forum.policy.cases import can_request_second_look, can_see_statement, can_see_statements
from forum.queries import cases as asked
from forum.queries.agreements import rule_of
from forum.web import casewords
from forum.web.marks import asks
from forum.web.writing import kept

bp = Blueprint("statements", __name__)
Page = Response | str | tuple[Response | str, int]


@bp.get("/statements")
@asks(can_see_statements)
def index() -> str:
    actor = current_actor()
    sanctions, decisions = asked.sanctions_on(actor), asked.decisions_told(actor)
    return render_template("statements/index.html", sanctions=sanctions, decisions=decisions, words=casewords)


@bp.get("/statements/<int:decision_id>")
@asks(can_see_statement)
def show(decision_id: int) -> str:
    return _page(asked.decision_for(current_actor(), decision_id))


@bp.post("/statements/<int:decision_id>/second-look")
@asks(can_request_second_look)
def look_again(decision_id: int) -> Page:
    actor: Any = current_actor()
    try:
        request_second_look(
            actor, asked.decision_for(actor, decision_id), words=request.form.get("words", "")
        )
    except ForumError as error:
        return kept(error, lambda no: _page(asked.decision_for(current_actor(), decision_id), error=no))
    return redirect(url_for("statements.show", decision_id=decision_id, _anchor="look"), 303)


def _page(decision: Decision, *, error: ForumError | None = None) -> str:
    return render_template(
        "statements/show.html", decision=decision, error=error, form=request.form, words=casewords,
        rule=rule_of(decision),
    )  # fmt: skip
