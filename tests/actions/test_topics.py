"""What people write on boards, and what happens to it."""

import pytest

from forum.actions import boards, topics
from forum.actions.html import rebuild_html
from forum.actions.places import make_board, make_section
from forum.db import db, now
from forum.errors import Conflict, Forbidden, ForumError, Invalid, NotFound, RateLimited
from forum.models import (
    Audience,
    Board,
    Case,
    ContentChoice,
    Duty,
    Group,
    Guest,
    Intent,
    LogEntry,
    Mention,
    Notification,
    Persona,
    Post,
    ReadMark,
    SanctionKind,
    Scope,
    Starters,
    System,
    Topic,
)
from forum.policy.boards import (
    can_edit_post,
    can_see_board,
    can_see_post,
    can_see_topic,
    visible_boards,
    visible_posts,
    visible_topics,
)
from forum.queries.boards import board_for, sections_for, topics_of
from forum.queries.topics import POSTS_A_PAGE, page_of, post_for, posts_of, topic_for
from tests import factories

URGES = "Honestly, just kys."
HEAVY = "I want to kill myself."
PRIVATE = "You can reach me at river@example.org, any evening."


def start(actor, board, **more):
    told = {"title": "Sunday calls", "body": "I put the phone down.", "intent": "listen"}
    return topics.start_topic(actor, board, **(told | more))


# Starting


def test_a_topic_begins_with_a_numbered_post(alice, board):
    post = start(alice, board, kinds=["family_conflict"], gist="A phone call.")
    assert (post.number, post.is_first, post.topic.last_number, post.topic.reply_count) == (1, True, 1, 0)
    assert post.topic.note_kinds == ["family_conflict"]
    assert post.topic.intent == Intent.LISTEN
    assert db.session.get(Board, board.id).last_topic_id == post.topic_id


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"body": ""}, "body"),
        ({"body": "é" * 10_001}, "body"),
        ({"intent": "applause"}, "intent"),
        ({"kinds": ["spiders"]}, "kinds"),
        ({"gist": "x" * 201}, "gist"),
        ({"title": "Write to river@example.org"}, "title"),
        ({"gist": "Write to river@example.org"}, "gist"),
    ],
)
def test_what_cannot_be_a_topic_says_which_field(alice, board, wrong, field):
    with pytest.raises(Invalid) as refusal:
        start(alice, board, **wrong)
    assert field in refusal.value.fields
    assert db.session.query(Topic).count() == 0


def test_the_same_form_twice_makes_one_topic(alice, board):
    first, second = start(alice, board, key="k1"), start(alice, board, key="k1")
    assert first.id == second.id
    assert db.session.query(Topic).count() == 1


def test_the_same_key_for_other_words_is_a_conflict(alice, board):
    start(alice, board, key="k1")
    with pytest.raises(Conflict):
        start(alice, board, key="k1", body="Something else.")


def test_the_same_key_of_another_member_is_another_topic(alice, bob, board):
    assert start(alice, board, key="k1").id != start(bob, board, key="k1").id


def test_where_moderators_start_members_do_not(alice, mo):
    board = factories.make_board("News", starters=Starters.MODERATORS)
    with pytest.raises(Forbidden):
        start(alice, board)
    assert start(mo, board).number == 1


@pytest.mark.parametrize("who", ["guest", "sam"])
def test_guests_and_suspended_members_do_not_start_topics(who, request, board):
    with pytest.raises(Forbidden):
        start(request.getfixturevalue(who), board)


def test_topics_are_limited(alice, board):
    for _ in range(6):
        start(alice, board)
    with pytest.raises(RateLimited):
        start(alice, board)


# Replying


def test_a_reply_takes_the_next_number(bob, charlie, topic):
    numbers = [factories.make_post(bob, topic).number, factories.make_post(charlie, topic).number]
    assert numbers == [2, 3]
    assert (topic.last_number, topic.reply_count) == (3, 2)


def test_a_double_submit_makes_one_reply(bob, topic):
    once = topics.reply_to_topic(bob, topic, body="I read this.", key="k")
    again = topics.reply_to_topic(bob, topic, body="I read this.", key="k")
    assert once.id == again.id
    assert topic.last_number == 2


def test_a_locked_topic_takes_no_replies_but_moderators(bob, mo, topic):
    topics.lock_topic(mo, topic)
    with pytest.raises(Forbidden):
        factories.make_post(bob, topic)
    assert factories.make_post(mo, topic).number == 2
    topics.unlock_topic(mo, topic)
    assert factories.make_post(bob, topic).number == 3


def test_a_topic_that_asks_for_witness_takes_no_words(alice, bob, board):
    topic = factories.make_topic(alice, board, intent="witness")
    with pytest.raises(Forbidden):
        factories.make_post(bob, topic)


def test_a_mute_of_the_board_holds_on_this_board_only(bob, alice, topic):
    elsewhere = factories.make_topic(alice, factories.make_board("Elsewhere"))
    factories.sanction(bob, SanctionKind.MUTE, Scope.BOARD, board=topic.board)
    with pytest.raises(Forbidden) as refusal:
        factories.make_post(bob, topic)
    assert refusal.value.code == "muted"
    assert factories.make_post(bob, elsewhere).number == 2


def test_a_quote_from_another_topic_is_not_kept(alice, bob, board, topic):
    other = factories.make_topic(alice, board)
    stray = factories.make_post(bob, other)
    assert topics.reply_to_topic(bob, topic, body="Yes.", quotes=stray).quotes_id is None


def test_names_are_kept_as_ids(alice, bob, topic):
    post = factories.make_post(bob, topic, 'Thank you, @"Alice Fern".')
    mentioned = db.session.scalars(db.select(Persona).join(Mention)).all()
    assert [one.id for one in mentioned] == [alice.byline.id]
    assert post.number == 2


# What triage read


def test_heavy_words_are_posted_and_open_a_case(bob, topic):
    post = factories.make_post(bob, topic, HEAVY)
    assert post.is_public
    assert post.shows_help
    assert db.session.query(Case).filter_by(post_id=post.id).one().tier == "crisis"


def test_words_that_tell_somebody_to_hurt_themself_wait(alice, bob, topic):
    post = factories.make_post(bob, topic, URGES)
    assert post.is_held
    assert post.number is None
    assert topic.last_number == 1
    assert db.session.query(Case).filter_by(post_id=post.id).one().tier == "red"
    assert db.session.query(Notification).filter_by(user_id=alice.id, kind="reply").count() == 0


def test_a_held_post_takes_its_place_when_released(alice, bob, charlie, mo, topic):
    held = factories.make_post(bob, topic, URGES)
    factories.make_post(charlie, topic)
    topics.release_post(mo, held)
    topics.release_post(mo, held)
    assert (held.number, held.is_held, topic.reply_count) == (3, False, 2)
    assert db.session.query(Notification).filter_by(user_id=alice.id, kind="reply").count() == 1


def test_a_held_topic_is_there_for_its_author_and_moderators_only(alice, bob, mo, board):
    post = start(alice, board, body=URGES)
    assert post.topic.is_held
    assert topic_for(alice, post.topic_id)
    assert topic_for(mo, post.topic_id)
    with pytest.raises(NotFound):
        topic_for(bob, post.topic_id)
    with pytest.raises(Forbidden):
        factories.make_post(mo, post.topic)
    topics.release_post(mo, post)
    assert topic_for(bob, post.topic_id).last_number == 1


def test_a_held_post_that_is_changed_may_be_shown(bob, topic):
    held = factories.make_post(bob, topic, URGES)
    topics.edit_post(bob, held, body="That sounds hard.")
    assert (held.is_held, held.number) == (False, 2)


def test_a_topic_held_for_its_title_waits_until_the_title_is_changed_too(alice, bob, board):
    post = start(alice, board, title=URGES)
    topics.edit_post(alice, post, body="Other words beneath the same title.")
    assert post.is_held
    with pytest.raises(NotFound):
        topic_for(bob, post.topic_id)
    topics.edit_post(alice, post, body="Other words.", title="A hard evening")
    assert topic_for(bob, post.topic_id).title == "A hard evening"


def test_an_author_changes_title_and_gist_with_the_first_post(alice, bob, topic, post):
    first = posts_of(alice, topic).lines[0].post
    topics.edit_post(alice, first, body="The same call.", title="  Sunday calls, again ", gist="Shorter now.")
    assert (topic.title, topic.gist) == ("Sunday calls, again", "Shorter now.")
    topics.edit_post(alice, first, body="Only the words.")
    assert (topic.title, topic.gist) == ("Sunday calls, again", "Shorter now.")
    topics.edit_post(bob, post, body="A reply.", title="Not a reply's to give")
    assert topic.title == "Sunday calls, again"
    with pytest.raises(Invalid) as empty:
        topics.edit_post(alice, first, body="Words.", title=" ")
    assert "title" in empty.value.fields


def test_a_title_that_would_have_to_wait_does_not_come_over_what_others_answered(alice, bob, topic, post):
    first, before = posts_of(alice, topic).lines[0].post, topic.title
    with pytest.raises(Invalid) as refused:
        topics.edit_post(alice, first, body="Words.", title=URGES)
    assert "title" in refused.value.fields
    db.session.refresh(topic)
    assert (topic.title, first.is_held) == (before, False)


def test_a_title_of_a_topic_alone_waits_with_it(alice, bob, topic):
    first = posts_of(alice, topic).lines[0].post
    topics.edit_post(alice, first, body="Words.", title=URGES)
    assert first.is_held
    with pytest.raises(NotFound):
        topic_for(bob, topic.id)


def test_a_shown_post_that_is_changed_for_the_worse_waits_and_keeps_its_place(alice, bob, mo, topic, post):
    topics.edit_post(bob, post, body=URGES)
    assert post.is_held
    assert (post.number, topic.reply_count) == (2, 0)
    assert not posts_of(alice, topic).lines[1].is_seen
    topics.edit_post(bob, post, body="Still " + URGES)
    topics.release_post(mo, post)
    assert (post.number, topic.reply_count) == (2, 1)


def test_a_first_post_changed_for_the_worse_takes_its_topic_along(alice, bob, topic):
    first = posts_of(alice, topic).lines[0].post
    topics.edit_post(alice, first, body=URGES)
    with pytest.raises(NotFound):
        topic_for(bob, topic.id)
    topics.edit_post(alice, first, body="Softer.")
    assert topic_for(bob, topic.id).is_public


def test_private_details_are_asked_about_first(bob, topic):
    with pytest.raises(Invalid) as question:
        factories.make_post(bob, topic, PRIVATE)
    assert "river@example.org" in question.value.fields["body"]
    assert question.value.fields["mask"]
    assert topic.last_number == 1


def test_private_details_are_covered_when_sent_anyway(bob, topic):
    post = factories.make_post(bob, topic, PRIVATE, mask=True)
    assert "river@example.org" not in post.source + post.html
    assert "personal_data" in post.verdict["labels"]


def test_someone_in_crisis_is_not_asked_first(bob, topic):
    post = factories.make_post(bob, topic, f"{HEAVY} {PRIVATE}")
    assert post.is_public
    assert "river@example.org" not in post.source


def test_a_heavy_title_is_read_too(alice, board):
    assert start(alice, board, title=HEAVY).shows_help


# Changing and taking back


def test_authors_change_their_own_words(bob, post):
    edited = topics.edit_post(bob, post, body="I read **all** of it.", version=post.version)
    assert "<strong>all</strong>" in edited.html
    assert edited.edited_at


def test_a_stale_change_is_refused(bob, post):
    before = post.version
    topics.edit_post(bob, post, body="First.", version=before)
    with pytest.raises(ForumError) as refusal:
        topics.edit_post(bob, post, body="Second.", version=before)
    assert refusal.value.status == 412
    assert db.session.get(Post, post.id).source == "First."


@pytest.mark.parametrize("who", ["guest", "alice", "charlie", "mo", "sam"])
def test_nobody_else_changes_them(who, request, post):
    with pytest.raises(Forbidden):
        topics.edit_post(request.getfixturevalue(who), post, body="Not mine.")


def test_nobody_else_takes_them_back(alice, mo, post):
    for actor in (alice, mo, Guest()):
        with pytest.raises(Forbidden):
            topics.delete_post(actor, post)


def test_a_post_taken_back_leaves_a_line(alice, bob, mo, topic, post):
    topics.delete_post(bob, post)
    assert [line.is_seen for line in posts_of(alice, topic).lines] == [True, False]
    assert [line.is_seen for line in posts_of(mo, topic).lines] == [True, False]
    assert topic.reply_count == 0
    with pytest.raises(Forbidden):
        topics.delete_post(bob, post)


def test_a_first_post_taken_back_leaves_its_thread_readable(alice, bob, charlie, topic, post):
    topics.delete_post(alice, posts_of(alice, topic).lines[0].post)
    assert [line.is_seen for line in posts_of(charlie, topic_for(charlie, topic.id)).lines] == [False, True]


def test_a_topic_that_nobody_answered_goes_with_its_first_post(alice, bob, topic):
    topics.delete_post(alice, posts_of(alice, topic).lines[0].post)
    with pytest.raises(NotFound):
        topic_for(bob, topic.id)
    assert board_for(bob, topic.board_id).last_topic_id is None


def test_a_suspended_member_may_take_their_words_back(bob, post):
    factories.sanction(bob, SanctionKind.SUSPENSION, Scope.SITE)
    assert topics.delete_post(bob, post).is_deleted


# Looking after


def test_a_hidden_post_is_there_for_its_author_and_moderators_only(alice, bob, mo, topic, post):
    topics.hide_post(mo, post)
    topics.hide_post(mo, post)
    seen = {actor: posts_of(actor, topic).lines[1].is_seen for actor in (alice, bob, mo, Guest())}
    assert list(seen.values()) == [False, True, True, False]
    assert not can_edit_post(bob, post)
    topics.show_post(mo, post)
    topics.show_post(mo, post)
    assert posts_of(alice, topic).lines[1].is_seen
    assert [
        entry.code
        for entry in db.session.query(LogEntry).filter(LogEntry.actor_id == mo.id).order_by(LogEntry.id)
    ] == [
        "post_hidden",
        "post_shown",
    ]


def test_a_hidden_first_post_without_answers_takes_its_topic_along(alice, bob, mo, topic):
    first = posts_of(alice, topic).lines[0].post
    topics.hide_post(mo, first)
    with pytest.raises(NotFound):
        topic_for(bob, topic.id)
    topics.show_post(mo, first)
    assert topic_for(bob, topic.id)


@pytest.mark.parametrize("who", ["alice", "bob", "max", "guest"])
def test_only_moderators_of_the_board_look_after_it(who, request, topic, post):
    actor = request.getfixturevalue(who)
    deeds = [
        lambda: topics.hide_post(actor, post),
        lambda: topics.show_post(actor, post),
        lambda: topics.release_post(actor, post),
        lambda: topics.lock_topic(actor, topic),
        lambda: topics.pin_topic(actor, topic),
        lambda: topics.move_topic(actor, topic, topic.board),
    ]
    for deed in deeds:
        with pytest.raises(Forbidden):
            deed()


def test_a_pinned_topic_stands_first(alice, mo, board, topic):
    factories.make_topic(alice, board, title="Later")
    topics.pin_topic(mo, topic)
    assert topics_of(alice, board).lines[0].topic.id == topic.id
    topics.unpin_topic(mo, topic)
    assert topics_of(alice, board).lines[0].topic.title == "Later"


def test_a_moved_topic_keeps_its_address_and_its_posts(alice, bob, mo, topic, post):
    other = factories.make_board("The quiet corner")
    left = topic.board
    topics.move_topic(mo, topic, other)
    topics.move_topic(mo, topic, other)
    assert topic_for(bob, topic.id).board_id == other.id
    assert post_for(bob, post.id).number == 2
    assert db.session.get(Board, left.id).last_topic_id is None
    assert db.session.get(Board, other.id).last_topic_id == topic.id
    assert db.session.query(Notification).one().board_id == other.id


def test_a_topic_moves_only_to_a_board_that_its_moderator_keeps(board, topic):
    other = factories.make_board("Not theirs")
    keeper = factories.appoint(factories.make_user("Tomas Kept"), Duty.MODERATOR, board=board)
    with pytest.raises(Forbidden):
        topics.move_topic(keeper, topic, other)


def test_authors_and_moderators_say_what_a_topic_mentions(alice, bob, mo, topic):
    topics.note_topic(alice, topic, kinds=["loss"])
    assert topic.note_kinds == ["loss"]
    topics.note_topic(mo, topic, kinds=["abuse", "loss"])
    assert sorted(topic.note_kinds) == ["abuse", "loss"]
    with pytest.raises(Forbidden):
        topics.note_topic(bob, topic, kinds=[])
    with pytest.raises(Invalid):
        topics.note_topic(mo, topic, kinds=["spiders"])


# Seeing, one by one and in SQL


@pytest.fixture
def places(app, alice, bob, mo, max):
    """A board of each kind, with a public, a held, a hidden and a taken-back topic on each."""
    group = factories.saved(Group(name="Tuesday people"))
    bob.groups.append(group)
    db.session.commit()
    made = [
        factories.make_board("Open", audience=Audience.GUESTS),
        factories.make_board("Members", audience=Audience.MEMBERS),
        factories.make_board("Grouped", audience=Audience.GROUPS, groups=[group]),
        factories.make_board("Nobody’s", audience=Audience.GROUPS),
        db.session.get(Board, max.appointments[0].board_id),
    ]
    for board in made:
        for state in (None, "held_at", "hidden_at", "deleted_at"):
            _standing(alice, board, state)
    return made


def _standing(author, board, state):
    """A topic with a post in each state, written past the actions so that every combination exists."""
    topic = Topic(
        board_id=board.id, author_id=author.id, persona_id=author.byline.id, title=str(state), intent="listen"
    )
    if state:
        setattr(topic, state, now())
    db.session.add(topic)
    for mark in (None, "held_at", "hidden_at", "deleted_at"):
        post = Post(topic=topic, author_id=author.id, persona_id=author.byline.id, source="x", html="x")
        if mark:
            setattr(post, mark, now())
        db.session.add(post)
    db.session.commit()


@pytest.mark.parametrize(
    "who",
    ["guest", "alice", "bob", "charlie", "mo", "max", "ada", "sam", "wil", "banned", "barred", "system"],
)
def test_what_may_be_seen_is_the_same_one_by_one_and_in_sql(who, request, places):
    actor = _actor(who, request, places)
    seen = {b.id for b in db.session.scalars(db.select(Board)) if can_see_board(actor, b)}
    assert seen == set(db.session.scalars(db.select(Board.id).where(visible_boards(actor))))
    seen = {t.id for t in db.session.scalars(db.select(Topic)) if can_see_topic(actor, t)}
    assert seen == set(db.session.scalars(db.select(Topic.id).where(visible_topics(actor))))
    seen = {p.id for p in db.session.scalars(db.select(Post)) if can_see_post(actor, p)}
    assert seen == set(db.session.scalars(db.select(Post.id).join(Post.topic).where(visible_posts(actor))))


def _actor(who, request, places):
    if who == "system":
        return System()
    if who == "banned":
        return factories.sanction(factories.make_user("Banned Reed"), SanctionKind.BAN, Scope.SITE)
    if who == "barred":
        return factories.sanction(
            factories.make_user("Barred Reed"), SanctionKind.BAN, Scope.BOARD, board=places[1]
        )
    return request.getfixturevalue(who)


@pytest.mark.parametrize(
    "who, names",
    [
        ("guest", {"Open"}),
        ("charlie", {"Open", "Members", "Elsewhere"}),
        ("bob", {"Open", "Members", "Elsewhere", "Grouped"}),
        ("mo", {"Open", "Members", "Elsewhere", "Grouped", "Nobody’s"}),
        ("banned", set()),
        ("barred", {"Open", "Elsewhere"}),
        ("sam", {"Open", "Members", "Elsewhere"}),
    ],
)
def test_who_sees_which_board(who, names, request, places):
    actor = _actor(who, request, places)
    assert {line.board.name for _, lines in sections_for(actor) for line in lines} == names


# Pages


def test_a_page_is_a_span_of_numbers(bob, topic):
    _fill(bob, topic, 45)
    first, last = posts_of(bob, topic), posts_of(bob, topic, page=3)
    assert [first.lines[0].post.number, first.lines[-1].post.number, first.count] == [1, POSTS_A_PAGE, 3]
    assert [last.lines[0].post.number, last.lines[-1].post.number] == [41, 46]
    assert posts_of(bob, topic, page=99).number == 3
    assert page_of(last.lines[0].post) == 3


def _fill(author, topic, count):
    for number in range(2, count + 2):
        db.session.add(
            Post(
                topic_id=topic.id,
                number=number,
                author_id=author.id,
                persona_id=author.byline.id,
                source="x",
                html="x",
            )
        )
    topic.last_number = count + 1
    db.session.commit()


def test_what_waits_stands_last_for_its_author_only(alice, bob, topic):
    held = factories.make_post(bob, topic, URGES)
    assert [line.post.id for line in posts_of(bob, topic).lines][-1] == held.id
    assert held.id not in [line.post.id for line in posts_of(alice, topic).lines]
    assert held.id not in [line.post.id for line in posts_of(Guest(), topic).lines]


def test_topics_are_listed_by_their_latest_words_and_paged_by_a_cursor(alice, mo, board):
    for number in range(25):
        db.session.add(
            Topic(
                board_id=board.id,
                author_id=alice.id,
                persona_id=alice.byline.id,
                title=f"{number}",
                intent="listen",
            )
        )
    db.session.commit()
    topics.pin_topic(mo, db.session.scalars(db.select(Topic).order_by(Topic.id)).first())
    first = topics_of(alice, board)
    rest = topics_of(alice, board, before=first.older)
    titles = [line.topic.title for line in first.lines + rest.lines]
    assert titles == ["0", *map(str, range(24, 0, -1))]
    assert rest.older is None


def test_a_cursor_that_nobody_was_given_leads_nowhere(alice, board):
    with pytest.raises(NotFound):
        topics_of(alice, board, before="yesterday")


def test_topics_are_listed_by_what_they_ask_for(alice, board, topic):
    factories.make_topic(alice, board, title="Ideas", intent="ideas")
    assert [line.topic.title for line in topics_of(alice, board, intent="ideas").lines] == ["Ideas"]


# Reading


def test_what_came_since_is_new_until_read(alice, bob, topic):
    reply = factories.make_post(bob, topic)
    board = topic.board
    assert topics_of(alice, board).lines[0].is_new
    assert not topics_of(bob, board).lines[0].is_new
    assert posts_of(alice, topic).first_new == reply.number
    boards.mark_read(alice, topic)
    assert not topics_of(alice, board).lines[0].is_new
    assert posts_of(alice, topic).first_new is None


def test_a_mark_never_goes_back(alice, bob, topic, post):
    boards.mark_read(alice, topic)
    boards.mark_read(alice, topic, number=1)
    boards.mark_read(alice, topic, number=99)
    assert db.session.get(ReadMark, (alice.id, topic.id)).number == 2


def test_everything_can_be_marked_read(alice, bob, charlie, topic, post):
    assert any(line.is_new for _, lines in sections_for(charlie) for line in lines)
    boards.mark_all_read(charlie)
    boards.mark_all_read(charlie)
    assert not any(line.is_new for _, lines in sections_for(charlie) for line in lines)
    assert topics_of(charlie, topic.board).lines[0].is_new is False
    factories.make_post(bob, topic)
    boards.mark_board_read(charlie, topic.board)
    assert not topics_of(charlie, topic.board).lines[0].is_new


def test_guests_keep_no_place(topic):
    for deed in (
        lambda: boards.mark_read(Guest(), topic),
        lambda: boards.mark_board_read(Guest(), topic.board),
        lambda: boards.mark_all_read(Guest()),
    ):
        with pytest.raises(Forbidden):
            deed()


# A reader's choices


def choose(user, kind, choice):
    factories.saved(ContentChoice(user_id=user.id, kind=kind, choice=choice))


def test_a_topic_that_a_reader_hides_is_counted_not_listed(alice, bob, charlie, board):
    factories.make_topic(alice, board, kinds=["alcohol_drugs"])
    choose(bob, "alcohol_drugs", "hide")
    page = topics_of(bob, board)
    assert page.lines == []
    assert page.hidden == {"alcohol and other drugs": 1}
    assert not any(line.is_new for _, lines in sections_for(bob) for line in lines)
    assert len(topics_of(charlie, board).lines) == 1


def test_a_topic_that_a_reader_folds_is_listed_folded(alice, bob, board):
    topic = factories.make_topic(alice, board, kinds=["loss"])
    choose(bob, "loss", "fold")
    assert topics_of(bob, board).lines[0].is_folded
    assert posts_of(bob, topic).choice == "fold"
    assert posts_of(alice, topic).choice == "show"


def test_a_passage_that_a_reader_hides_is_not_sent(alice, bob, board):
    topic = factories.make_topic(
        alice, board, body="Before.\n\n:::mentions loss A letter\nThe letter itself.\n:::\n\nAfter."
    )
    choose(bob, "loss", "hide")
    assert "The letter itself" not in posts_of(bob, topic).lines[0].html
    assert "The letter itself" in posts_of(alice, topic).lines[0].html


def test_what_helped_is_found(alice, bob, topic):
    helped = factories.make_post(bob, topic, ":::helped\nCold water on my wrists.\n:::")
    assert helped.has_helped
    assert posts_of(alice, topic).helped.id == helped.id


# Places, and keeping


def test_only_keepers_make_places(alice, ada, board):
    section = make_section(ada, name="New")
    assert make_board(ada, section, name="Board", about="About it.").about == "About it."
    with pytest.raises(Forbidden):
        make_section(alice, name="Mine")
    with pytest.raises(Forbidden):
        make_board(alice, section, name="Mine")


def test_posts_of_an_older_renderer_are_rendered_again(app, alice, bob, topic, post):
    for row in db.session.scalars(db.select(Post)):
        row.renderer, row.html = 0, "old"
    db.session.commit()
    with pytest.raises(Forbidden):
        rebuild_html(alice, Post)
    told = app.test_cli_runner().invoke(args=["rebuild-html", "--batch", "1"])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("2 texts were rendered again.")
    db.session.expire_all()
    assert {row.html for row in db.session.scalars(db.select(Post))} != {"old"}
    assert "I read all of it" in db.session.get(Post, post.id).html
