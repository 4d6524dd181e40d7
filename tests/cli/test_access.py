"""Why somebody can see something, or not: the rule that decided, and the grant that it rests on."""

import json

import pytest

from forum import policy
from forum.actions import groups, places, reports, rooms, strategies, topics
from forum.db import db
from forum.models import Duty, SanctionKind, Scope, System
from forum.policy.core import Denied, Granted
from forum.queries.cases import case_of
from forum.queries.rooms import open_stay_of
from tests import factories


@pytest.fixture
def said(command):
    """The answers about this member and thing, as (yes or no, rule, why)."""

    def ask(user, thing, *, kind):
        result = command("explain-access", user.name, f"{kind}:{thing.id}", "--json")
        assert result.exit_code == 0, result.stderr
        return [(one["is_yes"], one["rule"], one["why"]) for one in json.loads(result.stdout)]

    return ask


@pytest.fixture
def circle(app, alice):
    """A group with Alice in it."""
    made = groups.make_group(System(), name="Tuesday circle")
    groups.add_to_group(System(), made, alice)
    return made


def test_an_audience_is_a_grant(said, alice, board):
    assert said(alice, board, kind="board") == [(True, "members", "it is open to every member")]
    open_board = factories.make_board("Open", audience="guests")
    assert said(alice, open_board, kind="board")[0][:2] == (True, "open")


def test_whoever_waits_at_the_door_is_no_member_yet(said, wil, board):
    assert said(wil, board, kind="board") == [
        (False, "members", "it is for members, and they have not been let in")
    ]


def test_a_group_is_named(said, alice, bob, circle):
    board = factories.make_board("Tuesday", audience="groups", groups=[circle])
    topic = factories.make_topic(alice, board)
    why = "it is for groups, and they are in: Tuesday circle"
    assert said(alice, board, kind="board") == said(alice, topic, kind="topic") == [(True, "group", why)]
    assert said(bob, topic, kind="topic") == [
        (False, "group", "it is for groups (Tuesday circle), and they are in none of these")
    ]


def test_an_appointment_and_a_role_are_named(said, mo, max, ada, circle):
    board = factories.make_board("Tuesday", audience="groups", groups=[circle])
    assert said(mo, board, kind="board") == [
        (True, "moderates", "they are appointed moderator of everything")
    ]
    assert said(ada, board, kind="board") == [(True, "moderates", "their role is admin")]
    assert said(max, board, kind="board")[0][0] is False
    factories.appoint(max, Duty.MODERATOR, board=board)
    assert said(max, board, kind="board") == [
        (True, "moderates", f"they are appointed moderator of board {board.id}")
    ]


def test_a_place_that_was_put_away_is_there_for_nobody(said, mo, ada, board):
    places.archive_board(ada, board)
    assert said(mo, board, kind="board") == [
        (False, "put_away", "its place was put away, and is there for nobody")
    ]


def test_a_ban_is_named_with_its_end(said, bob, topic):
    factories.sanction(bob, SanctionKind.BAN, Scope.BOARD, board=topic.board)
    ((is_yes, rule, why),) = said(bob, topic, kind="topic")
    assert (is_yes, rule) == (False, "ban")
    assert why.startswith("a ban (board) holds until 20")


def test_a_card_is_for_members_and_a_hidden_one_for_its_author_and_moderators(said, alice, bob, mo, wil):
    card = factories.make_strategy(alice)
    assert said(bob, card, kind="card") == [(True, "members", "it is open to every member")]
    assert said(wil, card, kind="card")[0][:2] == (False, "members")
    strategies.hide_strategy(mo, card)
    assert said(alice, card, kind="card") == [(True, "author", "it is hidden, and they wrote it")]
    assert said(mo, card, kind="card")[0][:2] == (True, "moderates")
    assert said(bob, card, kind="card")[0][:2] == (False, "not_public")


def test_hidden_words_are_seen_by_author_and_moderators_alone(said, alice, bob, mo, post):
    topics.hide_post(mo, post)
    assert said(bob, post, kind="post") == [(True, "author", "it is hidden, and they wrote it")]
    assert said(mo, post, kind="post")[0][:2] == (True, "moderates")
    ((is_yes, rule, why),) = said(alice, post, kind="post")
    assert (is_yes, rule) == (False, "not_public")
    assert why.startswith("it is hidden")


def test_a_room_is_two_questions(said, alice, bob, fay, sam, room):
    rooms.join_room(alice, room)
    assert [one[:2] for one in said(alice, room, kind="room")] == [(True, "members"), (True, "in_room")]
    assert [one[:2] for one in said(bob, room, kind="room")] == [(True, "members"), (False, "in_room")]
    assert said(fay, room, kind="room")[0] == (
        True, "facilitates", f"they are appointed facilitator of room {room.id}"
    )  # fmt: skip
    assert said(sam, room, kind="room")[1][:2] == (False, "suspension")


def test_a_case_is_for_those_who_moderate_there_and_never_about_themselves(said, alice, bob, mo, max, post):
    reports.report(alice, post, reason="unkind")
    case = case_of(post)
    assert said(mo, case, kind="case")[0][:2] == (True, "moderates")
    assert said(max, case, kind="case")[0][:2] == (False, "moderates")
    assert said(alice, case, kind="case")[0][:2] == (False, "moderates")
    factories.appoint(bob, Duty.MODERATOR)
    assert said(bob, case, kind="case") == [(False, "about_them", "it is about them")]


def test_a_sentence_is_said_to_people(command, alice, board):
    assert command("explain-access", alice.name, f"board:{board.id}").stdout == (
        "Alice Fern can see the board: it is open to every member (members).\n"
    )


@pytest.mark.parametrize("thing", ["board", "board:", "board:x", "cat:1", "board:999999", "board:²"])
def test_what_is_no_thing_is_said_in_a_sentence(thing, command, alice):
    result = command("explain-access", alice.name, thing)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")


def test_every_answer_about_seeing_names_its_rule(
    alice, bob, fay, mo, max, ada, sam, post, topic, room, circle, command
):
    """Over the whole cast, and things in every state: policy never leaves the rule out, and it can be put in words."""
    closed = factories.make_board("Tuesday", audience="groups", groups=[circle])
    hidden = factories.make_post(bob, topic, "Hidden.")
    topics.hide_post(mo, hidden)
    reports.report(alice, post, reason="unkind")
    things = {
        "board": [topic.board, closed], "topic": [topic, factories.make_topic(alice, closed)],
        "post": [post, hidden], "room": [room], "case": [case_of(post)],
    }  # fmt: skip
    for user in (alice, bob, fay, mo, max, ada, sam):
        for kind, several in things.items():
            for thing in several:
                verdict = getattr(policy, f"can_see_{kind}")(user, thing)
                assert isinstance(verdict, Granted | Denied), (user.name, kind)
                assert verdict.rule is not None, (user.name, kind)
                assert command("explain-access", user.name, f"{kind}:{thing.id}").exit_code == 0
        verdict = policy.can_read_room(user, room, open_stay_of(user, room))
        assert getattr(verdict, "rule", None) is not None
    db.session.rollback()
