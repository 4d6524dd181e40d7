"""A member's own drafts. There is no way in this module to somebody else's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import contains_eager, lazyload

from forum.db import db
from forum.errors import NotFound
from forum.models import Actor, Board, Draft, Post, Topic
from forum.policy.boards import can_edit_post, visible_boards, visible_topics
from forum.policy.boundaries import meets_on_board
from forum.policy.core import require
from forum.policy.writing import can_keep_draft, can_see_draft, can_see_drafts
from forum.queries.boards import board_for
from forum.queries.topics import post_for, topic_for

DRAFTS_MOST = 100
"""How many drafts one member has at a time."""
LARGEST = 2**31 - 1

Place = Board | Topic | Post
_KINDS: dict[type[Place], str] = {Board: "topic", Topic: "reply", Post: "edit"}


@dataclass(frozen=True)
class DraftLine:
    """A draft in the list of one's own, with what it belongs to while that is there for them."""

    draft: Draft
    board: Board | None = None
    topic: Topic | None = None
    is_kept_away: bool = False
    """Whether they do not want to meet who started that topic."""

    @property
    def is_open(self) -> bool:
        """Whether the form that it belongs to can still be opened."""
        return self.board is not None or self.topic is not None


def place_of(thing: Place) -> str:
    """The name of the form in which words about this thing are written."""
    return f"{_KINDS[type(thing)]}:{thing.id}"


def place_for(actor: Actor, place: str) -> Place:
    """What a place names, if this person may see it and keep a draft there."""
    kind, _, number = place.partition(":")
    if not (number.isascii() and number.isdigit()) or int(number) > LARGEST:
        raise NotFound()
    look_up: dict[str, Callable[[Actor, int], Place]] = {
        "topic": board_for,
        "reply": topic_for,
        "edit": post_for,
    }
    if kind not in look_up:
        raise NotFound()
    thing = look_up[kind](actor, int(number))
    require(can_keep_draft(actor, thing))
    return thing


def draft_at(actor: Actor, thing: Place) -> Draft | None:
    """What this member has begun in this form."""
    if actor.id is None:
        return None
    return db.session.scalar(select(Draft).where(Draft.user_id == actor.id, Draft.place == place_of(thing)))


def draft_for(actor: Actor, draft_id: int) -> Draft:
    """One draft of their own."""
    draft = db.session.get(Draft, draft_id)
    if draft is None or not can_see_draft(actor, draft):
        raise NotFound()
    return draft


def draft_in(actor: Actor, place: str) -> Draft:
    """The draft of their own that is kept under this place, whatever has become of the place."""
    draft = db.session.scalar(select(Draft).where(Draft.user_id == actor.id, Draft.place == place[:24]))
    if draft is None or not can_see_draft(actor, draft):
        raise NotFound()
    return draft


def drafts_of(actor: Actor) -> list[DraftLine]:
    """Everything they have begun, what they last touched first."""
    require(can_see_drafts(actor))
    drafts = db.session.scalars(
        select(Draft).where(Draft.user_id == actor.id).order_by(Draft.updated_at.desc(), Draft.id.desc())
    ).all()
    return list(_placed(actor, drafts))


def line_of(actor: Actor, draft: Draft) -> DraftLine:
    """One draft of their own, with what it belongs to while that is there for them."""
    return next(_placed(actor, [draft]))


def _placed(actor: Actor, drafts: Sequence[Draft]) -> Iterator[DraftLine]:
    boards = {one.id: one for one in _boards(actor, _ids(drafts, "topic"))}
    topics = {one.id: (one, not meets) for one, meets in _topics(actor, _ids(drafts, "reply"))}
    posts = {one.id: (one, not meets) for one, meets in _posts(actor, _ids(drafts, "edit"))}
    for draft in drafts:
        if draft.kind == "topic":
            yield DraftLine(draft, board=boards.get(draft.place_id))
        elif draft.kind == "reply":
            topic, is_kept_away = topics.get(draft.place_id, (None, False))
            yield DraftLine(draft, topic=topic, is_kept_away=is_kept_away)
        else:
            post, is_kept_away = posts.get(draft.place_id, (None, False))
            topic = post.topic if post and can_edit_post(actor, post) else None
            yield DraftLine(draft, topic=topic, is_kept_away=is_kept_away)


def _ids(drafts: Sequence[Draft], kind: str) -> list[int]:
    return [draft.place_id for draft in drafts if draft.kind == kind]


def _boards(actor: Actor, ids: list[int]) -> Sequence[Board]:
    return db.session.scalars(
        select(Board).where(Board.id.in_(ids), visible_boards(actor)).options(lazyload(Board.groups))
    ).all()


def _topics(actor: Actor, ids: list[int]) -> Sequence[Row[Topic, bool]]:
    return db.session.execute(
        select(Topic, meets_on_board(actor, Topic, Topic.board_id))
        .where(Topic.id.in_(ids), visible_topics(actor))
        .options(lazyload(Topic.notes))
    ).all()


def _posts(actor: Actor, ids: list[int]) -> Sequence[Row[Post, bool]]:
    return db.session.execute(
        select(Post, meets_on_board(actor, Topic, Topic.board_id))
        .join(Post.topic)
        .join(Topic.board)
        .where(Post.id.in_(ids), visible_topics(actor))
        .options(
            contains_eager(Post.topic).options(
                contains_eager(Topic.board).options(lazyload(Board.groups)), lazyload(Topic.notes)
            )
        )
    ).all()
