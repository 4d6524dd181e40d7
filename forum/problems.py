"""A refusal as an RFC 9457 problem document, the same from every JSON route and for every address under /api/."""

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify
from werkzeug.exceptions import HTTPException

from forum.errors import CODES, ForumError

PREFIX = "/api/"
SAID = {
    "malformed": "This could not be read. A JSON object is needed.",
    "not_found": "There is nothing here that you can see.",
    "method_not_allowed": "This address does not take that method.",
    "too_large": "This is more than one call may send.",
    "unsupported_media_type": "JSON is needed here, with the content type application/json.",
}
"""What is said where the HTTP layer refuses, before anything of ours is asked."""


def problem(error: ForumError) -> Response:
    """The refusal, with its code, what to change, and when to come back."""
    return _document(error.status, error.to_dict(), headers=_headers(error))


def http_problem(error: HTTPException) -> Response:
    """What the HTTP layer refused, with a code of the same table where there is one."""
    status = error.code or 500
    code = next((code for code in SAID if CODES[code] == status), None)
    told = {"code": code, "message": SAID[code]} if code else {}
    allowed = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    return _document(status, told, headers=dict(allowed))


def broken() -> Response:
    """Something of ours failed. Nothing is told of what."""
    return _document(500, {"message": "Something went wrong here. Nothing was saved."})


def _document(status: int, told: dict[str, Any], *, headers: dict[str, str] | None = None) -> Response:
    phrase = HTTPStatus(status).phrase
    answer = jsonify(
        {"type": "about:blank", "title": phrase, "status": status, "detail": told.get("message", "")} | told
    )
    answer.status_code, answer.mimetype = status, "application/problem+json"
    answer.headers.update(headers or {})
    return answer


def _headers(error: ForumError) -> dict[str, str]:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if error.code == "log_in":
        headers["WWW-Authenticate"] = "Bearer"
    if version := getattr(error, "version", None):
        headers["ETag"] = f'"{version}"'
    return headers
