"""Who is offered what waits for a kind word, a thought before advice, and replies that landed."""

from datetime import timedelta

import pytest
import time_machine

from forum.actions import topics, watching
from forum.actions.accounts import change_settings
from forum.actions.kindness import mark_landed, unmark_landed
from forum.db import db, now
from forum.errors import Forbidden, Invalid, NotFound
from forum.models import Guest, Notification, SanctionKind, Scope
from forum.queries.kindness import first_replies, waiting_list
from forum.queries.notifications import notifications_for
from tests import factories

HOUR = timedelta(minutes=60)
ADVICE = "You should call her back."


def titles(user):
    return [topic.title for topic in waiting_list(user, after=HOUR).topics]


@pytest.fixture
def giver(bob):
    watching.change_reach(bob, gives_kind_words=True)
    return bob


def waited(topic, hours=2):
    topic.created_at = now() - timedelta(hours=hours)
    db.session.commit()
    return topic


# Waiting


def test_nothing_is_offered_to_whoever_did_not_ask(bob, topic):
    waited(topic)
    assert titles(bob) == []
    assert not waiting_list(bob, after=HOUR).is_on


def test_what_waits_is_offered_once_it_has_waited(giver, topic):
    assert titles(giver) == []
    waited(topic)
    assert titles(giver) == [topic.title]


def test_ones_own_and_what_has_an_answer_is_not_offered(giver, alice, charlie, board):
    waited(factories.make_topic(giver, board, "My own"))
    answered = waited(factories.make_topic(alice, board, "Answered"))
    factories.make_post(charlie, answered)
    alone = waited(factories.make_topic(alice, board, "Talking to herself"))
    factories.make_post(alice, alone)
    assert titles(giver) == ["Talking to herself"]


@pytest.mark.parametrize("how", ["witness", "locked", "unwanted board", "unwanted topic", "hidden by choice", "hidden",
                                 "banned", "muted here"])  # fmt: skip
def test_what_is_not_for_them_is_not_offered(how, giver, alice, mo, board):
    intent = "witness" if how == "witness" else "listen"
    topic = waited(factories.make_topic(alice, board, intent=intent, kinds=["loss"]))
    if how == "locked":
        topics.lock_topic(mo, topic)
    if how == "unwanted board":
        watching.watch_board(giver, board, level="none")
    if how == "unwanted topic":
        watching.watch_topic(giver, topic, level="none")
    if how == "hidden by choice":
        change_settings(giver, choices={"loss": "hide"})
    if how == "hidden":
        topics.hide_post(mo, db.session.query(topics.Post).one())
    if how in ("banned", "muted here"):
        kind = SanctionKind.BAN if how == "banned" else SanctionKind.MUTE
        factories.sanction(giver, kind, Scope.BOARD, board=board)
    assert titles(giver) == []


def test_after_as_many_as_they_wanted_the_list_rests_until_tomorrow(giver, alice, board):
    watching.change_reach(giver, gives_kind_words=True, kind_words_a_day=1)
    first, _second = (waited(factories.make_topic(alice, board, title)) for title in ("One", "Two"))
    factories.make_post(giver, first)
    factories.make_post(giver, first, "And again.")
    assert waiting_list(giver, after=HOUR).is_done
    with time_machine.travel(now() + timedelta(days=1)):
        assert titles(giver) == ["Two"]


def test_whoever_may_not_write_is_offered_nothing(topic, sam):
    watching.change_reach(sam, gives_kind_words=True)
    waited(topic)
    assert titles(sam) == []
    with pytest.raises(Forbidden):
        waiting_list(Guest(), after=HOUR)


# A thought before advice


def test_advice_where_somebody_asked_to_be_heard_meets_one_thought(bob, topic):
    with pytest.raises(Invalid) as thought:
        topics.reply_to_topic(bob, topic, body=ADVICE)
    assert list(thought.value.fields) == ["thought"]
    assert topics.reply_to_topic(bob, topic, body=ADVICE).number == 2
    assert topics.reply_to_topic(bob, topic, body=ADVICE).number == 3


def test_whoever_is_sure_is_not_asked(bob, topic):
    assert topics.reply_to_topic(bob, topic, body=ADVICE, sure=True).number == 2


@pytest.mark.parametrize("intent", ["been", "ideas", "reframe"])
def test_advice_is_welcome_where_it_was_asked_for(intent, bob, alice, board):
    topic = factories.make_topic(alice, board, intent=intent)
    assert topics.reply_to_topic(bob, topic, body=ADVICE).number == 2


def test_nothing_stands_before_somebody_who_may_be_in_danger(bob, topic):
    assert (
        topics.reply_to_topic(bob, topic, body="You should know. I want to die, have you tried that").number
        == 2
    )


def test_a_closed_topic_says_so_and_offers_no_thought(bob, mo, topic):
    topics.lock_topic(mo, topic)
    with pytest.raises(Forbidden):
        topics.reply_to_topic(bob, topic, body=ADVICE)


# This landed


def test_a_reply_that_landed_is_told_to_its_writer_alone(alice, bob, charlie, topic, post):
    assert mark_landed(alice, post).landed_at
    mark_landed(alice, post)
    assert [(one.kind, one.count) for one in notifications_for(bob)] == [("landed", 1)]
    assert notifications_for(charlie) == []
    unmark_landed(alice, post)
    assert post.landed_at is None
    assert notifications_for(bob) == []


def test_only_whoever_began_the_topic_says_what_landed(alice, bob, charlie, mo, topic, post):
    first = db.session.query(topics.Post).filter_by(number=1).one()
    for somebody, thing in ((bob, post), (charlie, post), (mo, post), (alice, first)):
        with pytest.raises(Forbidden):
            mark_landed(somebody, thing)


def test_whoever_wants_nothing_of_a_topic_is_not_told_that_it_landed(alice, bob, topic, post):
    watching.watch_topic(bob, topic, level="none")
    mark_landed(alice, post)
    assert db.session.query(Notification).filter_by(user_id=bob.id).count() == 0


# How long it takes


def test_how_long_first_answers_take(ada, alice, bob, charlie, board):
    soon, late, never = (waited(factories.make_topic(alice, board, title), 48) for title in ("S", "L", "N"))
    for topic, hours in ((soon, 47), (late, 10)):
        post = factories.make_post(bob, topic)
        post.created_at = now() - timedelta(hours=hours)
        db.session.commit()
    harsh = factories.make_post(bob, never)
    topics.hide_post(ada, harsh)
    own = factories.make_post(alice, never)
    own.created_at = now() - timedelta(hours=47)
    db.session.commit()
    (told,) = first_replies(ada)
    assert (told.board, told.topics, told.unanswered) == (board.name, 3, 67)
    assert told.median == timedelta(hours=20)
    assert told.slowest_tenth == timedelta(hours=34)


def test_how_long_it_takes_is_for_those_who_look_after_the_house(alice, mo):
    for somebody in (alice, mo, Guest()):
        with pytest.raises(Forbidden):
            first_replies(somebody)


def test_what_one_does_not_see_cannot_be_watched_or_marked(charlie, board, topic, post):
    factories.sanction(charlie, SanctionKind.BAN, Scope.BOARD, board=board)
    for deed in (
        lambda: watching.watch_topic(charlie, topic, level="all"),
        lambda: mark_landed(charlie, post),
    ):
        with pytest.raises((Forbidden, NotFound)):
            deed()
