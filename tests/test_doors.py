"""The same deed through every door: the same rows, the same refusals, the same words."""

import re

import pytest

from forum.actions import rooms
from forum.db import db
from forum.live.ids import new_cid
from forum.models import Message, Notification, RoomEvent, SanctionKind, Scope
from tests import factories
from tests.conftest import token_of
from tests.talking import Tab, go_in

DOORS = ("web", "api", "socket")


@pytest.fixture
def say_through(app, client_as):
    """Says something in a room through one door; the answer is (did it work, what a person reads)."""

    def say(door, actor, room, body, cid=None):
        cid, client = cid or new_cid(), client_as(actor)
        if door == "socket":
            tab = Tab(app, client)
            answer = tab.ask("message:send", {"room": room.id, "cid": cid, "body": body})
            tab.close()
            db.session.rollback()
            return answer["ok"], answer.get("error", {}).get("message", "")
        if door == "api":
            answer = client.post(
                f"/api/v1/rooms/{room.id}/messages",
                json={"cid": cid, "body": body},
                headers={"X-CSRFToken": token_of(client)},
            )
            return answer.status_code in (200, 201), answer.json.get("detail", "")
        form = {"csrf_token": token_of(client), "cid": cid, "body": body}
        answer = client.post(f"/rooms/{room.id}/messages", data=form)
        return answer.status_code in (200, 303), answer.get_data(as_text=True)

    return say


def what_happened(room):
    """The message, its place in the log and who was told, without ids and times."""
    lines = db.session.query(Message).filter_by(room_id=room.id).order_by(Message.id).all()
    log = db.session.query(RoomEvent).filter_by(room_id=room.id).order_by(RoomEvent.seq).all()
    return (
        [(one.source, one.html, one.author_id, one.seq, one.verdict["labels"]) for one in lines],
        [(one.seq, str(one.type)) for one in log],
        db.session.query(Notification).count(),
    )


def test_every_door_leaves_the_same(say_through, alice):
    left = set()
    for door in DOORS:
        room = factories.make_room(f"Room of {door}")
        go_in(room, alice)
        worked, _ = say_through(door, alice, room, "A *quiet* line.")
        assert worked, door
        left.add(repr(what_happened(room)))
    assert len(left) == 1


@pytest.mark.parametrize("door", DOORS)
def test_the_same_id_twice_is_one_message(say_through, alice, room, door):
    go_in(room, alice)
    cid = new_cid()
    for _ in range(2):
        assert say_through(door, alice, room, "Once.", cid)[0]
    assert db.session.query(Message).count() == 1


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("why", ["no words", "too long", "muted", "paused", "not in"])
def test_every_door_refuses_alike_and_says_the_same(say_through, alice, room, door, why):
    body = {"no words": " ", "too long": "a" * 2_001}.get(why, "words")
    if why != "not in":
        go_in(room, alice)
    if why == "muted":
        factories.sanction(alice, SanctionKind.MUTE, Scope.ROOM, room=room)
    if why == "paused":
        rooms.pause_room(factories.System(), room)
    worked, said = say_through(door, alice, room, body)
    assert not worked
    expected = {
        "no words": "no words here yet",
        "too long": "2,000 fit",
        "muted": "paused for you",
        "paused": "paused for a moment",
        "not in": "go in by its door",
    }[why]
    assert expected in re.sub(r"\s+", " ", said)
    assert db.session.query(Message).count() == 0


@pytest.mark.parametrize("door", DOORS)
def test_a_room_that_is_not_theirs_is_not_there_by_any_door(say_through, alice, room, door):
    go_in(room, alice)
    factories.sanction(alice, SanctionKind.BAN, Scope.ROOM, room=room)
    assert not say_through(door, alice, room, "words")[0]
    assert db.session.query(Message).count() == 0
