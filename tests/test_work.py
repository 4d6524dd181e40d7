"""What recurs, and what a server refuses to start with."""

import dataclasses
from datetime import timedelta

import pytest
import time_machine

from forum import work
from forum.actions import reports
from forum.actions.cases import forget_old_cases
from forum.actions.decisions import decide_case
from forum.actions.requests import forget_old_requests, remember
from forum.actions.sessions import begin_session, end_idle_sessions
from forum.config import SettingError
from forum.db import action, db, now
from forum.errors import Forbidden
from forum.models import Case, Decision, LogEntry, LoginSession, LogWords, Report, Request, System
from forum.queries.cases import case_of


@pytest.fixture
def in_production(app, settings):
    app.extensions["hearth"] = dataclasses.replace(settings, env="production")
    yield app
    app.extensions["hearth"] = settings


def test_production_refuses_demo_accounts(in_production):
    from forum.actions import accounts

    work.check_members(in_production)
    accounts.sign_up(
        System(),
        name="Quiet Demo",
        password="warm lantern light",
        is_adult=True,
        keeps_health=True,
        agrees=True,
        is_demo=True,
    )
    with pytest.raises(SettingError, match="demo accounts"):
        work.check_members(in_production)


def test_upkeep_runs_on_an_empty_community(app, settings):
    assert work.upkeep(settings) == {"taken_back": 0, "lines": 0, "cases": 0}


def test_what_was_decided_long_ago_is_forgotten_and_the_log_stays_whole(settings, alice, mo, post):
    before = db.session.query(LogWords).count()
    reports.report(alice, post, reason="unkind", words="It stings.")
    decide_case(mo, case_of(post), verb="hide", rule=3, letter="It stings, so it is hidden.")
    lines = db.session.query(LogEntry).count()
    with time_machine.travel(now() + timedelta(days=settings.case_days + 1), tick=False):
        assert work.upkeep(settings)["cases"] == 1
    assert db.session.query(Case).count() == db.session.query(Report).count() == 0
    assert db.session.query(Decision).count() == 0
    assert db.session.query(LogWords).count() == before
    assert db.session.query(LogEntry).count() == lines


def test_what_still_holds_for_somebody_keeps_its_reasons(settings, alice, mo, post):
    reports.report(alice, post, reason="unkind")
    decide_case(mo, case_of(post), verb="ban", rule=3, letter="This place is closed to you.", scope="here")
    with time_machine.travel(now() + timedelta(days=settings.case_days + 1), tick=False):
        assert work.upkeep(settings)["cases"] == 0
    assert db.session.query(Decision).count() == 1


def test_idle_log_ins_and_old_requests_are_forgotten(settings, alice):
    begin_session(alice)
    remember_once(alice)
    with time_machine.travel(now() + timedelta(days=40), tick=False):
        work.upkeep(settings)
    assert db.session.query(LoginSession).count() == db.session.query(Request).count() == 0


@action
def remember_once(actor):
    remember(actor, "a key", "words", {"id": 1})


@pytest.mark.parametrize(
    "deed",
    [
        lambda who: forget_old_cases(who, days=1),
        lambda who: forget_old_requests(who, days=1),
        lambda who: end_idle_sessions(who, idle=timedelta(days=1)),
    ],
)
def test_members_forget_nothing_of_others(alice, deed):
    with pytest.raises(Forbidden):
        deed(alice)
