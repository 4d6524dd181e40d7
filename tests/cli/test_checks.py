"""Whether the house is in order, and what can be counted anew."""

import dataclasses
import json

import pytest
from sqlalchemy import text

from forum import seeds
from forum.actions import rooms, topics
from forum.actions.jobs import bury_job, claim_job, plan_job
from forum.db import db
from forum.models import Board, LogEntry, Post, Room, System, Topic
from tests import factories

URGES = "You should kill yourself."


@pytest.fixture
def lived_in(app, alice, bob):
    """Three boards, a topic on the first and the last, and a room with a few lines."""
    boards = [factories.make_board(f"Board {number}") for number in (1, 2, 3)]
    for board in (boards[0], boards[2]):
        topic = factories.make_topic(alice, board)
        for author in (bob, alice, bob):
            factories.make_post(author, topic)
    room = factories.make_room("Evening circle")
    rooms.join_room(alice, room)
    for _ in range(3):
        factories.make_message(alice, room)
    return app


def ran(statement: str, **values) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)
    db.session.rollback()


def codes(result) -> list[str]:
    return [one["code"] for one in json.loads(result.stdout)["findings"]]


def test_a_house_that_was_only_lived_in_is_in_order(app, command):
    seeds.plant()
    result = command("check")
    assert (result.exit_code, result.stdout) == (0, "Everything is in order.\n")
    assert json.loads(command("check", "--json").stdout) == {"ok": True, "findings": []}


def test_holding_hiding_moving_and_taking_back_leave_the_house_in_order(alice, bob, mo, topic, command):
    held = factories.make_post(bob, topic, URGES, sure=True)
    assert held.is_held
    kept = factories.make_post(bob, topic, "I read this.")
    hidden = factories.make_post(bob, topic, "I hide this.")
    topics.release_post(mo, held)
    topics.hide_post(mo, hidden)
    topics.delete_post(bob, kept)
    topics.move_topic(mo, topic, factories.make_board("Another"))
    other = factories.make_topic(alice, topic.board, "A topic that waits", URGES)
    assert other.is_held
    assert codes(command("check", "--json")) == []


@pytest.mark.parametrize(
    "harm, code",
    [
        ("UPDATE topics SET reply_count = reply_count + 1 WHERE id = 2", "replies"),
        ("UPDATE topics SET last_number = last_number + 1 WHERE id = 2", "numbers"),
        ("UPDATE topics SET last_post_at = created_at WHERE id = 2", "topic_times"),
        ("UPDATE boards SET last_topic_id = NULL WHERE id = 3", "board_words"),
        ("UPDATE boards SET last_post_at = NULL WHERE id = 3", "board_words"),
        ("UPDATE rooms SET last_seq = last_seq - 1 WHERE id = 1", "room_heads"),
    ],
)
def test_what_was_counted_wrong_is_found_and_counted_anew(harm, code, lived_in, command):
    ran(harm)
    found = command("check", "--json")
    assert found.exit_code == 1
    assert code in codes(found)
    mended = command("check", "--mend", "--json")
    assert (mended.exit_code, codes(mended)) == (0, [])
    assert db.session.query(LogEntry.code).order_by(LogEntry.id.desc()).first()[0].endswith("_mended")


def test_looking_mends_nothing(lived_in, command):
    ran("UPDATE topics SET reply_count = 99 WHERE id = 2")
    assert "1 topics say another number of replies" in command("check").stdout
    assert db.session.get(Topic, 2).reply_count == 99


@pytest.mark.parametrize(
    "harm, code",
    [
        ("UPDATE posts SET number = 40 WHERE topic_id = 2 AND number = 4", "gaps"),
        ("DELETE FROM room_events WHERE room_id = 1 AND seq = 2", "room_gaps"),
        ("UPDATE read_marks SET number = 4000 WHERE topic_id = 2", "marks"),
        ("UPDATE posts SET renderer = 0", "html"),
        ('UPDATE moderation_log_words SET words = \'{"letter": "other"}\'', "log"),
        ("UPDATE moderation_log_head SET mark = 'other'", "log"),
    ],
)
def test_what_nobody_can_count_anew_is_said(harm, code, lived_in, mo, room, fay, alice, command):
    rooms.join_room(alice, room)
    rooms.silence_member(fay, room, alice, minutes=5, reason="A moment of quiet.")
    ran(harm)
    result = command("check", "--mend", "--json")
    assert result.exit_code == 1
    assert code in codes(result)


@pytest.mark.once
def test_rows_that_point_nowhere_are_found(lived_in, command):
    """With SQLite, which can be told to let them be; PostgreSQL lets none happen."""
    with db.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("DELETE FROM sections WHERE id = 1")
        raw.execute("PRAGMA foreign_keys=ON")
    result = command("check")
    assert result.exit_code == 1
    assert "boards.section_id (1)" in result.stdout


def test_a_promise_that_could_not_be_kept_is_said(app, command):
    plan_job(System(), "tell", key="tell")
    job = claim_job(System(), worker="one")
    bury_job(System(), job, worker="one", problem="nobody")
    assert "1 promises could not be kept" in command("check").stdout


def test_demo_accounts_are_wrong_in_production_alone(app, command, settings):
    command("user", "create", "Maud", "--demo", "--password-stdin", input="warm lantern light")
    assert command("check").exit_code == 0
    app.extensions["hearth"] = dataclasses.replace(settings, env="production")
    result = command("check")
    app.extensions["hearth"] = settings
    assert "demo accounts" in result.stdout


def test_tables_that_are_older_than_the_code_are_said_first_and_alone(lived_in, command):
    ran("UPDATE alembic_version SET version_num = '0001'")
    try:
        assert codes(command("check", "--json")) == ["migrations"]
    finally:
        from flask_migrate import stamp

        stamp()


def test_what_waited_has_the_time_of_its_release(alice, bob, mo, topic):
    held = factories.make_post(bob, topic, URGES, sure=True)
    written = held.created_at
    topics.release_post(mo, held)
    db.session.refresh(topic)
    assert held.created_at > written
    assert topic.last_post_at == held.created_at


def test_a_reply_let_go_in_a_hidden_topic_is_not_the_last_of_its_board(alice, bob, mo, board, command):
    shown, hidden = (factories.make_topic(alice, board, title) for title in ("Shown", "Hidden"))
    held = factories.make_post(bob, hidden, URGES, sure=True)
    topics.hide_post(mo, db.session.query(Post).filter_by(topic_id=hidden.id, number=1).one())
    topics.release_post(mo, held)
    assert db.session.get(Board, board.id, populate_existing=True).last_topic_id == shown.id
    assert command("check").exit_code == 0


def test_a_room_whose_words_were_erased_is_in_order(lived_in, command):
    ran("UPDATE room_events SET at = '2020-01-01 00:00:00+00:00'")
    ran("UPDATE messages SET created_at = '2020-01-01 00:00:00+00:00'")
    rooms.erase_old_words(System(), hours=24)
    assert db.session.get(Room, 1).floor_seq > 0
    assert command("check").exit_code == 0
