"""Marks on helplines and staffed hours: rows for the house, and a file for the pages that need no database."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from forum import helplines, hours, housefile
from forum.actions import house
from forum.db import db
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.hours import Span, Week
from forum.models import Guest, LineNote, LogEntry, System
from forum.queries.house import file_is_behind, line_cards

SAMARITANS = "GB call 116123"
DIRECTORY = helplines.for_country("ZZ")[0].key
LOCAL = {
    "name": "Night line", "country": "GB", "hours": "20:00 to 08:00", "channel": "call", "cost": "Free",
    "number": "020 7946 0000", "url": "https://line.example/", "about": "Somebody listens at night.", "source": "",
}  # fmt: skip


def shown(country="GB"):
    return [line.name for line in helplines.for_country(country)]


def test_a_line_that_somebody_checked_says_so_with_the_day_and_their_name(ada):
    house.verify_line(ada, key=SAMARITANS)
    card = next(card for card in line_cards(ada) if card.line.key == SAMARITANS)
    assert (card.line.verified_on, card.by, card.is_due) == (datetime.now(UTC).date(), ada.name, False)
    assert db.session.query(LogEntry).order_by(LogEntry.id.desc()).first().code == "line_checked"


def test_the_file_names_nobody(ada, settings):
    house.verify_line(ada, key=SAMARITANS)
    told = (Path(settings.data_dir) / housefile.NAME).read_text()
    assert SAMARITANS in told
    assert ada.name not in told


def test_a_check_lasts_half_a_year(app):
    line = helplines.with_key(SAMARITANS)
    assert line.is_due(date.today())
    checked = helplines.replace(line, verified_on=date(2026, 1, 1))
    assert not checked.is_due(date(2026, 1, 1) + timedelta(days=182))
    assert checked.is_due(date(2026, 1, 1) + timedelta(days=183))


def test_a_line_is_hidden_and_shown_again(ada):
    house.hide_line(ada, key=SAMARITANS)
    assert shown() == ["Shout", *shown("ZZ")]
    house.show_line(ada, key=SAMARITANS)
    assert shown()[0] == "Samaritans"


def test_the_help_page_never_shows_an_empty_place(ada):
    with pytest.raises(Conflict, match="last line for people everywhere"):
        house.hide_line(ada, key=DIRECTORY)
    assert shown("ZZ")
    house.add_line(ada, **LOCAL | {"country": "ZZ"})
    house.hide_line(ada, key=DIRECTORY)
    assert shown("ZZ") == ["Night line"]
    with pytest.raises(Conflict):
        house.remove_line(ada, key="ZZ call 02079460000")


def test_a_local_line_stands_with_the_others_and_its_number_leads_to_no_person(ada):
    house.add_line(ada, **LOCAL)
    assert "Night line" in shown()
    line = helplines.with_key("GB call 02079460000")
    assert (line.is_local, line.source, line.verified_on) == (True, "https://line.example/", None)
    assert "02079460000" in helplines.numbers()
    house.remove_line(ada, key=line.key)
    assert "Night line" not in shown()
    assert not db.session.query(LineNote).count()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"about": " "}, {"hours": "\x00"}, {"country": "XX"}, {"channel": "pigeon"},
        {"url": "http://line.example/"}, {"url": "javascript:alert(1)"}, {"url": "https://[/"}, {"number": "call me"},
        {"number": "116 123 <b>"}, {"number": ""}, {"about": "x" * 301}, {"cost": None},
    ],
)  # fmt: skip
def test_a_line_that_is_not_whole_is_refused_at_its_field(ada, wrong):
    with pytest.raises(Invalid) as refused:
        house.add_line(ada, **LOCAL | wrong)
    assert set(wrong) <= set(refused.value.fields)
    assert not db.session.query(LineNote).count()


def test_a_line_that_is_there_already_is_not_added_twice(ada):
    with pytest.raises(Invalid):
        house.add_line(ada, **LOCAL | {"number": "116 123"})


@pytest.mark.once
def test_every_shipped_line_passes_the_check_that_local_lines_pass():
    raw = json.loads(Path(helplines.__file__).with_suffix(".json").read_text())
    assert not any(helplines.problems(line) for line in raw["lines"])


def test_a_shipped_line_stays_in_the_list(ada):
    with pytest.raises(Conflict, match="can be hidden"):
        house.remove_line(ada, key=SAMARITANS)
    with pytest.raises(NotFound):
        house.hide_line(ada, key="GB call 999999")


def test_nobody_else_changes_lines_or_hours(alice, mo):
    for actor in (alice, mo, Guest()):
        for deed in (house.verify_line, house.hide_line, house.show_line, house.remove_line):
            with pytest.raises(Forbidden):
                deed(actor, key=SAMARITANS)
        with pytest.raises(Forbidden):
            house.add_line(actor, **LOCAL)
        with pytest.raises(Forbidden):
            house.set_staffed_hours(actor, days=None)
        with pytest.raises(Forbidden):
            house.write_house_file(actor)


# The file


@pytest.fixture
def file(app, settings):
    return Path(settings.data_dir) / housefile.NAME


def test_another_process_sees_the_new_file_by_its_time(file):
    assert not housefile.told()
    file.write_text(json.dumps({"hidden": [SAMARITANS]}))
    assert shown()[0] == "Shout"
    file.unlink()
    assert shown()[0] == "Samaritans"


@pytest.mark.parametrize("broken", ["", "{", "[]", "null", "\x00"])
def test_a_file_that_cannot_be_read_leaves_what_it_said_before(file, broken):
    file.write_text(json.dumps({"hidden": [SAMARITANS]}))
    assert shown()[0] == "Shout"
    file.write_text(broken)
    assert shown()[0] == "Shout"


@pytest.mark.parametrize(
    "odd",
    [
        {"hidden": "all"}, {"hidden": [1, None]}, {"checked": []}, {"checked": {SAMARITANS: "soon"}}, {"lines": {}},
        {"lines": [None, 1, {}, LOCAL | {"number": "<b>"}, LOCAL | {"url": "javascript:alert(1)"}, LOCAL | {"name": 7}]},
        {"hours": []}, {"hours": {"0": "always", "1": ["9", "x"], "2": [1, 2], "3": {}}},
        {"hidden": [DIRECTORY]},
    ],
)  # fmt: skip
def test_what_makes_no_sense_in_the_file_is_as_if_it_were_not_there(file, settings, odd):
    before = {code: shown(code) for code in ("GB", "ZZ")}
    week = hours.week(settings, datetime.now(UTC)).days
    file.write_text(json.dumps(odd))
    assert {code: shown(code)[:1] for code in ("GB", "ZZ")} == {
        code: names[:1] for code, names in before.items()
    }
    assert hours.week(settings, datetime.now(UTC)).days == week


def test_a_folder_that_cannot_be_written_to_is_told_and_tried_again(ada, settings, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    housefile.use(blocked)
    house.hide_line(ada, key=SAMARITANS)
    assert shown()[0] == "Samaritans"
    assert file_is_behind(ada)
    housefile.use(Path(settings.data_dir))
    house.write_house_file(System())
    assert shown()[0] == "Shout"
    assert not file_is_behind(ada)


# Hours

USUAL = ("09:00", "23:00")


def test_each_day_has_its_hours_and_the_settings_hold_again_when_asked(ada, settings):
    house.set_staffed_hours(ada, days=[USUAL] * 5 + [("10:00", "22:00"), ("", "")])
    week = hours.week(settings, datetime.now(UTC))
    assert week.days[5:] == (Span(time(10), time(22)), None)
    assert week.all == ["Monday to Friday: 09:00 to 23:00", "Saturday: 10:00 to 22:00", "Sunday: nobody"]
    house.set_staffed_hours(ada, days=None)
    assert hours.week(settings, datetime.now(UTC)).all == ["Every day: 09:00 to 23:00"]


@pytest.mark.parametrize(
    "day",
    [
        ("09:00", ""),
        ("", "23:00"),
        ("9", "23"),
        ("25:00", "26:00"),
        ("09:00", "09:00"),
        ("٠٩:٠٠", "23:00"),
        ("x", "y"),
    ],
)
def test_a_day_with_half_its_hours_is_refused_at_that_day(ada, settings, day):
    with pytest.raises(Invalid) as refused:
        house.set_staffed_hours(ada, days=[USUAL] * 6 + [day])
    assert set(refused.value.fields) == {"day_6"}
    assert hours.week(settings, datetime.now(UTC)).all == ["Every day: 09:00 to 23:00"]


def week_at(moment: str, **spans: str | None) -> Week:
    """A week from 9 to 23 but for these days, at this moment in London."""
    usual = Span(time(9), time(23))
    named = [day[:3].lower() for day in hours.DAYS]
    days = [usual if day not in spans else _span(spans[day]) for day in named]
    return Week(tuple(days), datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/London")))


def _span(raw):
    return Span(*(time.fromisoformat(one) for one in raw.split("-"))) if raw else None


@pytest.mark.once
@pytest.mark.parametrize(
    ("week", "line", "when"),
    [
        (week_at("2026-11-24T12:00"), "Moderators are here from 09:00 to 23:00.", "between 09:00 and 23:00"),
        (week_at("2026-11-24T07:00"), "Moderators are here from 09:00 to 23:00.", "between 09:00 and 23:00"),
        (week_at("2026-11-24T23:00"), "Moderators are back tomorrow at 09:00.", "counted from tomorrow at 09:00"),
        (week_at("2026-11-28T12:00", sat=None, sun=None), "Moderators are back on Monday at 09:00.", "counted from Monday at 09:00"),
        (week_at("2026-11-25T01:00", tue="18:00-02:00"), "Moderators are here from 18:00 to 02:00.", "between 18:00 and 02:00"),
        (week_at("2026-11-25T02:00", tue="18:00-02:00"), "Moderators are here from 09:00 to 23:00.", "between 09:00 and 23:00"),
        (
            week_at("2026-11-24T12:00", mon=None, wed=None, thu=None, fri=None, sat=None, sun=None, tue="08:00-09:00"),
            "Moderators are back on Tuesday at 08:00.", "counted from Tuesday at 08:00",
        ),
        (
            week_at("2026-11-24T12:00", **dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))),
            "No hours are planned when a moderator is here.", "once a moderator is here",
        ),
    ],
)  # fmt: skip
def test_the_top_line_says_what_is_so_today_or_when_it_is_so_next(week, line, when):
    assert (week.line, week.when) == (line, when)
