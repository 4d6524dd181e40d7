"""Who may what: every route and socket event is marked, and the marks hold over the whole cast.

A door says `@asks(policy.can_…)` or `@public("why")`. What carries neither fails here, so that nothing is open
by being forgotten. Then everybody of the cast walks every page that can be read: nobody gets a 500, guests see
only what is public, and what one may not see is 404, never 403.
"""

import sys
from datetime import timedelta

import pytest
from flask import Flask, url_for

from forum import policy
from forum.actions import rooms
from forum.db import now
from forum.errors import CODES
from forum.extensions import socketio
from forum.live.ids import new_cid
from tests import factories
from tests.conftest import token_of
from tests.talking import Tab

CAST = ("guest", "alice", "bob", "charlie", "fay", "mo", "max", "ada", "sam", "wil")


def views(app: Flask):
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            yield rule, app.view_functions[rule.endpoint]


def marked(view) -> bool:
    return hasattr(view, "asks") or hasattr(view, "public")


def test_every_route_is_marked(site):
    unmarked = {rule.endpoint for rule, view in views(site) if not marked(view)}
    assert not unmarked


def test_every_socket_event_is_marked(site):
    unmarked = {
        event
        for events in socketio.server.handlers.values()
        for event, handler in events.items()
        if event not in ("connect", "disconnect") and not marked(_unwrapped(handler))
    }
    assert not unmarked


def _unwrapped(handler):
    while hasattr(handler, "__wrapped__") and not marked(handler):
        handler = handler.__wrapped__
    return handler


def test_what_a_door_asks_is_a_policy(site):
    asked = {view.asks for _, view in views(site) if hasattr(view, "asks")}
    assert asked
    assert not {
        question.__name__ for question in asked if getattr(policy, question.__name__, None) is not question
    }


def test_what_is_public_says_why(site):
    assert not {
        rule.endpoint for rule, view in views(site) if hasattr(view, "public") and len(view.public) < 15
    }


def test_a_route_that_nobody_marked_would_fail_here(site):
    def forgotten() -> str:
        return ""

    assert not marked(forgotten)


def readable(site: Flask, world: dict):
    for rule, view in views(site):
        if "GET" not in rule.methods or rule.endpoint in ("help.leave",):
            continue
        values = {name: world.get(name, 999_999) for name in rule.arguments if name != "filename"}
        with site.test_request_context():
            yield url_for(rule.endpoint, **values), view


@pytest.mark.parametrize(
    "who", [one if one in ("alice", "ada") else pytest.param(one, marks=pytest.mark.page) for one in CAST]
)
def test_everybody_walks_every_page(who, request, site, world, client_as):
    actor = request.getfixturevalue(who)
    client = client_as(actor)
    for url, view in readable(site, world):
        answer = client.get(url)
        assert answer.status_code < 500 or url == "/readyz", (who, url, answer.status_code)
        if who == "guest" and hasattr(view, "asks"):
            assert answer.status_code in (200, 302, 303, 401, 404, 422), (url, answer.status_code)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


EVENTS = {
    "room:join": {"room": 1},
    "room:sync": {"room": 1, "epoch": 1, "after": 0},
    "message:send": {"room": 1, "cid": "x", "body": "words"},
    "message:edit": {"room": 1, "id": 1, "body": "words"},
    "message:delete": {"room": 1, "id": 1},
    "topic:join": {"topic": 1},
    "queue:join": {},
    "presence:get": {"room": 1},
    "room:leave": {"room": 1},
}


@pytest.mark.page
@pytest.mark.parametrize("who", CAST)
def test_everybody_sends_every_event(who, request, app, world, client_as):
    """Guests are not let in at all; everybody else is answered, and a refusal carries a code of the one table."""
    actor = request.getfixturevalue(who)
    if who == "guest":
        with pytest.raises(RuntimeError, match="not connected"):
            Tab(app, client_as(actor)).ask("queue:join", {})
        return
    tab = Tab(app, client_as(actor))
    answers = {event: tab.ask(event, payload) for event, payload in EVENTS.items()}
    tab.close()
    refused = {event: answer["error"]["code"] for event, answer in answers.items() if not answer["ok"]}
    assert set(refused.values()) <= set(CODES)
    assert answers["queue:join"]["ok"] is (who in ("mo", "max", "ada"))
    assert answers["topic:join"]["ok"] is (who != "wil")
    assert not answers["message:send"]["ok"]


def called_by(deed) -> tuple[object, set]:
    """What a deed answered, and the code of every function that was called on the way."""
    called = set()
    sys.setprofile(lambda frame, event, _: called.add(frame.f_code) if event == "call" else None)
    try:
        return deed(), called
    finally:
        sys.setprofile(None)


@pytest.mark.page
@pytest.mark.parametrize("who", ["alice", "ada"])
def test_what_a_page_says_it_asks_is_asked_whenever_it_is_shown(who, request, site, world, client_as):
    client, unasked = client_as(request.getfixturevalue(who)), set()
    for url, view in readable(site, world):
        answer, called = called_by(lambda url=url: client.get(url))
        if answer.status_code == 200 and hasattr(view, "asks") and view.asks.__code__ not in called:
            unasked.add((url, view.asks.__name__))
    assert not unasked


GOOD = {
    "body": "A quiet line.", "title": "A title", "intent": "listen", "key": "one key", "kind": "read", "reason": "rule",
    "words": "It is for a person to look at.", "note": "Seen.", "verb": "nothing", "number": "1", "minutes": "10",
    "seconds": "10", "name": "Another Fern", "theme": "dark", "country": "GB", "adult": "1", "health": "1",
    "agreement": "1", "publish_at": f"{now() + timedelta(days=2):%Y-%m-%dT%H:%M}",
    "fits": "On stairs.", "place": "At work", "steps": "Stand.", "evidence": "lived",
    "tags": "grounding", "how": "helped", "answer": "no", "helps": "Cold water", "old": factories.PASSWORD, "proof": factories.PASSWORD, "new": "another quiet passphrase", "on": "1", "email": "",
    "member": "Alice Fern", "role": "lead", "line": "GB call 116123", "way": "up", "section": "1",
    "about": "About it.", "audience": "members", "starters": "members", "capacity": "8", "reads_from": "joining",
    "channel": "call", "cost": "Free", "hours": "Day and night", "url": "https://line.example/", "source": "",
    "mode": "open", "question": "What brings you here?", "purpose": "For a group", "uses": "3", "days": "14",
    "letter": "Not this time.", "lines": "Be kind: Always.", "changed": "It is shorter.", "pronouns": "they",
    "level": "all", "kind_words_a_day": "3",
}  # fmt: skip
"""What each form takes, all in one: a form reads what is its own."""


@pytest.mark.page
def test_what_a_form_says_it_asks_is_asked_whenever_it_succeeds(site, world, alice, ada, client_as, room):
    rooms.join_room(ada, room)
    unasked, done = set(), set()
    for who in (alice, ada):
        for rule, view in views(site):
            if "POST" not in rule.methods or not hasattr(view, "asks") or rule.rule.startswith("/api/"):
                continue
            client = client_as(who)
            form = GOOD | {"csrf_token": token_of(client), "cid": new_cid(), "board": world["board_id"]}
            with site.test_request_context():
                url = url_for(rule.endpoint, **{name: world.get(name, 1) for name in rule.arguments})
            answer, called = called_by(lambda client=client, url=url, form=form: client.post(url, data=form))
            if answer.status_code in (200, 303):
                done.add(rule.endpoint)
                if view.asks.__code__ not in called:
                    unasked.add((rule.endpoint, view.asks.__name__))
    assert not unasked
    assert len(done) >= 30
