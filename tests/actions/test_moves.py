"""Topics taken apart, joined and moved: every number, count, mark and notice is right afterwards, for everybody."""

from datetime import timedelta
from itertools import permutations
from threading import Barrier, Thread

import pytest

from forum.actions import drafts, moves, topics, watching
from forum.actions.boards import mark_read
from forum.db import db
from forum.errors import Forbidden, ForumError, Invalid, NotFound
from forum.limits import limits
from forum.models import (
    Audience,
    Board,
    Bookmark,
    Case,
    Draft,
    Group,
    LogEntry,
    Notification,
    Post,
    ReadMark,
    Topic,
    User,
    Watch,
)
from forum.policy.boards import can_see_board
from forum.queries.topics import page_where_it_went, topic_for
from tests import factories

HELD = "just kill yourself"


def numbers(topic):
    db.session.expire_all()
    return [
        (one.number, one.source) for one in db.session.query(Post).filter_by(topic_id=topic.id).order_by(Post.number)
    ]  # fmt: skip


def mark(user, topic):
    db.session.expire_all()
    found = db.session.get(ReadMark, (user.id, topic.id))
    return found and found.number


def is_whole(topic):
    """What every topic must be: numbers from 1 without gaps, and counts and times that are those of its posts."""
    db.session.expire_all()
    posts = db.session.query(Post).filter(Post.topic_id == topic.id, Post.number.is_not(None)).all()
    public = [one for one in posts if one.is_public]
    assert sorted(one.number for one in posts) == list(range(1, topic.last_number + 1))
    assert topic.reply_count == len([one for one in public if one.number > 1])
    # A reply is published a moment after it was begun.
    assert abs(topic.last_post_at - max(one.created_at for one in public)) < timedelta(seconds=5)
    newest = db.session.query(Topic).filter_by(board_id=topic.board_id, deleted_at=None)
    assert topic.board.last_post_at == max(one.last_post_at for one in newest)
    return True


@pytest.fixture
def long(alice, bob, topic):
    """Alice's topic with four replies."""
    for body in ("two", "three", "four", "five"):
        factories.make_post(bob, topic, body)
    return topic


def split(mo, topic, number=3, title="A new beginning", **more):
    return moves.split_topic(mo, topic, number=number, title=title, **more)


# Split


def test_the_posts_from_a_number_on_stand_in_a_topic_of_their_own(mo, long):
    new = split(mo, long)
    assert numbers(long) == [(1, "I put the phone down."), (2, "two")]
    assert numbers(new) == [(1, "three"), (2, "four"), (3, "five")]
    assert is_whole(long)
    assert is_whole(new)


def test_the_new_topic_is_its_first_author_s_and_mentions_the_same(mo, bob, long):
    topics.note_topic(mo, long, kinds=["loss"])
    new = split(mo, long)
    assert (new.author_id, new.note_kinds, new.title, new.split_from_id) == (
        bob.id,
        ["loss"],
        "A new beginning",
        long.id,
    )


def test_each_reader_has_read_as_far_as_before(mo, charlie, ada, bob, long):
    mark_read(charlie, long, number=4)
    mark_read(ada, long, number=2)
    new = split(mo, long)
    assert (mark(charlie, long), mark(charlie, new)) == (2, 2)
    assert (mark(ada, long), mark(ada, new)) == (2, None)
    assert mark(bob, new) == 3


def test_notices_follow_their_posts(mo, alice, long):
    new = split(mo, long)
    notice = db.session.query(Notification).filter_by(user_id=alice.id).one()
    assert (notice.topic_id, notice.thread) == (new.id, f"topic:{new.id}")


def places_of(kind, user):
    db.session.expire_all()
    return sorted(one.topic_id for one in db.session.query(kind).filter_by(user_id=user.id))


def test_what_is_kept_of_a_post_goes_with_it_and_whoever_watched_watches_both(mo, charlie, long):
    for number in (2, 4):
        watching.keep_bookmark(
            charlie, db.session.query(Post).filter_by(topic_id=long.id, number=number).one()
        )
    watching.keep_bookmark(charlie, long)
    watching.watch_topic(charlie, long, level="all")
    new = split(mo, long)
    assert places_of(Bookmark, charlie) == [long.id, long.id, new.id]
    assert places_of(Watch, charlie) == [long.id, new.id]


def test_what_waits_or_is_hidden_or_gone_stays_so(mo, bob, alice, long):
    hidden, gone = db.session.query(Post).filter(Post.number.in_((4, 5))).order_by(Post.number)
    topics.hide_post(mo, hidden)
    topics.delete_post(bob, gone)
    waits = factories.make_post(bob, long, HELD)
    new = split(mo, long)
    assert is_whole(new)
    assert new.reply_count == 0
    assert (hidden.is_hidden, gone.is_deleted, hidden.topic_id) == (True, True, new.id)
    assert (waits.topic_id, waits.number) == (long.id, None)


@pytest.mark.parametrize("number", [0, 1, 6, 99, -1, None, "3", 4])
def test_a_new_topic_opens_with_a_reply_that_readers_see(mo, long, number):
    topics.hide_post(mo, db.session.query(Post).filter_by(number=4).one())
    with pytest.raises(Invalid):
        split(mo, long, number)
    assert len(numbers(long)) == 5


@pytest.mark.parametrize("title", ["", "ring 07700 900123", HELD, "x" * 121])
def test_its_title_is_read_like_all_words(mo, long, title):
    with pytest.raises(Invalid) as refused:
        split(mo, long, title=title)
    assert "title" in refused.value.fields


def test_asking_twice_under_one_key_is_one_split(mo, long):
    assert split(mo, long, key="k").id == split(mo, long, key="k").id
    assert db.session.query(Topic).count() == 2


@pytest.mark.parametrize("who", ["guest", "alice", "bob", "max"])
def test_only_moderators_of_the_board(who, request, long):
    actor = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        split(actor, long)
    with pytest.raises(Forbidden):
        moves.merge_topic(actor, long, factories.make_topic(request.getfixturevalue("ada"), long.board))


# Merge


@pytest.fixture
def other(ada, bob, board):
    """Ada's topic with a reply of Bob's."""
    other = factories.make_topic(ada, board, "Another", "first of the other")
    factories.make_post(bob, other, "second of the other")
    return other


def test_its_posts_stand_at_the_end_of_the_other(mo, long, other):
    into = moves.merge_topic(mo, other, long)
    assert [source for _, source in numbers(into)][-2:] == ["first of the other", "second of the other"]
    assert is_whole(into)
    assert numbers(other) == []


def test_old_addresses_lead_on_for_those_who_may_see_where_to(mo, alice, guest, long, other):
    third = factories.make_topic(mo, long.board, "Third")
    moves.merge_topic(mo, other, long)
    moves.merge_topic(mo, long, third)
    assert topic_for(alice, other.id).id == topic_for(alice, long.id).id == third.id
    with pytest.raises(NotFound):
        topic_for(guest, other.id)
    post = db.session.query(Post).filter_by(source="second of the other").one()
    assert (post.topic_id, post.number) == (third.id, 8)
    assert page_where_it_went(other.id, 1) == 1
    assert is_whole(third)


def test_reading_goes_on_where_it_was(mo, charlie, alice, bob, long, other):
    mark_read(charlie, other, number=1)
    mark_read(charlie, long, number=5)
    mark_read(alice, long, number=3)
    mark_read(alice, other, number=2)
    into = moves.merge_topic(mo, other, long)
    assert mark(charlie, into) == 6
    assert mark(alice, into) == 3
    assert mark(bob, into) == 7


def test_notices_and_drafts_lead_to_where_the_words_stand(mo, ada, charlie, long, other):
    drafts.keep_draft(charlie, other, body="I began this.")
    into = moves.merge_topic(mo, other, long)
    notice = db.session.query(Notification).filter_by(user_id=ada.id).one()
    assert (notice.topic_id, notice.thread) == (into.id, f"topic:{into.id}")
    assert db.session.query(Draft).one().place == f"reply:{into.id}"


@pytest.mark.parametrize("had_both", [False, True])
def test_what_was_watched_and_kept_of_the_one_is_of_the_other_once(mo, charlie, long, other, had_both):
    watching.keep_bookmark(charlie, db.session.query(Post).filter_by(topic_id=long.id, number=2).one())
    for topic in (other, long) if had_both else (other,):
        watching.keep_bookmark(charlie, topic)
        watching.watch_topic(charlie, topic, level="all")
    left = other.id
    into = moves.merge_topic(mo, other, long)
    stays = [left] if had_both else []
    assert places_of(Watch, charlie) == sorted([into.id, *stays])
    assert places_of(Bookmark, charlie) == sorted([into.id, into.id, *stays])


def test_two_notices_stay_two(mo, alice, bob, long):
    second = factories.make_topic(alice, long.board, "Also hers")
    factories.make_post(bob, second, "there too")
    into = moves.merge_topic(mo, second, long)
    notices = db.session.query(Notification).filter_by(user_id=alice.id).all()
    assert {one.topic_id for one in notices} == {into.id}
    assert len(notices) == 2


def test_what_either_mentions_is_mentioned(mo, long, other):
    topics.note_topic(mo, other, kinds=["loss", "eating"])
    topics.note_topic(mo, long, kinds=["loss"])
    assert sorted(moves.merge_topic(mo, other, long).note_kinds) == ["eating", "loss"]


def test_open_cases_go_to_those_who_moderate_there_now(mo, bob, long):
    elsewhere = factories.make_board("Elsewhere")
    into = factories.make_topic(bob, elsewhere)
    factories.make_post(bob, long, HELD)
    moves.merge_topic(mo, long, into)
    assert db.session.query(Case).one().board_id == elsewhere.id


def test_words_for_few_are_not_shown_to_many(mo, ada, bob, long, other):
    guests = factories.make_board("Open", audience=Audience.GUESTS)
    outside = factories.make_topic(ada, guests)
    for deed in (
        lambda: moves.merge_topic(mo, long, outside),
        lambda: topics.move_topic(mo, long, guests),
    ):
        with pytest.raises(Forbidden, match="More people"):
            deed()
    moves.merge_topic(mo, outside, long)


@pytest.fixture
def audiences(app, bob, charlie):
    """A board of each audience: everybody, members, either of two groups, both, and nobody but moderators."""
    tuesday, friday = (factories.saved(Group(name=name)) for name in ("Tuesday", "Friday"))
    bob.groups.append(tuesday)
    charlie.groups.append(friday)
    db.session.commit()
    groups = {"groups": [tuesday], "others": [friday], "both": [tuesday, friday], "nobody": []}
    return [
        factories.make_board("Open", audience=Audience.GUESTS),
        factories.make_board("Members", audience=Audience.MEMBERS),
        *(factories.make_board(name, audience=Audience.GROUPS, groups=of) for name, of in groups.items()),
    ]


def _move(actor, topic, board):
    return topics.move_topic(actor, topic, board)


def _merge(actor, topic, board):
    return moves.merge_topic(actor, topic, factories.make_topic(actor, board, "The other"))


@pytest.mark.parametrize("deed", [_move, _merge])
def test_nobody_comes_to_see_what_they_could_not_see_before(deed, guest, alice, bob, charlie, ada, audiences):
    readers = (guest, alice, bob, charlie)

    def who_sees(board):
        return {reader for reader in readers if can_see_board(reader, board)}

    for origin, board in permutations(audiences, 2):
        limits.use("")
        topic, widens = factories.make_topic(ada, origin), who_sees(board) - who_sees(origin)
        if widens:
            with pytest.raises(Forbidden, match="More people"):
                deed(ada, topic, board)
            db.session.rollback()
            assert topic.board_id == origin.id
            assert not topic.is_deleted
        else:
            assert deed(ada, topic, board).board_id == board.id


@pytest.mark.parametrize("deed", ["hidden", "waiting"])
def test_what_readers_do_not_see_is_not_joined(mo, bob, long, deed):
    body = HELD if deed == "waiting" else "words"
    first = topics.start_topic(bob, long.board, title="Another", body=body)
    if deed == "hidden":
        topics.hide_post(mo, first)
    with pytest.raises(Forbidden):
        moves.merge_topic(mo, first.topic, long)
    with pytest.raises(Forbidden):
        moves.merge_topic(mo, long, first.topic)


def test_a_topic_is_not_joined_to_itself(mo, long):
    with pytest.raises(Invalid):
        moves.merge_topic(mo, long, long)


def test_what_was_begun_for_the_old_topic_is_sent_to_where_it_went(mo, charlie, long, other):
    moves.merge_topic(mo, other, long)
    assert topics.reply_to_topic(charlie, other, body="late").topic_id == long.id


def test_each_is_a_line_of_the_log(mo, long, other):
    moves.merge_topic(mo, other, long)
    split(mo, long)
    lines = db.session.query(LogEntry).filter_by(actor_id=mo.id).order_by(LogEntry.id)
    assert [one.code for one in lines] == ["topic_merged", "topic_split"]


def test_a_joined_topic_is_in_no_list_for_staff_either(mo, ada, long, other):
    from forum.queries.boards import topics_of

    moves.merge_topic(mo, other, long)
    for actor in (mo, ada):
        assert [line.topic.id for line in topics_of(actor, long.board).lines] == [long.id]


# At the same moment


def at_once(app, *deeds):
    """Each deed in a thread with a connection of its own; what it raised, or None."""
    start, outcomes = Barrier(len(deeds)), [None] * len(deeds)
    db.session.rollback()

    def run(at, deed):
        with app.app_context():
            try:
                start.wait()
                deed()
            except ForumError as error:
                outcomes[at] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(at, deed)) for at, deed in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    db.session.expire_all()
    return outcomes


def get(kind, row_id):
    return db.session.get(kind, row_id)


@pytest.mark.parametrize("round_", range(3))
def test_replies_changes_and_a_split_at_once_leave_both_topics_whole(app, mo, bob, charlie, long, round_):
    ids = {"topic": long.id, "mo": mo.id, "bob": bob.id, "charlie": charlie.id}
    last = db.session.query(Post).filter_by(number=5).one().id

    def reply(body):
        return lambda: topics.reply_to_topic(get(User, ids["charlie"]), get(Topic, ids["topic"]), body=body)

    outcomes = at_once(
        app,
        reply("a"),
        lambda: split(get(User, ids["mo"]), get(Topic, ids["topic"])),
        reply("b"),
        lambda: topics.delete_post(get(User, ids["bob"]), get(Post, last)),
        lambda: mark_read(get(User, ids["charlie"]), get(Topic, ids["topic"])),
        reply("c"),
    )
    assert outcomes == [None] * 6
    new = db.session.query(Topic).filter_by(split_from_id=ids["topic"]).one()
    assert is_whole(new)
    assert is_whole(get(Topic, ids["topic"]))
    assert db.session.query(Post).count() == 8
    for one in db.session.query(ReadMark):
        assert one.number <= get(Topic, one.topic_id).last_number


@pytest.mark.parametrize("round_", range(3))
def test_replies_and_two_merges_at_once_lose_nothing(app, mo, ada, bob, charlie, long, other, round_):
    a, b, m, c = long.id, other.id, mo.id, charlie.id
    outcomes = at_once(
        app,
        lambda: topics.reply_to_topic(get(User, c), get(Topic, a), body="to one"),
        lambda: moves.merge_topic(get(User, m), get(Topic, a), get(Topic, b)),
        lambda: topics.reply_to_topic(get(User, c), get(Topic, b), body="to the other"),
        lambda: moves.merge_topic(get(User, m), get(Topic, b), get(Topic, a)),
    )
    assert outcomes[0] is outcomes[2] is None
    assert [type(one) for one in outcomes].count(Forbidden) == 1
    left = db.session.query(Topic).filter_by(merged_into_id=None).one()
    assert is_whole(left)
    assert db.session.query(Post).filter_by(topic_id=left.id).count() == 9


@pytest.mark.parametrize("round_", range(3))
def test_a_move_and_a_reply_at_once_leave_both_boards_right(app, mo, charlie, long, round_):
    elsewhere = factories.make_board("Elsewhere").id
    a, m, c, left = long.id, mo.id, charlie.id, long.board_id
    outcomes = at_once(
        app,
        lambda: topics.reply_to_topic(get(User, c), get(Topic, a), body="words"),
        lambda: topics.move_topic(get(User, m), get(Topic, a), get(Board, elsewhere)),
    )
    assert outcomes == [None, None]
    assert is_whole(get(Topic, a))
    assert (get(Board, left).last_topic_id, get(Board, elsewhere).last_topic_id) == (None, a)
