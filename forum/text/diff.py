"""How one wording became another, word by word. Line breaks and spaces are not compared.

A folded passage is one word here, so that nobody meets in a comparison what they chose to meet folded.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from forum.text.notes import NOTE_KINDS

WORDS_COMPARED = 4_000
"""Words of each wording that are compared; what comes after them is left out, and the page says so."""

_VEIL = re.compile(r"^ {0,3}:::mentions +(\w+).*?(?:^ {0,3}::: *$|\Z)", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"^ {0,3}:::(?:helped)? *$", re.MULTILINE)


@dataclass(frozen=True)
class Change:
    """A run of words: `same`, `added` or `gone`."""

    kind: str
    words: str


@dataclass(frozen=True)
class Difference:
    """From one wording to the next."""

    changes: tuple[Change, ...]
    added: int
    gone: int
    is_cut: bool


def difference(before: str, after: str) -> Difference:
    """What was added and what was taken out."""
    old, new = _words(before), _words(after)
    is_cut = max(len(old), len(new)) > WORDS_COMPARED
    old, new = old[:WORDS_COMPARED], new[:WORDS_COMPARED]
    steps = SequenceMatcher(None, old, new).get_opcodes()
    return Difference(
        changes=tuple(_changes(steps, old, new)),
        added=sum(end - start for kind, _, _, start, end in steps if kind in ("insert", "replace")),
        gone=sum(end - start for kind, start, end, _, _ in steps if kind in ("delete", "replace")),
        is_cut=is_cut,
    )


def _words(source: str) -> list[str]:
    folded = _VEIL.sub(lambda veil: f" [mentions\N{NO-BREAK SPACE}{_noun(veil[1])}] ", source)
    return _MARK.sub(" ", folded).replace("\N{NO-BREAK SPACE}", "\0").split()


def _noun(kind: str) -> str:
    return NOTE_KINDS.get(kind, "something").replace(" ", "\N{NO-BREAK SPACE}")


def _changes(
    steps: Sequence[tuple[str, int, int, int, int]], old: list[str], new: list[str]
) -> Iterator[Change]:
    for kind, old_from, old_to, new_from, new_to in steps:
        if kind == "equal":
            yield _run("same", old[old_from:old_to])
            continue
        if old_to > old_from:
            yield _run("gone", old[old_from:old_to])
        if new_to > new_from:
            yield _run("added", new[new_from:new_to])


def _run(kind: str, words: list[str]) -> Change:
    return Change(kind, " ".join(words).replace("\0", " "))
