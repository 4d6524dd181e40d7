"""How a board is kept, and what follows for those who write there."""

from datetime import timedelta

import pytest
import time_machine

from forum.actions import topics, watching
from forum.actions.places import change_board_settings
from forum.db import db, now
from forum.errors import Forbidden, Invalid, Stale
from forum.models import Case, LogEntry, Tier, Topic
from forum.policy.boards import can_reply_to_topic
from forum.queries.boards import is_resting
from forum.queries.kindness import waiting_list
from tests import factories


def test_moderators_say_how_their_board_is_kept_which_is_logged(mo, board):
    changed = change_board_settings(
        mo, board, rules=" Softly.\nNo advice. ", template="What happened:", holds_new_members=True,
        closes_after_days=30, version="1",
    )  # fmt: skip
    assert (changed.rules, changed.template) == ("Softly.\nNo advice.", "What happened:")
    assert (changed.holds_new_members, changed.closes_after_days) == (True, 30)
    assert db.session.query(LogEntry).filter_by(actor_id=mo.id).one().code == "board_settings_changed"
    with pytest.raises(Stale):
        change_board_settings(mo, board, rules="Other.", version="1")


@pytest.mark.parametrize("who", ["guest", "alice", "max", "sam"])
def test_nobody_else_does(who, request, board):
    with pytest.raises(Forbidden):
        change_board_settings(request.getfixturevalue(who), board, rules="Mine.")


@pytest.mark.parametrize(
    "wrong",
    [{"closes_after_days": 0}, {"closes_after_days": -1}, {"closes_after_days": 10**6}, {"rules": "x" * 2001},
     {"rules": "ring 07700 900123"}, {"template": "kill yourself"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(mo, board, wrong):
    with pytest.raises(Invalid) as refused:
        change_board_settings(mo, board, **wrong)
    assert set(refused.value.fields) == set(wrong)


# First words of new members


@pytest.fixture
def careful(mo, board):
    return change_board_settings(mo, board, holds_new_members=True)


def test_first_posts_of_new_members_wait_for_a_person(alice, careful):
    post = topics.start_topic(alice, careful, title="A beginning", body="I am new here.")
    case = db.session.query(Case).one()
    assert post.is_held
    assert (case.tier, case.why[0]["label"], case.is_automatic) == (Tier.GREEN, "new_member", True)


def test_who_is_known_by_then_is_shown_at_once(alice, bob, mo, careful):
    elsewhere = factories.make_topic(alice, factories.make_board("Elsewhere"))
    for number in range(3):
        factories.make_post(bob, elsewhere, f"words {number}")
    assert not topics.start_topic(bob, careful, title="A", body="words").is_held
    assert not topics.start_topic(mo, careful, title="A", body="words").is_held


def test_released_posts_count_and_replies_wait_too(alice, mo, careful):
    topic = factories.make_topic(mo, careful)
    for number in range(3):
        post = factories.make_post(alice, topic, f"words {number}")
        assert post.is_held
        topics.release_post(mo, post)
    assert not factories.make_post(alice, topic, "known by now").is_held


def test_changing_it_is_no_way_around(alice, careful):
    post = topics.start_topic(alice, careful, title="A", body="words")
    assert topics.edit_post(alice, post, body="other words").is_held


def test_what_is_shown_already_is_not_taken_out_of_sight_by_a_change(alice, mo, board):
    post = topics.start_topic(alice, board, title="A", body="words")
    change_board_settings(mo, board, holds_new_members=True)
    assert not topics.edit_post(alice, post, body="other words").is_held


@pytest.mark.parametrize("words", ["I want to die", "I will kill myself tonight", "I cut myself"])
def test_nobody_in_crisis_is_kept_waiting_for_it(alice, careful, words):
    post = topics.start_topic(alice, careful, title="A", body=words)
    assert not post.is_held
    assert db.session.query(Case).one().tier in (Tier.CRISIS, Tier.RED)


def test_crisis_in_the_title_counts_as_well(alice, careful):
    assert not topics.start_topic(alice, careful, title="I want to die", body="I am new.").is_held


# Topics that come to rest


def after(days):
    return time_machine.travel(now() + timedelta(days=days), tick=False)


def test_a_topic_comes_to_rest_after_so_long_without_words(mo, bob, alice, board, topic):
    change_board_settings(mo, board, closes_after_days=10)
    with after(9):
        factories.make_post(bob, topic, "still here")
    with after(18):
        assert can_reply_to_topic(bob, topic)
    with after(20):
        denied = can_reply_to_topic(bob, topic)
        assert not denied
        assert "open it again" in denied.reason
        factories.make_post(mo, topic, "I am still here.")
        assert can_reply_to_topic(bob, topic)


def test_a_moderator_opens_it_again(mo, bob, board, topic):
    change_board_settings(mo, board, closes_after_days=10)
    with after(11):
        topics.unlock_topic(mo, topic)
        assert can_reply_to_topic(bob, topic)
    with after(22):
        assert not can_reply_to_topic(bob, topic)


@pytest.mark.parametrize("days", [0, 9, 11, 13, 29])
@pytest.mark.parametrize("closes", [None, 10])
def test_the_list_and_the_question_agree(mo, charlie, board, topic, days, closes):
    change_board_settings(mo, board, closes_after_days=closes)
    watching.change_reach(charlie, gives_kind_words=True)
    topic.reopened_at = now() + timedelta(days=2) if days == 13 else None
    db.session.commit()
    with after(days):
        resting = list(db.session.scalars(db.select(Topic).where(is_resting())))
        assert bool(resting) is topic.is_resting
        assert bool(waiting_list(charlie, after=timedelta(0)).topics) is not topic.is_resting
