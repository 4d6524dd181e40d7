"""The one gate for words: limits, triage, masking."""

import pytest

from forum.errors import Invalid
from forum.triage import Finding, Verdict
from forum.words import read_words


def verdict(text):
    return read_words(text).verdict


@pytest.mark.parametrize(
    ("text", "label", "tier", "outcome"),
    [
        ("I am going to kill myself tonight", "crisis", "crisis", "help"),
        ("I don’t want to be here anymore", "ideation", "red", "help"),
        ("i've been cutting myself again", "self_harm", "red", "help"),
        ("just kill yourself", "urges_harm", "red", "hold"),
        ("kys", "urges_harm", "red", "hold"),
        ("write to me at someone@example.org", "personal_data", "amber", "publish"),
        ("my number is 07700 900123", "personal_data", "amber", "publish"),
        ("I live at 12 Rose Lane", "personal_data", "amber", "publish"),
    ],
)
def test_what_the_rules_of_the_first_day_read(text, label, tier, outcome):
    read = verdict(text)
    assert label in read.labels
    assert read.tier == tier
    assert read.outcome() == outcome


@pytest.mark.parametrize(
    "text",
    [
        "I killed the afternoon with a book",
        "In 2024 I was 38",
        "We met at 5.30, or 17:30",
        "dying of laughter",
    ],
)
def test_ordinary_words_are_published_and_nobody_is_sent(text):
    read = verdict(text)
    assert (read.tier, read.outcome()) == (None, "publish")


def test_nobody_in_crisis_is_held_even_when_they_quote_what_was_said_to_them():
    assert verdict("He told me kill yourself and I want to die").outcome() == "help"


def test_a_verdict_is_stored_without_the_text():
    assert "0770" not in str(verdict("my number is 07700 900123").to_json())


def test_masked_words_cover_each_private_detail_and_keep_the_verdict():
    words = read_words("07700 900123 or a@b.example", masked=True)
    assert words.source == "[private detail] or [private detail]"
    assert words.verdict.asks_mask


@pytest.mark.parametrize("raw", ["", "   \n", None, "\x00", "\u200b\u200b"])
def test_no_words_are_refused_at_the_field(raw):
    with pytest.raises(Invalid) as refused:
        read_words(raw)
    assert "body" in refused.value.fields


@pytest.mark.parametrize("raw", [5, [], {}, True])
def test_what_is_no_text_is_refused(raw):
    with pytest.raises(Invalid):
        read_words(raw)


def test_more_than_fits_is_refused_with_both_sizes():
    with pytest.raises(Invalid) as refused:
        read_words("é" * 10_001)
    assert "20,002" in refused.value.fields["body"]
    assert read_words("é" * 10_000).source == "é" * 10_000


def test_lone_surrogates_and_nul_never_reach_the_database():
    assert read_words("a\x00b\ud800c").source == "ab?c"


@pytest.mark.parametrize(("is_new", "outcome"), [(True, "hold"), (False, "publish")])
def test_what_sells_something_waits_only_for_a_new_author(is_new, outcome):
    selling = Verdict((Finding("selling", "spam", "amber", 0, 4),))
    assert selling.outcome(is_new_author=is_new) == outcome


def test_a_new_author_in_danger_is_not_held_whatever_else_was_read():
    both = Verdict((Finding("selling", "spam", "amber", 0, 4), Finding("wish", "ideation", "red", 5, 9)))
    assert both.outcome(is_new_author=True) == "help"
