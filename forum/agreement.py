"""What a line of the community agreement is, and how it is written down: one line each, “Title: what it says”."""

from dataclasses import dataclass

MARK = ": "
"""What stands between the title of a line and what it says."""


@dataclass(frozen=True)
class Rule:
    """One line of the agreement. Its number is how decisions and members refer to it."""

    number: int
    title: str
    text: str


def rules_in(lines: str) -> tuple[Rule, ...]:
    """The lines as they are written down, numbered from 1; raises ValueError with the first that is no “Title: text”."""
    written = [line.strip() for line in lines.splitlines() if line.strip()]
    return tuple(_rule(number, line) for number, line in enumerate(written, 1))


def _rule(number: int, line: str) -> Rule:
    title, mark, text = line.partition(MARK)
    if not (title.strip() and mark and text.strip()):
        raise ValueError(line)
    return Rule(number, title.strip(), text.strip())
