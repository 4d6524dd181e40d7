"""How many queries a page may ask, however much there is: the same with 1 row, 20 and 200. Signing in is counted:
the log-in row with its member and appointments, then consents and sanctions, one query each."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from forum.actions.boards import mark_read
from forum.actions.rooms import join_room
from forum.actions.watching import change_reach, make_feed
from forum.db import db, now
from forum.models import (
    Audience,
    Board,
    Bookmark,
    Case,
    EventType,
    Gesture,
    Membership,
    Message,
    Notification,
    Outcome,
    Post,
    Room,
    RoomEvent,
    Strategy,
    StrategyTag,
    Tier,
    Toolkit,
    Topic,
    TopicNote,
    Watch,
)
from forum.text.cards import link_to
from tests import factories

BUDGETS = {
    "/rooms": 8,
    "/rooms/{room}": 10,
    "/moderation": 10,
    "/boards": 10,
    "/boards/{board}": 9,
    "/topics/{topic}": 12,
    "/topics/{topic}?page=1000000": 12,
    "/topics/{topic}/print": 9,
    "/drafts": 8,
    "/boards/{board}/topics/new": 6,
    "/notices": 6,
    "/library": 8,
    "/library?tag=grounding&situation=night&minutes=20&words=step": 8,
    "/library?after=30": 8,
    "/strategies/{card}": 12,
    "/toolkit": 8,
    "/house": 10,
    "/house/boards": 12,
    "/house/boards/{board}": 12,
    "/house/rooms": 8,
    "/house/people": 15,
    "/house/first-replies": 8,
    "/bookmarks": 5,
    "/kind-words": 7,
    "/settings/reach": 6,
    "/topics/{topic}/names?q=al": 7,
    "/feeds/{feed}": 6,
}


@pytest.fixture
def count(app):
    """Counts the statements of a request."""
    asked = []

    def listen(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    yield asked
    event.remove(db.engine, "before_cursor_execute", listen)


def fill(rows, alice, bob, board, topic):
    """So many topics on the board that wait, are watched and kept; posts in the topic, gestures on them and notices of
    them."""
    change_reach(bob, gives_kind_words=True, kind_words_a_day=20)
    for number in range(rows):
        other = Topic(
            board_id=board.id,
            author_id=alice.id,
            persona_id=alice.byline.id,
            title=f"T{number}",
            intent="listen",
            created_at=now() - timedelta(hours=2),
        )
        other.notes = [TopicNote(kind="loss")]
        place = {"topic_id": topic.id, "author_id": (alice, bob)[number % 2].id, "persona_id": bob.byline.id}
        post = Post(number=number + 2, source="x", html="<p>x</p>", **place)
        notice = Notification(
            user_id=bob.id, kind="reply", thread=f"t{number}", topic_id=topic.id, persona_id=alice.byline.id
        )
        db.session.add_all([other, post, notice])
        db.session.flush()
        db.session.add(Bookmark(user_id=bob.id, topic_id=other.id))
        db.session.add(Bookmark(user_id=bob.id, topic_id=topic.id, post_id=post.id))
        db.session.add(Watch(user_id=bob.id, topic_id=other.id, level="all"))
        db.session.add(Gesture(post_id=post.id, user_id=bob.id, persona_id=bob.byline.id, kind="with"))
    topic.last_number, topic.last_post_at = rows + 1, now()
    db.session.commit()


def fill_rooms(rows, alice, room):
    """So many rooms with somebody in, lines in the room, and cases about them."""
    for number in range(rows):
        other = Room(name=f"R{number}", opened_at=now(), next_at=now())
        db.session.add_all([other, Board(section_id=1, name=f"B{number}", audience=Audience.GROUPS)])
        db.session.flush()
        db.session.add(Membership(room_id=other.id, user_id=alice.id, persona_id=alice.byline.id))
        line = Message(
            room_id=room.id, seq=room.last_seq + number + 1, cid=f"c{number}", source="x", html="<p>x</p>",
            author_id=alice.id, persona_id=alice.byline.id,
        )  # fmt: skip
        db.session.add(line)
        db.session.flush()
        db.session.add(RoomEvent(room_id=room.id, seq=line.seq, type=EventType.CREATED, message_id=line.id))
        db.session.add(
            Case(
                kind="content",
                channel="room",
                tier=Tier.AMBER,
                rank=Tier.AMBER.rank,
                subject=f"message:{line.id}",
                author_id=alice.id,
                room_id=room.id,
                message_id=line.id,
                due_at=now(),
                why=[],
            )  # fmt: skip
        )
    room.last_seq += rows
    db.session.commit()


def fill_library(rows, alice, bob, topic):
    """So many cards that are kept and were answered, and as many posts with one of them in."""
    for number in range(rows):
        card = Strategy(
            name=f"Card {number}", fits="x", minutes=5, place="x", source="1. a step", html="<ol><li>a step</li></ol>",
            evidence="lived", author_id=alice.id, persona_id=alice.byline.id,
            marks=[StrategyTag(tag="grounding"), StrategyTag(tag="night")],
        )  # fmt: skip
        db.session.add(card)
        db.session.flush()
        db.session.add(Toolkit(user_id=bob.id, strategy_id=card.id))
        db.session.add(Outcome(strategy_id=card.id, user_id=bob.id, day=now().date(), how="helped"))
        db.session.flush()
    cards = db.session.scalars(select(Strategy.id)).all()
    posts = db.session.scalars(select(Post).where(Post.topic_id == topic.id)).all()
    for at, post in enumerate(posts):
        post.source = link_to(cards[at % len(cards)])
    db.session.commit()
    return cards[0]


@pytest.mark.parametrize("rows", [1, 20, 200])
def test_each_page_keeps_its_budget(rows, count, client_as, alice, bob, mo, ada, board, room):
    topic = factories.make_topic(alice, board, kinds=["loss"], body=":::mentions loss\nx\n:::")
    fill(rows, alice, bob, board, topic)
    mark_read(bob, topic, number=1)
    join_room(bob, room)
    fill_rooms(rows, alice, room)
    card = fill_library(rows, alice, bob, topic)
    there = {"board": board.id, "topic": topic.id, "room": room.id, "card": card, "feed": make_feed(bob)}
    clients, over = {"/moderation": client_as(mo), "/house": client_as(ada)}, {}
    reader = client_as(bob)
    for url, budget in BUDGETS.items():
        client = clients.get(f"/{url.split('/')[1]}", reader)
        client.get(address := url.format(**there))
        db.session.remove()
        del count[:]
        assert client.get(address).status_code == 200, url
        asked = [one for one in count if not one.startswith(("BEGIN", "ROLLBACK", "COMMIT", "PRAGMA"))]
        if len(asked) > budget:
            over[url] = asked
    assert not over
