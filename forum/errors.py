"""Everything a person can be told "no" about, in terms that no door owns.

A door translates these once: a page, a problem document, an acknowledgement or a line on stderr.
"""

from collections.abc import Callable, Mapping
from typing import Any

CODES: dict[str, int] = {
    "malformed": 400,
    "invalid": 422,
    "log_in": 401,
    "forbidden": 403,
    "prove": 403,
    "second_step": 403,
    "muted": 403,
    "suspended": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "idempotency_conflict": 409,
    "room_closed": 409,
    "room_paused": 409,
    "expired": 410,
    "reset": 410,
    "stale": 412,
    "too_large": 413,
    "unsupported_media_type": 415,
    "precondition_required": 428,
    "rate_limited": 429,
    "slow_mode": 429,
    "retry": 503,
}
"""Every code a door may answer with, and its HTTP status. Clients resend by themselves only on the last three."""


class ForumError(Exception):
    """A refusal that says, in the reader's words, what would work instead."""

    code = "conflict"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = dict(fields or {})
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        return CODES[self.code]

    def to_dict(self) -> dict[str, Any]:
        """The part that sockets and the API share: code, message and, where they say something, the rest."""
        told: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.fields:
            told["fields"] = self.fields
        if self.retry_after is not None:
            told["retry_after"] = self.retry_after
        return told


class NotFound(ForumError):
    """Missing, or not visible to this person: the two are never told apart."""

    code = "not_found"

    def __init__(self, message: str = "There is nothing here that you can see.", **more: Any) -> None:
        super().__init__(message, **more)


class Forbidden(ForumError):
    """Visible, but not theirs to do."""

    code = "forbidden"


class Invalid(ForumError):
    """What was sent cannot be saved as it is; `fields` says where and what works."""

    code = "invalid"

    def __init__(self, message: str = "", *, fields: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(message or next(iter((fields or {}).values()), ""), fields=fields, **more)


class Conflict(ForumError):
    """The request made sense, but not any more."""

    code = "conflict"


class Stale(ForumError):
    """It was changed after the reader saw it; `version` is what it is now."""

    code = "stale"

    def __init__(self, version: str) -> None:
        super().__init__("This was changed after you opened it. Nothing you wrote is lost.")
        self.version = version

    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {"version": self.version}


class RateLimited(ForumError):
    """Too many in a while; `retry_after` is in seconds."""

    code = "rate_limited"


class Retry(ForumError):
    """The database was busy three times in a row; nothing was saved, and the same request may go through."""

    code = "retry"

    def __init__(self, message: str = "We couldn’t save that just now. Your words are still here.") -> None:
        super().__init__(message, retry_after=2)


def all_of(readers: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """What each field holds; Invalid with everything that stands in the way, not with the first of it alone."""
    read: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field, reader in readers.items():
        try:
            read[field] = reader()
        except Invalid as refused:
            problems |= refused.fields
    if problems:
        raise Invalid(fields=problems)
    return read
