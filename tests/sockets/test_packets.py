"""What comes over a socket and no page of ours sends: names of the transport's own, bytes, wrong kinds, depth, others' ids."""

import itertools
from typing import get_type_hints

import pytest

from forum.actions import rooms
from forum.db import db, now
from forum.errors import CODES
from forum.extensions import socketio
from forum.live import connections, presence
from forum.live.events import SENT
from forum.live.ids import new_cid
from forum.models import Audience, Message, SanctionKind, Scope
from forum.policy.rooms import can_see_room
from tests import factories
from tests.talking import Tab, apart, go_in, line, say


@pytest.fixture
def tab(app, client_as):
    """Opens tabs that are closed again after the test."""
    opened = []

    def open_tab(user) -> Tab:
        opened.append(Tab(app, client_as(user)))
        return opened[-1]

    yield open_tab
    for one in opened:
        one.close()
    presence.forget()


def throw(tab, packet):
    """Send it as it is. What the transport makes of it is logged by the server around it, which goes on."""
    try:
        return apart(socketio.server._handle_eio_message, tab.client.eio_sid, packet)
    except (ValueError, TypeError, LookupError, RecursionError) as refused:
        return refused


# What the transport calls by the same names


@pytest.mark.parametrize("name", ["connect", "disconnect"])
@pytest.mark.parametrize("packet", ['2["{}"]', '21["{}"]', '2["{}",{{}}]', '2/,["{}"]'])
def test_nobody_listens_on_after_being_forgotten(tab, alice, bob, room, name, packet):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (hers, his):
        one.ask("room:join", {"room": room.id})

    throw(hers, packet.format(name))
    assert [one.rooms for one in connections.of_user(alice.id)] == [{room.id}]
    rooms.leave_room(alice, room)
    hers.heard()
    say(bob, room, "Not for her any more.")

    assert hers.heard("room:event") == []
    hers.close()
    his.heard()
    say(bob, room, "And it goes on.")
    assert len(his.heard("room:event")) == 1


BYTES = [
    '51-["room:join",{"_placeholder":true,"num":0}]',
    "5999999999-[]",
    '61-1[{"_placeholder":true,"num":0}]',
]


@pytest.mark.parametrize("packet", BYTES)
def test_bytes_are_not_waited_for(tab, alice, room, packet):
    hers = tab(alice)

    throw(hers, packet)

    assert not socketio.server._binary_packet
    assert hers.ask("room:leave", {"room": room.id})["ok"]


DEEP = "[" * 10_000 + "]" * 10_000
PACKETS = (
    "2", "2[]", "2{}", "2null", "2[null]", "2[[]]", "2[{}]", "2[7]", '2["nothing",{}]', '21["*",{}]', "x", "", "9",
    "31[]", "3", "2/admin,[\"room:join\",{}]", '2["room:join",{"room":1},{"room":2}]', '21["typing",NaN]',
    '2["room:join",{"room":' + "9" * 5_000 + "}]", '2["room:join",' + DEEP + "]", "2" + "[" * 10_000,
    '21["message:send",{"body":"\\ud800"}]', '2' + "0" * 200 + '["room:leave",{"room":1}]', b"\x00", b'2["disconnect"]',
)  # fmt: skip


@pytest.mark.parametrize("packet", PACKETS, ids=range(len(PACKETS)))
def test_a_packet_that_is_none_changes_nothing(tab, alice, bob, room, packet):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (hers, his):
        one.ask("room:join", {"room": room.id})
        one.heard()

    throw(hers, packet)

    assert his.heard() == []
    assert [one.rooms for one in connections.of_user(alice.id)] == [{room.id}]
    assert hers.ask("message:send", {"room": room.id, "cid": new_cid(), "body": "Still here."})["ok"]
    assert len(his.heard("room:event")) == 1


# Fields


def deep(levels=200):
    """As deep as a packet of ours could still be read."""
    made = []
    for _ in range(levels):
        made = [made]
    return made


WRONG = {
    "nothing": None, "true": True, "a list": [], "an object": {}, "a fraction": 1.5, "negative": -1, "huge": 2**31,
    "larger than any column": 10**40, "not a number": float("nan"), "digits": "1", "empty": "", "nul": "\x00", "half a letter": "\ud800",
    "hidden": "\u202e\u200b\u2066", "long": "é" * 30_000, "deep": deep(), "an object in a list": [{"id": 1}],
}  # fmt: skip
OPTIONAL = {"epoch", "after", "limit", "reply_to", "mask", "cid"}


@pytest.mark.parametrize("event", SENT)
def test_no_field_of_a_wrong_kind_breaks_an_event(tab, alice, bob, room, topic, event):
    go_in(room, alice, bob)
    hers, his, own = tab(alice), tab(bob), line(alice, room)
    good = {
        "room": room.id,
        "topic": topic.id,
        "id": own.id,
        "cid": new_cid(),
        "body": "",
        "epoch": 0,
        "after": 0,
    }
    his.ask("room:join", {"room": room.id})
    his.heard()
    shape = get_type_hints(SENT[event][0])

    for field, (what, wrong) in itertools.product(shape, WRONG.items()):
        if field == "body" and what in ("digits", "half a letter"):  # these are words
            continue
        told = hers.ask(event, {name: good[name] for name in shape if name in good} | {field: wrong})
        code = told.get("error", {}).get("code", "")
        assert told["ok"] or code in CODES, (field, what)
        assert code != "retry", (field, what)
        assert not told["ok"] or field in OPTIONAL, (field, what)
        assert "body" not in shape or not told["ok"], (field, what)
    assert his.heard("room:event") == []
    assert [one.source for one in db.session.query(Message)] == [own.source]


@pytest.mark.parametrize("event", SENT)
def test_fields_that_are_none_of_an_event_change_nothing(tab, alice, bob, room, topic, event):
    go_in(room, alice, bob)
    own = line(alice, room)
    good = {"room": room.id, "topic": topic.id, "id": own.id, "cid": new_cid(), "body": "A line.", "epoch": room.epoch,
            "after": 0}  # fmt: skip
    more = {
        "author": bob.id,
        "user": bob.id,
        "seq": 1,
        "state": "hidden",
        "html": "<b>x</b>",
        "held": True,
        "ok": 1,
    }

    hers = tab(alice)
    hers.ask("room:join", {"room": room.id})

    told = hers.ask(event, good | more)

    assert told["ok"] is (event != "queue:join")
    written = db.session.query(Message).order_by(Message.id.desc()).first()
    assert (written.author_id, "<b>" in written.html) == (alice.id, False)


# What is not theirs

ROLES = ("alice", "bob", "charlie", "fay", "mo", "max", "ada", "sam", "wil")


@pytest.mark.parametrize("who", ROLES)
def test_what_cannot_be_seen_is_answered_as_what_is_not_there(tab, request, bob, room, who):
    """A room that is put away, one that they were shut out of, one for others, and their lines: like a number of nothing."""
    user = request.getfixturevalue(who)
    shut, away, closed = (factories.make_room(name) for name in ("Shut", "Away", "For a circle"))
    owner = factories.make_user("Wren Reed")
    for one in (shut, away, closed):
        go_in(one, owner)
    lines = {one.id: line(owner, one).id for one in (shut, away, closed)}
    factories.sanction(user, SanctionKind.BAN, Scope.ROOM, room=shut)
    away.archived_at, closed.audience = now(), Audience.GROUPS
    db.session.commit()
    assert not can_see_room(user, away)
    theirs = tab(user)

    def ask(event, room_id, line_id):
        payload = {"room": room_id, "id": line_id, "cid": new_cid(), "body": "x", "epoch": 1, "after": 0}
        return theirs.ask(event, payload)

    for event in SENT:
        if event in ("topic:join", "queue:join", "room:leave"):
            continue
        nothing = ask(event, 999_999, 999_999)
        for one in (shut, away, closed):
            assert can_see_room(user, one) or ask(event, one.id, lines[one.id]) == nothing, (event, one.name)
        assert nothing["ok"] is False


def test_a_line_of_another_room_is_not_there_by_this_one(tab, alice, bob, room):
    other = factories.make_room("Another")
    go_in(room, alice)
    go_in(other, bob)
    theirs = line(bob, other)
    hers = tab(alice)

    for event in ("message:edit", "message:delete"):
        by_this = hers.ask(event, {"room": room.id, "id": theirs.id, "body": "Mine."})
        assert by_this == hers.ask(event, {"room": room.id, "id": 999_999, "body": "Mine."})
    answer = hers.ask("message:send", {"room": room.id, "cid": new_cid(), "body": "x", "reply_to": theirs.id})
    nothing = hers.ask("message:send", {"room": room.id, "cid": new_cid(), "body": "x", "reply_to": 999_999})
    assert answer == nothing
