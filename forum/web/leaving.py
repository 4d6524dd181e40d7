"""A copy of what is held about one, and leaving."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug import Response

from forum.actions import leaving
from forum.errors import Conflict, ForumError, Invalid
from forum.identity import current_actor
from forum.models import Guest
from forum.policy.accounts import can_see_settings
from forum.policy.core import require
from forum.policy.leaving import can_ask_for_copy, can_leave, can_take_copy
from forum.queries.leaving import packed_copy
from forum.web.marks import asks, public
from forum.web.settings import done
from forum.web.signing import sign_out
from forum.web.writing import checked

bp = Blueprint("leaving", __name__)

Page = str | Response | tuple[str | Response, int]


@bp.post("/settings/copy")
@asks(can_ask_for_copy)
def ask() -> Page:
    said = "It is being made. A notice tells you when it is here."
    return done(said, leaving.ask_for_copy, to=url_for("settings.show", _anchor="held"))


@bp.post("/settings/copy/take")
@asks(can_take_copy)
def take() -> Page:
    packed = packed_copy(current_actor())
    if packed is None:
        flash("There is no copy any more. A new one can be made.")
        return redirect(url_for("settings.show", _anchor="held"), 303)
    answer = send_file(BytesIO(packed), "application/zip", as_attachment=True, download_name="my-copy.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/settings/leave")
@asks(can_see_settings)
def show() -> str:
    require(can_see_settings(current_actor()))
    return _page()


@bp.post("/settings/leave")
@asks(can_leave)
def leave() -> Page:
    actor, form = current_actor(), request.form
    require(can_leave(actor))
    try:
        leaving.leave(actor, words=form.get("words"), is_sure=checked("sure"))
    except (Invalid, Conflict) as refused:
        return _page(refused), refused.status
    sign_out(Guest())
    return redirect(url_for("leaving.gone"), 303)


@bp.get("/left")
@public("whoever left is nobody here any more")
def gone() -> str:
    return render_template("leaving/gone.html")


def _page(error: ForumError | None = None) -> str:
    return render_template("leaving/show.html", form=request.form, error=error)
