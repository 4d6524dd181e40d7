"""A tab in a room: connecting, catching up, speaking, and hearing what happens in order."""

import pytest

from forum import broadcast
from forum.actions import messages, rooms, sessions
from forum.db import db
from forum.errors import CODES
from forum.live import connections, presence, tail, watch
from forum.live.ids import new_cid
from forum.models import LoginSession, Message, SanctionKind, Scope, User
from tests import factories
from tests.talking import Tab, apart, go_in, line, say

EVENTS = (
    "room:join", "room:leave", "room:sync", "message:send", "message:edit", "message:delete",
    "typing", "presence:get", "topic:join", "queue:join",
)  # fmt: skip


@pytest.fixture
def tab(app, client_as):
    """Opens tabs that are closed again after the test."""
    opened = []

    def open_tab(user, **more) -> Tab:
        opened.append(Tab(app, client_as(user), **more))
        return opened[-1]

    yield open_tab
    for one in opened:
        one.close()
    presence.forget()


def test_a_guest_s_page_is_not_let_in(tab, guest):
    assert not tab(guest).is_open


@pytest.mark.parametrize(
    "origin",
    [
        None, "https://elsewhere.example", "null", "", "*", "http://localhost", "http://localhost:5000/", "localhost:5000",
        "https://localhost:5000", "http://localhost:5000.elsewhere.example", "http://localhost:5000@elsewhere.example",
        "http://elsewhere.example,http://localhost:5000", "http://localhost:5000 http://elsewhere.example", "http://localhost:50000",
    ],
)  # fmt: skip
def test_a_page_of_another_site_is_not_let_in(tab, alice, origin):
    assert not tab(alice, origin=origin).is_open


def test_joining_gives_the_last_lines_and_where_the_log_stands(tab, alice, room):
    go_in(room, alice)
    line(alice, room, "Said before.")

    told = tab(alice).ask("room:join", {"room": room.id})

    assert told["ok"] is True
    assert [one["html"].strip() for one in told["messages"]] == ["<p>Said before.</p>"]
    assert (told["epoch"], told["head"], told["floor"], told["role"]) == (
        room.epoch,
        room.last_seq,
        0,
        "member",
    )
    assert told["state"] == {"open": True, "paused": False, "slow": 0, "closes_at": None, "silent": False}
    assert told["now"] > 0


def test_joining_with_a_cursor_gives_what_was_missed(tab, alice, room):
    go_in(room, alice)
    cursor = room.last_seq
    line(alice, room, "Missed.")

    told = tab(alice).ask("room:join", {"room": room.id, "epoch": room.epoch, "after": cursor})

    assert [event["s"] for event in told["events"]] == [cursor + 1]
    assert told["more"] is False


def test_a_cursor_of_another_epoch_is_reset(tab, alice, room):
    go_in(room, alice)

    told = tab(alice).ask("room:join", {"room": room.id, "epoch": room.epoch + 1, "after": 0})

    assert told["error"]["code"] == "reset"


def test_whoever_is_not_in_does_not_get_in_by_the_socket(tab, charlie, sam, alice, room):
    go_in(room, alice)
    outside, suspended = tab(charlie), tab(sam)

    assert outside.ask("room:join", {"room": room.id})["error"]["code"] == "forbidden"
    assert suspended.ask("room:join", {"room": room.id})["error"]["code"] == "suspended"
    say(alice, room)

    assert outside.heard() == []
    assert suspended.heard() == []


def test_a_message_is_acknowledged_and_heard_by_everyone_in(tab, alice, bob, room):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (hers, his):
        one.ask("room:join", {"room": room.id})
        one.heard()
    cid = new_cid()

    ack = hers.ask("message:send", {"room": room.id, "cid": cid, "body": "Hello."})
    again = hers.ask("message:send", {"room": room.id, "cid": cid, "body": "Hello."})

    assert ack["ok"] is True
    assert again == ack | {"dup": True}
    [event] = his.heard("room:event")
    assert (event["r"], event["e"], event["s"], event["t"]) == (
        room.id,
        room.epoch,
        ack["seq"],
        "message_created",
    )
    assert event["m"]["html"].strip() == "<p>Hello.</p>"
    assert event["m"]["by"]["name"] == alice.name
    assert hers.heard("room:event") == [event]


def test_edits_and_deletions_are_heard(tab, alice, bob, room):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    his.ask("room:join", {"room": room.id})
    sent = hers.ask("message:send", {"room": room.id, "cid": new_cid(), "body": "Frist."})
    his.heard()

    assert hers.ask("message:edit", {"room": room.id, "id": sent["id"], "cid": new_cid(), "body": "First."})[
        "ok"
    ]
    assert hers.ask("message:delete", {"room": room.id, "id": sent["id"]})["ok"]

    assert [(one["t"], one["m"]["state"]) for one in his.heard("room:event")] == [
        ("message_edited", "shown"),
        ("message_deleted", "deleted"),
    ]


def test_another_s_words_are_not_theirs_to_change(tab, alice, bob, room):
    go_in(room, alice, bob)
    message = line(alice, room)

    told = tab(bob).ask("message:edit", {"room": room.id, "id": message.id, "body": "Mine."})

    assert told["error"]["code"] == "forbidden"


def test_a_kept_message_is_acknowledged_and_heard_by_nobody(tab, alice, bob, room):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    his.ask("room:join", {"room": room.id})
    his.heard()

    ack = hers.ask("message:send", {"room": room.id, "cid": new_cid(), "body": "Go kill yourself."})

    assert (ack["ok"], ack["seq"], ack["held"]) == (True, None, True)
    assert his.heard("room:event") == []


def test_someone_in_crisis_gets_the_way_to_help_with_the_answer(tab, alice, room):
    go_in(room, alice)

    assert tab(alice).ask(
        "message:send", {"room": room.id, "cid": new_cid(), "body": "I want to kill myself."}
    )["care"]


def test_an_edit_of_what_came_before_somebody_joined_is_a_skip_to_them(tab, alice, bob, room):
    go_in(room, bob)
    message = line(bob, room, "Before you.")
    go_in(room, alice)
    hers = tab(alice)
    hers.ask("room:join", {"room": room.id})
    hers.heard()

    messages.edit_message(bob, message, body="Still before you.")

    assert hers.heard("room:event") == [{"r": room.id, "e": room.epoch, "s": room.last_seq, "t": "skip"}]


def test_nothing_after_a_removal_reaches_who_was_removed(tab, alice, bob, room, fay):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (hers, his):
        one.ask("room:join", {"room": room.id})
        one.heard()

    rooms.remove_member(fay, room, alice, reason="Another evening.")
    removal = room.last_seq
    say(bob, room, "After.")

    assert all(event["s"] <= removal for event in hers.heard("room:event"))
    assert [event["t"] for event in his.heard("room:event")] == ["member_removed", "message_created"]
    assert hers.ask("message:send", {"room": room.id, "cid": new_cid(), "body": "Still here?"})["ok"] is False
    assert db.session.query(Message).filter_by(author_id=alice.id).count() == 0


def test_leaving_and_removal_tell_the_page(tab, alice, bob, room, fay):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (hers, his):
        one.ask("room:join", {"room": room.id})
        one.heard()

    rooms.leave_room(alice, room)
    rooms.remove_member(fay, room, bob, reason="Another evening.")

    assert hers.heard("room:reset") == [{"r": room.id, "why": "left"}]
    told = his.client.get_received()
    assert {"kind": "removed"} in [one["args"][0] for one in told if one["name"] == "user:event"]
    assert connections.in_room(room.id) == []


def test_a_silence_is_told_to_one_person_only(tab, alice, bob, room, fay):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (hers, his):
        one.ask("room:join", {"room": room.id})
    hers.heard(), his.heard()

    rooms.silence_member(fay, room, alice, minutes=10, reason="Listening only.")

    assert hers.heard() == [{"kind": "silenced"}]
    assert his.heard() == []


def test_an_ended_log_in_closes_the_socket(tab, alice, room):
    go_in(room, alice)
    hers = tab(alice)
    hers.ask("room:join", {"room": room.id})
    hers.heard()

    broadcast.sessions_ended(alice.id)

    assert hers.heard("auth:revoked") == [{}]
    assert not hers.is_open


def test_a_log_in_that_ended_elsewhere_is_found_by_the_watch(tab, alice, bob, room):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    db.session.query(LoginSession).filter_by(user_id=alice.id).delete()
    db.session.commit()

    watch.look()

    assert (hers.is_open, his.is_open) == (False, True)


def test_a_changed_right_is_found_by_the_watch_and_by_the_next_event(tab, alice, bob, room):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (alice, bob):
        db.session.get(User, one.id).auth_epoch += 1
    db.session.commit()

    assert hers.ask("room:join", {"room": room.id})["error"]["code"] == "log_in"
    assert hers.heard("auth:revoked") == [{}]
    watch.look()

    assert (hers.is_open, his.is_open) == (False, False)


def test_one_log_in_of_two_can_end(tab, alice):
    kept, ended = tab(alice), tab(alice)
    [gone] = connections.of_user(alice.id)[1:]
    other = next(one for one in connections.of_user(alice.id) if one.sid != gone.sid)

    broadcast.sessions_ended(alice.id, session_id=gone.session_id)

    assert [one.sid for one in connections.of_user(alice.id)] == [other.sid]
    assert sorted((kept.is_open, ended.is_open)) == [False, True]


def test_what_a_lost_ring_left_is_pushed_by_the_watch(tab, alice, bob, room, monkeypatch):
    go_in(room, alice, bob)
    his = tab(bob)
    his.ask("room:join", {"room": room.id})
    his.heard()
    with monkeypatch.context() as lost:
        lost.setattr(tail, "ring", lambda _room_id: None)
        say(alice, room, "Unrung.")
    assert his.heard("room:event") == []

    watch.look()

    assert [event["t"] for event in his.heard("room:event")] == ["message_created"]


def test_a_gap_is_filled_by_asking(tab, alice, room):
    go_in(room, alice)
    start = room.last_seq
    for number in range(3):
        line(alice, room, f"{number}.")
    hers = tab(alice)

    told = hers.ask("room:sync", {"room": room.id, "epoch": room.epoch, "after": start, "limit": 2})

    assert ([event["s"] for event in told["events"]], told["more"]) == ([start + 1, start + 2], True)


def test_leaving_a_tab_is_not_leaving_the_room(tab, alice, bob, room):
    go_in(room, alice, bob)
    hers = tab(alice)
    hers.ask("room:join", {"room": room.id})

    assert hers.ask("room:leave", {"room": room.id})["ok"]
    assert hers.ask("room:leave", {"room": room.id})["ok"]
    hers.heard()
    say(bob, room)

    assert hers.heard() == []
    assert hers.ask("room:join", {"room": room.id})["ok"]


# Presence and typing


def test_presence_counts_everyone_and_names_whoever_wants_it(tab, alice, bob, room, fay):
    alice.shows_presence = True
    db.session.commit()
    go_in(room, alice, bob, fay)
    hers = tab(alice)
    for one in (hers, tab(bob), tab(fay)):
        one.ask("room:join", {"room": room.id})

    told = hers.ask("presence:get", {"room": room.id})

    assert told["count"] == 3
    assert {(one["name"], one["guide"]) for one in told["people"]} == {(alice.name, False), (fay.name, True)}


def test_coming_and_going_is_told_with_a_grace(tab, alice, bob, room):
    bob.shows_presence = True
    db.session.commit()
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    hers.ask("room:join", {"room": room.id})
    hers.heard()

    his.ask("room:join", {"room": room.id})
    [came] = hers.heard("presence:diff")
    his.close()
    presence.sweep()
    assert hers.heard("presence:diff") == []
    presence.sweep(at=float("inf"))
    [went] = hers.heard("presence:diff")

    assert ([one["name"] for one in came["in"]], came["count"]) == ([bob.name], 2)
    assert (went["out"], went["count"], went["v"]) == ([bob.byline.id], 1, came["v"] + 1)


def test_a_reload_is_not_seen(tab, alice, bob, room):
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (hers, his):
        one.ask("room:join", {"room": room.id})
    hers.heard()

    his.close()
    tab(bob).ask("room:join", {"room": room.id})
    presence.sweep(at=float("inf"))

    assert hers.heard("presence:diff") == []


def test_presence_is_for_those_inside(tab, charlie, room):
    assert tab(charlie).ask("presence:get", {"room": room.id})["error"]["code"] == "forbidden"


@pytest.mark.parametrize("shows", [True, False])
def test_typing_is_named_only_by_choice_and_not_too_often(tab, alice, bob, room, shows):
    alice.shows_presence = shows
    db.session.commit()
    go_in(room, alice, bob)
    hers, his = tab(alice), tab(bob)
    for one in (hers, his):
        one.ask("room:join", {"room": room.id})
        one.heard()

    hers.ask("typing", {"room": room.id})
    hers.ask("typing", {"room": room.id})

    assert his.heard("typing") == [{"r": room.id, "name": alice.name if shows else None}]
    assert hers.heard("typing") == []


def test_a_muted_member_does_not_type(tab, alice, room):
    go_in(room, alice)
    hers = tab(alice)
    hers.ask("room:join", {"room": room.id})
    factories.sanction(alice, SanctionKind.MUTE, Scope.SITE)

    assert hers.ask("typing", {"room": room.id})["error"]["code"] == "muted"


# Doorbells


def test_a_topic_rings_whoever_reads_it(tab, alice, bob, topic, charlie):
    reader, other = tab(bob), tab(charlie)
    assert reader.ask("topic:join", {"topic": topic.id})["ok"]
    reader.heard()

    broadcast.topic_changed(topic.id, 2)

    assert reader.heard() == [{"topic": topic.id, "number": 2}]
    assert other.heard() == []


def test_the_queue_rings_staff_only(tab, alice, mo):
    staff, member = tab(mo), tab(alice)
    assert staff.ask("queue:join", {})["ok"]
    assert member.ask("queue:join", {})["error"]["code"] == "forbidden"

    broadcast.queue_changed()

    assert staff.heard() == [{}]
    assert member.heard() == []


def test_a_member_is_told_of_something_new(tab, alice, bob):
    hers, his = tab(alice), tab(bob)

    broadcast.users_told([alice.id])

    assert hers.heard("user:event") == [{"kind": "notice"}]
    assert his.heard() == []


# Bad payloads


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        "room",
        [],
        [1],
        True,
        {"room": None},
        {"room": "1"},
        {"room": True},
        {"room": -1},
        {"room": 2**63},
        {"room": 1.5},
    ],
)
def test_a_payload_that_is_none_is_answered_not_raised(tab, alice, event, sent):
    told = tab(alice).ask(event, sent)

    if event == "queue:join" and isinstance(sent, dict):
        assert told["error"]["code"] == "forbidden"
    else:
        assert told["error"]["code"] == "invalid"
        assert told["error"]["message"]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_without_a_payload_is_answered(tab, alice, event):
    assert tab(alice).ask(event)["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    "more",
    [
        {}, {"body": "No id."}, {"cid": 5, "body": "x"}, {"cid": "no", "body": "x"}, {"cid": None, "body": None},
        {"body": ["x"]}, {"body": ""}, {"body": "x", "reply_to": "one"}, {"body": "x", "reply_to": {}},
        {"body": "\ud800"}, {"body": "y" * 5000},
    ],
)  # fmt: skip
def test_a_send_with_wrong_fields_is_invalid(tab, alice, room, more):
    go_in(room, alice)
    given = {"room": room.id, **more}
    if more and "cid" not in more and "body" in more and more["body"] != "No id.":
        given["cid"] = new_cid()
    if given.get("body") == "\ud800":
        given["body"] = "\x00\x01"

    told = tab(alice).ask("message:send", given)

    assert told["error"]["code"] == "invalid"
    assert db.session.query(Message).count() == 0


@pytest.mark.parametrize("cid", [5, [], "x" * 100])
def test_an_edit_with_a_wrong_id_is_invalid(tab, alice, room, cid):
    go_in(room, alice)
    message = line(alice, room)

    told = tab(alice).ask("message:edit", {"room": room.id, "id": message.id, "cid": cid, "body": "x"})

    assert told["error"]["code"] == "invalid"


def test_what_is_not_there_is_not_found(tab, alice, room):
    go_in(room, alice)
    hers = tab(alice)

    assert hers.ask("room:join", {"room": 999_999})["error"]["code"] == "not_found"
    assert hers.ask("message:delete", {"room": room.id, "id": 999_999})["error"]["code"] == "not_found"


def test_something_unforeseen_is_answered_without_a_word_of_it(tab, alice, room, monkeypatch):
    from forum.sockets import talk

    def broken(*_args, **_more):
        raise RuntimeError("secret")

    monkeypatch.setattr(talk, "send_message", broken)
    go_in(room, alice)

    told = tab(alice).ask("message:send", {"room": room.id, "cid": new_cid(), "body": "x"})

    assert told["error"]["code"] == "retry"
    assert "secret" not in str(told)


def test_a_refused_event_is_logged_without_its_words(tab, alice, room, caplog):
    caplog.set_level("INFO")
    tab(alice).ask("message:send", {"room": room.id, "cid": new_cid(), "body": "what nobody else may read"})
    [told] = [one.msg for one in caplog.records if one.name == "forum.sockets"]
    assert (told["event"], told["handler"], told["member"]) == ("refused", "send", alice.id)
    assert told["code"] in CODES
    assert "nobody else" not in str(told)


def test_a_socket_that_is_not_known_is_asked_to_come_again(tab, alice, room):
    hers = tab(alice)
    [connection] = connections.of_user(alice.id)
    connections.drop(connection.sid)

    assert hers.ask("room:join", {"room": room.id})["error"]["code"] == "log_in"


def test_nobody_is_told_where_nobody_listens(monkeypatch, alice):
    monkeypatch.setattr(broadcast.socketio, "server", None)

    broadcast.room_rang(1)
    broadcast.sessions_ended(alice.id)
    broadcast.users_told([alice.id])
    broadcast.queue_changed()


def test_a_signed_out_browser_does_not_connect(app, alice, client_as):
    browser = client_as(alice)
    sessions_of_hers = db.session.query(LoginSession).filter_by(user_id=alice.id).one()
    sessions.end_session(alice, session_id=sessions_of_hers.id)

    assert not Tab(app, browser).is_open
    assert apart(lambda: connections.of_user(alice.id)) == []
