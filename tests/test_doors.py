"""The same deed through every door: the same rows, the same refusals, the same words."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func

from forum.actions import rooms
from forum.actions.cases import claim_case
from forum.actions.reports import report
from forum.db import db, now
from forum.live.ids import new_cid
from forum.models import (
    Case,
    Decision,
    Draft,
    Gesture,
    Job,
    LogEntry,
    Message,
    Notification,
    Planned,
    Post,
    Report,
    RoomEvent,
    SanctionKind,
    Scope,
    Topic,
)
from forum.queries.cases import case_of
from tests import factories
from tests.conftest import token_of
from tests.talking import Tab, go_in

DOORS = ("web", "api", "socket")
LATER = now() + timedelta(days=2)


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


# Deeds that pages and programs share


@pytest.fixture
def through(app, client_as):
    """Does a deed by the web's door or the API's; the answer is (did it work, what a person reads)."""

    def do(door, actor, deed, ids, **said):
        client = client_as(actor)
        token = token_of(client)
        if door == "web":
            path, form = WEB[deed](ids, said)
            answer = client.post(path, data={"csrf_token": token, **form})
            return answer.status_code in (200, 303), html.unescape(answer.get_data(as_text=True))
        method, path, body = API[deed](ids, said)
        headers = {"X-CSRFToken": token, "Idempotency-Key": "a key", "If-Match": "*"}
        answer = client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        told = answer.json if answer.is_json else {}
        return answer.status_code < 300, " ".join([told.get("detail", ""), *told.get("fields", {}).values()])

    return do


WEB = {
    "reply": lambda ids, said: (f"/topics/{ids['topic_id']}/replies", said),
    "start": lambda ids, said: (f"/boards/{ids['board_id']}/topics", {"intent": "listen", **said}),
    "edit": lambda ids, said: (f"/posts/{ids['post_id']}/edit", said),
    "gesture": lambda ids, said: (f"/posts/{ids['post_id']}/gestures", {"kind": "with"}),
    "report": lambda ids, said: (f"/report?post={ids['post_id']}", {"reason": "danger", **said}),
    "lock": lambda ids, said: (f"/topics/{ids['topic_id']}/lock", {"on": "1"}),
    "decide": lambda ids, said: (f"/moderation/cases/{ids['case_id']}/decision", said),
    "draft": lambda ids, said: (f"/topics/{ids['topic_id']}/replies", {"keep": "1", **said}),
    "split": lambda ids, said: (f"/topics/{ids['topic_id']}/split", said),
    "plan": lambda ids, said: (
        f"/boards/{ids['board_id']}/planned",
        {"intent": "listen", "publish_at": f"{LATER:%Y-%m-%dT%H:%M}", **said},
    ),
    "settings": lambda ids, said: (f"/house/boards/{ids['board_id']}/settings", said),
}
API = {
    "reply": lambda ids, said: ("POST", f"/topics/{ids['topic_id']}/posts", said),
    "start": lambda ids, said: ("POST", f"/boards/{ids['board_id']}/topics", said),
    "edit": lambda ids, said: ("PATCH", f"/posts/{ids['post_id']}", said),
    "gesture": lambda ids, said: ("PUT", f"/posts/{ids['post_id']}/gesture", {"kind": "with"}),
    "report": lambda ids, said: (
        "POST",
        "/reports",
        {"kind": "post", "id": ids["post_id"], "reason": "danger", **said},
    ),
    "lock": lambda ids, said: ("PUT", f"/topics/{ids['topic_id']}/locked", None),
    "decide": lambda ids, said: ("POST", f"/cases/{ids['case_id']}/decision", said),
    "draft": lambda ids, said: ("PUT", f"/drafts/reply:{ids['topic_id']}", said),
    "split": lambda ids, said: ("POST", f"/topics/{ids['topic_id']}/split", said),
    "plan": lambda ids, said: (
        "POST",
        f"/boards/{ids['board_id']}/planned",
        {"publish_at": LATER.isoformat(), **said},
    ),
    "settings": lambda ids, said: ("PUT", f"/boards/{ids['board_id']}/settings", said),
}

KINDS = (Topic, Post, Notification, Report, Case, Decision, LogEntry, Gesture, Planned, Job)
"""What a refused deed leaves alone. A page keeps the words of a refused form as a draft; a program has its own."""


def counts(*more):
    return [db.session.query(kind).count() for kind in (*KINDS, *more)]


def latest(board_id):
    """The words that were written last on this board, and where they stand."""
    written = func.coalesce(Post.edited_at, Post.created_at)
    here = db.session.query(Post).join(Topic).where(Topic.board_id == board_id)
    post = here.order_by(written.desc(), Post.id.desc()).first()
    return post.source, post.html, post.verdict["labels"], post.number, post.is_hidden, post.topic.is_locked


@pytest.fixture
def worlds(app, alice, bob, mo, ada):
    """A place of its own for each door, alike in everything."""

    def make(door):
        topic = factories.make_topic(alice, factories.make_board(f"Board of {door}"))
        post = factories.make_post(bob, topic, "I read all of it.")
        report(mo, post, reason="rule")
        claim_case(ada, case_of(post))
        return {
            "board_id": topic.board_id,
            "topic_id": topic.id,
            "post_id": post.id,
            "case_id": case_of(post).id,
        }

    return {door: make(door) for door in ("web", "api")}


DEEDS = {
    "reply": ("bob", {"body": "I read *all* of it, @Alice Fern."}),
    "start": ("alice", {"title": "Another evening", "body": "I don’t want to live any more."}),
    "edit": ("bob", {"body": "Other words."}),
    "gesture": ("alice", {}),
    "report": ("alice", {"words": "It worries me."}),
    "lock": ("mo", {}),
    "decide": ("ada", {"verb": "hide", "rule": 1, "letter": "It could lead somebody to you."}),
    "draft": ("bob", {"body": "I began"}),
    "split": ("ada", {"number": 2, "title": "A topic of its own"}),
    "plan": ("ada", {"title": "On Sunday", "body": "Let us meet."}),
    "settings": ("ada", {"rules": "Softly here."}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_page_and_a_program_leave_the_same(deed, through, worlds, request, alice, bob, mo, ada):
    who, said = DEEDS[deed]
    left = []
    for door, ids in worlds.items():
        before = counts(Draft)
        worked, told = through(door, request.getfixturevalue(who), deed, ids, **said)
        assert worked, (door, told)
        db.session.rollback()
        left.append(
            ([now - then for now, then in zip(counts(Draft), before, strict=True)], latest(ids["board_id"]))
        )
    assert left[0] == left[1]
    assert any(left[0][0]) or deed == "edit"


WRONG = [
    ("reply", "bob", {"body": " "}, "no words here yet"),
    ("reply", "bob", {"body": "Ring me: 07700 900123"}, "could lead someone"),
    ("start", "alice", {"title": " ", "body": "x"}, "words for a title"),
    ("start", "alice", {"title": "x", "body": ""}, "no words here yet"),
    ("edit", "bob", {"body": "é" * 10_001}, "20,000 fit"),
    ("edit", "alice", {"body": "Mine now."}, "somebody else’s words"),
    ("gesture", "bob", {}, "your own words"),
    ("report", "bob", {}, "your own words"),
    ("lock", "alice", {}, "for moderators"),
    ("decide", "ada", {"verb": "hide"}, "which line of the agreement"),
    ("decide", "alice", {"verb": "nothing"}, "for moderators"),
    ("draft", "bob", {"body": " "}, "no words here yet"),
    ("split", "ada", {"number": 9, "title": "x"}, "number of a reply that readers see"),
    ("split", "alice", {"number": 2, "title": "x"}, "for moderators"),
    ("plan", "ada", {"title": "x", "body": "Ring me: 07700 900123"}, "could lead someone"),
    ("plan", "alice", {"title": "x", "body": "y"}, "for moderators"),
    ("settings", "ada", {"rules": "Ring me: 07700 900123"}, "could lead someone"),
]


@pytest.mark.parametrize(("deed", "who", "said", "told"), WRONG)
def test_a_page_and_a_program_are_refused_alike(
    deed, who, said, told, through, worlds, request, alice, bob, ada
):
    for door, ids in worlds.items():
        before = counts()
        worked, heard = through(door, request.getfixturevalue(who), deed, ids, **said)
        assert not worked
        assert told in re.sub(r"\s+", " ", heard), (door, heard[-2000:])
        db.session.rollback()
        assert counts() == before
