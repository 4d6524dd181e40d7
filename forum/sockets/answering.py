"""How an event is answered: always an acknowledgement, never an exception, and only while the log-in lives."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from flask import request

from forum.errors import ForumError, Invalid
from forum.identity import current_actor
from forum.live import connections
from forum.live.connections import Connection
from forum.models import User

log = structlog.get_logger("forum.sockets")

Handler = Callable[[User, dict[str, Any]], dict[str, Any] | None]
BROKEN = {"code": "retry", "message": "That didn’t go through. Your words are still here.", "retry_after": 2}


def answering(handler: Handler) -> Callable[..., dict[str, Any]]:
    """Turn `handler(actor, payload)` into a socket event that answers `{ok: true, …}` or `{ok: false, error}`."""

    @wraps(handler)
    def answer(*sent: Any) -> dict[str, Any]:
        try:
            return {"ok": True, **(handler(_actor(), _payload(sent)) or {})}
        except ForumError as error:
            log.info("refused", handler=handler.__name__, code=error.code, member=_whose())
            return {"ok": False, "error": error.to_dict()}
        except Exception:
            log.exception("unforeseen", handler=handler.__name__)
            return {"ok": False, "error": BROKEN}

    return answer


def this_connection() -> Connection:
    """The record of the socket that is asking."""
    connection = connections.get(request.sid)  # type: ignore[attr-defined]
    if connection is None:
        raise ForumError("This page was open for a long while. Please open it again.", code="log_in")
    return connection


def whole(payload: dict[str, Any], name: str) -> int:
    """A whole number that must be there."""
    number = payload.get(name)
    if not _is_whole(number):
        raise Invalid(
            f"A whole number is needed as “{name}”.", fields={name: "A whole number is needed here."}
        )
    return number  # type: ignore[return-value]


def whole_or_none(payload: dict[str, Any], name: str) -> int | None:
    """A whole number, or nothing."""
    return None if payload.get(name) is None else whole(payload, name)


def _is_whole(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**31


def _whose() -> int | None:
    connection = connections.get(request.sid)  # type: ignore[attr-defined]
    return connection.user_id if connection else None


def _payload(sent: tuple[Any, ...]) -> dict[str, Any]:
    if len(sent) != 1 or not isinstance(sent[0], dict):
        raise Invalid("One object is needed, with the fields of this event.")
    return sent[0]


def _actor() -> User:
    """Whose socket this is, read anew: a log-in that has ended since speaks no more."""
    connection, actor = this_connection(), current_actor()
    if (
        not isinstance(actor, User)
        or actor.id != connection.user_id
        or actor.auth_epoch != connection.auth_epoch
    ):
        connections.end(connection)
        raise ForumError("You are signed out here. Your words are still here.", code="log_in")
    return actor
