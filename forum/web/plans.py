"""A member’s own steadying plan: to write, and to read in a hard hour. Only its owner is ever asked for it.

No page of it may lie in a cache; every page of ours is no-store, and these say so themselves besides.
"""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.plans import erase_plan, save_plan
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import PLAN_PARTS, Plan
from forum.policy.strategies import can_erase_plan, can_save_plan, can_see_plan
from forum.queries.strategies import plan_of
from forum.web.marks import asks
from forum.web.writing import kept

bp = Blueprint("plans", __name__)
Page = Response | str | tuple[Response | str, int]


@bp.get("/plan")
@asks(can_see_plan)
def edit() -> Response:
    return _uncached(_form(plan_of(current_actor())))


@bp.get("/plan/read")
@asks(can_see_plan)
def read() -> Response:
    plan = plan_of(current_actor())
    if plan is None:
        return redirect(url_for("plans.edit"), 303)
    return _uncached(render_template("plans/read.html", plan=plan))


@bp.post("/plan")
@asks(can_save_plan)
def save() -> Page:
    actor: Any = current_actor()
    try:
        save_plan(actor, parts={part: request.form.get(part, "") for part in PLAN_PARTS})
    except ForumError as error:
        return kept(error, lambda no: _form(plan_of(current_actor()), error=no))
    return redirect(url_for("plans.read"), 303)


@bp.post("/plan/erase")
@asks(can_erase_plan)
def erase() -> Response:
    actor: Any = current_actor()
    erase_plan(actor)
    return redirect(url_for("plans.edit"), 303)


def _form(plan: Plan | None, *, error: ForumError | None = None) -> str:
    was = {part: "\n".join(plan.parts.get(part, ())) for part in PLAN_PARTS} if plan else {}
    words = {part: request.form.get(part, "") for part in PLAN_PARTS} if error else was
    return render_template("plans/edit.html", plan=plan, words=words, error=error)


def _uncached(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
