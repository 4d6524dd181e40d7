"""How much of a thing one person may do in a while; with Redis, without it, and when it goes away."""

import os

import pytest
import time_machine

from forum import limits
from forum.errors import RateLimited
from forum.limits import LIMITS, Limits


def spend(counter: Limits, who: str, name: str = "appeal") -> None:
    for _ in range(int(LIMITS[name].split()[0])):
        counter.check(who, name)


@pytest.fixture(params=["memory", "redis", "a Redis that is gone"])
def counter(request, monkeypatch):
    made = Limits()
    if request.param == "redis":
        if "TEST_REDIS_URL" not in os.environ:
            pytest.skip("no TEST_REDIS_URL")
        made.use(os.environ["TEST_REDIS_URL"])
    if request.param == "a Redis that is gone":
        made.use("redis://127.0.0.1:1/0")
    return made


def test_one_more_than_the_limit_says_how_long_to_wait(counter):
    who = f"somebody on {id(counter)}"
    spend(counter, who)
    with pytest.raises(RateLimited) as refused:
        counter.check(who, "appeal")
    assert refused.value.status == 429
    assert 0 < refused.value.retry_after <= 86_401
    assert "Your words are still here" in refused.value.message


def test_each_person_and_each_thing_has_its_own(counter):
    who = f"somebody else on {id(counter)}"
    spend(counter, who)
    counter.check(f"{who}, really", "appeal")
    counter.check(who, "report")


def test_a_member_is_counted_by_account(app, alice):
    limits.check(alice, "appeal")


def test_counters_that_are_over_are_dropped_and_a_flood_of_them_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEYS", 10)
    counter = Limits()
    with time_machine.travel("2026-11-24 12:00", tick=False) as clock:
        spend(counter, "somebody")
        for number in range(30):
            counter.check(f"other {number}", "message")
        assert len(counter._memory._counts) <= 10
        clock.shift(60 * 60 * 24 * 3)
        for number in range(30):
            counter.check(f"later {number}", "message")
        assert len(counter._memory._counts) <= 10
