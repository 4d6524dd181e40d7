"""What each sanction leaves, as a table: one row a sanction, one column a thing that somebody may want to do.

The columns are questions of policy, so that every door gives the same answer.
"""

import pytest

from forum import policy
from forum.actions import reports, rooms
from forum.actions.decisions import decide_case
from forum.db import db
from forum.models import Post, SanctionKind, Scope, Topic
from forum.queries.boards import boards_for
from forum.queries.cases import case_of
from forum.queries.rooms import rooms_for
from tests import factories

COLUMNS = (
    "reads board", "writes on board", "answers without words", "is in room", "writes in room", "reads other board",
    "writes on other board", "reports", "worries", "reads why", "asks again",
)  # fmt: skip

EVERYTHING = dict.fromkeys(COLUMNS, True)
NOTHING = dict.fromkeys(COLUMNS, False)
HIS_OWN = {"reads why": True, "asks again": True}
TELLING = {"reports": True, "worries": True}


def but(**changed: bool) -> dict[str, bool]:
    """Everything, except what is named, with underscores for spaces."""
    return EVERYTHING | {name.replace("_", " "): value for name, value in changed.items()}


TABLE = {
    "warning": ("warn", {}, but()),
    "mute on a board": ("mute", {"days": 1}, but(writes_on_board=False, answers_without_words=False)),
    "mute everywhere": (
        "mute",
        {"days": 1, "scope": "site"},
        but(
            writes_on_board=False,
            answers_without_words=False,
            writes_in_room=False,
            writes_on_other_board=False,
        ),
    ),
    "suspension": (
        "suspend",
        {"days": 1},
        NOTHING | HIS_OWN | TELLING | {"reads board": True, "reads other board": True},
    ),
    "ban from a board": (
        "ban",
        {},
        but(reads_board=False, writes_on_board=False, answers_without_words=False),
    ),
    "ban from the site": ("ban", {"scope": "site"}, NOTHING | HIS_OWN),
}


@pytest.fixture
def places(alice, bob, board, room):
    """Two boards with a topic of Alice's each, and a room."""
    other = factories.make_board("Another board")
    return {
        "board": factories.make_topic(alice, board),
        "other": factories.make_topic(alice, other),
        "room": room,
    }


def opening_of(topic: Topic) -> Post:
    return db.session.query(Post).filter_by(topic_id=topic.id, number=1).one()


def what_is_left(bob, alice, places, decision) -> dict[str, bool]:
    topic, other, room = places["board"], places["other"], places["room"]
    answers = (
        policy.can_see_topic(bob, topic), policy.can_reply_to_topic(bob, topic), policy.can_gesture(bob, opening_of(topic)),
        policy.can_join_room(bob, room), policy.can_send_message(bob, room), policy.can_see_topic(bob, other),
        policy.can_reply_to_topic(bob, other), policy.can_report(bob, opening_of(other)),
        policy.can_worry(bob, alice.byline), policy.can_see_statement(bob, decision),
        policy.can_request_second_look(bob, decision),
    )  # fmt: skip
    return dict(zip(COLUMNS, map(bool, answers), strict=True))


@pytest.mark.parametrize("row", TABLE)
def test_what_a_sanction_leaves(row, alice, bob, mo, places):
    verb, more, left = TABLE[row]
    reports.report(alice, post := factories.make_post(bob, places["board"]), reason="unkind")
    decision = decide_case(mo, case_of(post), verb=verb, rule=3, letter="A sentence.", **more)
    assert what_is_left(bob, alice, places, decision) == left


@pytest.mark.parametrize(
    "verb, more, left",
    [
        ("mute", {"days": 1}, but(writes_in_room=False)),
        ("ban", {}, but(is_in_room=False, writes_in_room=False)),
    ],
)
def test_what_a_sanction_of_a_room_leaves(verb, more, left, alice, bob, mo, places):
    for user in (alice, bob):
        rooms.join_room(user, places["room"])
    message = factories.make_message(bob, places["room"])
    reports.report(alice, message, reason="unkind")
    decision = decide_case(mo, case_of(message), verb=verb, rule=3, letter="A sentence.", **more)
    assert what_is_left(bob, alice, places, decision) == left


def test_what_somebody_is_banned_from_is_not_in_their_lists(bob, places):
    board, room = places["board"].board, places["room"]
    factories.sanction(bob, SanctionKind.BAN, Scope.BOARD, board=board)
    factories.sanction(bob, SanctionKind.BAN, Scope.ROOM, room=room)
    assert board.id not in {one.id for one in boards_for(bob)}
    assert room.id not in {card.room.id for card in rooms_for(bob)}


def test_a_sanction_ends_by_itself(bob, places):
    factories.sanction(bob, SanctionKind.SUSPENSION, Scope.SITE, days=-1)
    assert policy.can_reply_to_topic(bob, places["board"])


@pytest.mark.parametrize("path", ["/help", "/leave", "/statements"])
@pytest.mark.parametrize("kind", ["mute", "suspension", "ban"])
def test_help_leaving_and_reasons_stay_with_everyone(path, kind, bob, client_as):
    factories.sanction(bob, SanctionKind(kind), Scope.SITE)
    assert client_as(bob).get(path).status_code in (200, 303)


@pytest.mark.parametrize("path, status", [("/boards/{}", 404), ("/topics/{}", 404)])
def test_what_one_is_banned_from_is_not_found(path, status, bob, places, client_as):
    topic = places["board"]
    factories.sanction(bob, SanctionKind.BAN, Scope.BOARD, board=topic.board)
    number = topic.board_id if "boards" in path else topic.id
    assert client_as(bob).get(path.format(number)).status_code == status


def test_a_room_that_one_is_banned_from_is_not_found(bob, places, client_as):
    factories.sanction(bob, SanctionKind.BAN, Scope.ROOM, room=places["room"])
    assert client_as(bob).get(f"/rooms/{places['room'].id}").status_code == 404
