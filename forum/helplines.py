"""Helplines, by the country a person chooses by hand.

They live in a file beside this one, so that the page with them needs no database. A line that nobody of this
community has rung keeps `verified_on` empty, and the page says so; docs/moderation.md tells how to check one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

ELSEWHERE = "ZZ"
"""The code that stands for every country without lines of its own."""

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
    return _book().countries


def country(code: str) -> Country:
    """The country with this code, or the entry for everywhere else."""
    known = {one.code: one for one in countries()}
    return known.get(code.upper(), known[ELSEWHERE])


def for_country(code: str) -> tuple[Helpline, ...]:
    """The lines of this country, then those that serve everyone; never empty."""
    here, everywhere = country(code).code, _in(ELSEWHERE)
    return everywhere if here == ELSEWHERE else _in(here) + everywhere


@cache
def numbers() -> frozenset[str]:
    """The digits of every line and emergency number: what people may pass on without leading anyone to a person."""
    emergency = {number for one in countries() for number in one.emergency}
    return frozenset(emergency | {line.digits for line in _book().lines}) - {""}


def _in(code: str) -> tuple[Helpline, ...]:
    return tuple(line for line in _book().lines if line.country == code)


@dataclass(frozen=True)
class _Book:
    countries: tuple[Country, ...]
    lines: tuple[Helpline, ...]


@cache
def _book() -> _Book:
    """Read the file once in the life of the process."""
    raw = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return _Book(
        countries=tuple(
            Country(one["code"], one["name"], tuple(one["emergency"])) for one in raw["countries"]
        ),
        lines=tuple(_line(one) for one in raw["lines"]),
    )


def _line(raw: Mapping[str, Any]) -> Helpline:
    checked = raw["verified_on"]
    return Helpline(**{**raw, "verified_on": date.fromisoformat(checked) if checked else None})
