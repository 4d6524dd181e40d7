"""What its author took back: moderators read it for some days, and then there are no words left."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.actions import moves, reports, strategies, topics
from forum.actions.decisions import decide_case
from forum.actions.taken_back import UNTITLED, erase_taken_back
from forum.db import db, now
from forum.errors import Forbidden
from forum.models import Post, Revision, Strategy, System, Topic
from forum.queries.cases import case_of
from forum.queries.topics import post_for
from tests import factories

MONTH = 30


def erased(days_later, days=MONTH):
    with time_machine.travel(now() + timedelta(days=days_later), tick=False):
        return erase_taken_back(System(), days=days)


def test_words_are_there_for_moderators_until_their_days_are_over(bob, mo, post):
    topics.edit_post(bob, post, body="Other words.")
    topics.delete_post(bob, post)
    assert erased(MONTH - 1) == 0
    assert post_for(mo, post.id).source == "Other words."
    assert erased(MONTH + 1) == 1
    gone = db.session.get(Post, post.id)
    assert (gone.source, gone.html, gone.verdict, gone.is_deleted) == ("", "", {}, True)
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 0
    assert erased(MONTH + 1) == 0


def test_what_stands_is_left_as_it_is(bob, topic, post):
    other = factories.make_post(bob, topic, "It stays.")
    topics.delete_post(bob, post)
    erased(MONTH + 1)
    assert db.session.get(Post, other.id).source == "It stays."
    assert db.session.get(Topic, topic.id).title != UNTITLED


def test_a_topic_goes_with_the_words_that_it_began_with(alice, board):
    first = topics.start_topic(alice, board, title="A hard week", body="All of it.")
    topics.delete_post(alice, first)
    assert erased(MONTH + 1) == 1
    gone = db.session.get(Topic, first.topic_id)
    assert (gone.title, gone.gist) == (UNTITLED, "")


def test_a_topic_that_was_joined_to_another_keeps_its_name(bob, mo, board, topic, post):
    old = factories.make_topic(bob, board, "Where it was")
    moves.merge_topic(mo, old, topic)
    taken = db.session.scalars(select(Post).where(Post.author_id == bob.id).order_by(Post.id)).first()
    topics.delete_post(bob, taken)
    erased(MONTH + 1)
    assert db.session.get(Topic, old.id).title == "Where it was"


def test_what_an_open_case_is_about_stays_until_it_is_decided(alice, bob, mo, post):
    reports.report(alice, post, reason="unkind")
    topics.delete_post(bob, post)
    assert erased(MONTH + 1) == 0
    decide_case(mo, case_of(post), verb="nothing")
    assert erased(MONTH + 1) == 1


def test_a_card_goes_too(alice, mo):
    card = factories.make_strategy(alice)
    strategies.delete_strategy(alice, card)
    assert erased(MONTH - 1) == 0
    assert erased(MONTH + 1) == 1
    assert db.session.get(Strategy, card.id).all_words == ""


def test_members_erase_nothing_of_others(mo):
    with pytest.raises(Forbidden):
        erase_taken_back(mo, days=MONTH)
