"""Moments in words, as pages write them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from forum.web import filters

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 7, 15, 17, 30, tzinfo=UTC)
"""A Wednesday, at 18:30 in London."""


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "a moment ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=1), "Today, 17:30"),
        (timedelta(hours=20), "Yesterday, 22:30"),
        (timedelta(days=3), "Sunday, 18:30"),
        (timedelta(days=7), "8 July, 18:30"),
        (timedelta(days=365), "15 July 2025, 18:30"),
        (-timedelta(minutes=5), "Today, 18:35"),
        (-timedelta(days=1), "Tomorrow, 18:30"),
        (-timedelta(days=2), "Friday 17 July, 18:30"),
    ],
)
def test_a_moment_is_told_as_people_would(before: timedelta, words: str) -> None:
    assert filters.ago(NOW - before, LONDON, NOW) == words


def test_a_moment_without_a_zone_is_taken_as_utc() -> None:
    bare = datetime(2026, 7, 15, 17, 12)
    assert filters.clock(bare, LONDON, NOW) == "Today, 18:12"
    assert filters.iso(bare) == "2026-07-15T17:12:00Z"


def test_a_day_is_that_of_the_community() -> None:
    late = datetime(2026, 7, 15, 23, 30, tzinfo=UTC)
    assert filters.day(late, LONDON) == "16 July 2026"
    assert filters.day(date(2026, 11, 4), LONDON) == "4 November 2026"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=15), "15 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(days=3), "3 days"),
        (timedelta(), "0 minutes"),
    ],
)
def test_a_length_is_told_in_its_largest_whole_unit(length: timedelta, words: str) -> None:
    assert filters.span(length) == words


def test_an_hour_is_told_with_its_minutes() -> None:
    assert filters.hour(time(9)) == "09:00"
