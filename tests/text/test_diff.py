"""How one wording became another, word by word."""

import time

import pytest

from forum.text.diff import WORDS_COMPARED, difference

pytestmark = pytest.mark.once


def told(before, after):
    return [(one.kind, one.words) for one in difference(before, after).changes]


def test_words_added_and_taken_out_stand_in_their_place():
    assert told("I sat for an hour.\n\nI read.", "I sat for a while.\n\nI read.") == [
        ("same", "I sat for"),
        ("gone", "an hour."),
        ("added", "a while."),
        ("same", "I read."),
    ]


def test_the_count_is_of_words():
    found = difference("one two three", "one four five six")
    assert (found.added, found.gone, found.is_cut) == (3, 2, False)


def test_line_breaks_and_spaces_are_no_change():
    assert told("one\ntwo", "one   two\n") == [("same", "one two")]


def test_a_folded_passage_is_one_word_and_its_words_are_not_there():
    before = "Before.\n:::mentions loss My aunt\nShe fell.\n:::\nAfter."
    after = before.replace("fell", "slipped")
    shown = told(before, after)
    assert shown == [("same", "Before. [mentions death and loss] After.")]


def test_a_passage_that_is_not_closed_is_folded_to_the_end():
    assert told("a :::mentions", "a\n:::mentions loss\nhard words") == [
        ("same", "a"),
        ("gone", ":::mentions"),
        ("added", "[mentions death and loss]"),
    ]


def test_very_long_texts_are_cut_and_take_no_long_time():
    began = time.monotonic()
    found = difference("a b " * 9_000, "b a " * 9_000)
    assert found.is_cut
    assert sum(len(one.words.split()) for one in found.changes) <= 2 * WORDS_COMPARED
    assert time.monotonic() - began < 5
