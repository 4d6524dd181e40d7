"""How a refusal looks as a page. What somebody wrote comes back with it, whatever went wrong."""

import structlog
from flask import Flask, Response, current_app, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from forum.errors import ForumError
from forum.problems import PREFIX, broken, http_problem
from forum.web.factors import prove_page
from forum.web.plain import plain_page

Headers = list[tuple[str, str]]

log = structlog.get_logger("forum.errors")
FROM_ELSEWHERE = "This was sent from a page of another site, so nothing was done with it."
KEPT_FIELDS = (
    "body", "title", "gist", "letter", "words", "reason", "name", "note", "about", "fits", "place", "steps", "changes", "cautions",
    "cites", "rules", "template", "question", "answer", "purpose", "lines", "changed", "signs", "helps", "places", "people",
    "services", "safer", "reasons",
)  # fmt: skip
"""What somebody may have written; the other fields of a form are chosen, not written."""
UNKEPT = ("csrf_token", "password", "old", "new", "proof", "passkey", "code", "line")
STALE_FORM = (
    "This page was open for a long while, so we couldn’t tell that it was you. Your words are still here."
)


def init_app(app: Flask) -> None:
    app.register_error_handler(ForumError, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unforeseen)


def refused(error: ForumError) -> tuple[Response | str, int] | tuple[Response | str, int, dict[str, str]]:
    if error.code == "prove":
        return prove_page(request.path), error.status
    if error.retry_after is not None:
        return *page(error.status, error.message, code=error.code), {"Retry-After": str(error.retry_after)}
    return page(
        error.status, error.message, code=error.code, fields=error.fields, retry_after=error.retry_after
    )


def stale_form(_error: CSRFError) -> tuple[Response | str, int]:
    """The form once more, with a token that holds, so that one press sends the same words again.

    Only what came from a page of ours: another site would fill in the form, and leave the press to whoever is here.
    """
    if not _is_from_here():
        return _not_ours(), 400
    return page(
        400,
        STALE_FORM,
        again=[(name, value) for name, value in request.form.items(multi=True) if name not in UNKEPT],
    )


def _is_from_here() -> bool:
    """What the browser says of the page that sent this; where it says nothing there is only the token to go by."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_same = origin is None or origin.partition("://")[2] == request.host
    return site in (None, "same-origin", "none") and is_same


def _not_ours() -> str:
    """Without a form. Nor does a cookie go out where none came in: that would take the place of whoever is signed in."""
    told = plain_page("errors/page.html", status=400, message=FROM_ELSEWHERE)
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        session.clear()
        session.modified = False
    return told


def http_error(
    error: HTTPException,
) -> Response | tuple[Response | str, int] | tuple[Response | str, int, Headers]:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    return http_problem(error) if _is_for_program() else (*page(error.code), _allowed(error))


def _allowed(error: HTTPException) -> Headers:
    """What else could be asked for here, as the protocol wants it told with a 405."""
    return [(name, value) for name, value in error.get_headers() if name == "Allow"]


def unforeseen(error: Exception) -> Response | tuple[Response | str, int]:
    log.exception("unforeseen", route=request.endpoint, exc_info=error)
    return broken() if _is_for_program() else page(500)


def page(status: int, message: str = "", **told: object) -> tuple[Response | str, int]:
    """The error as a page that keeps what was typed."""
    kept = [request.form[name] for name in KEPT_FIELDS if request.form.get(name)] if status != 413 else []
    return plain_page("errors/page.html", status=status, message=message, kept=kept, **told), status


def _is_for_program() -> bool:
    return request.path.startswith(PREFIX)
