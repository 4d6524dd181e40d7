"""The one gate for words: everything that people write passes here before its transaction opens."""

from dataclasses import dataclass
from typing import Any

from forum import text, triage
from forum.text.masking import mask
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


def read_words(
    raw: Any,
    *,
    channel: str = "board",
    limit: int = text.BODY_LIMIT,
    field: str = "body",
    masked: bool = False,
) -> Words:
    """Clean and read words written in `channel`; with `masked`, private details in them are covered first."""
    cleaned = text.clean_text(raw, limit=limit, field=field)
    verdict = triage.read(cleaned.source, channel)
    if masked and verdict.asks_mask:
        covered = mask(cleaned.source, triage.spans_of(cleaned.source, "personal_data"))
        cleaned = text.clean_text(covered, limit=limit, field=field)
    return Words(cleaned.source, cleaned.html, verdict)
