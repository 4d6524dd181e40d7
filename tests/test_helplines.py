"""The helplines that the help page prints: every entry whole, no two alike, nothing said that nobody checked."""

import re
from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import pytest

from forum import helplines
from forum.helplines import CHANNELS, ELSEWHERE, Country, Helpline

EVERY_COUNTRY = helplines.countries()
EVERY_LINE = [line for country in EVERY_COUNTRY for line in helplines.for_country(country.code)[:-1]]
EVERY_LINE += helplines.for_country(ELSEWHERE)


def named(thing: Helpline | Country) -> str:
    return f"{thing.name} {getattr(thing, 'country', '')}"


@pytest.mark.parametrize("line", EVERY_LINE, ids=named)
def test_says_who_answers_when_and_at_what_cost(line: Helpline) -> None:
    assert all(text.strip() == text != "" for text in (line.name, line.hours, line.cost, line.about))
    assert "!" not in line.about


@pytest.mark.parametrize("line", EVERY_LINE, ids=named)
def test_can_be_reached(line: Helpline) -> None:
    assert line.channel in CHANNELS
    assert is_https(line.url)
    if line.channel == "web":
        assert line.number == ""
    else:
        assert re.fullmatch(r"\d[\d ]{1,14}\d", line.number)
        assert line.takes_calls or line.takes_texts


@pytest.mark.parametrize("line", EVERY_LINE, ids=named)
def test_says_where_it_can_be_checked_and_when_it_was(line: Helpline) -> None:
    assert is_https(line.source)
    assert line.verified_on is None or line.verified_on <= date.today()


@pytest.mark.parametrize("country", EVERY_COUNTRY, ids=named)
def test_every_country_has_an_emergency_number_and_a_line(country: Country) -> None:
    assert country.emergency
    assert all(re.fullmatch(r"\d{2,3}", number) for number in country.emergency)
    assert re.fullmatch(r"[A-Z]{2}", country.code)
    assert any(line.country == country.code for line in helplines.for_country(country.code))


def test_no_line_and_no_country_stands_twice() -> None:
    doors = Counter((line.country, line.channel, line.digits or line.url) for line in EVERY_LINE)
    codes = Counter(country.code for country in EVERY_COUNTRY)
    assert max(doors.values()) == max(codes.values()) == 1


def test_the_lines_of_a_country_come_before_those_for_everyone() -> None:
    lines = helplines.for_country("gb")
    assert [line.country for line in lines] == ["GB", "GB", ELSEWHERE]


def test_an_unknown_country_gets_the_lines_for_everyone() -> None:
    assert helplines.for_country("XX") == helplines.for_country(ELSEWHERE) != ()
    assert helplines.country("").code == ELSEWHERE


def test_a_number_is_dialled_without_its_spaces() -> None:
    samaritans = helplines.for_country("IE")[0]
    assert (samaritans.number, samaritans.digits) == ("116 123", "116123")


def is_https(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and "." in parts.netloc
