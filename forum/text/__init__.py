"""From what somebody typed to what everybody may safely see.

`read_words` is the one gate: limits, Markdown, two cleaners, triage. It is called before a transaction opens.
"""

from dataclasses import dataclass
from typing import Any

from forum.errors import Invalid
from forum.text.markdown import HELPED, RENDERER, gist, render
from forum.text.unseen import is_seen, without_disguise

BODY_LIMIT = 20_000
LINE_LIMIT = 2_000

__all__ = ["BODY_LIMIT", "HELPED", "LINE_LIMIT", "RENDERER", "clean_line", "clean_text", "gist", "render"]


@dataclass(frozen=True)
class Text:
    """Words as they were typed, and the HTML that is safe to show."""

    source: str
    html: str


def clean_text(raw: Any, *, limit: int = BODY_LIMIT, field: str = "body") -> Text:
    """The words as source and safe HTML; Invalid at `field` when there are none, or too many bytes of them."""
    source = _plain(raw)
    if not is_seen(source):
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
    line = " ".join(_plain(raw).split())
    if not is_seen(line):
        raise Invalid(fields={field: empty})
    if len(line) > limit:
        raise Invalid(fields={field: f"This has {len(line)} characters; {limit} fit."})
    return line


def _plain(raw: Any) -> str:
    """What was sent as a string that every database can hold and every reader sees alike: no NUL, no lone
    surrogates, one kind of newline, nothing that hides or turns letters round."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise Invalid("Words are needed here.", fields={"body": "Words are needed here."})
    safe = raw.encode("utf-8", "replace").decode()
    return without_disguise(
        "".join(
            c
            for c in safe.replace("\r\n", "\n").replace("\r", "\n")
            if c in "\n\t" or c.isprintable() or ord(c) > 159
        )
    )
