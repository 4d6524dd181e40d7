"""Plain short guides to kinds of professional help: what it is like, what one can ask, when it may not fit.

They live in a file beside this one, in our own words. A source that nobody of this community has compared with the
words keeps `checked_on` empty, and the page says so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Source:
    """Where more can be read, and when somebody of this community last compared it with our words."""

    name: str
    url: str
    checked_on: date | None


@dataclass(frozen=True)
class Guide:
    """One kind of help."""

    slug: str
    name: str
    about: str
    """One line, for the list."""
    idea: tuple[str, ...]
    session: tuple[str, ...]
    questions: tuple[str, ...]
    poor_fit: tuple[str, ...]
    sources: tuple[Source, ...]


def every() -> tuple[Guide, ...]:
    """All of them, in the order of the file."""
    return _shelf()


def called(slug: str) -> Guide | None:
    """The guide at this address, if there is one."""
    return next((guide for guide in _shelf() if guide.slug == slug), None)


@cache
def _shelf() -> tuple[Guide, ...]:
    """Read the file once in the life of the process."""
    raw = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return tuple(_guide(one) for one in raw["guides"])


def _guide(raw: Mapping[str, Any]) -> Guide:
    lists = {name: tuple(raw[name]) for name in ("idea", "session", "questions", "poor_fit")}
    return Guide(**{**raw, **lists, "sources": tuple(_source(one) for one in raw["sources"])})


def _source(raw: Mapping[str, Any]) -> Source:
    checked = raw["checked_on"]
    return Source(**{**raw, "checked_on": date.fromisoformat(checked) if checked else None})
