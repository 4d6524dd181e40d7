"""Muting and blocking: over every path by which somebody's words, deeds or presence reach a reader.

Bob's words carry a word that nobody else uses. Each path is tried by Alice before she keeps Bob away, when it must bring
that word or his name, and after, when it must not; by a moderator who keeps him away too, for whom nothing changes where
they look after things; and by Bob, who must not be able to tell.
"""

import re
from datetime import timedelta

import pytest

from forum.actions import (
    drafts,
    gestures,
    kindness,
    moves,
    planned,
    reports,
    rooms,
    tokens,
    toolkit,
    topics,
    watching,
)
from forum.actions.boundaries import lift_boundary, set_boundary, set_openness
from forum.db import db, now
from forum.errors import Forbidden, Invalid, NotFound
from forum.models import Boundary, BoundaryKind, Duty, LogEntry, Notification, Post, System, TokenScope
from forum.queries.boundaries import boundaries_of
from forum.queries.kindness import waiting_list
from forum.queries.topics import post_for
from tests import factories
from tests.talking import Tab, apart, go_in, line, say

MARK = "quillwort"
NAME = "Bob Heron"


@pytest.fixture
def scene(app, alice, bob, board, topic, room):
    """Bob has written, answered, named, gestured and spoken wherever Alice goes."""
    own = topics.start_topic(bob, board, title=f"About {MARK}", body=f"The first {MARK}.")
    reply = factories.make_post(bob, topic, f"A first reply with {MARK}, @Alice Fern.")
    topics.edit_post(bob, reply, body=f"A reply with {MARK}, @Alice Fern.")
    mine = factories.make_post(alice, topic, "Alice, in between.")
    gestures.give_gesture(bob, mine, kind="with")
    bob.shows_presence = True
    db.session.commit()
    go_in(room, alice, bob)
    spoken = line(bob, room, f"Spoken {MARK}.")
    answer = say(alice, room, "An answer.", reply_to=spoken.id).message
    card = factories.make_strategy(bob, name=f"A card of {MARK}")
    factories.make_post(alice, topic, f"It helped me.\n\n/strategies/{card.id}")
    toolkit.keep_strategy(alice, card)
    waiting = _unanswered(bob, board, f"Alone with {MARK}")
    watching.change_reach(alice, gives_kind_words=True)
    for place in (own.topic, reply):
        watching.keep_bookmark(alice, place)
    watching.watch_topic(alice, own.topic, level="all")
    kindness.mark_landed(bob, factories.make_post(alice, own.topic, "I read this."))
    told = factories.make_post(alice, own.topic, "Here I am.")
    topics.edit_post(alice, told, body="Here I am too.")
    drafts.keep_draft(alice, own.topic, body="I began")
    drafts.keep_draft(alice, told, body="I began to change")
    from_here, to_theirs = _split(alice, bob, board)
    factories.make_post(bob, own.topic, f"And last {MARK}.")
    return {
        "waiting": waiting,
        "feed": watching.make_feed(alice),
        "told": told,
        "from_here": from_here,
        "to_theirs": to_theirs,
        "card": card,
        "board": board,
        "topic": topic,
        "own": own,
        "reply": reply,
        "room": room,
        "spoken": spoken,
        "answer": answer,
    }


def _unanswered(user, board, title):
    topic = factories.make_topic(user, board, title)
    topic.created_at = now() - timedelta(hours=2)
    db.session.commit()
    return topic


def _split(alice, bob, board):
    """A topic of Alice's out of which one of Bob's went on, and one of hers out of one of his."""
    mine = factories.make_topic(alice, board)
    factories.make_post(bob, mine)
    moves.split_topic(System(), mine, number=2, title=f"Further {MARK}")
    theirs = factories.make_topic(bob, board, title=f"Before {MARK}")
    factories.make_post(alice, theirs)
    return mine, moves.split_topic(System(), theirs, number=2, title="Further")


def page(client_as, user, path):
    return apart(client_as(user).get, path).get_data(as_text=True)


def key_of(user):
    return {
        "Authorization": f"Bearer {tokens.make_token(user, name='x', scopes=list(TokenScope), days=7)[1]}"
    }


def call(app, key, path):
    return apart(app.test_client().get, f"/api/v1{path}", headers=key).get_data(as_text=True)


PAGES = {
    "home": ("/boards", NAME),
    "board": ("/boards/{board.id}", MARK),
    "topic": ("/topics/{topic.id}", MARK),
    "topic of theirs": ("/topics/{own.topic_id}", MARK),
    "all of a topic, to print": ("/topics/{topic.id}/print", MARK),
    "all of a topic of theirs, to print": ("/topics/{own.topic_id}/print", MARK),
    "how a post changed": ("/posts/{reply.id}/history", MARK),
    "how one’s own changed in a topic of theirs": ("/posts/{told.id}/history", MARK),
    "changing one’s own words in a topic of theirs": ("/posts/{told.id}/edit", MARK),
    "who asked for one’s own words in a topic of theirs": ("/posts/{told.id}/asks", MARK),
    "what went on elsewhere": ("/topics/{from_here.id}", MARK),
    "where it began": ("/topics/{to_theirs.id}", MARK),
    "drafts": ("/drafts", MARK),
    "who answered without words": ("/topics/{topic.id}", f"{NAME}, with you"),
    "quoting": ("/topics/{topic.id}?quote={reply.id}", f"&gt; A reply with {MARK}"),
    "post": ("/posts/{reply.id}", "/topics/"),
    "notices": ("/notices", NAME),
    "room": ("/rooms/{room.id}", MARK),
    "whom a line answers": ("/rooms/{room.id}", f"In answer to {NAME}"),
    "answering": ("/rooms/{room.id}?reply_to={spoken.id}", MARK),
    "library": ("/library", MARK),
    "card": ("/strategies/{card.id}", MARK),
    "toolkit": ("/toolkit", MARK),
    "reporting": ("/report?post={reply.id}", "Report"),
    "what is kept": ("/bookmarks", MARK),
    "a post that is kept": ("/bookmarks", f"{NAME} in"),
    "what is watched": ("/settings/reach", MARK),
    "waiting for a kind word": ("/kind-words", MARK),
    "offered at home": ("/boards", MARK),
    "the feed": ("/feeds/{feed}", MARK),
    "names on a board": ("/boards/{board.id}/names?q=bo", NAME),
    "names in a topic": ("/topics/{topic.id}/names?q=bo", NAME),
    "what landed with them": ("/topics/{own.topic_id}", "This landed</span>"),
}
CALLS = {
    "board": ("/boards/{board.id}/topics", MARK),
    "boards": ("/boards", NAME),
    "topic": ("/topics/{own.topic_id}", MARK),
    "posts": ("/topics/{topic.id}/posts", MARK),
    "posts of theirs": ("/topics/{own.topic_id}/posts", MARK),
    "post": ("/posts/{reply.id}", MARK),
    "how a post changed": ("/posts/{reply.id}/history", MARK),
    "notices": ("/notifications", NAME),
    "library": ("/strategies", MARK),
    "card": ("/strategies/{card.id}", MARK),
    "toolkit": ("/toolkit", MARK),
    "room events": ("/rooms/{room.id}/events", MARK),
    "room events after a cursor": ("/rooms/{room.id}/events?after=0", MARK),
    "room messages": ("/rooms/{room.id}/messages", MARK),
    "message": ("/rooms/{room.id}/messages/{spoken.id}", MARK),
    "people": ("/rooms/{room.id}/people", NAME),
    "what is kept": ("/bookmarks", MARK),
    "what is watched": ("/account/watches", "topic_id"),
    "waiting for a kind word": ("/kind-words", MARK),
    "names on a board": ("/boards/{board.id}/names?q=bo", NAME),
    "names in a topic": ("/topics/{topic.id}/names?q=bo", NAME),
    "what landed with them": ("/topics/{own.topic_id}/posts", '"has_landed":true'),
}
STAFF_MEET = {
    "board", "topic", "topic of theirs", "post", "posts", "posts of theirs", "quoting", "reporting",
    "all of a topic, to print", "all of a topic of theirs, to print", "how a post changed", "what went on elsewhere",
    "where it began",
}  # fmt: skip


@pytest.mark.parametrize("kind", list(BoundaryKind))
def test_no_page_brings_what_is_kept_away(kind, client_as, alice, bob, scene):
    addresses = {name: address.format(**scene) for name, (address, _brings) in PAGES.items()}
    missing = {
        name for name, (_, brings) in PAGES.items() if brings not in page(client_as, alice, addresses[name])
    }
    set_boundary(alice, bob.byline, kind=kind)
    shown = {name: page(client_as, alice, address) for name, address in addresses.items()}
    brought = {name for name, (_, brings) in PAGES.items() if brings in shown[name] and name != "post"}
    marked = {name for name, text in shown.items() if MARK in text}
    lift_boundary(alice, bob.byline)
    gone = {
        name for name, (_, brings) in PAGES.items() if brings not in page(client_as, alice, addresses[name])
    }
    assert (missing, brought, marked, gone) == (set(), set(), set(), set())


def test_no_call_brings_what_is_kept_away(app, alice, bob, scene):
    hers, addresses = (
        key_of(alice),
        {name: address.format(**scene) for name, (address, _brings) in CALLS.items()},
    )
    missing = {name for name, (_, brings) in CALLS.items() if brings not in call(app, hers, addresses[name])}
    set_boundary(alice, bob.byline, kind="ignore")
    told = {name: call(app, hers, address) for name, address in addresses.items()}
    brought = {name for name, (_, brings) in CALLS.items() if brings in told[name] or MARK in told[name]}
    assert (missing, brought) == (set(), set())


def test_whoever_looks_after_a_place_meets_everything_there(client_as, mo, bob, scene):
    set_boundary(mo, bob.byline, kind="block")
    for name in STAFF_MEET & set(PAGES):
        address, brings = PAGES[name]
        assert brings in page(client_as, mo, address.format(**scene)), name


def test_what_another_moderator_planned_is_there_for_whoever_looks_after_the_board(client_as, mo, bob, scene):
    factories.appoint(bob, Duty.MODERATOR, board=scene["board"])
    at = now() + timedelta(days=1)
    planned.plan_topic(bob, scene["board"], title=f"Later {MARK}", body="On Sunday.", publish_at=at)
    set_boundary(mo, bob.byline, kind="block")
    assert MARK in page(client_as, mo, f"/boards/{scene['board'].id}/planned")


@pytest.mark.parametrize("path", ["board", "topic", "topic of theirs"])
def test_what_a_moderator_says_is_met_by_everybody(path, client_as, alice, bob, scene):
    factories.appoint(bob, Duty.MODERATOR, board=scene["board"])
    set_boundary(alice, bob.byline, kind="block")
    address, brings = PAGES[path]
    assert brings in page(client_as, alice, address.format(**scene))


def test_a_moderator_of_one_board_is_a_member_on_another(client_as, alice, bob, charlie, scene):
    other = factories.make_board("Elsewhere")
    factories.appoint(bob, Duty.MODERATOR, board=other)
    factories.make_topic(charlie, other)
    set_boundary(alice, bob.byline, kind="ignore")
    for path in ("home", "topic of theirs", "notices", "what is kept", "the feed"):
        assert MARK not in page(client_as, alice, PAGES[path][0].format(**scene))
    with pytest.raises(NotFound):
        post_for(alice, scene["reply"].id)


def test_a_facilitator_is_heard_by_everybody_in_the_room(client_as, alice, bob, scene):
    factories.appoint(bob, Duty.FACILITATOR, room=scene["room"])
    set_boundary(alice, bob.byline, kind="block")
    assert MARK in page(client_as, alice, f"/rooms/{scene['room'].id}")


def test_the_queue_is_as_it_was(client_as, alice, mo, bob, scene):
    reports.report(alice, scene["reply"], reason="rule")
    set_boundary(mo, bob.byline, kind="block")
    assert "Reply in" in page(client_as, mo, "/moderation")


# What happens after


@pytest.mark.parametrize("kind", list(BoundaryKind))
def test_nothing_they_do_tells_of_it(kind, alice, bob, topic):
    set_boundary(alice, bob.byline, kind=kind)
    factories.make_post(bob, topic, "Again, @Alice Fern.")
    assert db.session.query(Notification).filter_by(user_id=alice.id).count() == 0


def test_their_deed_does_not_make_the_notice_of_another_theirs(alice, bob, charlie, topic):
    set_boundary(alice, bob.byline, kind="ignore")
    factories.make_post(charlie, topic, "Good evening.")
    factories.make_post(bob, topic, "Good evening.")
    notice = db.session.query(Notification).filter_by(user_id=alice.id).one()
    assert (notice.persona_id, notice.count) == (charlie.byline.id, 1)


@pytest.mark.parametrize("kind", list(BoundaryKind))
def test_whoever_watches_is_not_told_of_whom_they_keep_away(kind, alice, bob, charlie, topic):
    for watcher in (alice, charlie):
        watching.watch_board(watcher, topic.board, level="all")
    set_boundary(alice, bob.byline, kind=kind)
    factories.make_post(bob, topic, "Good evening.")
    factories.make_topic(bob, topic.board, "Another evening")
    assert {one.user_id for one in db.session.query(Notification)} == {charlie.id}


@pytest.mark.parametrize("kind", list(BoundaryKind))
def test_what_landed_with_somebody_kept_away_is_not_told(kind, client_as, alice, bob, topic, post):
    set_boundary(bob, alice.byline, kind=kind)
    assert kindness.mark_landed(alice, post).landed_at
    assert db.session.query(Notification).filter_by(user_id=bob.id).count() == 0
    assert "This landed</span>" not in page(client_as, bob, f"/topics/{topic.id}")
    assert "This landed</span>" in page(client_as, alice, f"/topics/{topic.id}")


@pytest.mark.parametrize(("kind", "is_offered"), [("ignore", True), ("block", False)])
def test_whoever_is_blocked_is_not_offered_whom_they_cannot_reach(kind, is_offered, alice, bob, board, topic):
    watching.change_reach(bob, gives_kind_words=True)
    waiting = _unanswered(alice, board, "A long evening")
    set_boundary(alice, bob.byline, kind=kind)
    offered = waiting_list(bob, after=timedelta(minutes=60)).topics
    assert (waiting.id in {one.id for one in offered}) is is_offered
    assert (alice.byline in watching.offer_names(bob, board, prefix="al", topic=topic)) is is_offered


@pytest.fixture
def tabs(app, client_as, alice, bob, charlie, room):
    go_in(room, alice, bob, charlie)
    opened = {who.name: Tab(app, client_as(who)) for who in (alice, bob, charlie)}
    for tab in opened.values():
        assert tab.ask("room:join", {"room": room.id})["ok"]
        tab.heard()
    yield opened
    for tab in opened.values():
        tab.close()


def test_live_a_skip_stands_where_they_spoke(tabs, alice, bob, charlie, room):
    set_boundary(alice, bob.byline, kind="ignore")
    for tab in tabs.values():
        tab.heard()
    spoken = line(bob, room, f"Spoken {MARK}.")
    answer = say(charlie, room, "An answer.", reply_to=spoken.id)
    heard = {name: tab.heard("room:event") for name, tab in tabs.items()}
    first, second = heard[alice.name]
    assert first == {"r": room.id, "e": room.epoch, "s": spoken.seq, "t": "skip"}
    assert (second["s"], second["m"]["reply_to"]) == (answer.message.seq, None)
    for name in (bob.name, charlie.name):
        assert heard[name][0]["m"]["html"] == f"<p>Spoken {MARK}.</p>\n"
        assert heard[name][1]["m"]["reply_to"]["name"] == bob.name


@pytest.mark.parametrize(("kind", "bob_sees_her"), [("ignore", True), ("block", False)])
def test_live_they_are_not_named_to_each_other(kind, bob_sees_her, app, tabs, client_as, alice, bob, room):
    alice.shows_presence = bob.shows_presence = True
    db.session.commit()
    set_boundary(alice, bob.byline, kind=kind)
    seen = {
        name: {one["name"] for one in tabs[name].ask("presence:get", {"room": room.id})["people"]}
        for name in (alice.name, bob.name)
    }
    assert bob.name not in seen[alice.name]
    assert (alice.name in seen[bob.name]) is bob_sees_her


def test_live_typing_is_not_named_across(tabs, alice, bob, charlie, room):
    bob.shows_presence = True
    db.session.commit()
    set_boundary(alice, bob.byline, kind="ignore")
    tabs[bob.name].ask("typing", {"room": room.id})
    assert tabs[alice.name].heard("typing") == []
    assert tabs[charlie.name].heard("typing")[0]["name"] == bob.name


# No sign to the other


@pytest.mark.parametrize("kind", list(BoundaryKind))
def test_the_other_can_do_and_see_what_they_could(kind, client_as, alice, bob, scene):
    addresses = ["/boards", f"/boards/{scene['board'].id}", f"/topics/{scene['topic'].id}", "/notices"]
    addresses += [
        f"/members/{alice.byline.id}",
        f"/rooms/{scene['room'].id}",
        "/bookmarks",
        "/settings/reach",
    ]
    addresses += [f"/topics/{scene['own'].topic_id}", f"/feeds/{watching.make_feed(bob)}"]
    watching.watch_board(bob, scene["board"], level="all")
    watching.keep_bookmark(bob, scene["topic"])
    for address in addresses:  # what is new is seen by being looked at, and looks different from then on
        page(client_as, bob, address)
    before = [_without_tokens(page(client_as, bob, address)) for address in addresses]
    set_boundary(alice, bob.byline, kind=kind)
    assert [_without_tokens(page(client_as, bob, address)) for address in addresses] == before
    assert factories.make_post(bob, scene["topic"], "Another.").number
    assert gestures.give_gesture(bob, _post_of(alice), kind="read")
    answer = db.session.query(Post).filter_by(author_id=alice.id, topic_id=scene["own"].topic_id).first()
    assert kindness.mark_landed(bob, answer).landed_at
    assert watching.keep_bookmark(bob, _post_of(alice), note="Hers.")
    assert db.session.query(LogEntry).filter(LogEntry.code.contains("bound")).count() == 0


def _without_tokens(text):
    return re.sub(r'(name="(?:csrf_token|cid|key)" value="|name="csrf-token" content=")[^"]*', r"\1", text)


def _post_of(user):
    return db.session.query(Post).filter_by(author_id=user.id).order_by(Post.id.desc()).first()


# Setting them


def test_a_boundary_is_towards_one_byline_and_can_be_changed(alice, bob):
    set_boundary(alice, bob.byline, kind="ignore")
    set_boundary(alice, bob.byline, kind="block")
    assert [(one.persona_id, one.kind) for one in boundaries_of(alice)] == [(bob.byline.id, "block")]
    lift_boundary(alice, bob.byline)
    assert boundaries_of(alice) == []


def test_not_towards_oneself_nor_by_a_guest_nor_of_another_kind(alice, bob, guest):
    with pytest.raises(Forbidden):
        set_boundary(alice, alice.byline, kind="ignore")
    with pytest.raises(Forbidden):
        set_boundary(guest, bob.byline, kind="ignore")
    with pytest.raises(Invalid):
        set_boundary(alice, bob.byline, kind="forever")
    assert db.session.query(Boundary).count() == 0


def test_whoever_is_suspended_may_still_keep_away(sam, bob):
    assert set_boundary(sam, bob.byline, kind="block").kind == "block"


def test_pages_to_keep_away_and_meet_again(client_as, send, alice, bob):
    client, address = client_as(alice), f"/members/{bob.byline.id}"
    assert send(client, f"{address}/boundary", {"kind": "block"}).status_code == 303
    assert "You blocked" in client.get(address).get_data(as_text=True)
    assert bob.name in client.get("/settings").get_data(as_text=True)
    assert send(client, f"{address}/boundary/lift").status_code == 303
    assert boundaries_of(alice) == []


def test_how_open_somebody_is_stands_on_their_page_and_nobody_asks(client_as, send, alice, bob, charlie):
    assert send(client_as(alice), "/settings/openness", {"openness": "resting"}).status_code == 303
    address = f"/members/{alice.byline.id}"
    assert "Resting, for now" in page(client_as, charlie, address)
    with pytest.raises(Invalid):
        set_openness(alice, openness="busy")
    set_boundary(alice, bob.byline, kind="block")
    assert "Resting" not in page(client_as, bob, address)


def test_a_post_that_is_kept_away_is_not_found_by_whoever_keeps_it_away(alice, bob, scene):
    set_boundary(alice, bob.byline, kind="ignore")
    with pytest.raises(NotFound):
        post_for(alice, scene["reply"].id)
    assert rooms.leave_room(alice, scene["room"]) is None
