"""What members are told, and when it goes."""

import pytest

from forum import notify
from forum.actions import boards, topics
from forum.actions.notifications import mark_notifications_seen, open_notification
from forum.db import action, db, now
from forum.errors import Forbidden, NotFound
from forum.models import Audience, Case, CaseKind, Channel, Decision, Guest, SanctionKind, Scope, Tier, Verb
from forum.queries.notifications import cursor_of, has_news, news_for, notification_for, notifications_for
from tests import factories


def told(user):
    return [(notice.kind, notice.count) for notice in notifications_for(user)]


def test_a_reply_tells_the_topics_author(alice, bob, charlie, topic, post):
    assert told(alice) == [("reply", 1)]
    assert told(bob) == []
    assert has_news(alice)
    assert not has_news(charlie)


def test_replies_in_one_topic_are_one_notice(alice, bob, charlie, topic, post):
    factories.make_post(charlie, topic)
    assert told(alice) == [("reply", 2)]
    assert notifications_for(alice)[0].byline.name == "Charlie Moss"


def test_what_comes_after_looking_is_new_again(alice, bob, topic, post):
    mark_notifications_seen(alice)
    assert not has_news(alice)
    factories.make_post(bob, topic)
    assert told(alice) == [("reply", 1)]
    assert has_news(alice)


def test_one_is_not_told_of_ones_own_words(alice, topic):
    factories.make_post(alice, topic)
    assert told(alice) == []


def test_a_quote_tells_its_author(bob, charlie, topic, post):
    topics.reply_to_topic(charlie, topic, body="> I read all of it.\n\nMe too.", quotes=post)
    assert told(bob) == [("reply", 1)]


def test_a_name_tells_whose_it_is_and_nobody_twice(alice, bob, charlie, topic):
    factories.make_post(bob, topic, 'What @"Alice Fern" and @"Charlie Moss" said. @"Bob Heron" agrees.')
    assert told(alice) == [("mention", 1)]
    assert told(charlie) == [("mention", 1)]
    assert told(bob) == []


def test_opening_one_makes_it_seen(alice, bob, topic, post):
    notice = notifications_for(alice)[0]
    with pytest.raises(Forbidden):
        open_notification(bob, notice)
    open_notification(alice, notification_for(alice, notice.id))
    assert not has_news(alice)
    assert news_for(alice) == []
    assert len(notifications_for(alice)) == 1


def test_reading_the_topic_makes_its_notice_seen(alice, topic, post):
    boards.mark_read(alice, topic)
    assert not has_news(alice)


def test_nobody_opens_the_notice_of_another(alice, bob, topic, post):
    with pytest.raises(NotFound):
        notification_for(bob, notifications_for(alice)[0].id)


@pytest.mark.parametrize(
    "how", ["ban from the board", "ban from the site", "moved away", "post hidden", "post taken back"]
)
def test_a_notice_vanishes_with_the_place_it_is_about(how, alice, bob, mo, topic, post):
    if how == "ban from the board":
        factories.sanction(alice, SanctionKind.BAN, Scope.BOARD, board=topic.board)
    if how == "ban from the site":
        factories.sanction(alice, SanctionKind.BAN, Scope.SITE)
    if how == "moved away":
        topics.move_topic(mo, topic, factories.make_board("Closed", audience=Audience.GROUPS))
    if how == "post hidden":
        topics.hide_post(mo, post)
    if how == "post taken back":
        topics.delete_post(bob, post)
    assert told(alice) == []
    assert not has_news(alice)


def test_what_was_decided_is_told_whatever_else_is_lost(alice, mo, topic):
    _decided(alice, mo, topic)
    factories.sanction(alice, SanctionKind.BAN, Scope.SITE)
    assert told(alice) == [("decision", 1)]


@action
def _decided(user, moderator, topic):
    """A decision as its notice knows it: a row with an id."""
    case = Case(
        kind=CaseKind.CONTENT, channel=Channel.BOARD, tier=Tier.GREEN, rank=3, subject="post:1", due_at=now()
    )
    db.session.add(case)
    db.session.flush()
    decision = Decision(case_id=case.id, verb=Verb.HIDE, user_id=user.id)
    db.session.add(decision)
    db.session.flush()
    notify.tell(user.id, "decision", f"decision:{decision.id}", decision_id=decision.id, topic_id=topic.id)


def test_notices_are_paged(alice, topic):
    _many(alice, topic)
    first = notifications_for(alice)
    assert len(first) == 30
    assert len(notifications_for(alice, before=cursor_of(first))) == 5
    with pytest.raises(NotFound):
        notifications_for(alice, before="yesterday")


@action
def _many(user, topic):
    for number in range(35):
        notify.tell(user.id, "reply", f"topic:{number}", topic_id=topic.id, board_id=topic.board_id)


def test_guests_have_none(app):
    assert not has_news(Guest())
    with pytest.raises(Forbidden):
        mark_notifications_seen(Guest())
