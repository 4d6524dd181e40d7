"""Help and leaving: the two pages that must work whatever else does not."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, make_response, redirect, request, session

from forum import helplines
from forum.actions.sessions import end_session_quickly
from forum.queries.plans import OwnPlan, plan_quickly
from forum.web.marks import public
from forum.web.plain import plain_page

bp = Blueprint("help", __name__)


@bp.get("/help")
@public("whoever is in danger needs no account to see who can be called")
def show() -> str:
    """Helplines of a country chosen by hand, which is remembered nowhere.

    A member's own plan stands first. It is looked for aside and given a fifth of a second; without one, or with the
    database stopped, the page is there all the same, which is why its navigation is the same for everyone. Nobody
    who brings no log-in is looked up at all.
    """
    asked = request.args.get("country") or current_app.extensions["hearth"].country
    chosen = helplines.country(asked)
    lines = helplines.for_country(chosen.code)
    return plain_page(
        "help/show.html", country=chosen, countries=helplines.countries(), lines=lines, own=_own_plan()
    )


def _own_plan() -> OwnPlan:
    key = session.get("_user_id")
    idle = timedelta(days=current_app.extensions["hearth"].session_days)
    return plan_quickly(key, idle=idle) if key else OwnPlan()


@bp.get("/leave")
@public("leaving must work in every state, signed in or not")
def leave() -> Response:
    """End the log-in, empty what this browser holds of us, and go on to the neutral page.

    The one GET that writes: a link has to work without scripts. A browser that only prefetches is not leaving, nor
    does another site leave for anybody.
    """
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return make_response("", 204)
    settings = current_app.extensions["hearth"]
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return make_response(redirect(settings.leave_url, 303))
    key = session.get("_user_id")
    session.clear()
    if key:
        end_session_quickly(key)
    answer = make_response(redirect(settings.leave_url, 303))
    for name in request.cookies:
        answer.delete_cookie(name, secure=settings.is_https)
    answer.headers["Clear-Site-Data"] = '"cookies", "storage"'
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
