"""No hostile text costs more than its length: four times as long takes about four times as long, and no more than eight.

Whether that is fast is for `bench/render.py` to say, which prints milliseconds; a ratio holds on any machine.
"""

import time
from collections.abc import Callable

import pytest

from forum.text import markdown, mentions, render
from forum.text.masking import mask
from forum.text.unseen import without_disguise
from forum.text.veils import for_reader
from forum.triage import private_spans, read
from tests.hostile.texts import NAMES, hostile

pytestmark = pytest.mark.once
SHORT, LONG = 5_000, 20_000
MOST = 8
TRIES = 4
TOO_SHORT_TO_TELL = 0.03
"""Seconds; below that a busy machine tells nothing, and it would be fast enough if it were quadratic."""

KEPT_AWAY = ("brackets in addresses", "braces in addresses")
"""What linkify reads to the end of its word, once for each address; see MOST_IN_A_WORD."""

READERS: dict[str, Callable[[str], object]] = {
    "render": render,
    "triage": lambda text: read(text, "board"),
    "masking": lambda text: mask(text, private_spans(text)),
    "mentions": mentions.names,
    "unseen": without_disguise,
    "veils": lambda text: for_reader(render(text), {"loss": "hide"}),
}


def test_there_are_enough_shapes():
    assert len(NAMES) >= 60


@pytest.mark.parametrize(
    "name", [one if n % 3 == 0 else pytest.param(one, marks=pytest.mark.slow) for n, one in enumerate(NAMES)]
)
def test_what_is_four_times_as_long_takes_about_four_times_as_long(name):
    slow = {
        reader
        for reader, read_it in READERS.items()
        if _grows(read_it, hostile(name, SHORT), hostile(name, LONG))
    }
    assert not slow


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in KEPT_AWAY])
def test_markdown_alone_is_linear_too(name):
    """Without the limit of pieces, which keeps most of these from it."""
    plain = [hostile(name, size).encode("utf-8", "replace").decode() for size in (SHORT, LONG)]
    assert not _grows(markdown._MARKDOWN.render, *plain)


def test_what_grows_with_the_square_is_noticed():
    assert _grows(lambda text: [one for one in text for _ in text], "a" * 700, "a" * 2_800)


def _grows(read_it: Callable[[str], object], short: str, long: str) -> bool:
    """Whether the long one takes more than its share, in each of a few tries."""
    return all(_is_too_slow(_seconds(read_it, short), _seconds(read_it, long)) for _ in range(TRIES))


def _is_too_slow(short: float, long: float) -> bool:
    return long > TOO_SHORT_TO_TELL and long > MOST * short


def _seconds(read_it: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read_it(text)
    return time.process_time() - began
