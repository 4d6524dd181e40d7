"""When a moderator is here: each day of the week has its hours, or the settings' hours hold.

The days come from the house's own file, so that the top line of every page costs no query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from forum import housefile
from forum.config import Settings

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Span(NamedTuple):
    """From when until when somebody is here. An end that is not later than the start is on the next day."""

    since: time
    until: time

    def __str__(self) -> str:
        return f"{self.since:%H:%M} to {self.until:%H:%M}"


@dataclass(frozen=True)
class Week:
    """The hours of each day, Monday first; None where nobody is here."""

    days: tuple[Span | None, ...]
    at: datetime
    """This moment, in the community's time zone."""

    @property
    def line(self) -> str:
        """For the top of every page: what is so today, or when it is so next."""
        found = self._next()
        if found is None:
            return "No hours are planned when a moderator is here."
        day, span = found
        if day <= self.at.date():
            return f"Moderators are here from {span}."
        return f"Moderators are back {self._named(day)} at {span.since:%H:%M}."

    @property
    def when(self) -> str:
        """For after “usually within an hour”: during which hours that is counted."""
        found = self._next()
        if found is None:
            return "once a moderator is here"
        day, span = found
        if day <= self.at.date():
            return f"between {span.since:%H:%M} and {span.until:%H:%M}"
        return f"counted from {self._named(day).removeprefix('on ')} at {span.since:%H:%M}"

    @property
    def all(self) -> list[str]:
        """The whole week in a few lines: days that follow each other and are alike stand together."""
        alike = groupby(zip(DAYS, self.days, strict=True), key=lambda one: one[1])
        return [_together([day for day, _ in days], span) for span, days in alike]

    def _next(self) -> tuple[date, Span] | None:
        """The hours that are now or come next, beginning with those of yesterday that reach past midnight."""
        for ahead in range(-1, 8):
            day = self.at.date() + timedelta(days=ahead)
            span = self.days[day.weekday()]
            if span is not None and self.at.replace(tzinfo=None) < _end(day, span):
                return day, span
        return None

    def _named(self, day: date) -> str:
        return "tomorrow" if day - self.at.date() == timedelta(days=1) else f"on {DAYS[day.weekday()]}"


def week(settings: Settings, at: datetime) -> Week:
    """The hours as an admin set them; a day that nobody set has those of the settings."""
    usual = Span(settings.staffed_from, settings.staffed_until)
    told = housefile.told().get("hours")
    said: Mapping[str, Any] = told if isinstance(told, dict) else {}
    days = tuple(_span(said[str(day)], usual) if str(day) in said else usual for day in range(7))
    return Week(days, at.astimezone(settings.timezone))


def _span(raw: Any, usual: Span) -> Span | None:
    """What cannot be read is as if nobody had set it."""
    if raw is None:
        return None
    try:
        since, until = raw
        return Span(time.fromisoformat(since), time.fromisoformat(until))
    except (TypeError, ValueError):
        return usual


def _end(day: date, span: Span) -> datetime:
    later = day if span.until > span.since else day + timedelta(days=1)
    return datetime.combine(later, span.until)


def _together(days: list[str], span: Span | None) -> str:
    named = {1: days[0], 2: f"{days[0]} and {days[-1]}", 7: "Every day"}
    said = named.get(len(days), f"{days[0]} to {days[-1]}")
    return f"{said}: {span}" if span else f"{said}: nobody"
