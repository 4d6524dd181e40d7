"""What this community says of helplines, and when a moderator is here.

Each deed writes its rows and, once they are certain, the file that pages read without the database.
"""

from collections.abc import Sequence
from datetime import time
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from forum import helplines, housefile, modlog
from forum.db import action, db, now, on_commit
from forum.errors import Conflict, Invalid, NotFound
from forum.helplines import ELSEWHERE, LONGEST, WRITTEN, Helpline
from forum.hours import DAYS
from forum.models import Actor, LineNote, StaffedDay
from forum.policy.core import require
from forum.policy.house import (
    can_add_line,
    can_hide_line,
    can_remove_line,
    can_set_staffed_hours,
    can_show_line,
    can_verify_line,
    can_write_house_file,
)
from forum.queries.house import for_the_file
from forum.text import clean_line

# Helplines


@action
def verify_line(actor: Actor, *, key: str) -> None:
    """Say that somebody tried this line today, and who."""
    require(can_verify_line(actor))
    line, note = _noted(key)
    note.verified_on, note.verified_by_id = now().date(), actor.id
    _said(actor, "line_checked", line)


@action
def hide_line(actor: Actor, *, key: str) -> None:
    """Take a line off the help page. One of those for everyone always stays."""
    require(can_hide_line(actor))
    line, note = _noted(key)
    _keep_one(line)
    note.is_hidden = True
    _said(actor, "line_hidden", line)


@action
def show_line(actor: Actor, *, key: str) -> None:
    """Put a line on the help page again."""
    require(can_show_line(actor))
    line, note = _noted(key)
    note.is_hidden = False
    _said(actor, "line_shown", line)


def _read_line(_actor: Actor, **given: Any) -> dict[str, Any]:
    raw = {name: _tidy(given.get(name)) for name in WRITTEN}
    raw["source"] = raw["source"] or raw["url"]
    if found := helplines.problems(raw):
        raise Invalid(fields=found)
    return raw


@action(words=_read_line)
def add_line(actor: Actor, **line: str) -> None:
    """Show a line of this community’s own, in the place that it serves. Nobody has checked it until somebody says so."""
    require(can_add_line(actor))
    made = helplines.line_of(line)
    if helplines.with_key(made.key):
        raise Invalid(fields={"number": "This line is in the list already."})
    _new_note(made.key, line=line)
    _said(actor, "line_added", made)


@action
def remove_line(actor: Actor, *, key: str) -> None:
    """Take a line of this community’s own away for good."""
    require(can_remove_line(actor))
    line, note = _noted(key)
    if note.line is None:
        raise Conflict("This line came with the house. It can be hidden, and stays in the list here.")
    _keep_one(line)
    db.session.delete(note)
    _said(actor, "line_removed", line)


def _noted(key: str) -> tuple[Helpline, LineNote]:
    """The line with this key, and what is noted of it, from now on at the latest."""
    line = helplines.with_key(key)
    if line is None:
        raise NotFound()
    note = db.session.scalar(
        select(LineNote)
        .where(LineNote.key == key)
        .with_for_update(key_share=True, of=LineNote)
        .execution_options(populate_existing=True)
    )
    return line, note or _new_note(key)


def _new_note(key: str, *, line: dict[str, str] | None = None) -> LineNote:
    note = LineNote(key=key, line=line)
    db.session.add(note)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as taken:
        raise Conflict("Somebody else has just changed this line. The list shows how it is now.") from taken
    return note


def _keep_one(line: Helpline) -> None:
    others = (one for one in helplines.every() if one.country == ELSEWHERE and one.key != line.key)
    if line.country == ELSEWHERE and all(one.is_hidden for one in others):
        raise Conflict("This is the last line for people everywhere. With another one beside it, it can go.")


def _said(actor: Actor, code: str, line: Helpline) -> None:
    modlog.write(actor, code, words={"name": line.name, "key": line.key})
    on_commit(_write)


def _tidy(raw: Any) -> str:
    """One line of plain text; what cannot be one is empty, and refused where something is needed."""
    try:
        return clean_line(raw, limit=LONGEST * 2, field="name")
    except Invalid:
        return ""


# Hours


@action
def set_staffed_hours(actor: Actor, *, days: Sequence[tuple[str, str]] | None) -> None:
    """Say from when until when a moderator is here on each day, Monday first; a day without times has nobody. None
    goes back to the hours of the settings."""
    require(can_set_staffed_hours(actor))
    spans = _checked_days(days) if days is not None else []
    db.session.execute(delete(StaffedDay))
    db.session.add_all(
        StaffedDay(weekday=day, since=since, until=until) for day, (since, until) in enumerate(spans)
    )
    told = {name: f"{since}–{until}" for name, (since, until) in zip(DAYS, days or [], strict=False)}
    modlog.write(actor, "hours_changed", words={"hours": told})
    on_commit(_write)


def _checked_days(days: Sequence[tuple[str, str]]) -> list[tuple[time | None, time | None]]:
    spans, fields = [], {}
    for day in range(len(DAYS)):
        try:
            spans.append(_checked_day(*days[day]))
        except (ValueError, IndexError):
            fields[f"day_{day}"] = (
                f"{DAYS[day]} needs two different times, such as 09:00 and 23:00, or neither."
            )
    if fields:
        raise Invalid(fields=fields)
    return spans


def _checked_day(since: str, until: str) -> tuple[time | None, time | None]:
    if not since and not until:
        return None, None
    began, ended = _clock(since), _clock(until)
    if began == ended:
        raise ValueError(since)
    return began, ended


def _clock(raw: str) -> time:
    hour, minute = raw.split(":")
    if not (raw.isascii() and hour.isdigit() and minute.isdigit() and len(raw) == 5):
        raise ValueError(raw)
    return time(int(hour), int(minute))


# The file


@action
def write_house_file(actor: Actor) -> None:
    """Write the file anew, for the hour in which its folder could not be written to."""
    require(can_write_house_file(actor))
    on_commit(_write)


def _write() -> None:
    housefile.replace(for_the_file)
