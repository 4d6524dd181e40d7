"""Cards of the library that are put into somebody’s words: an ordinary link on a line of its own.

The words hold the address and nothing of the card, so that its name, a change of it or its end show everywhere at once.
"""

import re
from collections.abc import Iterable

LINK_TEXT = "A card from the library"
MOST = 3
"""Cards that are laid over below one text; more would be a list, not an answer."""

_ALONE = re.compile(r"^ {0,3}(?:\[[^\]\n]*\]\()?<?(\S*?)/strategies/(\d{1,9})>?\)?\s*$", re.MULTILINE)


def link_to(card_id: int) -> str:
    """The line that puts a card into what somebody writes."""
    return f"[{LINK_TEXT}](/strategies/{card_id})"


def cards_named(source: str, *, home: str = "") -> list[int]:
    """The ids of the cards that these words hold, in order. An address counts without its house, or with ours (`home`)."""
    houses = {"", home}
    found = (int(number) for house, number in _ALONE.findall(source) if house in houses)
    return list(dict.fromkeys(found))[:MOST]


def all_named(sources: Iterable[str], *, home: str = "") -> set[int]:
    """Every card that one of these texts holds."""
    return {number for source in sources for number in cards_named(source, home=home)}
