"""Lists as people type them: a line each, with numbers or dashes or without."""

import re
from collections.abc import Iterable
from typing import Any

_BULLET = re.compile(r"^(?:\d{1,2}[.)]|[-*•])\s+")


def bare_lines(raw: Any) -> list[str]:
    """The lines that say something, without what they begin with."""
    lines = raw.splitlines() if isinstance(raw, str) else []
    return [bare for line in lines if (bare := _BULLET.sub("", line.strip()).strip())]


def numbered(lines: Iterable[str]) -> str:
    """The lines as a numbered list in Markdown."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def dashed(lines: Iterable[str]) -> str:
    """The lines as a plain list in Markdown."""
    return "\n".join(f"- {line}" for line in lines)


def as_typed(source: str) -> str:
    """A list as somebody would type it again."""
    return "\n".join(bare_lines(source))
