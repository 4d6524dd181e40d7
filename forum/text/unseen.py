"""Characters that nobody sees, with which words can be made to look like others, or to pass what reads them."""

import re

_NEVER = "\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
"""Soft hyphens, spaces without width, fillers, and what turns the direction of letters round."""

_BETWEEN_OTHERS = "\u034f\u061c\u180b-\u180d\u180f\u200c-\u200f\ufe00-\ufe0f\U000e0000-\U000e0fff"
"""Joiners, marks and variants that some scripts, flags and emoji need; between Latin letters they only hide."""

_BLANK = "\u115f\u1160\u17b4\u17b5\u2800"
"""Drawn as nothing, though they are letters or symbols."""

_DISGUISE = re.compile(f"[{_NEVER}]|(?<=[!-~])[{_BETWEEN_OTHERS}]+(?=[!-~])")
_UNSEEN = re.compile(f"[{_NEVER}{_BETWEEN_OTHERS}{_BLANK}]")


def without_disguise(text: str) -> str:
    """The text without what hides or turns letters round."""
    return _DISGUISE.sub("", text)


def has_unseen(text: str) -> bool:
    """Whether any character of it is one that nobody sees."""
    return _UNSEEN.search(text) is not None


def is_seen(text: str) -> bool:
    """Whether there is anything in it that a reader would see: not only spaces and marks without width."""
    return any(c.isprintable() and not c.isspace() for c in _UNSEEN.sub("", text))
