"""Names to be here by: made-up ones that are offered, and what a chosen one may be."""

import hashlib
import random
import re
import unicodedata
from typing import Any

from forum.errors import Invalid
from forum.text.unseen import has_unseen

SHORTEST, LONGEST = 3, 40
KEY_LENGTH = 80
OFFERED = 3
DIGITS_ALLOWED = 4
"""More digits than these read like a number to call or a date of birth."""
MARKS_ALLOWED = 4
"""More marks above and below one letter than these, which no script needs, grow over the lines around it."""

_FIRST = """Quiet Amber Moss River Plain Slow North Grey Second Low Still Tawny Early Late Small Open Soft Clear Copper
Linen Paper Cedar Birch Hazel Willow Heather Clover Fern Barley Saffron Indigo Russet Ochre Pewter Velvet Woollen
Sunday Harbour Meadow Lantern Winter Summer Evening Morning Distant Gentle Patient Steady Wandering Mended Dusty
Silver Southern Western Eastern Upper Hidden Folded Borrowed Humming Drifting Quilted"""
_SECOND = """Juniper Kettle Heron Slate Lantern Sparrow Fen Tide Orchard Meadow Ferry Harbour Pebble Bramble Window Candle
Thimble Bench Garden Gate Bridge Willow Acorn Teapot Blanket Compass Feather Island Ladder Marble Mitten Otter Pocket
Puddle Quilt Ribbon Robin Saddle Starling Stove Thistle Tinder Valley Wagon Walnut Whistle Wren Yarrow Cricket Finch
Hollow Inkwell Jetty Kite Lagoon Magpie Nettle Oak Plover Reed Sorrel Teasel"""
FIRST, SECOND = _FIRST.split(), _SECOND.split()
_ALIAS = "Unnamed"
ALIASES = [f"{_ALIAS} {second}" for second in SECOND]
"""What somebody is called who writes without their name. Nobody can choose such a name for themself."""

_FINDABLE = re.compile(
    r"\d{4,}|@|https?|www\.|\.(?:com|org|net|io|info|me|app|uk|de|eu|fr|ca|au)\b", re.IGNORECASE
)
_SINGLE = frozenset(" '’.-")
"""Allowed between letters, one at a time."""

_LOOKALIKES = str.maketrans(
    "0135lаеорсухіјѕкмтвнгԁһαεορυχικτνβ",
    "oiesiaeopcyxijskmtbhrdhaeopuxiktvb",
)
"""Digits, Cyrillic and Greek letters that pass for Latin ones at a glance, and l, which passes for I."""


def made_up(count: int = OFFERED, *, words: int = 2) -> list[str]:
    """Different made-up names of two or three words; whether somebody has one is for the caller to see."""
    offered: dict[str, None] = {}
    while len(offered) < count:
        parts = [*random.sample(FIRST, words - 1), random.choice(SECOND)]
        if len(set(parts)) == words:
            offered[" ".join(parts)] = None
    return list(offered)


def checked(raw: Any, *, field: str = "name") -> str:
    """A chosen name, tidied; Invalid at `field` when it could find somebody or pass for somebody else."""
    name = " ".join(unicodedata.normalize("NFKC", raw).split()) if isinstance(raw, str) else ""
    if not SHORTEST <= len(name) <= LONGEST:
        raise Invalid(fields={field: f"A name has between {SHORTEST} and {LONGEST} characters."})
    if _FINDABLE.search(name) or sum(character.isdigit() for character in name) > DIGITS_ALLOWED:
        raise Invalid(
            fields={field: "This could be used to find you elsewhere. A made-up name keeps you safer."}
        )
    if not _is_plain(name):
        raise Invalid(
            fields={field: "Letters, numbers, single spaces, hyphens and apostrophes work in a name."}
        )
    if key_of(name) in _RESERVED or key_of(name).startswith(key_of(_ALIAS)):
        raise Invalid(fields={field: "This name is kept for the house. Another one works."})
    return name


def key_of(name: str) -> str:
    """What makes two names the same: letters without case, spaces, accents and whatever looks alike."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(c for c in parts if not "\u0300" <= c <= "\u036f").translate(_LOOKALIKES)
    whole = unicodedata.normalize("NFC", bare)
    return "".join(c for c in whole if unicodedata.category(c)[0] in "LMN")[:KEY_LENGTH]


def kept_for_nobody(key: str) -> str:
    """What is kept of a name whose member left: enough to know it again, and nothing to read."""
    return "left:" + hashlib.sha256(key.encode()).hexdigest()


def _is_plain(name: str) -> bool:
    """Letters of any script with their marks, digits, and single joints between them."""
    if not (_is_letter(name[0]) and (_is_letter(name[-1]) or _is_mark(name[-1]))):
        return False
    if has_unseen(name) or _is_piled_up(name):
        return False
    pairs = zip(name, name[1:], strict=False)
    return all(_is_letter(c) or _is_mark(c) or c in _SINGLE for c in name) and not any(
        before in _SINGLE and not _is_letter(after) for before, after in pairs
    )


def _is_piled_up(name: str) -> bool:
    marks = "".join("m" if unicodedata.category(character) == "Mn" else " " for character in name)
    return "m" * (MARKS_ALLOWED + 1) in marks


def _is_letter(character: str) -> bool:
    return unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo", "Lm", "Nd")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")


_RESERVED = frozenset(
    map(
        key_of,
        (
            "admin",
            "administrator",
            "moderator",
            "mod",
            "hearth",
            "system",
            "staff",
            "facilitator",
            "guest",
            "you",
            "support",
        ),
    )
)
