"""What a text may mean for its author's safety: pure functions over text and rules.

`read(text, channel)` is asked by every action that writes words. The rules of the first day are few and
plain (`rules.py`); better ones replace that module, not this path. A verdict never silences someone in crisis.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from forum import helplines
from forum.triage.rules import RULES, VERSION, Rule

PUBLISH, HELP, HOLD = "publish", "help", "hold"

TIERS = ("crisis", "red", "amber", "green")
CARE = frozenset({"crisis", "ideation", "self_harm", "abuse_disclosure", "third_party_risk"})
"""Labels whose author is shown help in the answer to their own words."""


@dataclass(frozen=True)
class Finding:
    """One rule matched one span of the text (character offsets, end exclusive)."""

    rule: str
    label: str
    tier: str
    start: int
    end: int

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "label": self.label,
            "tier": self.tier,
            "start": self.start,
            "end": self.end,
        }


NEW_MEMBER = Finding("first words of a new member", "new_member", "green", 0, 0)
"""Not found in the words: the place where they stand asks for it."""


@dataclass(frozen=True)
class Verdict:
    """What was read in a text: findings, and what they ask of us."""

    findings: tuple[Finding, ...] = ()
    version: str = field(default=VERSION)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.label for one in self.findings))

    @property
    def rules(self) -> list[dict[str, Any]]:
        return [one.to_json() for one in self.findings]

    @property
    def tier(self) -> str | None:
        """The highest tier found; None when nobody needs to look."""
        return min((one.tier for one in self.findings), key=TIERS.index, default=None)

    @property
    def shows_help(self) -> bool:
        return not CARE.isdisjoint(self.labels)

    @property
    def urges_harm(self) -> bool:
        """Whether it tells somebody to hurt themself. That waits for a moderator; a person in crisis never does."""
        return "urges_harm" in self.labels

    @property
    def asks_mask(self) -> bool:
        return "personal_data" in self.labels

    def outcome(self, *, is_new_author: bool = False) -> str:
        """What happens to the words: published, published with help shown, or held for a moderator.

        Whoever may be in danger is never held. Of what sells something, a new author's waits.
        """
        if self.shows_help:
            return HELP
        waits = self.urges_harm or "new_member" in self.labels or (is_new_author and "spam" in self.labels)
        return HOLD if waits else PUBLISH

    def of_new_member(self) -> "Verdict":
        """The same, and that a board asks for a person to read this first. Whoever may be in danger never waits for
        that."""
        return self if self.shows_help else Verdict((*self.findings, NEW_MEMBER), self.version)

    def to_json(self) -> dict[str, Any]:
        """What is stored with the text: never the text itself."""
        return {"labels": list(self.labels), "tier": self.tier, "rules": self.rules, "version": self.version}


def read(text: str, channel: str) -> Verdict:
    """Read a text written in a channel (board, room, profile): which rules match where, and what they ask."""
    return Verdict(tuple(_first(rule, match) for rule in RULES if (match := _match(rule, text))))


def private_spans(text: str) -> list[tuple[int, int]]:
    """Every span of the text that could lead to a person, in order, without overlaps."""
    private = [rule for rule in RULES if rule.label == "personal_data"]
    found = sorted(match.span() for rule in private for match in _matches(rule, text))
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _match(rule: Rule, text: str) -> re.Match[str] | None:
    return next(_matches(rule, text), None)


def _matches(rule: Rule, text: str) -> Iterator[re.Match[str]]:
    """Where a rule matches. The number of a helpline leads to nobody but those who answer it."""
    for match in rule.pattern.finditer(text):
        if "".join(filter(str.isdigit, match[0])) not in helplines.numbers():
            yield match


def _first(rule: Rule, match: re.Match[str]) -> Finding:
    return Finding(rule.name, rule.label, rule.tier, *match.span())
