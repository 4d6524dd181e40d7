"""Boards, as pages: home, one board, and the form for a new topic."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.boards import mark_all_read, mark_board_read
from forum.actions.topics import start_topic
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import NOTE_KINDS, Actor, Board, Intent
from forum.policy.boards import (
    can_mark_all_read,
    can_mark_board_read,
    can_see_board,
    can_start_topic,
)
from forum.policy.core import require, writing_verdict
from forum.queries.boards import board_for, held_of, sections_for, topics_of
from forum.queries.kindness import waiting_list
from forum.queries.notifications import news_for
from forum.queries.watching import level_on
from forum.web.marks import asks, public
from forum.web.writing import (
    after_writing,
    begun,
    checked,
    drafted,
    form_key,
    kept,
    needs_agreement,
    previewed,
    rests_for,
)

bp = Blueprint("boards", __name__)


@bp.get("/boards")
@public("everyone meets the boards that visible_boards gives them")
def index() -> str:
    actor = current_actor()
    return render_template(
        "boards/index.html", sections=sections_for(actor), **(_own(actor) if actor.id else {})
    )


def _own(actor: Actor) -> dict[str, Any]:
    """What stands on the home page for one member."""
    waiting = waiting_list(actor, after=current_app.extensions["hearth"].kind_words_after)
    return {"news": news_for(actor), "held": held_of(actor), "waiting": waiting}


@bp.get("/boards/<int:board_id>")
@asks(can_see_board)
def show(board_id: int) -> str:
    actor, board = current_actor(), board_for(current_actor(), board_id)
    before, intent = request.args.get("before", ""), request.args.get("intent", "")
    page = topics_of(actor, board, before=before, intent=intent)
    return render_template(
        "boards/show.html",
        board=board,
        page=page,
        before=before,
        intent=intent,
        note_kinds=NOTE_KINDS,
        level=level_on(actor, board),
    )


@bp.get("/boards/<int:board_id>/topics/new")
@asks(can_start_topic)
def new_topic(board_id: int) -> Response | str:
    actor, board = current_actor(), board_for(current_actor(), board_id)
    if needs_agreement():
        return redirect(url_for("accounts.before_writing", next=request.path), 303)
    may = can_start_topic(actor, board)
    if not rests_for(may, writing_verdict(actor, board_id=board.id)):
        require(may)
    return _form(board)


@bp.post("/boards/<int:board_id>/topics")
@asks(can_start_topic)
def start(board_id: int) -> Response | str | tuple[Response | str, int]:
    actor, board = current_actor(), board_for(current_actor(), board_id)
    if "keep" in request.form:
        return drafted(board, lambda no: _form(board_for(current_actor(), board_id), error=no))
    try:
        if "preview" in request.form:
            may = can_start_topic(actor, board)
            return _form(board, preview=previewed(may, request.form.get("body", "")))
        post = start_topic(actor, board, **_written())
    except ForumError as error:
        return kept(error, lambda no: _form(board_for(current_actor(), board_id), error=no), board)
    return after_writing(post)


@bp.post("/boards/<int:board_id>/read")
@asks(can_mark_board_read)
def read(board_id: int) -> Response:
    mark_board_read(current_actor(), board_for(current_actor(), board_id))
    return redirect(url_for("boards.show", board_id=board_id), 303)


@bp.post("/boards/read")
@asks(can_mark_all_read)
def read_all() -> Response:
    mark_all_read(current_actor())
    return redirect(url_for("boards.index"), 303)


def _form(board: Board, *, error: ForumError | None = None, preview: str = "") -> str:
    started = begun(board)
    return render_template(
        "boards/new_topic.html", board=board, begun=started, form=started.form, error=error, preview=preview,
        key=form_key(error), intents=list(Intent), note_kinds=NOTE_KINDS, chosen=started.chosen,
    )  # fmt: skip


def _written() -> dict[str, object]:
    form = request.form
    return {
        "title": form.get("title", ""),
        "gist": form.get("gist", ""),
        "intent": form.get("intent", ""),
        "kinds": form.getlist("kinds"),
        "body": form.get("body", ""),
        "key": form.get("key", ""),
        "mask": checked("mask"),
        "as_alias": checked("as_alias"),
    }
