"""Answering without words."""

import pytest

from forum.actions.gestures import gesture
from forum.actions.topics import hide_post
from forum.db import db
from forum.errors import Forbidden, Invalid
from forum.models import Gesture, Notification, SanctionKind, Scope
from forum.queries.topics import posts_of
from tests import factories


def kinds():
    return [one.kind for one in db.session.scalars(db.select(Gesture))]


def test_a_gesture_is_given_changed_and_taken_back(charlie, post):
    gesture(charlie, post, kind="read")
    assert kinds() == ["read"]
    gesture(charlie, post, kind="with")
    assert kinds() == ["with"]
    assert gesture(charlie, post, kind="with") is None
    assert kinds() == []


def test_nobody_is_told(bob, charlie, post):
    gesture(charlie, post, kind="with")
    assert db.session.query(Notification).filter_by(user_id=bob.id).count() == 0


def test_names_are_for_the_author_only(alice, bob, charlie, topic, post):
    gesture(charlie, post, kind="with")
    of_author, of_other = posts_of(bob, topic).lines[1], posts_of(alice, topic).lines[1]
    assert [persona.name for persona in of_author.names["with"]] == ["Charlie Moss"]
    assert of_other.names == {}
    assert of_other.sitting == 1


def test_others_hear_that_several_sit_with_it_never_how_many(alice, charlie, mo, ada, topic, post):
    for actor in (charlie, mo, ada):
        gesture(actor, post, kind="read")
    assert posts_of(alice, topic).lines[1].sitting == 2
    assert posts_of(charlie, topic).lines[1].gesture == "read"


def test_a_topic_that_asks_for_witness_takes_gestures(alice, bob, board):
    topic = factories.make_topic(alice, board, intent="witness")
    first = posts_of(bob, topic).lines[0].post
    assert gesture(bob, first, kind="with")


@pytest.mark.parametrize("who", ["guest", "bob", "sam", "muted"])
def test_who_does_not_gesture(who, request, topic, post):
    if who == "muted":
        actor = factories.sanction(
            factories.make_user("Muted Reed"), SanctionKind.MUTE, Scope.BOARD, board=topic.board
        )
    else:
        actor = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        gesture(actor, post, kind="with")
    assert kinds() == []


def test_there_are_three_gestures(charlie, post):
    with pytest.raises(Invalid):
        gesture(charlie, post, kind="applause")


def test_what_is_hidden_takes_none(alice, mo, post):
    hide_post(mo, post)
    for actor in (alice, mo):
        with pytest.raises(Forbidden):
            gesture(actor, post, kind="with")
