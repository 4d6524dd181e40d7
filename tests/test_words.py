"""The one gate for words: limits, triage, masking."""

import pytest

from forum.errors import Invalid
from forum.triage import Finding, Verdict
from forum.words import from_staff, read_words, to_publish


def verdict(text):
    return read_words(text, channel="board").verdict


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
    words = to_publish("07700 900123 or a@b.example", channel="board", mask=True)
    assert words.source == "[private detail] or [private detail]"
    assert words.verdict.asks_mask


def test_private_details_are_asked_about_with_a_second_choice():
    with pytest.raises(Invalid) as refused:
        to_publish("my number is 07700 900123", channel="board")
    assert "07700 900123" in refused.value.fields["body"]
    assert "covered" in refused.value.fields["mask"]


def test_someone_in_danger_is_not_asked_and_their_number_is_covered():
    words = to_publish("I want to die, ring 07700 900123", channel="room")
    assert words.source == "I want to die, ring [private detail]"
    assert words.verdict.outcome() == "help"


@pytest.mark.parametrize("line", ["Samaritans are on 116 123", "Call 0800 1110111", "In danger ring 999"])
def test_the_number_of_a_helpline_may_be_passed_on(line):
    assert not verdict(line).asks_mask
    assert to_publish(line, channel="board").source == line


@pytest.mark.parametrize(
    ("line", "told"),
    [("Ring me on 07700 900123", "lead someone to a person"), ("just kill yourself", "hurt themself")],
)
def test_what_staff_write_is_read_too_and_some_of_it_does_not_go_out(line, told):
    with pytest.raises(Invalid) as refused:
        from_staff(line, limit=500, field="letter")
    assert told in refused.value.fields["letter"]


def test_what_staff_write_keeps_what_was_read_in_it():
    words = from_staff("I read that you want to die. I am sorry it is so heavy.", limit=500, field="letter")
    assert words.verdict.to_json()["labels"] == ["ideation"]


@pytest.mark.parametrize("raw", ["", "   \n", None, "\x00", "\u200b\u200b"])
def test_no_words_are_refused_at_the_field(raw):
    with pytest.raises(Invalid) as refused:
        read_words(raw, channel="board")
    assert "body" in refused.value.fields


@pytest.mark.parametrize("raw", [5, [], {}, True])
def test_what_is_no_text_is_refused(raw):
    with pytest.raises(Invalid):
        read_words(raw, channel="board")


def test_more_than_fits_is_refused_with_both_sizes():
    with pytest.raises(Invalid) as refused:
        read_words("é" * 10_001, channel="board")
    assert "20,002" in refused.value.fields["body"]
    assert read_words("é" * 10_000, channel="board").source == "é" * 10_000


def test_lone_surrogates_and_nul_never_reach_the_database():
    assert read_words("a\x00b\ud800c", channel="board").source == "ab?c"


@pytest.mark.parametrize(("is_new", "outcome"), [(True, "hold"), (False, "publish")])
def test_what_sells_something_waits_only_for_a_new_author(is_new, outcome):
    selling = Verdict((Finding("selling", "spam", "amber", 0, 4),))
    assert selling.outcome(is_new_author=is_new) == outcome


def test_a_new_author_in_danger_is_not_held_whatever_else_was_read():
    both = Verdict((Finding("selling", "spam", "amber", 0, 4), Finding("wish", "ideation", "red", 5, 9)))
    assert both.outcome(is_new_author=True) == "help"
