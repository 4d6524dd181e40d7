"""Profiles: what members say about themselves, and how it is looked after."""

import pytest
from sqlalchemy import select

from forum.actions import reports
from forum.actions.cases import claim_case
from forum.actions.decisions import decide_case, request_second_look
from forum.actions.profile import change_profile, hide_profile
from forum.db import db
from forum.errors import Forbidden, Invalid, Stale
from forum.models import Case, Decision, LogEntry, Profile, Verb
from forum.policy.cases import verbs_for
from forum.queries.cases import case_of
from forum.queries.profile import own_profile, profile_for, profile_version

HARM = "just kill yourself"
DANGER = "I want to die and I cannot sleep"


def fresh(row):
    return db.session.get(type(row), row.id, populate_existing=True)


def reads(reader, whose):
    profile = profile_for(fresh(reader), whose.byline)
    return profile.source if profile else None


def decide(moderator, case, **more):
    claim_case(moderator, case)
    given = {"rule": 3, "letter": "I read it, and it could hurt somebody."} | more
    return decide_case(moderator, case, **given)


def test_members_read_what_somebody_says_about_themself(alice, bob):
    change_profile(alice, pronouns="they / them", words="Nights, *mostly*.", figure="moon", tone=4)
    profile = profile_for(bob, alice.byline)
    assert (profile.pronouns, profile.source) == ("they / them", "Nights, *mostly*.")
    assert "<em>mostly</em>" in profile.html
    assert (fresh(alice).byline.figure, fresh(alice).byline.tone) == ("moon", 4)


@pytest.mark.parametrize("who", ["guest", "wil"])
def test_nobody_else_does(who, request, alice):
    change_profile(alice, words="Nights, mostly.")
    assert profile_for(request.getfixturevalue(who), alice.byline) is None


def test_all_of_it_can_be_taken_away_again(alice, bob):
    change_profile(alice, pronouns="they", words="Nights, mostly.")
    change_profile(alice)
    assert not own_profile(alice).says_anything
    assert db.session.scalars(select(Profile)).one().html == ""


@pytest.mark.parametrize(
    "given, field",
    [
        ({"pronouns": "x" * 41}, "pronouns"),
        ({"words": "x" * 301}, "words"),
        ({"words": "Ring me on 07700 900123"}, "words"),
        ({"pronouns": "07700 900123"}, "pronouns"),
        ({"figure": "portrait"}, "figure"),
        ({"tone": 7}, "tone"),
        ({"words": 7}, "words"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(alice, given, field):
    with pytest.raises(Invalid) as refused:
        change_profile(alice, **given)
    assert field in refused.value.fields
    assert own_profile(alice) is None


def test_three_hundred_characters_fit_in_any_alphabet(alice):
    assert change_profile(alice, words="ж" * 300).source == "ж" * 300


def test_what_could_lead_to_a_person_can_be_covered(alice):
    assert "07700" not in change_profile(alice, words="Ring me on 07700 900123", mask=True).source


def test_two_devices_do_not_undo_each_other(alice):
    before = profile_version(alice.byline, own_profile(alice))
    change_profile(alice, words="First.", version=before)
    with pytest.raises(Stale):
        change_profile(alice, words="Second.", version=before)
    assert own_profile(alice).source == "First."


def test_whoever_may_be_in_danger_is_shown_and_looked_at(alice, bob):
    profile = change_profile(alice, words=DANGER)
    assert profile.shows_help
    assert reads(bob, alice) == DANGER
    assert db.session.scalars(select(Case)).one().subject == f"persona:{alice.byline.id}"


@pytest.mark.parametrize("given", [{"words": HARM}, {"pronouns": HARM}])
def test_what_urges_harm_waits_and_a_moderator_can_show_it(alice, bob, mo, given):
    profile = change_profile(alice, **given)
    assert profile.is_held
    assert profile_for(bob, alice.byline) is None
    assert profile_for(mo, alice.byline) is not None
    case = case_of(alice.byline)
    assert case.is_held
    assert Verb.RELEASE in verbs_for(case)
    decide(mo, case, verb="nothing", rule=None, letter="")
    assert profile_for(fresh(bob), alice.byline) is not None


def test_other_words_need_not_wait_any_more(alice, bob):
    change_profile(alice, words=HARM)
    change_profile(alice, words="Nights, mostly.")
    assert reads(bob, alice) == "Nights, mostly."


def test_a_report_of_a_person_can_end_with_their_profile_hidden(alice, bob, mo):
    change_profile(alice, pronouns="they", words="Everybody here is a fool.")
    reports.report(bob, alice.byline, reason="unkind")
    decision = decide(mo, case_of(alice.byline), verb="hide")
    assert reads(bob, alice) is None
    assert reads(alice, alice) == "Everybody here is a fool."
    assert decision.quoted == "they\n\nEverybody here is a fool."
    assert "profile_hidden" in db.session.scalars(select(LogEntry.code)).all()


def test_what_is_decided_about_a_person_does_not_rest_on_their_profile(alice, bob, mo):
    change_profile(alice, words="Nights, mostly.")
    reports.report(bob, alice.byline, reason="unkind")
    assert decide(mo, case_of(alice.byline), verb="warn").quoted is None
    assert reads(bob, alice) == "Nights, mostly."


def test_a_second_look_brings_it_back(alice, bob, mo, ada):
    change_profile(alice, words="Everybody here is a fool.")
    reports.report(bob, alice.byline, reason="unkind")
    first = decide(mo, case_of(alice.byline), verb="hide")
    again = request_second_look(alice, db.session.get(Decision, first.id))
    decide(ada, again, verb="overturn", rule=None, letter="")
    assert reads(bob, alice) == "Everybody here is a fool."


def test_there_is_nothing_to_hide_of_somebody_who_says_nothing(alice, bob, mo):
    reports.report(bob, alice.byline, reason="unkind")
    case = case_of(alice.byline)
    assert Verb.HIDE not in verbs_for(case)
    with pytest.raises(Invalid):
        decide(mo, case, verb="hide")


def test_hidden_words_are_not_changed_but_can_be_taken_away(alice, bob, mo):
    change_profile(alice, words="Everybody here is a fool.")
    hide_profile(mo, own_profile(alice))
    with pytest.raises(Invalid) as refused:
        change_profile(alice, words="Everybody here is a fool!")
    assert "words" in refused.value.fields
    change_profile(alice, words="Everybody here is a fool.", figure="boat")
    assert own_profile(alice).is_hidden
    change_profile(alice)
    change_profile(alice, words="Nights, mostly.")
    assert reads(bob, alice) == "Nights, mostly."


@pytest.mark.parametrize("who", ["bob", "fay", "max", "sam"])
def test_only_moderators_of_the_whole_site_hide_it(who, request, alice):
    profile = change_profile(alice, words="Nights, mostly.")
    with pytest.raises(Forbidden):
        hide_profile(request.getfixturevalue(who), profile)


@pytest.mark.parametrize("who", ["guest", "sam", "wil"])
def test_whoever_may_not_write_says_nothing(who, request, app):
    with pytest.raises(Forbidden):
        change_profile(request.getfixturevalue(who), words="Hello.")
