"""The one gate for words: everything that people write passes here before its transaction opens."""

from dataclasses import dataclass
from typing import Any

from forum import text, triage
from forum.errors import Invalid
from forum.text import masking
from forum.triage import Verdict


@dataclass(frozen=True)
class Words:
    """What somebody wrote: as typed, as shown, and what triage read in it."""

    source: str
    html: str
    verdict: Verdict

    def columns(self) -> dict[str, Any]:
        """The columns of `Worded` that hold this."""
        return {
            "source": self.source,
            "html": self.html,
            "renderer": text.RENDERER,
            "verdict": self.verdict.to_json(),
        }


def read_words(raw: Any, *, channel: str, limit: int = text.BODY_LIMIT, field: str = "body") -> Words:
    """Clean and read words written in `channel`; nothing in them is asked about or covered."""
    cleaned = text.clean_text(raw, limit=limit, field=field)
    return Words(cleaned.source, cleaned.html, triage.read(cleaned.source, channel))


def to_publish(
    raw: Any, *, channel: str, limit: int = text.BODY_LIMIT, mask: bool = False, field: str = "body"
) -> Words:
    """Words of a member for others to read. Private details are asked about first: Invalid, with a field `mask`
    that says what the second choice does. With `mask` they are covered; so they are, without asking, for someone
    who may be in danger: nothing stands in their way."""
    words = read_words(raw, channel=channel, limit=limit, field=field)
    if not words.verdict.asks_mask:
        return words
    if not (mask or words.verdict.shows_help):
        raise Invalid(
            fields={
                field: f"{_could_lead(words.source)} You can change it, or send it with that part covered.",
                "mask": "Send it with that part covered",
            }
        )
    covered = text.clean_text(
        masking.mask(words.source, triage.private_spans(words.source)), limit=limit, field=field
    )
    return Words(covered.source, covered.html, words.verdict)


def line_to_publish(line: str, *, channel: str, field: str) -> Verdict:
    """What triage reads in a title or another short line; Invalid at `field` if it could lead to a person."""
    verdict = triage.read(line, channel)
    if verdict.asks_mask:
        raise Invalid(fields={field: f"{_could_lead(line)} Other words work here."})
    return verdict


def label(raw: Any, *, limit: int, field: str, needed: bool = True) -> str:
    """What the house calls one of its places, or says of it in a line; empty only where nothing is needed."""
    if not needed and not (raw or ""):
        return ""
    line = text.clean_line(raw, limit=limit, field=field)
    line_to_publish(line, channel="staff", field=field)
    return line


def from_staff(raw: Any, *, limit: int, field: str) -> Words:
    """What somebody who looks after the place writes to a member, or about one. It is read like all words; what
    could lead to a person, or could be read as urging harm, does not go out: Invalid at `field`."""
    words = read_words(raw, channel="staff", limit=limit, field=field)
    line_to_publish(words.source, channel="staff", field=field)
    if words.verdict.urges_harm:
        raise Invalid(
            fields={field: "It may read as telling somebody to hurt themself. You can put it another way."}
        )
    return words


def _could_lead(source: str) -> str:
    found = ", ".join(f"“{source[start:end]}”" for start, end in triage.private_spans(source))
    return f"This could lead someone to a person: {found}."
