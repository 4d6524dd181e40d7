"""Topics for a later time, as pages for those who moderate a board."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.planned import change_planned, drop_planned, plan_topic
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import NOTE_KINDS, Board, Intent, Planned
from forum.policy.core import require
from forum.policy.writing import can_change_planned, can_drop_planned, can_plan_topic, can_see_planned
from forum.queries.boards import board_for
from forum.queries.planned import planned_for, planned_on
from forum.web.filters import zone_of
from forum.web.marks import asks
from forum.web.writing import checked, form_key, kept

bp = Blueprint("planned", __name__)
Page = Response | str | tuple[Response | str, int]


@bp.get("/boards/<int:board_id>/planned")
@asks(can_see_planned)
def index(board_id: int) -> str:
    return _page(board_for(current_actor(), board_id))


@bp.post("/boards/<int:board_id>/planned")
@asks(can_plan_topic)
def plan(board_id: int) -> Page:
    board = board_for(current_actor(), board_id)
    try:
        plan_topic(current_actor(), board, **_written(), key=request.form.get("key", ""))
    except ForumError as error:
        return kept(error, lambda no: _page(board_for(current_actor(), board_id), error=no))
    flash("It waits for its time. Until then moderators of the board alone see it.")
    return redirect(url_for("planned.index", board_id=board_id), 303)


@bp.get("/planned/<int:planned_id>")
@asks(can_change_planned)
def edit(planned_id: int) -> str:
    return _edit_page(planned_for(current_actor(), planned_id))


@bp.post("/planned/<int:planned_id>")
@asks(can_change_planned)
def change(planned_id: int) -> Page:
    planned, version = planned_for(current_actor(), planned_id), request.form.get("version")
    try:
        change_planned(current_actor(), planned, **_written(), version=version)
    except ForumError as error:
        return kept(error, lambda no: _edit_page(planned_for(current_actor(), planned_id), error=no))
    return redirect(url_for("planned.index", board_id=planned.board_id), 303)


@bp.post("/planned/<int:planned_id>/drop")
@asks(can_drop_planned)
def drop(planned_id: int) -> Response:
    planned = planned_for(current_actor(), planned_id)
    drop_planned(current_actor(), planned)
    return redirect(url_for("planned.index", board_id=planned.board_id), 303)


def _page(board: Board, *, error: ForumError | None = None) -> str:
    return render_template(
        "planned/index.html", board=board, planned=planned_on(current_actor(), board), error=error,
        form=request.form, key=form_key(error), intents=list(Intent), note_kinds=NOTE_KINDS,
        chosen=request.form.getlist("kinds"), zone=_zone(),
    )  # fmt: skip


def _edit_page(planned: Planned, *, error: ForumError | None = None) -> str:
    require(can_change_planned(current_actor(), planned))
    local = planned.publish_at.astimezone(_zone())
    form = dict(request.form) if error else {
        "title": planned.title, "gist": planned.gist, "intent": planned.intent, "body": planned.source,
        "publish_at": f"{local:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    return render_template(
        "planned/edit.html", planned=planned, error=error, form=form, intents=list(Intent), note_kinds=NOTE_KINDS,
        chosen=request.form.getlist("kinds") if error else planned.kinds, zone=_zone(),
    )  # fmt: skip


def _written() -> dict[str, object]:
    form = request.form
    written: dict[str, object] = {name: form.get(name, "") for name in ("title", "gist", "intent", "body")}
    return written | {"kinds": form.getlist("kinds"), "mask": checked("mask"), "publish_at": _moment()}


def _moment() -> datetime | None:
    """What stands in the field, in the time in which its writer reads; None for what is no time."""
    try:
        return datetime.fromisoformat(request.form.get("publish_at", "")).replace(tzinfo=_zone())
    except ValueError:
        return None


def _zone() -> ZoneInfo:
    return zone_of(current_actor(), current_app.extensions["hearth"].timezone)
