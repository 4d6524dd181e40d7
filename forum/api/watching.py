"""What a member watches, keeps and wants to be told; whom they may name; and topics that wait for a kind word."""

from typing import Annotated, Any

from flask import current_app
from pydantic import Field
from typing_extensions import TypedDict

from forum import serialize
from forum.actions import watching as deeds
from forum.actions.kindness import mark_landed, unmark_landed
from forum.api.calls import Answer, Api, Asked, Id, Sent
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import KIND_WORDS_A_DAY, Bookmark, Level, TokenScope, Watch
from forum.policy.watching import (
    can_change_reach,
    can_drop_bookmark,
    can_keep_bookmark,
    can_mark_landed,
    can_offer_names,
    can_see_bookmarks,
    can_see_waiting,
    can_unmark_landed,
    can_watch_board,
    can_watch_topic,
)
from forum.queries.boards import board_for
from forum.queries.kindness import waiting_list
from forum.queries.topics import post_for, topic_for
from forum.queries.watching import bookmarks_of, reach_of, reach_version, watches_of
from forum.serialize import PersonaShape, TopicShape, When
from forum.text.mentions import written

api = Api("watching")
BOARDS, WRITE = TokenScope.READ_BOARDS, TokenScope.WRITE_BOARDS
READ, CHANGE = TokenScope.READ_ACCOUNT, TokenScope.WRITE_ACCOUNT

Clock = Annotated[str | None, Field(json_schema_extra={"pattern": "^[0-2][0-9]:[0-5][0-9]$"})]
"""A time of the day, such as 22:30."""


class ReachShape(TypedDict):
    """What a member chose for everything at once."""

    level: Level
    quiet_from: str | None
    quiet_until: str | None
    gives_kind_words: bool
    kind_words_a_day: int


class WatchShape(TypedDict):
    """What a member chose for one topic or one board."""

    topic_id: int | None
    board_id: int | None
    level: Level


class OfferedShape(PersonaShape):
    """Somebody whom a text may name, and how it does."""

    written: str


class BookmarkShape(TypedDict):
    """A place that a member keeps, with a note that only they see."""

    id: int
    topic_id: int
    post_id: int | None
    title: str
    note: str
    at: When


class WaitingShape(TypedDict):
    """What is offered to this member just now, of what waits for a kind word."""

    items: list[TopicShape]
    is_on: bool
    is_done: bool


class NewReach(Sent):
    """How a member wants to be reached, all of it: what is missing goes back to how it begins."""

    level: Level = Level.MENTIONS
    quiet_from: Clock = None
    quiet_until: Clock = None
    gives_kind_words: bool = False
    kind_words_a_day: Annotated[
        int, Field(json_schema_extra={"minimum": 1, "maximum": deeds.MOST_KIND_WORDS})
    ] = KIND_WORDS_A_DAY


class Chosen(Sent):
    """How much to be told."""

    level: Level


class Note(Sent):
    """A note to oneself; without one, the note that is there stays."""

    note: Annotated[str | None, Field(json_schema_extra={"maxLength": deeds.NOTE_LIMIT})] = None


class Beginning(Asked):
    """How a name begins."""

    q: str = ""
    """Two letters or more; fewer offer nobody."""


class Before(Asked):
    """Which page."""

    before: Id | None = None
    """`next` of the page before."""


@api.call("GET", "/account/reach", scope=READ, answers=ReachShape, gives_version=True)
@asks(can_change_reach)
def reach() -> Answer:
    """How the member wants to be reached."""
    return _reach()


@api.call("PUT", "/account/reach", scope=CHANGE, answers=ReachShape, gives_version=True)
@asks(can_change_reach)
def change(body: NewReach, version: str | None) -> Answer:
    """Keep how the member wants to be reached. Decisions of moderators always reach them."""
    deeds.change_reach(_me(), **body.model_dump(), version=version)
    return _reach()


@api.call("GET", "/account/watches", scope=READ, answers=Listed[WatchShape])
@asks(can_change_reach)
def watches() -> Any:
    """The boards and topics for which the member chose something, the latest hundred."""
    reach_of(current_actor())
    return listed([_watch(one) for one in watches_of(current_actor())])


@api.call("PUT", "/topics/<int:topic_id>/watch", scope=WRITE)
@asks(can_watch_topic)
def watch_topic(topic_id: int, body: Chosen) -> None:
    """Choose how much of a topic to be told."""
    deeds.watch_topic(_me(), topic_for(_me(), topic_id), level=body.level)


@api.call("DELETE", "/topics/<int:topic_id>/watch", scope=WRITE)
@asks(can_watch_topic)
def unwatch_topic(topic_id: int) -> None:
    """Go back to how a topic begins."""
    deeds.watch_topic(_me(), topic_for(_me(), topic_id), level=None)


@api.call("PUT", "/boards/<int:board_id>/watch", scope=WRITE)
@asks(can_watch_board)
def watch_board(board_id: int, body: Chosen) -> None:
    """Choose how much of a board to be told."""
    deeds.watch_board(_me(), board_for(_me(), board_id), level=body.level)


@api.call("DELETE", "/boards/<int:board_id>/watch", scope=WRITE)
@asks(can_watch_board)
def unwatch_board(board_id: int) -> None:
    """Go back to how a board begins."""
    deeds.watch_board(_me(), board_for(_me(), board_id), level=None)


@api.call(
    "GET", "/topics/<int:topic_id>/names", scope=WRITE, answers=Listed[OfferedShape], codes=("muted", "suspended")
)  # fmt: skip
@asks(can_offer_names)
def names(topic_id: int, query: Beginning) -> Any:
    """Whom a reply may name: at most eight who see the board. There is no list of members."""
    topic = topic_for(_me(), topic_id)
    return _offered(deeds.offer_names(_me(), topic.board, prefix=query.q, topic=topic))


@api.call(
    "GET", "/boards/<int:board_id>/names", scope=WRITE, answers=Listed[OfferedShape], codes=("muted", "suspended")
)  # fmt: skip
@asks(can_offer_names)
def names_on_board(board_id: int, query: Beginning) -> Any:
    """Whom a new topic may name: at most eight who see the board."""
    return _offered(deeds.offer_names(_me(), board_for(_me(), board_id), prefix=query.q))


@api.call("GET", "/bookmarks", scope=READ, answers=Listed[BookmarkShape])
@asks(can_see_bookmarks)
def bookmarks(query: Before) -> Any:
    """What the member keeps, the latest first; what they lost access to is not among them."""
    page = bookmarks_of(current_actor(), before=query.before)
    return listed([_bookmark(one) for one in page.kept], page.older)


@api.call("PUT", "/posts/<int:post_id>/bookmark", scope=CHANGE, answers=BookmarkShape, codes=("conflict",))
@asks(can_keep_bookmark)
def keep_post(post_id: int, body: Note) -> Any:
    """Keep a post, with a note that nobody else sees."""
    return _bookmark(deeds.keep_bookmark(_me(), post_for(_me(), post_id), note=body.note))


@api.call("DELETE", "/posts/<int:post_id>/bookmark", scope=CHANGE)
@asks(can_drop_bookmark)
def drop_post(post_id: int) -> None:
    """Let a post go, and the note with it."""
    deeds.drop_bookmark(_me(), post_for(_me(), post_id))


@api.call("PUT", "/topics/<int:topic_id>/bookmark", scope=CHANGE, answers=BookmarkShape, codes=("conflict",))
@asks(can_keep_bookmark)
def keep_topic(topic_id: int, body: Note) -> Any:
    """Keep a topic, with a note that nobody else sees."""
    return _bookmark(deeds.keep_bookmark(_me(), topic_for(_me(), topic_id), note=body.note))


@api.call("DELETE", "/topics/<int:topic_id>/bookmark", scope=CHANGE)
@asks(can_drop_bookmark)
def drop_topic(topic_id: int) -> None:
    """Let a topic go, and the note with it."""
    deeds.drop_bookmark(_me(), topic_for(_me(), topic_id))


@api.call("PUT", "/posts/<int:post_id>/landed", scope=WRITE)
@asks(can_mark_landed)
def landed(post_id: int) -> None:
    """Say, in a topic of one's own, that a reply reached one. Its writer is told; nothing is counted."""
    mark_landed(_me(), post_for(_me(), post_id))


@api.call("DELETE", "/posts/<int:post_id>/landed", scope=WRITE)
@asks(can_unmark_landed)
def not_landed(post_id: int) -> None:
    """Take that back; the notice of it goes too."""
    unmark_landed(_me(), post_for(_me(), post_id))


@api.call("GET", "/kind-words", scope=BOARDS, answers=WaitingShape)
@asks(can_see_waiting)
def waiting() -> Any:
    """Topics that nobody has answered yet, for a member who asked for that, within their own limit a day."""
    found = waiting_list(current_actor(), after=current_app.extensions["hearth"].kind_words_after)
    return {
        "items": [serialize.topic(one) for one in found.topics],
        "is_on": found.is_on,
        "is_done": found.is_done,
    }


def _me() -> Any:
    return current_actor()


def _reach() -> Answer:
    reach = reach_of(current_actor())
    hours = (reach.quiet_from, reach.quiet_until)
    begun, over = (f"{one:%H:%M}" if one else None for one in hours)
    shape = {
        "level": Level(reach.level),
        "quiet_from": begun,
        "quiet_until": over,
        "gives_kind_words": reach.gives_kind_words,
        "kind_words_a_day": reach.kind_words_a_day,
    }
    return Answer(shape, version=reach_version(current_actor().reach))


def _watch(row: Watch) -> dict[str, Any]:
    return {"topic_id": row.topic_id, "board_id": row.board_id, "level": Level(row.level)}


def _offered(found: list) -> dict[str, Any]:
    return listed([{**serialize.persona(one), "written": written(one.name)} for one in found])


def _bookmark(row: Bookmark) -> dict[str, Any]:
    return {
        "id": row.id,
        "topic_id": row.topic_id,
        "post_id": row.post_id,
        "title": row.topic.title,
        "note": row.note,
        "at": serialize.when(row.at),
    }
