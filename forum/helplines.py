"""Helplines, by the country a person chooses by hand.

They live in a file beside this one, and what a community says of them (a line it checked, hid or added) in the
house's own file, so that the page with them needs no database. A line that nobody of this community has rung keeps
`verified_on` empty, and the page says so; docs/moderation.md tells how to check one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from forum import housefile

ELSEWHERE = "ZZ"
"""The code that stands for every country without lines of its own."""

CHECKED_FOR = timedelta(days=182)
"""After half a year somebody looks at a line again."""

CHANNELS = ("call", "text", "call or text", "web")


@dataclass(frozen=True)
class Helpline:
    """One line: who answers, how, when, at what cost, and how we know."""

    name: str
    country: str
    hours: str
    channel: str
    cost: str
    number: str
    """As people write it, spaces included; empty for a website."""
    url: str
    about: str
    verified_on: date | None
    """The day someone of this community tried it; None until then."""
    source: str
    """Where these details can be read and checked."""
    is_local: bool = False
    """Whether this community added it."""
    is_hidden: bool = False

    @property
    def key(self) -> str:
        """By which marks find it: a place, a way, and where it is reached that way."""
        return f"{self.country} {self.channel} {self.digits or self.url}"

    def is_due(self, today: date) -> bool:
        """Whether nobody has checked it within half a year."""
        return self.verified_on is None or today - self.verified_on > CHECKED_FOR

    @property
    def digits(self) -> str:
        """The number as a dialler takes it."""
        return "".join(filter(str.isdigit, self.number))

    @property
    def takes_calls(self) -> bool:
        return "call" in self.channel

    @property
    def takes_texts(self) -> bool:
        return "text" in self.channel


@dataclass(frozen=True)
class Country:
    """A country that people can choose, and what to call there when someone is in danger."""

    code: str
    name: str
    emergency: tuple[str, ...]


def countries() -> tuple[Country, ...]:
    """Every country with lines of its own, by name, and last the entry for everywhere else."""
    return _shipped().countries


def country(code: str) -> Country:
    """The country with this code, or the entry for everywhere else."""
    known = {one.code: one for one in countries()}
    return known.get(code.upper(), known[ELSEWHERE])


def for_country(code: str) -> tuple[Helpline, ...]:
    """The lines of this country, then those that serve everyone; never empty."""
    here, everywhere = country(code).code, _in(ELSEWHERE) or _shipped_in(ELSEWHERE)
    return everywhere if here == ELSEWHERE else _in(here) + everywhere


def every() -> tuple[Helpline, ...]:
    """Every line that there is, also those that are not shown, in the order of the countries."""
    places = [one.code for one in countries()]
    return tuple(sorted(_book().lines, key=lambda line: places.index(line.country)))


def with_key(key: str) -> Helpline | None:
    """The line with this key, shown or not."""
    return next((line for line in _book().lines if line.key == key), None)


def numbers() -> frozenset[str]:
    """The digits of every line and emergency number: what people may pass on without leading anyone to a person."""
    return _book().numbers


def line_of(raw: Mapping[str, Any]) -> Helpline:
    """A line as the file writes it."""
    checked = raw.get("verified_on")
    told = {name: raw[name] for name in WRITTEN} | {
        "verified_on": date.fromisoformat(checked) if checked else None
    }
    return Helpline(**told)


def problems(raw: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the way of showing this line, by field; of every line in the shipped file there is nothing."""
    if set(WRITTEN) - set(raw) or not all(isinstance(raw[name], str) for name in WRITTEN):
        return {
            "name": "A line has a name, a place, hours, a way, a cost, a number or address, and a source."
        }
    found = {
        name: "This needs a few words."
        for name in ("name", "hours", "cost", "about")
        if not raw[name].strip()
    }
    if raw["country"] not in {one.code for one in _shipped().countries}:
        found["country"] = "Please choose a place from the list."
    if raw["channel"] not in CHANNELS:
        found["channel"] = "Please choose a way from the list."
    for name in ("url", "source"):
        if not _is_address(raw[name]):
            found[name] = "An address that begins with https:// works."
    if raw["channel"] == "web" and raw["number"]:
        found["number"] = "A website has no number. Another way has one."
    if raw["channel"] != "web" and not _NUMBER.fullmatch(raw["number"]):
        found["number"] = "Digits and spaces work, such as 116 123."
    if max(len(raw[name]) for name in WRITTEN) > LONGEST:
        found["about"] = f"Each part fits into {LONGEST} characters."
    return found


WRITTEN = ("name", "country", "hours", "channel", "cost", "number", "url", "about", "source")
"""What the file writes of each line, beside the day of the last check."""

LONGEST = 300
_NUMBER = re.compile(r"[0-9][0-9 ]{1,14}[0-9]")


def _is_address(raw: str) -> bool:
    try:
        parts = urlsplit(raw)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in parts.netloc and raw.isprintable() and " " not in raw


def _in(code: str) -> tuple[Helpline, ...]:
    return tuple(line for line in _book().lines if line.country == code and not line.is_hidden)


def _shipped_in(code: str) -> tuple[Helpline, ...]:
    return tuple(line for line in _shipped().lines if line.country == code)


@dataclass(frozen=True)
class _Book:
    countries: tuple[Country, ...]
    lines: tuple[Helpline, ...]

    @cached_property
    def numbers(self) -> frozenset[str]:
        emergency = {number for one in self.countries for number in one.emergency}
        return frozenset(emergency | {line.digits for line in self.lines}) - {""}


_read: tuple[Mapping[str, Any], _Book] | None = None
"""What the house's own file said last, and the book that it makes of the shipped lines."""


def _book() -> _Book:
    """The shipped lines with what this community says of them, and its own. Made anew when the file has changed."""
    global _read
    told = housefile.told()
    if _read is None or _read[0] is not told:
        _read = (told, _as_told(told))
    return _read[1]


def _as_told(told: Mapping[str, Any]) -> _Book:
    """A line that cannot be shown is left out, and a mark that cannot be read is none."""
    local = tuple(
        line_of(raw) for raw in _listed(told, "lines") if isinstance(raw, dict) and not problems(raw)
    )
    hidden = {key for key in _listed(told, "hidden") if isinstance(key, str)}
    checked = told.get("checked") if isinstance(told.get("checked"), dict) else {}
    lines = (replace(line, is_local=True) for line in local)
    return _Book(
        countries(),
        tuple(
            replace(
                line,
                is_hidden=line.key in hidden,
                verified_on=_day(checked.get(line.key)) or line.verified_on,  # type: ignore[union-attr]
            )
            for line in (*_shipped().lines, *lines)
        ),
    )


def _listed(told: Mapping[str, Any], name: str) -> list[Any]:
    found = told.get(name)
    return found if isinstance(found, list) else []


def _day(raw: Any) -> date | None:
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        return None


@cache
def _shipped() -> _Book:
    """Read the shipped file once in the life of the process."""
    raw = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return _Book(
        countries=tuple(
            Country(one["code"], one["name"], tuple(one["emergency"])) for one in raw["countries"]
        ),
        lines=tuple(line_of(one) for one in raw["lines"]),
    )
