"""Every call, a role at a time: what each is refused, and that every answer keeps to the document."""

import pytest

from forum.actions import reports, rooms
from forum.db import db
from forum.live.ids import new_cid
from forum.models import NOTE_KINDS, TokenScope
from forum.queries.cases import case_of
from tests.api.conftest import PREFIX

CAST = ("guest", "alice", "bob", "charlie", "fay", "mo", "max", "ada", "sam")
KIND = next(iter(NOTE_KINDS))


def body_for(name, ids):
    """What a program would send that means well."""
    return {
        "boards_start": {"title": "A title", "body": "A quiet line.", "mentions": [KIND]},
        "topics_reply": {"body": "A quiet line."},
        "topics_note": {"mentions": [KIND]},
        "topics_read": {"number": 1},
        "topics_move": {"board_id": ids["board_id"]},
        "posts_change": {"body": "Other words."},
        "posts_gesture": {"kind": "with"},
        "rooms_send": {"body": "A quiet line.", "cid": new_cid()},
        "rooms_change": {"body": "Other words."},
        "rooms_pace": {"seconds": 10},
        "rooms_silence": {"minutes": 5, "reason": "A pause, for everybody's sake."},
        "rooms_remove": {"reason": "A pause, for everybody's sake."},
        "reports_report": {"kind": "post", "id": ids["post_id"], "reason": "rule"},
        "reports_worry": {"kind": "post", "id": ids["post_id"]},
        "reports_look_again": {},
        "cases_note": {"words": "Seen."},
        "cases_decide": {"verb": "nothing"},
        "account_change": {"country": "GB"},
        "account_rename": {"name": "Another Fern"},
    }.get(name)


@pytest.fixture
def ids(world, bob, alice, fay, room):
    """One thing of each kind, with people in the room and a line of bob's in it."""
    from tests.talking import go_in, line

    go_in(room, bob, alice, fay)
    return {
        **world,
        "message_id": line(bob, room).id,
        "persona_id": alice.byline.id,
        "report_id": 1,
        "decision_id": 1,
        "session_id": 1,
        "notification_id": 1,
        "kind": "health",
    }


def calls(contract, ids):
    """Every call with an address of something that is there, those that take something away last."""
    listed = [
        (method.upper(), path.format(**ids), operation)
        for path, item in contract.document["paths"].items()
        for method, operation in item.items()
    ]
    return sorted(listed, key=lambda one: (one[0] == "DELETE", one[1].endswith("/account/sessions")))


@pytest.mark.parametrize("who", CAST)
def test_every_answer_to_everybody_keeps_to_the_document(who, request, ask, contract, ids):
    """`ask` checks each answer; here it is also that nobody is met by a failure of ours."""
    user = request.getfixturevalue(who)
    for method, path, operation in calls(contract, ids):
        headers = {"If-Match": "*"} if _takes(operation, "If-Match") else {}
        answer = ask(user, method, path, body_for(operation["operationId"], ids), headers=headers)
        assert answer.status_code < 500, (method, path)


def _takes(operation, header):
    return any(one["name"] == header for one in operation["parameters"])


OPEN_TO_GUESTS = {
    "boards_every", "boards_one", "boards_topics", "topics_one", "topics_posts", "posts_one", "rooms_every", "rooms_one",
}  # fmt: skip


def test_a_guest_is_asked_to_sign_in_before_anything_is_looked_up(app, contract, ids):
    for method, path, operation in calls(contract, ids):
        if operation["operationId"] in OPEN_TO_GUESTS:
            continue
        for address in (path, path.replace(str(ids["topic_id"]), "999")):
            answer = app.test_client().open(PREFIX + address, method=method, json={})
            assert (answer.status_code, answer.json["code"]) == (401, "log_in"), (method, address)


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "sam"])
def test_members_are_refused_everything_that_is_staff_s(who, request, ask, contract, ids):
    user = request.getfixturevalue(who)
    done = set()
    for method, path, operation in calls(contract, ids):
        scopes = [scope for way in operation["security"] for scope in way.get("key", ())]
        keeps = operation["operationId"].startswith("rooms_") and path.rpartition("/")[2] in (
            "hidden", "published", "open", "paused", "pace", "silence", "removal",
        )  # fmt: skip
        if scopes == [TokenScope.MODERATE] or keeps:
            answer = ask(user, method, path, body_for(operation["operationId"], ids))
            assert answer.status_code in (403, 404), (method, path, answer.json)
            done.add(operation["operationId"])
    assert len(done) >= 25


@pytest.mark.parametrize("scope", list(TokenScope))
def test_a_key_of_one_scope_opens_the_calls_of_that_scope_alone(scope, ask, ada, contract, ids):
    """Asked as an admin, whom nothing else stands in the way of."""
    for method, path, operation in calls(contract, ids):
        needed = {scope for way in operation["security"] for scope in way.get("key", ())}
        if scope not in needed:
            answer = ask(ada, method, path, body_for(operation["operationId"], ids), scopes=(scope,))
            assert answer.status_code == 403, (method, path)
            assert next(iter(needed)) in answer.json["detail"]


def test_whoever_is_banned_from_a_place_meets_nothing_of_it(ask, contract, ids, charlie, board, room):
    from forum.models import SanctionKind, Scope
    from tests import factories

    factories.sanction(charlie, SanctionKind.BAN, Scope.BOARD, board=board)
    factories.sanction(charlie, SanctionKind.BAN, Scope.ROOM, room=room)
    for method, path, operation in calls(contract, ids):
        if path.split("/")[1] in ("boards", "topics", "posts", "rooms") and any(part.isdigit() for part in path.split("/")):
            answer = ask(charlie, method, path, body_for(operation["operationId"], ids), headers={"If-Match": "*"})
            assert answer.status_code == 404 or path.endswith("/stay"), (method, path, answer.status_code)


def test_what_a_call_says_it_asks_is_asked_whenever_it_succeeds(site, ask, contract, ids, ada, alice):
    """A policy that stands over a call is the one that decides it."""
    from tests.test_policy import called_by

    rules = {
        (method, rule.rule.removeprefix(PREFIX)): site.view_functions[rule.endpoint]
        for rule in site.url_map.iter_rules()
        for method in rule.methods
    }
    views = {_template(rule): view for (method, rule), view in rules.items() for _ in [method]}
    del views
    rooms.join_room(ada, rooms.open_room(ada, _room(ids)))
    done, unasked = set(), set()
    for who in (ada, alice):
        for method, path, operation in calls(contract, ids):
            view = next(
                view
                for (verb, rule), view in rules.items()
                if verb == method and _template(rule).format(**ids) == path
            )
            if not hasattr(view, "asks"):
                continue
            answer, called = called_by(
                lambda method=method, path=path, operation=operation, who=who: ask(
                    who, method, path, body_for(operation["operationId"], ids), headers={"If-Match": "*"}
                )
            )
            if answer.status_code < 300:
                done.add(operation["operationId"])
                if view.asks.__code__ not in called:
                    unasked.add((operation["operationId"], view.asks.__name__))
    assert not unasked
    assert len(done) >= 50


def _template(rule):
    import re

    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def _room(ids):
    from forum.models import Room

    return db.session.get(Room, ids["room_id"])
