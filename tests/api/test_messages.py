"""The JSON routes that a room falls back on: the same deeds and answers as by socket, as problem documents."""

import pytest

from forum.db import db
from forum.live.ids import new_cid
from forum.models import Message
from tests.conftest import token_of
from tests.talking import apart, go_in, line, say


@pytest.fixture
def get(client_as):
    """Asks as somebody, apart from the test."""

    def ask(user, path, **more):
        return apart(client_as(user).get, f"/api/v1{path}", **more)

    return ask


@pytest.fixture
def post(client_as):
    """Sends JSON as somebody, with the token in the header that scripts use."""

    def send(user, path, payload, *, token=True):
        client = client_as(user)
        headers = {"X-CSRFToken": apart(token_of, client)} if token else {}
        return apart(client.post, f"/api/v1{path}", json=payload, headers=headers)

    return send


def test_a_message_is_created_once(post, alice, room):
    go_in(room, alice)
    payload = {"cid": new_cid(), "body": "Hello."}

    first, again = (post(alice, f"/rooms/{room.id}/messages", payload) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json | {"dup": True}


def test_events_follow_a_cursor(get, alice, room):
    go_in(room, alice)
    start = room.last_seq
    line(alice, room)

    told = get(alice, f"/rooms/{room.id}/events?after={start}").json

    assert [event["s"] for event in told["events"]] == [start + 1]
    assert get(alice, f"/rooms/{room.id}/events").json["messages"]


def test_older_messages_are_read_from_a_place(get, alice, bob, room):
    go_in(room, alice)
    line(alice, room, "First.")
    second = line(alice, room, "Second.")

    told = get(alice, f"/rooms/{room.id}/messages?before={second.seq}").json

    assert [one["html"].strip() for one in told["messages"]] == ["<p>First.</p>"]
    assert told["older"] is None


def test_without_a_token_nothing_is_said(post, alice, room):
    go_in(room, alice)

    refused = post(alice, f"/rooms/{room.id}/messages", {"cid": new_cid(), "body": "Hello."}, token=False)

    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize("payload", [[], "words", 7])
def test_what_is_no_object_cannot_be_read(post, alice, room, payload):
    go_in(room, alice)

    refused = post(alice, f"/rooms/{room.id}/messages", payload)

    assert (refused.status_code, refused.json["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"cid": 1},
        {"cid": "x", "body": 7},
        {"cid": "x", "body": "y", "reply_to": "z"},
    ],
)
def test_what_cannot_be_saved_says_why(post, alice, room, payload):
    go_in(room, alice)

    refused = post(alice, f"/rooms/{room.id}/messages", payload)

    assert refused.status_code == 422
    assert refused.json["code"] == "invalid"
    assert refused.json["detail"]


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=1.5", f"after={2**40}", "epoch=no&after=1"])
def test_a_cursor_is_a_whole_number(get, alice, room, query):
    go_in(room, alice)

    assert get(alice, f"/rooms/{room.id}/events?{query}").status_code == 422


def test_a_cursor_that_is_too_far_off_is_gone(get, alice, room):
    go_in(room, alice)

    refused = get(alice, f"/rooms/{room.id}/events?epoch=9&after=0")

    assert (refused.status_code, refused.json["code"]) == (410, "reset")


def test_who_is_not_in_gets_nothing(get, post, charlie, guest, sam, alice, room):
    go_in(room, alice)
    say(alice, room, "Not for them.")

    for user, status in ((charlie, 403), (sam, 403), (guest, 401)):
        for path in ("events", "messages"):
            refused = get(user, f"/rooms/{room.id}/{path}")
            assert refused.status_code == status
            assert "Not for them" not in refused.get_data(as_text=True)
    assert post(charlie, f"/rooms/{room.id}/messages", {"cid": new_cid(), "body": "x"}).status_code == 403


def test_a_limit_says_when_to_come_again(post, alice, room, fay):
    from forum.actions import rooms

    go_in(room, alice)
    rooms.set_slow_mode(fay, room, seconds=20)
    post(alice, f"/rooms/{room.id}/messages", {"cid": new_cid(), "body": "One."})

    refused = post(alice, f"/rooms/{room.id}/messages", {"cid": new_cid(), "body": "Two."})

    assert (refused.status_code, refused.json["code"]) == (429, "slow_mode")
    assert int(refused.headers["Retry-After"]) == refused.json["retry_after"]


def test_half_a_letter_is_no_error_and_is_not_stored(post, alice, room):
    """JSON can carry what no text is; a script that is told to send it again would do so for ever."""
    go_in(room, alice)
    answer = post(alice, f"/rooms/{room.id}/messages", {"cid": new_cid(), "body": "half \ud83d a letter"})
    assert answer.status_code == 201
    assert answer.json["ok"] is True
    assert db.session.get(Message, answer.json["id"]).source == "half ? a letter"
