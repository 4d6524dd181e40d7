"""Decisions: what each does, what it leaves, who is told, and that only one of many wins."""

import threading

import pytest
from sqlalchemy import select

from forum.actions import places, reports, rooms
from forum.actions.decisions import OVERTURNED, decide_case, request_second_look
from forum.actions.topics import delete_post
from forum.db import db
from forum.errors import Conflict, Forbidden, Invalid
from forum.models import (
    Case,
    CaseKind,
    Decision,
    Duty,
    LogEntry,
    Notification,
    Post,
    Role,
    Sanction,
    System,
    User,
)
from forum.queries.cases import case_of, verify
from tests import factories

WHY = {"rule": 3, "letter": "You may not have meant it, and it landed hard."}


@pytest.fixture
def case(alice, post):
    reports.report(alice, post, reason="unkind")
    return case_of(post)


@pytest.fixture
def held(bob, topic):
    """Bob's words that wait for a moderator."""
    return factories.make_post(bob, topic, "Just go and die.")


@pytest.fixture
def said(alice, bob, room):
    """Bob's message in the room, reported by Alice."""
    for user in (alice, bob):
        rooms.join_room(user, room)
    message = factories.make_message(bob, room)
    reports.report(alice, message, reason="unkind")
    return message


def told(user: User) -> list[str]:
    return list(
        db.session.scalars(
            select(Notification.kind).where(Notification.user_id == user.id).order_by(Notification.id)
        )
    )


# What each does


def test_nothing_leaves_it_and_tells_only_who_told_us(mo, alice, bob, post, case):
    decision = decide_case(mo, case, verb="nothing")
    assert post.is_public
    assert not decision.is_told
    assert "decision" not in told(bob)
    assert "report_outcome" in told(alice)


def test_hiding_keeps_the_words_for_their_author_and_says_why(mo, bob, post, case):
    decision = decide_case(mo, case, verb="hide", **WHY)
    assert post.is_hidden
    assert (decision.user_id, decision.rule, decision.letter, decision.quoted) == (
        bob.id,
        3,
        WHY["letter"],
        post.source,
    )
    assert "decision" in told(bob)


def test_a_content_note_is_added_to_what_was_said_before(mo, topic, case):
    decide_case(mo, case, verb="note", kinds=["loss"], **WHY)
    assert topic.note_kinds == ["loss"]


def test_a_topic_is_closed(mo, topic, case):
    decide_case(mo, case, verb="lock", **WHY)
    assert topic.is_locked


def test_a_topic_moves(mo, topic, case):
    elsewhere = factories.make_board("Where it belongs")
    decide_case(mo, case, verb="move", board=elsewhere, **WHY)
    assert topic.board_id == elsewhere.id


@pytest.mark.parametrize(
    "verb, more, kind, scope",
    [
        ("warn", {}, "warning", "board"),
        ("mute", {"days": 3}, "mute", "board"),
        ("mute", {"days": "7", "scope": "site"}, "mute", "site"),
        ("suspend", {"days": 3}, "suspension", "site"),
        ("ban", {}, "ban", "board"),
        ("ban", {"scope": "site", "days": ""}, "ban", "site"),
    ],
)
def test_what_is_decided_about_a_person_is_left_as_a_sanction(
    verb, more, kind, scope, mo, bob, board, post, case
):
    decision = decide_case(mo, case, verb=verb, **more, **WHY)
    left = db.session.scalars(select(Sanction)).one()
    assert (left.user_id, left.kind, left.scope, left.decision_id) == (bob.id, kind, scope, decision.id)
    assert left.board_id == (board.id if scope == "board" else None)
    assert (left.until is None) == (not more.get("days"))
    assert left.holds
    assert post.is_public


def test_words_can_be_hidden_along_with_what_is_decided_about_their_author(mo, post, case):
    decision = decide_case(mo, case, verb="suspend", days=3, hides=True, **WHY)
    assert post.is_hidden
    assert decision.has_hidden


def test_a_message_is_hidden_in_its_room(mo, said):
    decide_case(mo, case_of(said), verb="hide", **WHY)
    assert said.is_hidden


def test_a_suspension_ends_every_stay_and_closes_every_connection(mo, bob, room, said, monkeypatch):
    from forum import broadcast

    ended = []
    monkeypatch.setattr(broadcast, "sessions_ended", ended.append)
    epoch = bob.auth_epoch
    other = factories.make_room("Another room")
    rooms.join_room(bob, other)
    decide_case(mo, case_of(said), verb="suspend", days=3, **WHY)
    assert [rooms.open_stay(place, bob.id) for place in (room, other)] == [None, None]
    assert ended == [bob.id]
    assert bob.auth_epoch > epoch


def test_a_ban_from_a_room_ends_that_stay_only(mo, bob, room, said):
    other = factories.make_room("Another room")
    rooms.join_room(bob, other)
    decide_case(mo, case_of(said), verb="ban", **WHY)
    assert rooms.open_stay(room, bob.id) is None
    assert rooms.open_stay(other, bob.id) is not None


def test_a_case_about_a_person_takes_what_is_decided_about_people(mo, alice, bob):
    reports.report(alice, bob.byline, reason="unkind")
    with pytest.raises(Invalid):
        decide_case(mo, case_of(bob.byline), verb="hide", **WHY)
    decision = decide_case(mo, case_of(bob.byline), verb="mute", days=1, **WHY)
    assert (decision.sanction or db.session.scalars(select(Sanction)).one()).scope == "site"


# Words that wait


@pytest.mark.parametrize("verb", ["nothing", "release"])
def test_words_that_wait_are_shown_and_their_author_is_told(verb, mo, bob, held):
    decision = decide_case(mo, case_of(held), verb=verb)
    assert held.is_public
    assert (decision.verb, decision.is_automatic) == ("release", True)
    assert "decision" in told(bob)


def test_words_that_wait_are_hidden_when_something_is_taken_from_their_author(mo, held):
    decide_case(mo, case_of(held), verb="warn", **WHY)
    assert held.is_hidden


def test_words_that_wait_are_shown_with_a_note(mo, topic, held):
    decide_case(mo, case_of(held), verb="note", kinds=["suicide"], **WHY)
    assert held.is_public
    assert topic.note_kinds == ["suicide"]


def test_a_message_that_waits_is_let_into_its_room(mo, bob, room):
    rooms.join_room(bob, room)
    held = factories.make_message(bob, room, "Just go and die.")
    decide_case(mo, case_of(held), verb="release")
    assert held.is_public
    assert held.seq


# What is refused


@pytest.mark.parametrize(
    "asked, field",
    [
        ({"verb": "burn"}, "verb"),
        ({"verb": None}, "verb"),
        ({"verb": "overturn"}, "verb"),
        ({"verb": "hide", "letter": "A sentence."}, "rule"),
        ({"verb": "hide", "rule": 99, "letter": "A sentence."}, "rule"),
        ({"verb": "hide", "rule": "x", "letter": "A sentence."}, "rule"),
        ({"verb": "hide", "rule": 3}, "letter"),
        ({"verb": "hide", "rule": 3, "letter": " "}, "letter"),
        ({"verb": "mute", **WHY}, "days"),
        ({"verb": "suspend", "days": "soon", **WHY}, "days"),
        ({"verb": "suspend", "days": 1000, **WHY}, "days"),
        ({"verb": "mute", "days": 1, "scope": "room", **WHY}, "scope"),
        ({"verb": "note", **WHY}, "kinds"),
        ({"verb": "note", "kinds": ["weather"], **WHY}, "kinds"),
        ({"verb": "move", **WHY}, "board"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_decided(asked, field, mo, post, case):
    with pytest.raises(Invalid) as refusal:
        decide_case(mo, case, **asked)
    assert field in refusal.value.fields
    assert not case_of(post).is_decided
    assert not db.session.query(LogEntry).filter(LogEntry.actor_id.is_not(None)).count()


def test_nobody_decides_about_their_own_words(mo, alice, topic):
    reports.report(alice, own := factories.make_post(mo, topic), reason="rule")
    with pytest.raises(Forbidden, match="your own words"):
        decide_case(mo, case_of(own), verb="nothing")


@pytest.mark.parametrize("who", ["alice", "charlie", "fay", "max", "sam", "guest"])
def test_only_moderators_of_the_place_decide(who, request, case, post):
    with pytest.raises(Forbidden):
        decide_case(request.getfixturevalue(who), case, verb="nothing")
    assert not case_of(post).is_decided


def test_a_moderator_of_a_board_decides_there_and_not_everywhere(board, case, post):
    keeper = factories.appoint(factories.make_user(), Duty.MODERATOR, board=board)
    for beyond in ({"verb": "suspend", "days": 3}, {"verb": "ban", "scope": "site"}):
        with pytest.raises(Forbidden):
            decide_case(keeper, case, **beyond, **WHY)
    assert decide_case(keeper, case_of(post), verb="mute", days=3, **WHY)


def test_leads_are_sanctioned_by_admins_only(mo, ada, alice, topic):
    lead = factories.make_user(role=Role.LEAD)
    reports.report(alice, post := factories.make_post(lead, topic), reason="unkind")
    with pytest.raises(Forbidden):
        decide_case(mo, case_of(post), verb="mute", days=1, **WHY)
    assert decide_case(ada, case_of(post), verb="mute", days=1, **WHY)


def test_a_case_is_decided_once(mo, ada, case):
    decide_case(mo, case, verb="nothing")
    with pytest.raises(Conflict, match=mo.name):
        decide_case(ada, case, verb="hide", **WHY)


def test_a_decision_about_words_that_were_taken_back_still_counts(mo, bob, post, case):
    delete_post(bob, post)
    assert decide_case(mo, case, verb="warn", **WHY).quoted == post.source


# Who is told


def test_every_reporter_is_told_once_and_who_took_it_back_is_not(mo, alice, charlie, post, case):
    told_us = reports.report(charlie, post, reason="rule")
    reports.withdraw_report(charlie, told_us)
    decide_case(mo, case, verb="hide", **WHY)
    assert told(alice).count("report_outcome") == 1
    assert "report_outcome" not in told(charlie)


def test_the_log_says_what_was_decided(mo, bob, case):
    decide_case(mo, case, verb="mute", days=3, **WHY)
    line = db.session.scalars(select(LogEntry).order_by(LogEntry.id.desc())).first()
    assert (line.code, line.actor_id, line.user_id, line.case_id) == ("decided_mute", mo.id, bob.id, case.id)
    assert line.words.words["letter"] == WHY["letter"]
    assert verify(System()).is_whole


# A second look


def second_look(mo, bob, case, **asked) -> Case:
    return request_second_look(bob, decide_case(mo, case, **asked, **WHY), words="It was a joke between us.")


def test_asking_makes_a_case_of_its_own_kind(mo, bob, case):
    again = second_look(mo, bob, case, verb="hide")
    assert (again.kind, again.author_id, again.words) == (
        CaseKind.APPEAL,
        bob.id,
        "It was a joke between us.",
    )
    assert again.subject == f"decision:{again.appeals_id}"


def test_one_second_look_for_each_decision(mo, bob, case):
    again = second_look(mo, bob, case, verb="hide")
    with pytest.raises(Forbidden):
        request_second_look(bob, again.appeals)


def test_nobody_else_asks_for_it(mo, alice, case):
    decision = decide_case(mo, case, verb="hide", **WHY)
    with pytest.raises(Forbidden):
        request_second_look(alice, decision)


def test_there_is_nothing_to_look_at_where_nothing_was_taken(mo, bob, held):
    with pytest.raises(Forbidden):
        request_second_look(bob, decide_case(mo, case_of(held), verb="release"))


def test_somebody_in_danger_is_looked_at_sooner(mo, bob, case):
    decision = decide_case(mo, case, verb="ban", scope="site", **WHY)
    assert request_second_look(bob, decision, words="I don't want to live anymore.").tier == "red"


def test_who_decided_the_first_time_does_not_look_again(mo, bob, case):
    again = second_look(mo, bob, case, verb="hide")
    with pytest.raises(Forbidden, match="first time"):
        decide_case(mo, again, verb="overturn")


@pytest.mark.parametrize("verb", ["hide", "mute", "release"])
def test_a_second_look_ends_with_yes_or_no(verb, mo, ada, bob, case):
    again = second_look(mo, bob, case, verb="hide")
    with pytest.raises(Invalid):
        decide_case(ada, again, verb=verb, days=3, **WHY)


def test_what_stays_is_told_too(mo, ada, bob, post, case):
    decision = decide_case(ada, second_look(mo, bob, case, verb="hide"), verb="nothing")
    assert post.is_hidden
    assert decision.is_told
    assert told(bob).count("decision") == 2


@pytest.mark.parametrize(
    "verb, more",
    [
        ("hide", {}),
        ("mute", {"days": 3}),
        ("suspend", {"days": 3, "hides": True}),
        ("lock", {}),
        ("note", {"kinds": ["loss"]}),
    ],
)
def test_overturning_puts_everything_back(verb, more, mo, ada, bob, topic, post, case):
    again = second_look(mo, bob, case, verb=verb, **more)
    decision = decide_case(ada, again, verb="overturn")
    assert decision.letter == OVERTURNED
    assert again.appeals.overturned_at
    assert post.is_public
    assert not topic.is_locked
    assert topic.note_kinds == []
    assert not any(one.holds for one in db.session.scalars(select(Sanction)))


def test_overturning_brings_a_topic_back(mo, ada, bob, board, topic, case):
    again = second_look(mo, bob, case, verb="move", board=factories.make_board("Elsewhere"))
    decide_case(ada, again, verb="overturn")
    assert topic.board_id == board.id


def test_a_board_is_not_put_away_while_a_topic_may_come_back_to_it(mo, ada, bob, board, case):
    second_look(mo, bob, case, verb="move", board=factories.make_board("Elsewhere"))
    with pytest.raises(Conflict):
        places.archive_board(ada, board)


def test_overturning_shows_words_that_had_been_waiting(mo, ada, bob, held):
    again = second_look(mo, bob, case_of(held), verb="hide")
    decide_case(ada, again, verb="overturn")
    assert held.is_public
    assert held.number


def test_overturning_shows_a_message_again(mo, ada, bob, said):
    again = second_look(mo, bob, case_of(said), verb="hide")
    decide_case(ada, again, verb="overturn")
    assert said.is_public


# Twenty at once


def test_of_twenty_who_decide_at_once_one_wins(app, alice, post, case):
    staff = [factories.appoint(factories.make_user(), Duty.MODERATOR).id for _ in range(20)]
    case_id, post_id, start = case.id, post.id, threading.Barrier(20)
    db.session.remove()
    outcomes = []

    def decide(user_id: int) -> None:
        with app.app_context():
            actor, mine = db.session.get(User, user_id), db.session.get(Case, case_id)
            db.session.rollback()
            start.wait(30)
            try:
                outcomes.append(decide_case(actor, mine, verb="hide", **WHY).actor_id)
            except Exception as error:
                outcomes.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=decide, args=[user_id]) for user_id in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    winners = [one for one in outcomes if isinstance(one, int)]
    losers = [one for one in outcomes if not isinstance(one, int)]
    assert len(winners) == 1
    assert len(losers) == 19
    name = db.session.get(User, winners[0]).name
    assert all(isinstance(one, Conflict) and name in one.message for one in losers), losers
    assert db.session.query(Decision).count() == 1
    assert db.session.query(LogEntry).filter(LogEntry.code == "decided_hide").count() == 1
    assert db.session.get(Post, post_id).is_hidden
