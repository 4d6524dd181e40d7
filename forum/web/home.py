"""The front door: welcome for guests, home for members; and whether the house stands."""

from flask import Blueprint, Response, redirect, render_template, url_for

from forum.identity import current_actor
from forum.queries.health import database_answers
from forum.queries.rooms import rooms_for
from forum.web.marks import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public("the first page says what this is; members go on to their own")
def welcome() -> Response | str:
    actor = current_actor()
    if actor.is_authenticated:
        return redirect(url_for("boards.index" if actor.is_member else "joining.waiting"))  # type: ignore[return-value]
    return render_template("pages/welcome.html", rooms=rooms_for(actor))


@bp.get("/readyz")
@public("a load balancer asks whether this process can serve")
def readyz() -> tuple[str, int]:
    return ("ready", 200) if database_answers() else ("the database does not answer", 503)
