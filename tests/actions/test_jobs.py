"""Promises are kept: once each for anybody who looks, whatever fails in between."""

from datetime import timedelta

import pytest
import time_machine

from forum import jobs, work
from forum.actions import jobs as deeds
from forum.actions.jobs import MAX_ATTEMPTS
from forum.db import action, db, now
from forum.errors import Conflict, Forbidden, NotFound
from forum.models import Job, LogEntry, System
from forum.queries.jobs import dead_jobs, job_for, waiting_jobs

ME, OTHER = "worker 1", "worker 2"


@action
def promise(kind="tell", *, fails=False, **payload):
    jobs.later(kind, **payload)
    if fails:
        raise Conflict("The deed did not happen.")


@pytest.fixture
def told(app, monkeypatch):
    """What a handler of these tests was called for."""
    told = []
    monkeypatch.setitem(work.HANDLERS, "tell", lambda _settings, job: told.append(job.payload["what"]))
    return told


@pytest.fixture
def broken(app, monkeypatch):
    def fail(_settings, _job):
        raise OSError("what somebody wrote")

    monkeypatch.setitem(work.HANDLERS, "tell", fail)


def job() -> Job:
    return db.session.query(Job).populate_existing().one()


def claim(worker=ME):
    return deeds.claim_job(System(), worker=worker)


def later(**span):
    return time_machine.travel(now() + timedelta(**span), tick=False)


def test_a_promise_is_there_exactly_if_the_deed_is(app):
    with pytest.raises(Conflict):
        promise(fails=True, what="nothing")
    assert not db.session.query(Job).count()
    jobs.due.clear()
    promise(what="something")
    assert waiting_jobs(System()) == 1
    assert jobs.due.is_set()


def test_what_is_due_is_done_once_in_its_order_and_its_words_are_forgotten(settings, told):
    for what in ("first", "second"):
        promise(what=what)
    while work.work_once(settings, ME):
        pass
    assert told == ["first", "second"]
    assert {(one.payload == {}, one.done_at is None) for one in db.session.query(Job)} == {(True, False)}


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(app):
    promise(what="something")
    assert claim()
    assert claim(OTHER) is None
    with later(minutes=6):
        assert claim(OTHER).id == job().id


def test_who_lost_the_lease_settles_nothing(app):
    promise(what="something")
    mine = claim()
    with later(minutes=6):
        claim(OTHER)
        assert not deeds.finish_job(System(), mine, worker=ME)
        assert not deeds.put_job_off(System(), mine, worker=ME, problem="OSError")
        assert job().claimed_by == OTHER
        assert deeds.finish_job(System(), mine, worker=OTHER)


def test_a_failed_job_waits_longer_each_time_and_keeps_no_words_of_the_error(settings, broken):
    promise(what="something")
    waits = []
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(3):
            assert work.work_once(settings, ME)
            assert not work.work_once(settings, ME)
            waits.append((job().run_at - now()).total_seconds())
            clock.shift(waits[-1])
    assert 24 <= waits[0] <= 36
    assert waits[0] < waits[1] < waits[2]
    assert job().problem == "OSError"


def test_after_the_last_attempt_a_person_is_asked_and_may_try_again(settings, broken, ada, told):
    promise(what="something")
    spent(MAX_ATTEMPTS - 1)
    work.HANDLERS["tell"] = lambda _settings, _job: 1 / 0
    work.work_once(settings, ME)
    dead = job()
    assert dead.is_dead
    assert [one.problem for one in dead_jobs(ada)] == ["ZeroDivisionError"]
    assert not work.work_once(settings, ME)
    promise("upkeep")
    assert work.work_once(settings, ME), "a dead job holds up nobody"
    work.HANDLERS["tell"] = lambda _settings, one: told.append(one.payload["what"])
    deeds.retry_job(ada, dead)
    assert work.work_once(settings, ME)
    assert told == ["something"]
    assert db.session.query(LogEntry).one().code == "job_retried"
    with pytest.raises(Conflict):
        deeds.retry_job(ada, dead)


def test_a_job_that_ends_each_worker_is_not_tried_for_ever(app):
    promise(what="something")
    spent(MAX_ATTEMPTS)
    mine = job()
    assert claim() is None
    assert (job().is_dead, job().problem) == (True, deeds.LOST)
    assert not deeds.finish_job(System(), mine, worker=ME)


def test_what_recurs_is_promised_once_an_hour(app):
    for _ in range(3):
        work.plan_what_recurs()
    assert job().kind == "upkeep"
    with later(hours=1):
        work.plan_what_recurs()
    assert waiting_jobs(System()) == 2


def test_upkeep_is_a_job_and_what_is_done_is_forgotten_in_time(settings, app):
    work.plan_what_recurs()
    assert work.work_once(settings, ME)
    with later(days=settings.request_days + 1):
        work.upkeep(settings)
    assert not db.session.query(Job).count()


def test_a_job_of_a_kind_that_nobody_knows_is_put_off_and_stops_no_other(settings, told):
    promise("unknown")
    promise(what="after it")
    assert work.work_once(settings, ME)
    assert work.work_once(settings, ME)
    assert told == ["after it"]
    assert db.session.query(Job).filter_by(kind="unknown").one().problem == "KeyError"


@pytest.mark.parametrize(
    "deed",
    [
        lambda who, one: deeds.plan_job(who, "upkeep", key="x"),
        lambda who, one: deeds.claim_job(who, worker=ME),
        lambda who, one: deeds.finish_job(who, one, worker=ME),
        lambda who, one: deeds.put_job_off(who, one, worker=ME, problem="x"),
        lambda who, one: deeds.retry_job(who, one),
        lambda who, one: deeds.forget_done_jobs(who, days=1),
    ],
)
def test_jobs_are_not_a_moderators_to_touch(mo, deed):
    promise(what="something")
    with pytest.raises(Forbidden):
        deed(mo, job())


@pytest.mark.parametrize("look", [dead_jobs, waiting_jobs, lambda who: job_for(who, job().id)])
def test_to_a_moderator_there_are_no_jobs(mo, look):
    promise(what="something")
    with pytest.raises(NotFound):
        look(mo)


@action
def spent(attempts):
    """So many attempts lie behind it, the last of them ours and long ago."""
    one = db.session.query(Job).one()
    one.attempts, one.claimed_by, one.claimed_until = attempts, ME, now() - timedelta(hours=1)
