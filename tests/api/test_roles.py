"""Every call, a role at a time: what each is refused, and that every answer keeps to the document."""

from datetime import timedelta
from functools import partial

import pytest

from forum.actions import rooms
from forum.db import now
from forum.live.ids import new_cid
from forum.models import NOTE_KINDS, SanctionKind, Scope, TokenScope
from tests import factories
from tests.api.conftest import PREFIX
from tests.talking import go_in, line
from tests.test_policy import called_by

pytestmark = pytest.mark.once

CAST = ("guest", "alice", "bob", "charlie", "fay", "mo", "max", "ada", "sam", "wil")
MET = [
    "guest",
    "alice",
    "mo",
    "wil",
    *(
        pytest.param(who, marks=pytest.mark.slow)
        for who in CAST
        if who not in ("guest", "alice", "mo", "wil")
    ),
]
"""Whom every answer is looked at for in `make test`; what the others are refused is asked below."""
KIND = next(iter(NOTE_KINDS))
SOON = (now() + timedelta(days=1)).isoformat()
CARD = {
    "name": "Ten slow breaths",
    "fits": "When it is all too much",
    "minutes": 2,
    "place": "Anywhere",
    "steps": "Breathe in.\nBreathe out.",
    "evidence": "lived",
    "tags": ["breath"],
}


def body_for(name, ids):
    """What a program would send that means well."""
    return {
        "boards_start": {"title": "A title", "body": "A quiet line.", "mentions": [KIND]},
        "topics_reply": {"body": "A quiet line."},
        "topics_note": {"mentions": [KIND]},
        "topics_read": {"number": 1},
        "drafts_keep": {"body": "Only mine."},
        "planned_plan": {"title": "A title", "body": "Later.", "publish_at": SOON},
        "planned_change": {"title": "A title", "body": "Later.", "publish_at": SOON},
        "boards_change": {"rules": "Softly."},
        "topics_split": {"number": 2, "title": "A title"},
        "topics_merge": {"topic_id": ids["topic_id"]},
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
        "cases_reveal": {"reason": "To see."},
        "cases_decide": {"verb": "nothing"},
        "strategies_share": CARD,
        "strategies_change": CARD,
        "strategies_say_how_it_was": {"how": "helped", "before": 7, "after": 4},
        "strategies_save_plan": {"parts": {"helps": ["The kettle."]}},
        "account_openness": {"openness": "gentle"},
        "account_keep_away": {"kind": "ignore"},
        "account_change": {"country": "GB"},
        "profile_change": {"pronouns": "they", "words": "Nights, mostly.", "figure": "moon", "tone": 4},
        "account_rename": {"name": "Another Fern"},
        "watching_change": {"level": "mentions", "gives_kind_words": True},
        "watching_watch_topic": {"level": "all"},
        "watching_watch_board": {"level": "none"},
        "watching_keep_post": {"note": "for a hard evening"},
        "watching_keep_topic": {},
    }.get(name)


@pytest.fixture
def ids(world, bob, alice, fay, room):
    """One thing of each kind, with people in the room and a line of bob's in it."""
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


@pytest.mark.parametrize("who", MET)
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
    "boards_every", "boards_one", "boards_topics", "topics_one", "topics_posts", "posts_one", "posts_history",
    "rooms_every", "rooms_one",
}  # fmt: skip


def test_a_guest_is_asked_to_sign_in_before_anything_is_looked_up(app, contract, ids):
    for method, path, operation in calls(contract, ids):
        if operation["operationId"] in OPEN_TO_GUESTS:
            continue
        for address in (path, path.replace(str(ids["topic_id"]), "999")):
            answer = app.test_client().open(PREFIX + address, method=method, json={})
            assert (answer.status_code, answer.json["code"]) == (401, "log_in"), (method, address)


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "sam", "wil"])
def test_members_are_refused_everything_that_is_staff_s(who, request, ask, contract, ids):
    user = request.getfixturevalue(who)
    done = set()
    for method, path, operation in calls(contract, ids):
        scopes = [scope for way in operation["security"] for scope in way.get("key", ())]
        keeps = operation["operationId"].startswith("rooms_") and path.rpartition("/")[2] in (
            "hidden", "published", "open", "paused", "pace", "silence", "removal",
        )  # fmt: skip
        if scopes == [TokenScope.MODERATE] or keeps:
            headers = {"If-Match": "*"} if _takes(operation, "If-Match") else {}
            answer = ask(user, method, path, body_for(operation["operationId"], ids), headers=headers)
            assert answer.status_code in (403, 404), (method, path, answer.json)
            done.add(operation["operationId"])
    assert len(done) >= 25


@pytest.mark.parametrize(
    "scope",
    [one if n % 4 == 0 else pytest.param(one, marks=pytest.mark.slow) for n, one in enumerate(TokenScope)],
)
def test_a_key_of_one_scope_opens_the_calls_of_that_scope_alone(scope, ask, ada, contract, ids):
    """Asked as an admin, whom nothing else stands in the way of."""
    for method, path, operation in calls(contract, ids):
        needed = {scope for way in operation["security"] for scope in way.get("key", ())}
        if scope not in needed:
            answer = ask(ada, method, path, body_for(operation["operationId"], ids), scopes=(scope,))
            assert answer.status_code == 403, (method, path)
            assert next(iter(needed)) in answer.json["detail"]


def test_whoever_is_banned_from_a_place_meets_nothing_of_it(ask, contract, ids, charlie, board, room):
    factories.sanction(charlie, SanctionKind.BAN, Scope.BOARD, board=board)
    factories.sanction(charlie, SanctionKind.BAN, Scope.ROOM, room=room)
    for method, path, operation in calls(contract, ids):
        if path.split("/")[1] in ("boards", "topics", "posts", "rooms") and any(
            part.isdigit() for part in path.split("/")
        ):
            answer = ask(
                charlie, method, path, body_for(operation["operationId"], ids), headers={"If-Match": "*"}
            )
            assert answer.status_code == 404 or path.endswith("/stay"), (method, path, answer.status_code)


def test_what_a_call_says_it_asks_is_asked_whenever_it_succeeds(site, ask, contract, ids, ada, alice, room):
    """The policy that stands over a call is one that decides it."""
    views = {call.name: call.view for call in site.extensions["hearth_calls"] if hasattr(call.view, "asks")}
    rooms.join_room(ada, room)
    done, unasked = set(), set()
    for who in (ada, alice):
        for method, path, operation in calls(contract, ids):
            name = operation["operationId"]
            sent = {"json": body_for(name, ids), "headers": {"If-Match": "*"}}
            answer, called = called_by(partial(ask, who, method, path, **sent))
            if answer.status_code < 300 and name in views:
                done.add(name)
                if views[name].asks.__code__ not in called:
                    unasked.add((name, views[name].asks.__name__))
    assert not unasked
    assert len(done) >= 45
