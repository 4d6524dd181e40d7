"""Passages that a reader may want to meet later: how each reader's choice is laid over stored HTML.

The renderer is the only source of `<details class="veil" data-kind="…">`; veils do not nest, so a plain
pattern finds each whole. A hidden passage is not sent at all.
"""

import re
from collections.abc import Mapping

_VEIL = re.compile(r'<details class="veil" data-kind="(\w+)">(.*?)</details>', re.DOTALL)
_SUMMARY = re.compile(r"<b>(.*?)</b>", re.DOTALL)


def for_reader(html: str, choices: Mapping[str, str]) -> str:
    """The HTML as this reader asked for it: `choices` is kind → show, fold or hide; fold where nothing is said."""
    return _VEIL.sub(lambda veil: _met(veil, choices.get(veil[1], "fold")), html)


def _met(veil: re.Match[str], choice: str) -> str:
    if choice == "show":
        return veil[0].replace("<details", "<details open", 1)
    if choice == "hide":
        noun = _SUMMARY.search(veil[2])
        return f'<p class="veil-gone soft">A passage is hidden because it {noun[1][0].lower() + noun[1][1:] if noun else "mentions this"}.</p>'
    return veil[0]
