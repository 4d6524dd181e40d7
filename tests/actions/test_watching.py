"""What reaches whom, and when; what members keep; whom they are offered to name; and the feed."""

from datetime import UTC, datetime, time, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import event, select

from forum import notify
from forum.actions import sessions, topics, watching
from forum.actions.notifications import mark_notifications_seen
from forum.db import action, db, now
from forum.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited, Stale
from forum.models import (
    Audience,
    Bookmark,
    Case,
    GroupMember,
    Guest,
    Level,
    Notification,
    Reach,
    SanctionKind,
    Scope,
    TokenScope,
    User,
    Watch,
    zone_of,
)
from forum.policy.boards import can_see_board, who_sees_board
from forum.queries.accounts import digest_of
from forum.queries.notifications import cursor_of, has_news, notifications_for
from forum.queries.watching import bookmarks_of, feed_member, feed_of, reach_version
from forum.text.mentions import names, written
from tests import factories

NIGHT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def told(user):
    return [(notice.kind, notice.count) for notice in notifications_for(user)]


def rows_of(user):
    """What was written for somebody, whether or not it is shown to them."""
    return db.session.scalars(select(Notification).where(Notification.user_id == user.id)).all()


# Who is told


def test_whoever_replied_is_told_of_what_comes_after(bob, charlie, topic, post):
    factories.make_post(charlie, topic)
    assert told(bob) == [("watched", 1)]


def test_whoever_only_reads_is_told_nothing(charlie, topic, post):
    assert told(charlie) == []


@pytest.mark.parametrize("where", ["topic", "board", "site"])
def test_whoever_watches_a_place_is_told_of_everything_in_it(where, bob, charlie, topic):
    _watch(charlie, where, topic, Level.ALL)
    factories.make_post(bob, topic)
    assert told(charlie) == [("watched", 1)]


def test_a_new_topic_reaches_whoever_watches_its_board(alice, charlie, board):
    watching.watch_board(charlie, board, level="all")
    factories.make_topic(alice, board)
    assert told(charlie) == [("topic", 1)]


@pytest.mark.parametrize("where", ["topic", "board", "site"])
def test_whoever_wants_nothing_is_told_nothing_even_by_name(where, alice, bob, topic):
    _watch(alice, where, topic, Level.NONE)
    factories.make_post(bob, topic, "@Alice Fern, I read this.")
    assert told(alice) == []


def test_the_nearest_choice_holds(charlie, bob, topic):
    watching.change_reach(charlie, level="none")
    watching.watch_board(charlie, topic.board, level="all")
    factories.make_post(bob, topic)
    assert told(charlie) == [("watched", 1)]
    watching.watch_topic(charlie, topic, level="mentions")
    mark_notifications_seen(charlie)
    factories.make_post(bob, topic)
    assert not has_news(charlie)


def test_only_what_is_said_to_one_in_ones_own_topic(alice, bob, topic):
    watching.watch_topic(alice, topic, level="mentions")
    factories.make_post(bob, topic, "I read this.")
    assert told(alice) == []
    factories.make_post(bob, topic, "@Alice Fern, with you.")
    assert told(alice) == [("mention", 1)]


def test_a_choice_can_be_taken_back(alice, bob, topic):
    watching.watch_topic(alice, topic, level="none")
    watching.watch_topic(alice, topic, level=None)
    factories.make_post(bob, topic)
    assert told(alice) == [("reply", 1)]
    assert db.session.scalars(select(Watch)).all() == []


def test_a_level_that_there_is_not_is_refused(alice, topic):
    with pytest.raises(Invalid):
        watching.watch_topic(alice, topic, level="some")


def test_a_name_reaches_nobody_who_may_not_see_the_place(alice, bob, charlie, app):
    """Not even as a row that is never shown, or a ring in their open pages."""
    closed = _closed(alice, bob)
    topic = factories.make_topic(alice, closed, body="@Charlie Moss would know. @Bob Heron too.")
    assert rows_of(charlie) == []
    assert told(bob) == [("mention", 1)]
    watching_all = Watch(user_id=charlie.id, board_id=closed.id, level=Level.ALL)
    factories.saved(watching_all)
    factories.make_post(bob, topic)
    assert rows_of(charlie) == []


@pytest.mark.parametrize("scope", [Scope.SITE, Scope.BOARD])
def test_a_ban_ends_being_told(scope, alice, bob, topic):
    factories.sanction(alice, SanctionKind.BAN, scope, board=topic.board if scope == Scope.BOARD else None)
    factories.make_post(bob, topic)
    assert rows_of(alice) == []


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "fay", "mo", "max", "ada", "sam"])
def test_who_sees_a_board_is_the_same_question_in_sql(who, audience, request, alice):
    user = request.getfixturevalue(who)
    board = factories.make_board("Twin", audience=audience)
    if who == "charlie":
        factories.sanction(user, SanctionKind.BAN, Scope.BOARD, board=board)
    found = db.session.scalar(select(User.id).where(User.id == user.id, who_sees_board(board)))
    assert (found is not None) is bool(can_see_board(user, board))


def test_a_name_beyond_ascii_is_found_as_it_is_written(alice, topic):
    elan = factories.make_user("Élan Ferry")
    factories.make_post(alice, topic, "@Élan Ferry said it.")
    assert told(elan) == [("mention", 1)]


@pytest.mark.parametrize("watchers", [2, 200])
def test_a_publication_costs_the_same_however_many_watch(watchers, alice, bob, topic, count):
    db.session.add_all(_watchers(watchers, topic))
    db.session.commit()
    topics.reply_to_topic(bob, topic, body="First.")
    del count[:]
    topics.reply_to_topic(bob, topic, body="I read this.")
    assert len(count) <= 24, "\n\n".join(count)
    assert len(db.session.scalars(select(Notification)).all()) == watchers + 1


@pytest.fixture
def count(app):
    asked = []

    def listen(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    yield asked
    event.remove(db.engine, "before_cursor_execute", listen)


def _watchers(how_many, topic):
    people = [User(password_hash="x") for _ in range(how_many)]
    db.session.add_all(people)
    db.session.flush()
    return [Watch(user_id=one.id, topic_id=topic.id, level=Level.ALL) for one in people]


def _watch(user, where, topic, level):
    if where == "topic":
        watching.watch_topic(user, topic, level=level)
    elif where == "board":
        watching.watch_board(user, topic.board, level=level)
    else:
        watching.change_reach(user, level=level)


def _closed(*members):
    from forum.actions import groups
    from forum.models import System

    group = groups.make_group(System(), name="A circle")
    board = factories.make_board("Closed", audience=Audience.GROUPS, groups=[group])
    for one in members:
        db.session.add(GroupMember(group_id=group.id, user_id=one.id))
    db.session.commit()
    for one in members:
        db.session.refresh(one)
    return board


# Quiet hours


@pytest.mark.once
@pytest.mark.parametrize(
    "begin, end, at, is_quiet",
    [
        (22, 7, 23, True), (22, 7, 3, True), (22, 7, 7, False), (22, 7, 12, False),
        (9, 17, 12, True), (9, 17, 17, False), (9, 17, 8, False), (9, 9, 10, True),
    ],
)  # fmt: skip
def test_quiet_hours_may_pass_midnight(begin, end, at, is_quiet):
    reach = Reach(quiet_from=time(begin), quiet_until=time(end))
    assert bool(reach.quiet_since(datetime(2026, 11, 24, at, tzinfo=UTC), ZoneInfo("UTC"))) is is_quiet


@pytest.mark.once
def test_quiet_hours_are_in_the_members_own_zone():
    reach = Reach(quiet_from=time(22), quiet_until=time(7))
    zone = zone_of("Asia/Tokyo")
    assert reach.quiet_since(datetime(2026, 11, 24, 14, tzinfo=UTC), zone)
    assert not reach.quiet_since(datetime(2026, 11, 24, 23, tzinfo=UTC), zone)


def test_what_comes_in_quiet_hours_shows_no_dot_until_they_are_over(alice, bob, topic):
    with time_machine.travel(NIGHT, tick=False):
        watching.change_reach(alice, quiet_from="22:00", quiet_until="07:00")
        factories.make_post(bob, topic)
        assert not has_news(alice)
        assert told(alice) == [("reply", 1)]
    with time_machine.travel(NIGHT + timedelta(hours=8), tick=False):
        assert has_news(alice)


@pytest.mark.parametrize("kind", ["password_reset", "second_step"])
def test_what_may_be_a_strangers_doing_is_said_at_once(kind, alice, app, client_as):
    from tests.talking import Tab

    tab = Tab(app, client_as(alice))
    watching.change_reach(alice, quiet_from="00:00", quiet_until="00:00")
    tab.heard()
    action(notify.tell)(alice.id, kind, kind)
    assert has_news(alice)
    assert tab.heard("user:event") == [{"kind": "notice"}]
    tab.close()


def test_what_was_there_before_keeps_its_dot(alice, bob, topic):
    with time_machine.travel(NIGHT - timedelta(hours=4), tick=False):
        watching.change_reach(alice, quiet_from="22:00", quiet_until="07:00")
        factories.make_post(bob, topic)
    with time_machine.travel(NIGHT, tick=False):
        assert has_news(alice)


def test_open_pages_hear_nothing_in_quiet_hours(alice, bob, topic, client_as, app):
    from tests.talking import Tab

    tab = Tab(app, client_as(alice))
    tab.heard()
    watching.change_reach(alice, quiet_from="00:00", quiet_until="00:00")
    factories.make_post(bob, topic)
    assert not tab.heard("user:event")
    watching.change_reach(alice)
    factories.make_post(bob, topic)
    assert tab.heard("user:event") == [{"kind": "notice"}]
    tab.close()


@pytest.mark.parametrize(
    "wrong",
    [{"quiet_from": "22:00"}, {"quiet_from": "late", "quiet_until": "07:00"}, 
     {"kind_words_a_day": 0}, {"kind_words_a_day": 21}, {"level": "some"}],
)  # fmt: skip
def test_a_wish_that_cannot_be_kept_is_refused(wrong, alice):
    with pytest.raises(Invalid):
        watching.change_reach(alice, **wrong)
    assert alice.reach is None


def test_wishes_changed_on_another_device_are_not_overwritten(alice):
    before = reach_version(alice.reach)
    watching.change_reach(alice, level="all", version=before)
    with pytest.raises(Stale):
        watching.change_reach(alice, level="none", version=before)


# Cursors


def test_notices_of_one_moment_are_each_shown_once(alice, topic):
    at = now()
    place = {"user_id": alice.id, "kind": "reply", "topic_id": topic.id, "board_id": topic.board_id, "at": at}
    db.session.add_all(Notification(thread=f"t{number}", **place) for number in range(35))
    db.session.commit()
    first = notifications_for(alice)
    second = notifications_for(alice, before=cursor_of(first))
    assert len({one.id for one in (*first, *second)}) == 35


@pytest.mark.parametrize("number", ["-99999999999999999999", "99999999999999999999"])
def test_a_cursor_with_a_number_that_no_notice_has_breaks_nothing(number, alice):
    assert notifications_for(alice, before=f"2026-11-24T00:00:00+00:00_{number}") == []


@pytest.mark.parametrize(
    "before", ["yesterday", "x_1", "2026-11-24_x", "2026-11-24_1_1", "0001-01-01T00:00:00+23:59_1"]
)
def test_a_cursor_that_nobody_was_given_leads_nowhere(before, alice):
    with pytest.raises(NotFound):
        notifications_for(alice, before=before)


# Names


def offered(actor, board, prefix, topic=None):
    return [one.name for one in watching.offer_names(actor, board, prefix=prefix, topic=topic)]


def test_names_that_begin_so_are_offered_who_wrote_here_first(alice, bob, topic):
    early, late = factories.make_user("Fern Acorn"), factories.make_user("Fern Birch")
    factories.make_post(late, topic)
    assert offered(bob, topic.board, "fe", topic) == ["Fern Birch", "Fern Acorn"]
    assert early.name == "Fern Acorn"


@pytest.mark.parametrize("prefix", ["", "a", " a ", "%%", "__", "zz"])
def test_no_beginning_lists_members(prefix, bob, alice, board):
    assert offered(bob, board, prefix) == []


def test_at_most_eight_are_offered_and_never_oneself(bob, board):
    for number in range(12):
        factories.make_user(f"Bobbin {'abcdefghjkmn'[number]}x")
    found = offered(bob, board, "bo")
    assert len(found) == 8
    assert bob.name not in found


def test_nobody_is_offered_who_may_not_see_the_place_or_is_banned(alice, bob, charlie, ada):
    closed = _closed(alice, bob)
    assert offered(alice, closed, "ch") == []
    assert offered(alice, closed, "ad") == ["Ada Hearth"]
    factories.sanction(bob, SanctionKind.BAN, Scope.SITE)
    assert offered(alice, closed, "bo") == []


def test_whoever_may_not_write_here_is_offered_nobody(sam, alice, charlie, board):
    for somebody in (Guest(), sam):
        with pytest.raises(Forbidden):
            offered(somebody, board, "al")
    with pytest.raises(Forbidden):
        offered(charlie, _closed(alice), "al")


def test_names_are_not_asked_for_one_beginning_after_the_other(alice, board):
    with pytest.raises(RateLimited):
        for _ in range(41):
            offered(alice, board, "bo")


@pytest.mark.once
@pytest.mark.parametrize("name", ["Wren", "Quiet Juniper", "Slow Grey Heron", "J.R. Fen"])
def test_what_is_put_in_is_read_as_that_name(name):
    assert name in names(f"I heard {written(name)} say so.")


# Bookmarks


def test_a_place_is_kept_once_with_a_note(bob, topic, post):
    watching.keep_bookmark(bob, post, note="for a hard evening")
    watching.keep_bookmark(bob, post)
    watching.keep_bookmark(bob, topic)
    kept = bookmarks_of(bob).kept
    assert [(one.post_id, one.note) for one in kept] == [(None, ""), (post.id, "for a hard evening")]
    watching.drop_bookmark(bob, post)
    assert [one.post_id for one in bookmarks_of(bob).kept] == [None]


def test_a_note_makes_no_case_and_has_an_end(bob, topic):
    watching.keep_bookmark(bob, topic, note="I want to die")
    assert db.session.scalars(select(Case)).all() == []
    with pytest.raises(Invalid):
        watching.keep_bookmark(bob, topic, note="x" * 501)


def test_what_is_kept_is_nobody_elses(alice, bob, topic):
    watching.keep_bookmark(bob, topic, note="mine")
    assert bookmarks_of(alice).kept == []
    with pytest.raises(Forbidden):
        watching.keep_bookmark(Guest(), topic)


@pytest.mark.parametrize("how", ["ban", "hidden", "moved"])
def test_what_is_kept_vanishes_with_access(how, charlie, mo, topic, post):
    watching.keep_bookmark(charlie, post)
    if how == "ban":
        factories.sanction(charlie, SanctionKind.BAN, Scope.BOARD, board=topic.board)
    if how == "hidden":
        topics.hide_post(mo, post)
    if how == "moved":
        topics.move_topic(mo, topic, factories.make_board("Closed", audience=Audience.GROUPS))
    assert bookmarks_of(charlie).kept == []


def test_what_is_kept_is_paged(bob, topic):
    for number in range(22):
        post = factories.make_post(bob, topic) if number % 2 else None
        watching.keep_bookmark(bob, post or factories.saved(_copy(topic)))
        from forum.limits import limits

        limits.use("")
    page = bookmarks_of(bob)
    assert len(page.kept) == 20
    assert len(bookmarks_of(bob, before=page.older).kept) == 2


def _copy(topic):
    from forum.models import Topic

    place = {"board_id": topic.board_id, "author_id": topic.author_id, "persona_id": topic.persona_id}
    return Topic(title="Another", intent="listen", **place)


def test_there_is_an_end_to_keeping(bob, topic, post, monkeypatch):
    monkeypatch.setattr(watching, "MOST_BOOKMARKS", 1)
    watching.keep_bookmark(bob, topic)
    watching.keep_bookmark(bob, topic, note="again")
    with pytest.raises(Conflict):
        watching.keep_bookmark(bob, post)
    assert len(db.session.scalars(select(Bookmark)).all()) == 1


# The feed


def test_a_feed_holds_what_one_watches_whole(charlie, alice, board, topic):
    other = factories.make_topic(alice, board, "Another")
    watching.watch_board(charlie, board, level="all")
    watching.watch_topic(charlie, other, level="none")
    assert [one.id for one in feed_of(charlie)] == [topic.id]


def test_a_feed_holds_nothing_that_its_member_does_not_see_now(charlie, alice, mo, board, topic):
    watching.watch_board(charlie, board, level="all")
    factories.sanction(charlie, SanctionKind.BAN, Scope.BOARD, board=board)
    assert feed_of(charlie) == []


def test_what_waits_or_is_hidden_by_choice_is_not_in_a_feed(alice, bob, mo, board, topic):
    from forum.actions.accounts import change_settings

    watching.change_reach(bob, level="all")
    factories.make_topic(alice, board, "About it", kinds=["loss"])
    change_settings(bob, choices={"loss": "hide"})
    assert [one.title for one in feed_of(bob)] == [topic.title]
    topics.hide_post(mo, db.session.scalars(select(topics.Post).order_by(topics.Post.id)).first())
    assert feed_of(bob) == []


def test_a_feed_ends_with_a_new_one_with_log_ins_and_with_a_ban(alice):
    first = watching.make_feed(alice)
    second = watching.make_feed(alice)
    with pytest.raises(NotFound):
        feed_member(digest_of(first))
    assert feed_member(digest_of(second)) == alice
    sessions.end_other_sessions(alice, "")
    with pytest.raises(NotFound):
        feed_member(digest_of(second))
    third = watching.make_feed(alice)
    factories.sanction(alice, SanctionKind.BAN, Scope.SITE)
    with pytest.raises(NotFound):
        feed_member(digest_of(third))


def test_a_program_makes_itself_no_feed(alice):
    alice.scopes = frozenset(TokenScope)
    with pytest.raises(Forbidden):
        watching.make_feed(alice)


def test_a_feed_is_atom_without_words_whatever_a_title_holds(app, alice, board):
    hostile = '</title><script>alert(1)</script>&x; ]]> "\ufffe'
    topic = factories.make_topic(
        alice, board, hostile, body="a secret line", gist="a heavy line", kinds=["loss"]
    )
    watching.watch_topic(alice, topic, level="all")
    answer = app.test_client().get(f"/feeds/{watching.make_feed(alice)}")
    feed = ElementTree.fromstring(answer.data)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    (entry,) = feed.findall("a:entry", atom)
    assert entry.findtext("a:title", namespaces=atom) == topic.title.replace("\ufffe", "")
    assert {child.tag.split("}")[1] for child in entry} == {
        "id",
        "title",
        "updated",
        "author",
        "link",
        "category",
    }
    assert feed.findtext("a:id", namespaces=atom)
    assert feed.findtext("a:updated", namespaces=atom)
    assert b"secret" not in answer.data
    assert b"heavy" not in answer.data
    assert answer.mimetype == "application/atom+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_feed_is_made_with_a_fresh_proof_and_ended_without(alice):
    address = watching.make_feed(alice)
    alice.proved_at = now() - timedelta(minutes=11)
    with pytest.raises(Forbidden):
        watching.make_feed(alice)
    watching.end_feed(alice)
    with pytest.raises(NotFound):
        feed_member(digest_of(address))


def test_an_address_that_nobody_was_given_is_not_found(app):
    assert app.test_client().get("/feeds/x").status_code == 404
