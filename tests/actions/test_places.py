"""Sections, boards and rooms as those who look after the house keep them."""

import pytest

from forum.actions import groups, places, reports, rooms, topics
from forum.db import db
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.models import (
    Audience,
    EventType,
    Guest,
    LogEntry,
    Membership,
    ReadsFrom,
    RoomEvent,
    Section,
    System,
)
from forum.policy.boards import can_see_board
from forum.policy.rooms import can_see_room
from forum.queries.boards import board_for, boards_for, sections_for
from forum.queries.notifications import notifications_for
from forum.queries.rooms import rooms_for
from tests import factories


def codes() -> list[str]:
    return [one.code for one in db.session.query(LogEntry).order_by(LogEntry.id)]


def as_it_is(board, **other):
    kept = {
        name: getattr(board, name) for name in ("section", "name", "about", "icon", "audience", "starters")
    }
    return kept | {"groups": list(board.groups)} | other


def room_as_it_is(room, **other):
    names = ("name", "about", "capacity", "audience", "reads_from", "keeps_hours")
    return {name: getattr(room, name) for name in names} | {"groups": list(room.groups)} | other


@pytest.fixture
def circle(ada, bob):
    group = groups.make_group(ada, name="Tuesday circle")
    groups.add_to_group(ada, group, bob)
    db.session.refresh(bob)
    return group


def test_a_board_can_be_said_anew_and_the_log_tells_who_did(ada, board):
    other = places.make_section(ada, name="Day by day")
    changed = as_it_is(
        board, section=other, name="Nearness", about="Near and far.", icon="sun", starters="moderators"
    )
    places.change_board(ada, board, **changed)
    db.session.refresh(board)
    assert (board.name, board.about, board.icon, board.section_id) == (
        "Nearness",
        "Near and far.",
        "sun",
        other.id,
    )
    line = db.session.query(LogEntry).order_by(LogEntry.id.desc()).first()
    assert (line.code, line.subject, line.actor_id) == ("board_changed", f"board:{board.id}", ada.id)
    assert line.words.words["name"] == "Nearness"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"name": "ring me on 07700 900123"},
        {"about": "x" * 301},
        {"icon": "skull"},
        {"audience": "nobody"},
        {"starters": "nobody"},
    ],
)
def test_what_a_board_cannot_be_is_refused_at_its_field(ada, board, wrong):
    with pytest.raises(Invalid) as refused:
        places.change_board(ada, board, **as_it_is(board, **wrong))
    assert set(refused.value.fields) == set(wrong)


def test_a_board_closed_to_a_group_is_gone_for_others_at_once_with_its_notices(
    ada, alice, bob, board, topic, circle
):
    epochs = alice.auth_epoch, bob.auth_epoch
    charlie = factories.make_user("Charlie Reed")
    factories.make_post(charlie, topic)
    assert notifications_for(alice)
    places.change_board(ada, board, **as_it_is(board, audience=Audience.GROUPS, groups=[circle]))
    db.session.refresh(alice)
    db.session.refresh(bob)
    assert not can_see_board(alice, board)
    assert can_see_board(bob, board)
    assert not notifications_for(alice)
    assert alice.auth_epoch == epochs[0] + 1
    assert bob.auth_epoch == epochs[1]


def test_order_is_changed_one_place_at_a_time_and_ends_at_the_ends(ada):
    section = places.make_section(ada, name="Arriving")
    first, second, third = (places.make_board(ada, section, name=name, position=0) for name in "abc")

    def order():
        return [line.board.name for line in {one.id: lines for one, lines in sections_for(ada)}[section.id]]

    places.shift_board(ada, third, up=True)
    assert order() == ["a", "c", "b"]
    places.shift_board(ada, first, up=False)
    assert order() == ["c", "a", "b"]
    places.shift_board(ada, third, up=True)
    assert order() == ["c", "a", "b"]
    places.shift_board(ada, second, up=False)
    assert order() == ["c", "a", "b"]


def test_sections_and_rooms_have_an_order_too(ada):
    first, second = (places.make_section(ada, name=name) for name in ("One", "Two"))
    places.shift_section(ada, second, up=True)
    assert db.session.get(Section, second.id).position < db.session.get(Section, first.id).position
    one, two = (places.make_room(ada, name=name) for name in ("One", "Two"))
    places.shift_room(ada, one, up=False)
    assert [card.room.name for card in rooms_for(ada)] == ["Two", "One"]


def test_an_empty_board_is_put_away_for_everybody_and_comes_back_as_it_was(ada, alice, mo, board):
    places.archive_board(ada, board)
    for actor in (alice, mo, ada, Guest(), System()):
        assert not can_see_board(actor, board)
        assert board not in boards_for(actor)
        with pytest.raises(NotFound):
            board_for(actor, board.id)
    places.bring_board_back(ada, board)
    assert can_see_board(alice, board)
    assert codes()[-2:] == ["board_archived", "board_brought_back"]


def test_a_board_with_topics_stays_and_says_what_would_work(ada, alice, board, topic):
    with pytest.raises(Conflict, match="One topic stands on this board. Moved to another"):
        places.archive_board(ada, board)
    topics.move_topic(ada, topic, factories.make_board("Another"))
    places.archive_board(ada, board)
    assert board.is_archived


def test_a_board_with_an_open_case_stays_until_it_is_decided(ada, alice, mo, board, topic, post):
    reports.report(mo, post, reason="rule")
    first = db.session.get(type(post), 1)
    topics.delete_post(post.author, post)
    topics.delete_post(alice, first)
    db.session.refresh(topic)
    assert topic.deleted_at
    with pytest.raises(Conflict, match="case about this board is open"):
        places.archive_board(ada, board)


def test_a_section_is_put_away_when_no_board_stands_under_it(ada, board):
    section = board.section
    with pytest.raises(Conflict, match="Boards stand under this section"):
        places.archive_section(ada, section)
    places.archive_board(ada, board)
    places.archive_section(ada, section)
    with pytest.raises(Invalid):
        places.make_board(ada, section, name="There")
    places.bring_board_back(ada, board)
    assert not db.session.get(Section, section.id).is_archived


def test_a_room_tells_whoever_is_in_it_what_it_is_called_now(ada, alice, room):
    rooms.join_room(alice, room)
    places.change_room(ada, room, **room_as_it_is(room, name="Morning circle", capacity=8))
    told = db.session.query(RoomEvent).order_by(RoomEvent.seq.desc()).first()
    assert (told.type, told.data) == (EventType.CHANGED, {"name": "Morning circle", "capacity": 8})
    places.change_room(ada, room, **room_as_it_is(room))
    assert db.session.query(RoomEvent).count() == told.seq


def test_who_came_into_an_open_room_may_stay(ada, alice, room, circle):
    rooms.join_room(alice, room)
    with pytest.raises(Invalid) as refused:
        places.change_room(ada, room, **room_as_it_is(room, audience=Audience.GROUPS, groups=[circle]))
    assert set(refused.value.fields) == {"audience"}
    rooms.close_room(ada, room)
    places.change_room(ada, room, **room_as_it_is(room, audience=Audience.GROUPS, groups=[circle]))
    assert not can_see_room(alice, room)


@pytest.mark.parametrize(
    "wider, field",
    [
        ({"reads_from": ReadsFrom.ALL}, "reads_from"),
        ({"keeps_hours": 72}, "keeps_hours"),
        ({"keeps_hours": None}, "keeps_hours"),
    ],
)
def test_what_was_said_under_one_promise_is_not_put_under_a_wider_one(ada, alice, wider, field):
    room = factories.make_room("Quiet company", keeps_hours=24)
    rooms.join_room(alice, room)
    factories.make_message(alice, room)
    rooms.close_room(ada, room)
    with pytest.raises(Invalid) as refused:
        places.change_room(ada, room, **room_as_it_is(room, **wider))
    assert set(refused.value.fields) == {field}
    places.change_room(ada, room, **room_as_it_is(room, keeps_hours=12))
    assert room.keeps_hours == 12
    db.session.query(factories.Message).delete()
    db.session.commit()
    places.change_room(ada, room, **room_as_it_is(room, **wider))
    assert getattr(room, field) == wider[field]


@pytest.mark.parametrize(
    "wrong",
    [{"capacity": 0}, {"capacity": None}, {"capacity": 501}, {"keeps_hours": 0}, {"reads_from": "never"}],
)
def test_what_a_room_cannot_be_is_refused_at_its_field(ada, room, wrong):
    with pytest.raises(Invalid) as refused:
        places.change_room(ada, room, **room_as_it_is(room, **wrong))
    assert set(refused.value.fields) == set(wrong)


def test_a_room_is_put_away_once_it_is_closed(ada, alice, fay, room):
    with pytest.raises(Conflict, match="end the session"):
        places.archive_room(ada, room)
    rooms.close_room(ada, room)
    places.archive_room(ada, room)
    for actor in (alice, fay, ada, Guest(), System()):
        assert not can_see_room(actor, room)
        assert not rooms_for(actor)
    places.bring_room_back(ada, room)
    assert can_see_room(alice, room)
    assert not room.is_open


def test_nobody_else_looks_after_places(alice, mo, fay, board, room):
    section = board.section
    for actor in (alice, mo, fay, Guest()):
        for deed in (
            lambda actor=actor: places.make_section(actor, name="Mine"),
            lambda actor=actor: places.change_section(actor, section, name="Mine"),
            lambda actor=actor: places.shift_section(actor, section, up=True),
            lambda actor=actor: places.archive_section(actor, section),
            lambda actor=actor: places.bring_section_back(actor, section),
            lambda actor=actor: places.change_board(actor, board, **as_it_is(board)),
            lambda actor=actor: places.shift_board(actor, board, up=True),
            lambda actor=actor: places.archive_board(actor, board),
            lambda actor=actor: places.bring_board_back(actor, board),
            lambda actor=actor: places.change_room(actor, room, **room_as_it_is(room)),
            lambda actor=actor: places.shift_room(actor, room, up=True),
            lambda actor=actor: places.archive_room(actor, room),
            lambda actor=actor: places.bring_room_back(actor, room),
        ):
            with pytest.raises(Forbidden):
                deed()


def test_leaving_a_group_ends_the_stay_in_its_room_and_frees_the_place(ada, bob, circle):
    room = factories.make_room("Circle room", audience=Audience.GROUPS, groups=[circle], capacity=1)
    rooms.join_room(bob, room)
    epoch = bob.auth_epoch
    groups.take_from_group(ada, circle, bob)
    stay = db.session.query(Membership).one()
    assert (stay.ended_by, stay.is_open) == ("unseen", False)
    assert bob.auth_epoch == epoch + 1


def test_ending_a_group_closes_what_only_it_opened(ada, bob, circle):
    board = factories.make_board("Circle board", audience=Audience.GROUPS, groups=[circle])
    room = factories.make_room("Circle room", audience=Audience.GROUPS, groups=[circle])
    rooms.join_room(bob, room)
    groups.end_group(ada, circle)
    db.session.refresh(bob)
    db.session.expire_all()
    assert not can_see_board(bob, board)
    assert not can_see_room(bob, room)
    assert not db.session.query(Membership).one().is_open
    assert codes()[-1] == "group_ended"


def test_a_group_is_renamed_unless_another_has_that_name(ada, circle):
    groups.rename_group(ada, circle, name="Wednesday circle")
    other = groups.make_group(ada, name="Tuesday circle")
    with pytest.raises(Invalid) as refused:
        groups.rename_group(ada, other, name="Wednesday circle")
    assert "name" in refused.value.fields


def test_nobody_else_looks_after_groups(alice, mo, circle):
    for actor in (alice, mo, Guest()):
        for deed in (
            lambda actor=actor: groups.make_group(actor, name="Mine"),
            lambda actor=actor: groups.rename_group(actor, circle, name="Mine"),
            lambda actor=actor: groups.end_group(actor, circle),
            lambda actor=actor: groups.add_to_group(actor, circle, alice),
            lambda actor=actor: groups.take_from_group(actor, circle, alice),
        ):
            with pytest.raises(Forbidden):
                deed()
