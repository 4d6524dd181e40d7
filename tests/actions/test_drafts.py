"""Drafts: kept for one member, read by nobody, gone once they are sent."""

from datetime import timedelta

import pytest
import time_machine

from forum.actions import places, topics
from forum.actions.drafts import DRAFT_LIMIT, drop_draft, forget_old_drafts, keep_draft, version_of
from forum.db import db, now
from forum.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from forum.models import Audience, Case, Draft, Notification, SanctionKind, Scope, System
from forum.queries.drafts import DRAFTS_MOST, draft_at, draft_for, draft_in, drafts_of, place_for
from tests import factories


def bodies():
    return list(db.session.scalars(db.select(Draft.body)))


def test_a_draft_comes_back_with_everything_that_was_in_the_form(bob, board):
    keep_draft(
        bob, board, body="I put the", title="A call", gist="short", intent="been", kinds=["loss"], version="0"
    )
    draft = draft_at(bob, board)
    assert (draft.body, draft.title, draft.gist, draft.intent, draft.kinds) == (
        "I put the",
        "A call",
        "short",
        "been",
        ["loss"],
    )


def test_it_is_kept_in_place_of_what_was_kept_before(bob, topic):
    first = keep_draft(bob, topic, body="One", version="0")
    keep_draft(bob, topic, body="One and two", version=version_of(first))
    assert bodies() == ["One and two"]


def test_what_another_device_kept_meanwhile_is_not_written_over(bob, topic):
    keep_draft(bob, topic, body="on the phone", version="0")
    with pytest.raises(Stale) as refused:
        keep_draft(bob, topic, body="on the desk", version="0")
    assert bodies() == ["on the phone"]
    keep_draft(bob, topic, body="on the desk", version=refused.value.version)
    assert bodies() == ["on the desk"]


def test_a_late_save_does_not_bring_back_what_was_sent(bob, topic):
    draft = keep_draft(bob, topic, body="I read this.", version="0")
    topics.reply_to_topic(bob, topic, body="I read this.")
    with pytest.raises(Stale):
        keep_draft(bob, topic, body="I read this.", version=version_of(draft))
    assert bodies() == []


def test_nobody_else_finds_it_not_even_staff(alice, bob, mo, ada, topic):
    draft = keep_draft(bob, topic, body="Only mine.")
    for other in (alice, mo, ada, System()):
        with pytest.raises(NotFound):
            draft_for(other, draft.id)
        with pytest.raises(NotFound):
            draft_in(other, draft.place)
        with pytest.raises(Forbidden):
            drop_draft(other, draft)
        assert drafts_of(other) == []


def test_crisis_words_in_a_draft_tell_nobody(bob, topic):
    keep_draft(bob, topic, body="I want to die and my number is 07700 900123")
    assert db.session.query(Case).count() == 0
    assert db.session.query(Notification).count() == 0


@pytest.mark.parametrize("kind", [SanctionKind.MUTE, SanctionKind.SUSPENSION])
def test_no_pause_stands_in_its_way(bob, topic, kind):
    factories.sanction(bob, kind, Scope.SITE)
    assert keep_draft(bob, topic, body="For later.").body == "For later."


def test_it_needs_no_agreement(topic):
    newcomer = factories.make_user(agrees=False)
    assert keep_draft(newcomer, topic, body="For later.").body == "For later."


def test_there_is_no_draft_for_a_place_that_is_not_there_for_them(bob, alice, mo):
    closed = factories.make_board("Closed", audience=Audience.GROUPS)
    topic = factories.make_topic(mo, closed)
    for place in (
        f"topic:{closed.id}",
        f"reply:{topic.id}",
        "reply:x",
        "reply:99999999999",
        "letter:1",
        "edit:1",
    ):
        with pytest.raises((NotFound, Forbidden)):
            place_for(bob, place)
    with pytest.raises(Forbidden) as refused:
        keep_draft(bob, closed, body="words")
    assert refused.value.code == "not_found"


@pytest.mark.parametrize("gone", ["put away", "banned from"])
def test_none_for_a_board_that_is_put_away_or_that_they_are_banned_from(bob, ada, board, gone):
    kept = keep_draft(bob, board, body="For later.")
    if gone == "put away":
        places.archive_board(ada, board)
    else:
        factories.sanction(bob, SanctionKind.BAN, Scope.BOARD, board=board)
    with pytest.raises(Forbidden) as refused:
        keep_draft(bob, board, body="More of it.")
    assert refused.value.code == "not_found"
    assert [(line.draft.body, line.is_open) for line in drafts_of(bob)] == [(kept.body, False)]


def test_nothing_is_made_of_the_words_before_they_are_sent(bob, topic):
    """No Markdown, no gate, no mask: they lie as they were typed, and are read when they are sent."""
    words = "**I** want to die, ring 07700 900123\n:::mentions loss\nx\n:::"
    assert keep_draft(bob, topic, body=words, title=words, gist=words).body == words
    assert db.session.query(Case).count() == 0
    post = topics.reply_to_topic(bob, topic, body=words)
    assert post.html != words
    assert "07700" not in post.source
    assert db.session.query(Case).count() == 1
    assert db.session.query(Draft).count() == 0


def test_a_change_is_kept_by_its_author_alone(alice, bob, post):
    assert keep_draft(bob, post, body="Other words.").place == f"edit:{post.id}"
    with pytest.raises(Forbidden):
        keep_draft(alice, post, body="words")


def test_there_is_room_for_so_many(bob, board):
    db.session.add_all(
        Draft(user_id=bob.id, place=f"reply:{1000 + number}", body="x") for number in range(DRAFTS_MOST)
    )
    db.session.commit()
    with pytest.raises(Conflict, match="Letting one go makes room"):
        keep_draft(bob, board, body="one more")


@pytest.mark.parametrize(
    "words",
    [{"body": "é" * DRAFT_LIMIT}, {"body": "x" * DRAFT_LIMIT, "title": "y"}, {"body": " \n"}, {"body": 7}],
)
def test_more_than_fits_and_nothing_at_all_are_refused(bob, board, words):
    with pytest.raises(Invalid):
        keep_draft(bob, board, **words)


def test_what_no_database_holds_is_left_out(bob, board):
    assert keep_draft(bob, board, body="a\x00b\udcff").body == "ab?"


def test_sending_or_changing_or_taking_back_ends_the_draft(bob, board, topic, post):
    keep_draft(bob, board, body="A topic", title="A")
    topics.start_topic(bob, board, title="A", body="A topic")
    keep_draft(bob, post, body="Other words")
    topics.edit_post(bob, post, body="Other words")
    keep_draft(bob, post, body="Others again")
    topics.delete_post(bob, post)
    assert bodies() == []


def test_a_refused_reply_leaves_the_draft(bob, topic):
    keep_draft(bob, topic, body="ring 07700 900123")
    with pytest.raises(Invalid):
        topics.reply_to_topic(bob, topic, body="ring 07700 900123")
    assert bodies() == ["ring 07700 900123"]


def test_letting_go_leaves_alone_what_changed_meanwhile(bob, topic):
    first = keep_draft(bob, topic, body="One")
    was = version_of(first)
    keep_draft(bob, topic, body="Two")
    with pytest.raises(Stale):
        drop_draft(bob, first, version=was)
    drop_draft(bob, first)
    drop_draft(bob, first)
    assert bodies() == []


def test_what_nobody_touched_for_so_long_is_forgotten(bob, topic, board):
    keep_draft(bob, topic, body="old")
    with time_machine.travel(now() + timedelta(days=60)):
        keep_draft(bob, board, body="new")
    with time_machine.travel(now() + timedelta(days=91)):
        forget_old_drafts(System())
    assert bodies() == ["new"]


def test_the_list_says_where_each_belongs_and_what_is_not_there_any_more(bob, mo, board, topic, post):
    gone = factories.make_topic(mo, board, "Another")
    for place in (board, topic, post, gone):
        keep_draft(bob, place, body="words")
    topics.hide_post(mo, db.session.query(type(post)).filter_by(topic_id=gone.id).one())
    lines = {line.draft.place: line for line in drafts_of(bob)}
    assert {place: line.is_open for place, line in lines.items()} == {
        f"topic:{board.id}": True,
        f"reply:{topic.id}": True,
        f"edit:{post.id}": True,
        f"reply:{gone.id}": False,
    }
    assert lines[f"edit:{post.id}"].topic.id == topic.id
