"""Earlier wordings: kept with each change, and never a way to words that readers may not meet."""

import pytest

from forum.actions.html import rebuild_html
from forum.actions.revisions import hide_revision, show_revision
from forum.actions.topics import delete_post, edit_post, hide_post, release_post
from forum.db import db
from forum.errors import Forbidden, NotFound
from forum.models import LogEntry, Post, Revision, System, Topic
from forum.policy.writing import can_see_revision, visible_revisions
from forum.queries.revisions import history_of, revision_for, revisions_of
from tests import factories

HELD = "just kill yourself"


def words(actor, post):
    try:
        return [one.source for one in revisions_of(actor, post)]
    except Forbidden:
        return None


def test_each_change_keeps_the_wording_before_it(alice, bob, post):
    edit_post(bob, post, body="Second.")
    edit_post(bob, post, body="Third.")
    assert words(alice, post) == ["Second.", "I read all of it."]
    first, second = db.session.query(Revision).order_by(Revision.number)
    assert (first.written_at, second.user_id) == (post.created_at, bob.id)
    assert second.edited_at >= second.written_at == first.edited_at or second.written_at >= first.written_at


def test_the_same_words_again_are_no_new_wording(bob, post):
    edit_post(bob, post, body="I read all of it.")
    assert words(bob, post) == []


def test_what_waited_is_never_shown_to_readers_after_it_was_changed(alice, bob, mo, post):
    edit_post(bob, post, body=HELD)
    assert words(alice, post) is None
    edit_post(bob, post, body="Kind words.")
    assert words(alice, post) == ["I read all of it."]
    assert words(bob, post) == words(mo, post) == [HELD, "I read all of it."]


def test_what_a_moderator_released_was_met_by_readers(alice, bob, mo, topic):
    post = factories.make_post(bob, topic, HELD)
    release_post(mo, post)
    edit_post(bob, post, body="Kind words.")
    assert words(alice, post) == [HELD]


def test_a_comparison_passes_over_what_a_reader_may_not_see(alice, bob, post):
    edit_post(bob, post, body=HELD)
    edit_post(bob, post, body="I read some of it.")
    told = history_of(alice, post)
    assert [one.words for one in told.difference.changes if one.kind != "same"] == ["all", "some"]
    assert [one.place for one in told.versions] == [2, 1]


@pytest.mark.parametrize("deed", [hide_post, delete_post])
def test_a_post_out_of_sight_takes_its_history_along(alice, bob, mo, post, deed):
    edit_post(bob, post, body="Second.")
    deed(bob if deed is delete_post else mo, post)
    assert words(alice, post) is None
    assert words(mo, post) == ["I read all of it."]


def test_a_moderator_hides_one_wording_which_is_logged(alice, bob, mo, post):
    edit_post(bob, post, body="Second.")
    edit_post(bob, post, body="Third.")
    first = revisions_of(mo, post)[-1]
    hide_revision(mo, first)
    assert words(alice, post) == ["Second."]
    assert words(bob, post) == ["Second.", "I read all of it."]
    with pytest.raises(NotFound):
        revision_for(alice, first.id)
    show_revision(mo, first)
    assert words(alice, post) == ["Second.", "I read all of it."]
    lines = db.session.query(LogEntry).filter_by(actor_id=mo.id).order_by(LogEntry.id)
    assert [one.code for one in lines] == ["revision_hidden", "revision_shown"]


def test_an_author_hides_their_own_and_nobody_is_told(alice, bob, post):
    edit_post(bob, post, body="Second.")
    one = revisions_of(bob, post)[0]
    hide_revision(bob, one)
    assert words(alice, post) == []
    assert db.session.query(LogEntry).filter(LogEntry.code.startswith("revision")).count() == 0
    with pytest.raises(Forbidden):
        show_revision(bob, one)


@pytest.mark.parametrize("who", ["guest", "alice", "max"])
def test_nobody_else_hides_one(who, request, bob, post):
    edit_post(bob, post, body="Second.")
    with pytest.raises(Forbidden):
        hide_revision(request.getfixturevalue(who), revisions_of(bob, post)[0])


@pytest.mark.parametrize("who", ["guest", "alice", "bob", "charlie", "mo", "max", "ada", "sam"])
def test_the_list_and_the_question_agree(who, request, bob, mo, post, topic):
    actor = request.getfixturevalue(who)
    edit_post(bob, post, body=HELD)
    edit_post(bob, post, body="Kind.")
    edit_post(bob, post, body="Kinder.")
    hide_revision(mo, db.session.query(Revision).filter_by(source="Kind.").one())
    gone = factories.make_post(bob, topic, "Gone.")
    edit_post(bob, gone, body="Gone too.")
    delete_post(bob, gone)
    listed = set(
        db.session.scalars(
            db.select(Revision.id)
            .join(Post, Post.id == Revision.post_id)
            .join(Topic, Topic.id == Post.topic_id)
            .where(visible_revisions(actor))
        )
    )
    every = db.session.query(Revision).all()
    assert listed == {one.id for one in every if can_see_revision(actor, one)}


def test_earlier_wordings_are_rendered_again_with_the_rest(bob, post):
    edit_post(bob, post, body="Second.")
    one = db.session.query(Revision).one()
    one.renderer, one.html = 0, "<p>old</p>"
    db.session.commit()
    rebuild_html(System(), Revision)
    assert db.session.query(Revision).one().html == "<p>I read all of it.</p>\n"
