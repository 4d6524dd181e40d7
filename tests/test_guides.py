"""The guides to kinds of help: every one whole, with where it can be read and checked, and promising nothing."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest

from forum import guides
from forum.guides import Guide, Source

EVERY = guides.every()
SOURCES = [source for guide in EVERY for source in guide.sources]
PROMISES = ("cure", "guarantee", "you must", "you should", "proven", "you will feel", "!")


@pytest.mark.parametrize("slug", ["cbt", "psychodynamic", "emdr", "couples"])
def test_the_kinds_that_people_ask_about_are_there(slug: str) -> None:
    assert guides.called(slug) is not None


@pytest.mark.parametrize("guide", EVERY, ids=lambda guide: guide.slug)
def test_says_what_a_session_is_like_what_to_ask_and_when_it_does_not_fit(guide: Guide) -> None:
    assert re.fullmatch(r"[a-z-]{2,30}", guide.slug)
    assert min(len(guide.idea), len(guide.session)) >= 2
    assert min(len(guide.questions), len(guide.poor_fit)) >= 4
    assert all(question.endswith("?") for question in guide.questions)
    assert all(words.strip() == words != "" for words in words_of(guide))


@pytest.mark.parametrize("guide", EVERY, ids=lambda guide: guide.slug)
def test_promises_nothing_and_orders_nobody(guide: Guide) -> None:
    said = " ".join(words_of(guide)).lower()
    assert not [promise for promise in PROMISES if promise in said]


@pytest.mark.parametrize("guide", EVERY, ids=lambda guide: guide.slug)
def test_says_where_more_can_be_read(guide: Guide) -> None:
    assert guide.sources


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_source_is_a_plain_address_with_the_day_it_was_checked_or_none(source: Source) -> None:
    parts = urlsplit(source.url)
    assert source.name.strip() == source.name != ""
    assert parts.scheme == "https"
    assert "." in parts.netloc
    assert not parts.query
    assert source.checked_on is None or source.checked_on <= date.today()


def test_no_guide_stands_twice_and_an_unknown_one_is_none() -> None:
    assert len({guide.slug for guide in EVERY}) == len(EVERY)
    assert guides.called("no-such-guide") is None


def words_of(guide: Guide) -> tuple[str, ...]:
    return (guide.name, guide.about, *guide.idea, *guide.session, *guide.questions, *guide.poor_fit)
