"""Help and leaving: the two pages that must work whatever else does not."""

from flask import Blueprint, Response, current_app, make_response, redirect, request, session

from forum import helplines
from forum.actions.sessions import end_session_quickly
from forum.web.marks import public
from forum.web.plain import plain_page

bp = Blueprint("help", __name__)


@bp.get("/help")
@public("whoever is in danger needs no account to see who can be called")
def show() -> str:
    """Helplines of a country chosen by hand, which is remembered nowhere.

    It asks nobody who is reading: no session is looked up and no connection opened, so that it answers with
    the database stopped. Its navigation is the same for everyone for that reason.
    """
    asked = request.args.get("country") or current_app.extensions["hearth"].country
    chosen = helplines.country(asked)
    lines = helplines.for_country(chosen.code)
    return plain_page("help/show.html", country=chosen, countries=helplines.countries(), lines=lines)


@bp.get("/leave")
@public("leaving must work in every state, signed in or not")
def leave() -> Response:
    """End the log-in, empty what this browser holds of us, and go on to the neutral page.

    The one GET that writes: a link has to work without scripts. A browser that only prefetches is not leaving.
    """
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return make_response("", 204)
    key = session.get("_user_id")
    session.clear()
    if key:
        end_session_quickly(key)
    answer = make_response(redirect(current_app.extensions["hearth"].leave_url, 303))
    for name in request.cookies:
        answer.delete_cookie(name)
    answer.headers["Clear-Site-Data"] = '"cookies", "storage"'
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
