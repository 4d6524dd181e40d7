"""A member's copy of what is held about them: one file to read, one for programs, packed together."""

import json
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask import current_app

from forum.actions.leaving import keep_copy
from forum.config import Settings
from forum.jobs import Dropped
from forum.models import Job, System, User
from forum.queries.accounts import user_with_id
from forum.queries.holdings import Part, held_about


def make_copy(settings: Settings, job: Job) -> None:
    """Keep the promise of a copy. Made twice, the later one is kept."""
    user = user_with_id(job.payload["user"])
    if user is None:
        raise Dropped("nobody to make a copy for")
    keep_copy(System(), user, packed=_packed(settings, user))


def _packed(settings: Settings, user: User) -> bytes:
    held, at = list(held_about(user)), datetime.now(UTC)
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        packed.writestr("read-me.html", _readable(settings, user, held, at))
        packed.writestr("data.json", _for_programs(settings, held, at))
    return file.getvalue()


def _readable(
    settings: Settings, user: User, held: list[tuple[Part, list[dict[str, Any]]]], at: datetime
) -> str:
    return current_app.jinja_env.get_template("copies/index.html").render(
        site=settings.site_name, name=user.name, held=held, at=at,
        zone=user.zone or settings.timezone, is_moment=_is_moment,
    )  # fmt: skip


def _is_moment(value: Any) -> bool:
    return isinstance(value, datetime)


def _for_programs(settings: Settings, held: list[tuple[Part, list[dict[str, Any]]]], at: datetime) -> str:
    parts = {part.name: rows for part, rows in held}
    whole = {"site": settings.site_name, "made_at": at, "held": parts}
    return json.dumps(whole, default=_written, ensure_ascii=False, indent=1)


def _written(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in a copy")
