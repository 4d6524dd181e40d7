"""From what somebody typed to what everybody may safely see.

`read_words` is the one gate: limits, Markdown, two cleaners, triage. It is called before a transaction opens.
"""

from dataclasses import dataclass
from typing import Any

from forum.errors import Invalid
from forum.text.markdown import RENDERER, gist, render

BODY_LIMIT = 20_000
LINE_LIMIT = 2_000

__all__ = ["BODY_LIMIT", "LINE_LIMIT", "RENDERER", "clean_line", "clean_text", "gist", "plain", "render"]


@dataclass(frozen=True)
class Text:
    """Words as they were typed, and the HTML that is safe to show."""

    source: str
    html: str


def clean_text(raw: Any, *, limit: int = BODY_LIMIT, field: str = "body") -> Text:
    """The words as source and safe HTML; Invalid at `field` when there are none, or too many bytes of them."""
    source = plain(raw)
    if not _is_seen(source):
        raise Invalid(fields={field: "There are no words here yet."})
    size = len(source.encode())
    if size > limit:
        raise Invalid(
            fields={field: f"This is {size:,} bytes long; {limit:,} fit. You could send it in two parts."},
        )
    html = render(source)
    if not html.strip():
        raise Invalid(fields={field: "Nothing would be seen of this. A few plain words work."})
    return Text(source, html)


def clean_line(raw: Any, *, limit: int, field: str, empty: str = "This needs a few words.") -> str:
    """One line of plain text, trimmed; Invalid at `field` when it is empty or longer than `limit` characters."""
    line = " ".join(plain(raw).split())
    if not _is_seen(line):
        raise Invalid(fields={field: empty})
    if len(line) > limit:
        raise Invalid(fields={field: f"This has {len(line)} characters; {limit} fit."})
    return line


def _is_seen(text: str) -> bool:
    """Whether there is anything in it that a reader would see: not only spaces and marks without width."""
    return any(character.isprintable() and not character.isspace() for character in text)


def plain(raw: Any) -> str:
    """What was sent as a string that every database can hold: no NUL, no lone surrogates, one kind of newline."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise Invalid("Words are needed here.", fields={"body": "Words are needed here."})
    safe = raw.encode("utf-8", "replace").decode()
    return "".join(
        c
        for c in safe.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t" or c.isprintable() or ord(c) > 159
    )
