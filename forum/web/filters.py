"""How pages write moments: in the community's time zone, in words, never as a countdown.

`register` gives templates the filters `ago`, `clock`, `day`, `iso`, `hour`, `span` and `zip`, and the function
`helpline_country`, from which the foot of every page has the emergency number. `staffed` is the week of staffed hours,
from which the top has its line, and `link_to_card` the line that puts a card of the library into somebody's words.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from forum import helplines, hours
from forum.text.cards import link_to

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NAMED_DAYS = 6
"""How far away, in days, a weekday's name alone says which day is meant."""


def register(app: Flask, zone: ZoneInfo) -> None:
    """Give the app's templates these filters, in the community's time zone."""
    app.jinja_env.filters |= {
        "ago": lambda moment: ago(moment, zone, datetime.now(UTC)),
        "clock": lambda moment: clock(moment, zone, datetime.now(UTC)),
        "day": lambda moment: day(moment, zone),
        "iso": iso,
        "hour": hour,
        "span": span,
        "zip": zip,
    }
    app.jinja_env.globals["helpline_country"] = helplines.country
    app.jinja_env.globals["link_to_card"] = link_to
    app.jinja_env.globals["staffed"] = lambda: hours.week(app.extensions["hearth"], datetime.now(UTC))


def ago(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """How long ago it was, within the last hour; otherwise the clock: '4 minutes ago', 'Today, 18:12'."""
    passed = now - _utc(moment)
    if not timedelta() <= passed < HOUR:
        return clock(moment, zone, now)
    minutes = passed // MINUTE
    return _counted(minutes, "minute") + " ago" if minutes else "a moment ago"


def clock(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The day in words and the time: 'Today, 18:12', 'Sunday, 09:05', '3 November, 18:12'."""
    local = _utc(moment).astimezone(zone)
    return f"{_day_in_words(local.date(), now.astimezone(zone).date())}, {local:%H:%M}"


def day(moment: datetime | date, zone: ZoneInfo) -> str:
    """The date in full, for what is far away or stays in print: '14 November 2026'."""
    local = _utc(moment).astimezone(zone).date() if isinstance(moment, datetime) else moment
    return f"{local.day} {local:%B %Y}"


def iso(moment: datetime) -> str:
    """The moment for machines, in UTC: '2026-11-24T18:12:00Z'."""
    return _utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def hour(at: time) -> str:
    """A time of the day: '23:00'."""
    return f"{at:%H:%M}"


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit: '15 minutes', '1 hour', '3 days'."""
    for unit, name in ((DAY, "day"), (HOUR, "hour")):
        if length and not length % unit:
            return _counted(length // unit, name)
    return _counted(length // MINUTE, "minute")


def _day_in_words(day: date, today: date) -> str:
    near = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}
    away = (day - today).days
    if away in near:
        return near[away]
    if abs(away) <= NAMED_DAYS:
        return f"{day:%A}" if away < 0 else f"{day:%A} {day.day} {day:%B}"
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _utc(moment: datetime) -> datetime:
    """SQLite gives moments back without a zone; all of ours are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
