"""Many at once, each with a connection of their own: one outcome each, and every counter exact.

Threads stand for processes: each has its own application context, session and connection, and all begin together.
"""

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, inspect, select

from forum import limits, work
from forum.actions import accounts, boards, decisions, gestures, messages, places, reports, rooms, topics
from forum.db import action, db
from forum.errors import Conflict, Forbidden, ForumError, Invalid, NotFound
from forum.live.ids import new_cid
from forum.models import (
    Board,
    BoardMark,
    Case,
    Decision,
    Duty,
    Gesture,
    Guest,
    Job,
    LogEntry,
    Membership,
    Message,
    Notification,
    Post,
    ReadMark,
    Report,
    RoomEvent,
    System,
    TakenName,
    User,
)
from forum.queries.cases import case_of, verify
from forum.queries.checks import findings
from tests import factories

WRITERS = 8
AT_ONCE = 20
ROUNDS = 6

deeds = pytest.mark.parametrize("deeds", [10, pytest.param(200, marks=pytest.mark.slow)])


@pytest.fixture(autouse=True)
def nobody_hurries(app, monkeypatch):
    """Limits are another test's; here everybody writes as fast as they can."""
    monkeypatch.setattr(
        limits, "_PARSED", {name: limits.parse("1000000 per minute") for name in limits.LIMITS}
    )


@pytest.fixture
def at_once(app):
    """Runs these deeds together; what each came to is its answer or its refusal, in their order."""

    def run(*calls: Callable[[], object]) -> list[object]:
        start, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

        def one(place: int, call: Callable[[], object]) -> None:
            with app.app_context():
                start.wait()
                try:
                    outcomes[place] = call()
                except Exception as error:
                    outcomes[place] = error
                finally:
                    db.session.remove()

        db.session.rollback()
        threads = [threading.Thread(target=one, args=numbered) for numbered in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.rollback()
        db.session.expire_all()
        broken = [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, ForumError)]
        assert not broken, broken
        return outcomes

    return run


@pytest.fixture
def members(app) -> list[User]:
    return [factories.make_user(f"Plain Writer {number}") for number in range(AT_ONCE)]


def here(row):
    """The same thing in this thread's own session."""
    seen = inspect(row)
    return db.session.get_one(seen.class_, seen.identity)


def refusals(outcomes) -> list[ForumError]:
    return [one for one in outcomes if isinstance(one, ForumError)]


def everything_is_in_order() -> bool:
    found = list(findings(System(), is_production=True))
    assert not found, found
    return True


# Counters


@deeds
def test_replies_are_counted_exactly_and_numbered_without_a_gap(deeds, at_once, members, alice, topic):
    def write(member):
        for number in range(deeds):
            topics.reply_to_topic(here(member), here(topic), body=f"Reply {number}.")

    assert not refusals(at_once(*(partial(write, member) for member in members[:WRITERS])))
    assert topic.reply_count == WRITERS * deeds
    assert topic.last_number == WRITERS * deeds + 1
    numbers = db.session.scalars(
        select(Post.number).where(Post.topic_id == topic.id).order_by(Post.number)
    ).all()
    assert numbers == list(range(1, topic.last_number + 1))
    told = db.session.query(Notification).filter_by(user_id=alice.id, thread=f"topic:{topic.id}").one()
    assert told.count == WRITERS * deeds
    assert everything_is_in_order()


@deeds
def test_reports_of_one_thing_come_to_one_case_and_each_counts_once(deeds, at_once, members, bob, topic):
    posts = [factories.make_post(bob, topic, f"Words {number}.") for number in range(deeds)]

    def tell(member, order):
        for post in order:
            reports.report(here(member), here(post), reason="unkind")

    orders = [posts[place:] + posts[:place] for place in range(WRITERS)]
    assert not refusals(at_once(*map(partial, [tell] * WRITERS, members, orders)))
    assert db.session.scalar(select(func.count(Case.id))) == deeds
    each = select(func.count(Report.id)).group_by(Report.case_id)
    assert set(db.session.scalars(each)) == {WRITERS}


@deeds
def test_lines_of_a_room_take_their_places_without_a_gap(deeds, at_once, members, room):
    for member in members[:WRITERS]:
        rooms.join_room(here(member), room)
    before = room.last_seq

    def talk(member):
        for number in range(deeds):
            factories.make_message(here(member), here(room), f"Line {number}.")

    assert not refusals(at_once(*(partial(talk, member) for member in members[:WRITERS])))
    assert room.last_seq == before + WRITERS * deeds
    assert db.session.scalar(select(func.count(func.distinct(Message.seq)))) == WRITERS * deeds
    events = db.session.scalars(select(RoomEvent.seq).order_by(RoomEvent.seq)).all()
    assert events == list(range(1, room.last_seq + 1))
    assert everything_is_in_order()


def test_what_is_read_in_many_tabs_is_read_once(at_once, alice, bob, topic):
    for _ in range(5):
        factories.make_post(bob, topic)

    def read(number):
        boards.mark_read(here(bob), here(topic), number=number)
        boards.mark_read(here(alice), here(topic), number=number)

    def read_all():
        boards.mark_all_read(here(alice))

    db.session.query(ReadMark).delete()
    db.session.commit()
    assert not refusals(
        at_once(*(partial(read, number) for number in range(1, 7)), read_all, read_all, read_all)
    )
    marks = db.session.scalars(select(ReadMark.number).where(ReadMark.topic_id == topic.id)).all()
    assert marks == [6, 6]
    assert db.session.query(BoardMark).filter_by(user_id=alice.id).count() == db.session.query(Board).count()


def test_the_log_is_one_chain_however_many_write_to_it(at_once, mo, alice, board):
    made = [factories.make_topic(alice, board, f"Topic {number}") for number in range(WRITERS)]

    before = verify(System()).lines

    def keep(topic):
        for _ in range(ROUNDS):
            topics.lock_topic(here(mo), here(topic))
            topics.unlock_topic(here(mo), here(topic))

    assert not refusals(at_once(*(partial(keep, topic) for topic in made)))
    assert verify(System()).is_whole
    assert verify(System()).lines == before + WRITERS * ROUNDS * 2


# One outcome each


def test_of_twenty_decisions_one_settles_the_case(at_once, alice, post, mo):
    moderators = [
        factories.appoint(factories.make_user(f"Plain Keeper {number}"), Duty.MODERATOR)
        for number in range(AT_ONCE)
    ]
    reports.report(alice, post, reason="unkind")
    case, logged = case_of(post), db.session.query(LogEntry).count()

    def decide(moderator, verb):
        more = {"days": 3} if verb == "mute" else {}
        return decisions.decide_case(
            here(moderator), here(case), verb=verb, rule=3, letter="A sentence.", **more
        ).id

    verbs = ("hide", "mute", "lock", "warn") * 5
    outcomes = at_once(*map(partial, [decide] * AT_ONCE, moderators, verbs))
    assert len(refusals(outcomes)) == AT_ONCE - 1
    assert all(isinstance(one, Conflict) and "decided this" in one.message for one in refusals(outcomes))
    decision = db.session.query(Decision).one()
    assert decision.id in outcomes
    codes = set(db.session.scalars(select(LogEntry.code).where(LogEntry.id > logged)))
    assert {code for code in codes if code.startswith("decided_")} == {f"decided_{decision.verb}"}
    assert everything_is_in_order()


def test_of_twenty_who_want_the_last_place_one_gets_it(at_once, members, alice, bob, app):
    room = factories.make_room("Small", capacity=3)
    for early in (alice, bob):
        rooms.join_room(early, room)

    def join(member):
        return rooms.join_room(here(member), here(room)).id

    outcomes = at_once(*(partial(join, member) for member in members))
    assert len(refusals(outcomes)) == AT_ONCE - 1
    assert all(isinstance(one, Conflict) and "All places" in one.message for one in refusals(outcomes))
    assert db.session.query(Membership).filter_by(room_id=room.id, left_at=None).count() == 3


@pytest.mark.parametrize("what", ["topic", "reply", "report", "message", "decision", "gesture", "join"])
def test_what_is_sent_twice_at_once_is_done_once(what, at_once, alice, bob, mo, post, topic, room):
    rooms.join_room(alice, room)
    reports.report(bob, factories.make_post(alice, topic), reason="unkind")
    case, cid, board = db.session.query(Case).one(), new_cid(), topic.board

    def send():
        writer = here(alice)
        if what == "topic":
            return topics.start_topic(writer, here(board), title="Once", body="Once.", key="once").id
        if what == "reply":
            return topics.reply_to_topic(writer, here(topic), body="Once.", key="once").id
        if what == "report":
            return reports.report(writer, here(post), reason="unkind", key="once").id
        if what == "message":
            return messages.send_message(writer, here(room), cid=cid, body="Once.").message.id
        if what == "gesture":
            return gestures.give_gesture(writer, here(post), kind="with").id
        if what == "join":
            return rooms.join_room(writer, here(room)).id
        return decisions.decide_case(here(mo), here(case), verb="nothing", key="once").id

    counted = {
        "topic": Post, "reply": Post, "report": Report, "message": Message, "decision": Decision,
        "gesture": Gesture, "join": Membership,
    }[what]  # fmt: skip
    before = db.session.query(counted).count()
    outcomes = at_once(*[send] * WRITERS)
    assert not refusals(outcomes)
    assert len(set(outcomes)) == 1
    assert db.session.query(counted).count() == before + (what != "join")
    assert everything_is_in_order()


def test_of_many_who_want_one_name_one_gets_it(at_once, app):
    def come():
        return accounts.sign_up(
            System(), name="River Slate", password=factories.PASSWORD,
            is_adult=True, keeps_health=True, agrees=True,
        )[0].id  # fmt: skip

    outcomes = at_once(*[come] * WRITERS)
    assert len(refusals(outcomes)) == WRITERS - 1
    assert all(isinstance(one, Invalid) and "name" in one.fields for one in refusals(outcomes))
    assert db.session.query(User).count() == db.session.query(TakenName).count() == 1


def test_one_line_of_a_recovery_sheet_opens_the_account_once(at_once, app):
    _user, codes = accounts.sign_up(
        System(),
        name="River Slate",
        password=factories.PASSWORD,
        is_adult=True,
        keeps_health=True,
        agrees=True,
    )

    def recover():
        return accounts.recover(
            Guest(), name="River Slate", code=codes[0], password="another quiet passphrase"
        ).id

    assert len(refusals(at_once(*[recover] * WRITERS))) == WRITERS - 1


# Two deeds against each other


def test_words_that_are_edited_and_taken_back_at_once_are_taken_back(at_once, bob, topic):
    for _ in range(ROUNDS):
        post = factories.make_post(bob, topic, "First.")

        def edit(post=post):
            return topics.edit_post(here(bob), here(post), body="Second.").source

        def take_back(post=post):
            return topics.delete_post(here(bob), here(post)).id

        edited, taken = at_once(edit, take_back)
        assert taken == post.id
        assert edited == "Second." or isinstance(edited, Forbidden)
        assert post.is_deleted
        assert post.source == ("Second." if edited == "Second." else "First.")
        assert topic.reply_count == 0
    assert everything_is_in_order()


def test_a_reply_to_a_topic_that_moves_at_once_moves_along(at_once, alice, bob, mo, topic):
    places = [topic.board, factories.make_board("Another")]
    for number in range(ROUNDS):
        to = places[(number + 1) % 2]

        def reply():
            return topics.reply_to_topic(here(bob), here(topic), body="Wherever.").id

        def move(to=to):
            return topics.move_topic(here(mo), here(topic), here(to)).id

        assert not refusals(at_once(reply, move, reply))
        assert topic.board == to
        assert topic.reply_count == (number + 1) * 2
        assert everything_is_in_order()


def test_nothing_moves_to_a_board_that_is_put_away_at_once(at_once, alice, mo, ada, app):
    for number in range(ROUNDS):
        topic = factories.make_topic(alice, factories.make_board(f"Left {number}"))
        empty = factories.make_board(f"Empty {number}")

        def move(topic=topic, empty=empty):
            return topics.move_topic(here(mo), here(topic), here(empty)).id

        def put_away(empty=empty):
            return places.archive_board(here(ada), here(empty))

        assert len(refusals(at_once(move, put_away))) == 1
        db.session.refresh(topic.board)
        assert not topic.board.is_archived


def test_a_reply_that_somebody_is_not_to_see_any_more_is_refused(at_once, alice, bob, mo, app):
    """A topic that moves where its writer may not look: the reply was first and moved along, or it was not found."""
    for number in range(ROUNDS):
        topic = factories.make_topic(alice, factories.make_board(f"Open {number}"))
        closed = factories.make_board(f"Closed {number}", audience="groups")

        def reply(topic=topic):
            return topics.reply_to_topic(here(bob), here(topic), body="Wherever.").id

        def move(topic=topic, closed=closed):
            return topics.move_topic(here(mo), here(topic), here(closed)).id

        said, _moved = at_once(reply, move)
        assert topic.reply_count == (0 if isinstance(said, Forbidden | NotFound) else 1)
        assert topic.board == closed
    assert everything_is_in_order()


def test_the_last_words_of_a_board_are_right_whatever_goes_on_in_its_topics(at_once, alice, bob, mo, board):
    made = [factories.make_topic(alice, board, f"Topic {number}") for number in range(WRITERS)]

    def talk(topic):
        for _ in range(ROUNDS):
            post = topics.reply_to_topic(here(bob), here(topic), body="Words.")
            topics.hide_post(here(mo), post)
            topics.show_post(here(mo), post)
            topics.delete_post(here(bob), post)

    assert not refusals(at_once(*(partial(talk, topic) for topic in made)))
    assert everything_is_in_order()


def test_a_reply_that_is_under_way_is_not_missed_when_last_words_are_looked_up_anew(
    at_once, alice, bob, board
):
    """Nor overwritten afterwards by what was looked up without it."""
    answered, other = (factories.make_topic(alice, board, title) for title in ("Answered", "Other"))
    post, written = factories.make_post(bob, other), threading.Event()

    @action
    def reply_slowly():
        said = topics.reply_to_topic(here(bob), here(answered), body="Words.")
        written.set()
        time.sleep(0.5)
        return said.id

    def take_back():
        written.wait()
        return topics.delete_post(here(bob), here(post)).id

    assert not refusals(at_once(reply_slowly, take_back))
    assert board.last_topic_id == answered.id
    assert board.last_post_at == answered.last_post_at


def test_a_reply_to_a_topic_that_closes_at_once_was_first_or_is_refused(at_once, alice, bob, mo, board):
    for number in range(ROUNDS):
        topic = factories.make_topic(alice, board, f"Topic {number}")

        def reply(topic=topic):
            return topics.reply_to_topic(here(bob), here(topic), body="Words.").id

        def close(topic=topic):
            return topics.lock_topic(here(mo), here(topic)).id

        said, _closed = at_once(reply, close)
        assert topic.reply_count == (0 if isinstance(said, Forbidden) else 1)
        assert topic.is_locked


def test_somebody_who_is_shut_out_and_joins_at_once_is_out(at_once, alice, bob, mo, room, topic):
    for number in range(ROUNDS):
        member = factories.make_user(f"Plain Caller {number}")
        reports.report(alice, factories.make_post(member, topic), reason="unkind")
        case = db.session.query(Case).filter_by(author_id=member.id).one()

        def join(member=member):
            return rooms.join_room(here(member), here(room)).id

        def suspend(case=case):
            return decisions.decide_case(
                here(mo), here(case), verb="suspend", rule=3, letter="A sentence.", days=3
            ).id

        _joined, decided = at_once(join, suspend)
        assert not isinstance(decided, ForumError)
        assert db.session.query(Membership).filter_by(user_id=member.id, left_at=None).count() == 0


def test_of_many_workers_that_promise_this_hours_upkeep_one_does(at_once):
    at_once(*[work.plan_what_recurs] * WRITERS)
    assert db.session.query(Job).filter_by(kind="upkeep").count() == 1
