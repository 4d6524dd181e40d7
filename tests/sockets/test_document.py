"""What the AsyncAPI document tells is what goes over the socket: every event, every answer, every frame."""

import pytest
from pydantic import TypeAdapter

from forum.actions import rooms
from forum.actions.topics import reply_to_topic
from forum.extensions import socketio
from forum.live import presence
from forum.live.events import SENT, TOLD
from forum.live.ids import new_cid
from tests import factories
from tests.talking import Tab, go_in

BEFORE_AND_AFTER = {"connect", "disconnect"}


def test_every_event_that_is_heard_is_told(site):
    heard = {event for events in socketio.server.handlers.values() for event in events}
    assert heard - BEFORE_AND_AFTER == set(SENT)


def fits(shape, value):
    """Every field is there, no other is, and each holds what it should."""
    TypeAdapter(shape).validate_python(value)
    assert set(value) <= set(shape.__annotations__), (shape.__name__, set(value) - set(shape.__annotations__))


@pytest.fixture
def tabs(app, client_as, alice, bob, room):
    go_in(room, alice, bob)
    both = Tab(app, client_as(alice)), Tab(app, client_as(bob))
    yield both
    for tab in both:
        tab.close()


def test_every_answer_and_every_frame_is_as_told(tabs, alice, bob, mo, room, topic):
    mine, other = tabs
    said = []

    def ask(event, payload):
        fits(SENT[event][0], payload)
        answer = mine.ask(event, payload)
        assert answer.pop("ok"), (event, answer)
        fits(SENT[event][1], {"ok": True} | answer if "ok" in SENT[event][1].__annotations__ else answer)
        said.append(event)
        return answer

    other.ask("room:join", {"room": room.id})
    joined = ask("room:join", {"room": room.id})
    ask("presence:get", {"room": room.id})
    ask("typing", {"room": room.id})
    sent = ask("message:send", {"room": room.id, "cid": new_cid(), "body": "A quiet line."})
    ask("message:send", {"room": room.id, "cid": new_cid(), "body": "An answer.", "reply_to": sent["id"]})
    ask("message:edit", {"room": room.id, "id": sent["id"], "body": "Other words."})
    ask("message:delete", {"room": room.id, "id": sent["id"]})
    ask("room:sync", {"room": room.id, "epoch": joined["epoch"], "after": joined["head"]})
    ask("topic:join", {"topic": topic.id})
    reply_to_topic(bob, topic, body="I read this.")
    rooms.set_slow_mode(factories.System(), room, seconds=10)
    rooms.leave_room(bob, room)
    presence.left(room.id, bob.id)
    presence.sweep(float("inf"))
    ask("room:leave", {"room": room.id})

    heard = [(one["name"], one["args"][0]) for tab in tabs for one in tab.client.queue]
    for name, frame in heard:
        fits(TOLD[name], frame)
    assert set(said) == set(SENT) - {"queue:join"}
    assert {"room:event", "room:reset", "presence:diff", "typing", "topic:event", "user:event"} <= {
        name for name, _ in heard
    }
