"""Versions of the agreement: what a new one stops, what it leaves open, and what goes on pointing at the old."""

import pytest
from sqlalchemy import select

from forum.actions import accounts, gestures, messages, profile, reports, rooms, topics
from forum.actions.agreements import publish_agreement
from forum.actions.cases import claim_case
from forum.actions.decisions import decide_case
from forum.agreement import rules_in
from forum.db import db
from forum.errors import Conflict, Forbidden, Invalid
from forum.live.ids import new_cid
from forum.models import Agreement, Decision, LogEntry
from forum.policy.boards import can_see_board
from forum.policy.core import NEWER_AGREEMENT, consent_verdict
from forum.queries.agreements import agreement_now, rule_of
from forum.queries.cases import case_of
from tests import factories

LINES = "Be kind: Always.\nNo names: Not even yours."


def fresh(row):
    return db.session.get(type(row), row.id, populate_existing=True)


def test_the_first_version_is_there_from_the_start(app):
    assert agreement_now().version == 1
    assert [rule.number for rule in agreement_now().rules] == list(range(1, 10))


def test_a_new_version_holds_at_once_and_the_old_stays(ada):
    made = publish_agreement(ada, lines=f"\n{LINES}\n\n", changed="Shorter.", before=1)
    assert (made.version, made.lines) == (2, LINES)
    assert agreement_now().version == 2
    assert len(db.session.get(Agreement, 1).rules) == 9
    assert list(db.session.scalars(select(LogEntry.code))) == ["agreement_published"]


def test_of_two_who_publish_at_once_one_is_told(ada):
    publish_agreement(ada, lines=LINES, changed="Shorter.", before=1)
    with pytest.raises(Conflict):
        publish_agreement(ada, lines=LINES, changed="Shorter still.", before=1)
    assert agreement_now().version == 2


@pytest.mark.parametrize(
    "given, field",
    [
        ({"lines": "Be kind"}, "lines"),
        ({"lines": ": text alone"}, "lines"),
        ({"lines": " "}, "lines"),
        ({"lines": "Title: text\n" * 31}, "lines"),
        ({"lines": "x" * 81 + ": text"}, "lines"),
        ({"lines": "Ask Maud: ring 07700 900123."}, "lines"),
        ({"changed": ""}, "changed"),
        ({"changed": "x" * 301}, "changed"),
    ],
)
def test_what_cannot_be_read_is_not_published(ada, given, field):
    with pytest.raises(Invalid) as refused:
        publish_agreement(ada, **({"lines": LINES, "changed": "Shorter.", "before": 1} | given))
    assert field in refused.value.fields
    assert agreement_now().version == 1


@pytest.mark.parametrize("who", ["guest", "alice", "mo", "wil"])
def test_only_admins_publish(who, request, app):
    with pytest.raises(Forbidden):
        publish_agreement(request.getfixturevalue(who), lines=LINES, changed="Mine.", before=1)


def test_it_stops_everything_that_others_would_read_until_it_is_agreed_to(
    alice, bob, room, board, topic, post
):
    rooms.join_room(alice, room)
    line = factories.make_message(alice, room)
    deeds = (
        lambda: topics.start_topic(alice, board, title="T", body="Words.", intent="listen"),
        lambda: topics.reply_to_topic(alice, topic, body="Words."),
        lambda: gestures.gesture(alice, post, kind="with"),
        lambda: messages.send_message(alice, room, cid=new_cid(), body="Words."),
        lambda: messages.edit_message(alice, line, body="Other words."),
        lambda: profile.change_profile(alice, words="Words."),
    )
    factories.make_agreement()
    for deed in deeds:
        with pytest.raises(Forbidden) as refused:
            deed()
        assert refused.value.message == NEWER_AGREEMENT.reason
    accounts.agree(alice, kind="agreement", read=2)
    for deed in deeds:
        deed()


def test_it_stops_neither_reading_nor_telling_moderators_nor_looking_after(
    alice, bob, fay, room, board, post, mo
):
    factories.make_agreement()
    assert can_see_board(alice, board)
    assert rooms.join_room(alice, room)
    reports.report(alice, post, reason="rule")
    reports.worry(alice, bob.byline)
    topics.delete_post(bob, post)
    rooms.pause_room(fay, room)
    case = case_of(bob.byline)
    claim_case(mo, case)
    decide_case(mo, case, verb="nothing")
    rooms.leave_room(alice, room)


def test_agreeing_is_to_what_was_read(alice):
    factories.make_agreement()
    with pytest.raises(Conflict):
        accounts.agree(alice, kind="agreement", read=1)
    assert not consent_verdict(fresh(alice))
    accounts.agree(alice, kind="agreement", read=2)
    assert consent_verdict(fresh(alice))


def test_a_decision_goes_on_quoting_the_line_of_its_day(alice, bob, mo, post):
    reports.report(alice, post, reason="unkind")
    case = case_of(post)
    claim_case(mo, case)
    decision = decide_case(mo, case, verb="hide", rule=4, letter="It says how much.")
    factories.make_agreement()
    kept = db.session.get(Decision, decision.id, populate_existing=True)
    assert rule_of(kept).title == "No methods and no amounts"


def test_a_decision_rests_on_a_line_that_holds_now(alice, mo, post):
    reports.report(alice, post, reason="unkind")
    case = case_of(post)
    claim_case(mo, case)
    factories.make_agreement()
    with pytest.raises(Invalid) as refused:
        decide_case(mo, case, verb="hide", rule=4, letter="It says how much.")
    assert "rule" in refused.value.fields
    assert rule_of(decide_case(mo, case, verb="hide", rule=2, letter="A name.")).title == "No names"


@pytest.mark.once
def test_a_line_may_hold_more_than_one_colon():
    (rule,) = rules_in("Safety first: tell a moderator: it is in the menu.\n")
    assert (rule.number, rule.title, rule.text) == (1, "Safety first", "tell a moderator: it is in the menu.")
