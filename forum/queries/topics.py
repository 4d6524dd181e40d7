"""One topic as one reader meets it, a page of posts at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from forum.db import db
from forum.errors import NotFound
from forum.models import (
    Actor,
    Board,
    Bookmark,
    Choice,
    Gesture,
    GestureKind,
    Level,
    Persona,
    Post,
    ReadMark,
    Topic,
    User,
    Watch,
)
from forum.policy.boards import can_see_post, can_see_topic, visible_topics
from forum.policy.boundaries import kept_away_by, meets_on_board
from forum.queries.boards import choices_for
from forum.text import veils

POSTS_A_PAGE = 20
POSTS_A_SHEET = 200
"""How many posts are made into one page for printing."""
SEVERAL = 2
PARTS_SHOWN = 10


# One thing by id


def topic_for(actor: Actor, topic_id: int) -> Topic:
    """The topic, if this person may see it; or the one that it was joined to, so that old links lead on."""
    topic = _topic(topic_id)
    if topic is not None and topic.merged_into_id is not None:
        topic = _topic(topic.merged_into_id)
    if topic is None or not can_see_topic(actor, topic):
        raise NotFound()
    return topic


def page_where_it_went(topic_id: int, page: int) -> int:
    """On which page of the topic that it was joined to a page of the old one begins."""
    after = db.session.scalar(select(Topic.merged_after).where(Topic.id == topic_id)) or 0
    return _page(after + (max(page, 1) - 1) * POSTS_A_PAGE + 1)


def went_on_in(actor: Actor, topic: Topic) -> Sequence[Topic]:
    """Topics that began as replies in this one."""
    if not topic.was_split:
        return ()
    parts = select(Topic).where(Topic.split_from_id == topic.id, *_is_met(actor))
    return db.session.scalars(
        parts.options(lazyload(Topic.notes)).order_by(Topic.id).limit(PARTS_SHOWN)
    ).all()


def began_in(actor: Actor, topic: Topic) -> Topic | None:
    """The topic in which this one began as a reply."""
    if topic.split_from_id is None:
        return None
    return db.session.scalar(
        select(Topic).where(Topic.id == topic.split_from_id, *_is_met(actor)).options(lazyload(Topic.notes))
    )


def _is_met(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return visible_topics(actor), meets_on_board(actor, Topic, Topic.board_id)


def post_for(actor: Actor, post_id: int) -> Post:
    """The post, if this person may see its words and does not keep away who wrote it."""
    post = db.session.scalar(
        select(Post)
        .join(Post.topic)
        .where(Post.id == post_id, meets_on_board(actor, Post, Topic.board_id))
        .options(
            contains_eager(Post.topic).options(*_with_place()),
            joinedload(Post.byline, innerjoin=True),
        )
    )
    if post is None or not can_see_post(actor, post):
        raise NotFound()
    return post


def meets(actor: Actor, topic: Topic) -> bool:
    """Whether this reader wants to meet who started it."""
    return bool(db.session.scalar(select(meets_on_board(actor, topic, topic.board_id))))


def page_of(post: Post) -> int:
    """On which page of its topic a post stands; one without a number yet stands on the last."""
    return _page(post.number or post.topic.last_number)


def _topic(topic_id: int) -> Topic | None:
    found = select(Topic).where(Topic.id == topic_id).options(*_with_place(), joinedload(Topic.notes))
    return db.session.scalars(found).unique().one_or_none()


def _with_place():  # type: ignore[no-untyped-def]
    return (
        joinedload(Topic.board, innerjoin=True).options(lazyload(Board.groups)),
        joinedload(Topic.byline, innerjoin=True),
    )


def _page(number: int) -> int:
    return max(1, (number - 1) // POSTS_A_PAGE + 1)


# A page of posts


@dataclass(frozen=True)
class PostLine:
    """A post as this reader meets it."""

    post: Post
    html: str
    is_seen: bool
    """Whether its words are there for this reader; otherwise a line stands in their place."""
    is_kept: bool = False
    """Whether the reader has a bookmark on it."""
    has_landed: bool = False
    """Whether whoever began the topic, if the reader wants to meet them, said that it reached them."""
    gesture: str | None = None
    """The reader's own."""
    sitting: int = 0
    """0 nobody, 1 somebody, 2 several: never a count."""
    is_kept_away: bool = False
    """Whether the reader does not want to meet who wrote it."""
    names: dict[str, list[Persona]] = field(default_factory=dict)
    """Who answered without words, by gesture; for the post's author only."""


@dataclass(frozen=True)
class PostPage:
    """A page of a topic, by the numbers of its posts."""

    lines: list[PostLine]
    number: int
    count: int
    reached: int
    """The number up to which this reader has read; 0 for nothing yet."""
    choice: str
    """How this reader wants to meet what the whole topic mentions."""
    is_kept_away: bool
    """Whether the reader does not want to meet who started it."""
    helped: Post | None
    level: Level | None = None
    """How much of the topic this reader chose to be told."""
    is_kept: bool = False
    """Whether this reader has a bookmark on the topic."""

    @property
    def first_new(self) -> int | None:
        """The number of the first post that is new to this reader, if there is one in the topic."""
        return self.reached + 1 if self.reached and self.lines and self.reached < self._last else None

    @property
    def _last(self) -> int:
        return self.lines[0].post.topic.last_number

    @property
    def page_of_first_new(self) -> int:
        return _page(self.reached + 1)


def posts_of(actor: Actor, topic: Topic, *, page: int = 1) -> PostPage:
    """Page p holds the numbers from (p-1)*20+1 to p*20, so the last costs what the first does. What waits stands last."""
    count = _page(topic.last_number)
    page = min(max(page, 1), count)
    rows = db.session.execute(
        select(
            Post,
            _own_gesture(actor).label("own"),
            _others(actor).label("others"),
            _reached(actor, topic).label("reached"),
            meets_on_board(actor, Post, topic.board_id).label("meets"),
            meets_on_board(actor, topic, topic.board_id).label("meets_topic"),
            _is_kept(actor).label("is_kept"),
            _has_bookmark(actor, topic).label("keeps_topic"),
            _level(actor, topic).label("level"),
        )
        .where(Post.topic_id == topic.id, _on_page(actor, topic, page, is_last=page == count))
        .options(joinedload(Post.byline, innerjoin=True))
        .order_by(Post.number.is_(None), Post.number, Post.id)
    ).all()
    choices = _choices(actor, topic, [row.Post for row in rows])
    names = _names(actor, [row.Post for row in rows])
    lines = [_line(actor, row, choices, names) for row in rows]
    return PostPage(
        lines=lines,
        number=page,
        count=count,
        reached=(rows[0].reached or 0) if rows else 0,
        choice=choice_of(topic, choices),
        is_kept_away=bool(rows) and not rows[0].meets_topic,
        helped=next((line.post for line in lines if line.is_seen and line.post.has_helped), None),
        level=Level(rows[0].level) if rows and rows[0].level else None,
        is_kept=bool(rows and rows[0].keeps_topic),
    )


@dataclass(frozen=True)
class Sheet:
    """Posts of a topic as they are printed: one after another, without anybody's answers without words."""

    lines: list[PostLine]
    choice: str
    is_kept_away: bool
    """Whether the reader does not want to meet who started the topic."""
    next: int | None
    """The number after which the next sheet begins; None on the last."""


def sheet_of(actor: Actor, topic: Topic, *, after: int = 0) -> Sheet:
    """So many posts after a number, at one cost for all; what waits is not printed."""
    rows = db.session.execute(
        select(
            Post,
            meets_on_board(actor, Post, topic.board_id).label("meets"),
            meets_on_board(actor, topic, topic.board_id).label("meets_topic"),
            literal(None).label("own"),
            literal(0).label("others"),
            literal(False).label("is_kept"),
        )
        .where(Post.topic_id == topic.id, Post.number > after, Post.held_at.is_(None))
        .options(joinedload(Post.byline, innerjoin=True))
        .order_by(Post.number)
        .limit(POSTS_A_SHEET + 1)
    ).all()
    shown = rows[:POSTS_A_SHEET]
    choices = _choices(actor, topic, [row.Post for row in shown])
    return Sheet(
        lines=[_line(actor, row, choices, {}) for row in shown],
        choice=choice_of(topic, choices),
        is_kept_away=not meets(actor, topic),
        next=shown[-1].Post.number if len(rows) > POSTS_A_SHEET else None,
    )


def newest_number(topic: Topic) -> int:
    """The number of the latest post; what an open page asks for now and then."""
    return topic.last_number


def _on_page(actor: Actor, topic: Topic, page: int, *, is_last: bool) -> ColumnElement[bool]:
    numbered = Post.number.between((page - 1) * POSTS_A_PAGE + 1, page * POSTS_A_PAGE)
    if not is_last or actor.id is None:
        return numbered
    waits = and_(Post.number.is_(None), Post.deleted_at.is_(None))
    return or_(
        numbered, waits if actor.moderates_board(topic.board_id) else waits & (Post.author_id == actor.id)
    )


def _own_gesture(actor: Actor):  # type: ignore[no-untyped-def]
    if actor.id is None:
        return literal(None)
    return (
        select(Gesture.kind).where(Gesture.post_id == Post.id, Gesture.user_id == actor.id).scalar_subquery()
    )


def _others(actor: Actor):  # type: ignore[no-untyped-def]
    others = select(func.count(Gesture.id)).where(Gesture.post_id == Post.id)
    if actor.id is not None:
        others = others.where(Gesture.user_id != actor.id, Gesture.persona_id.not_in(kept_away_by(actor)))
    return others.scalar_subquery()


def _reached(actor: Actor, topic: Topic):  # type: ignore[no-untyped-def]
    if actor.id is None:
        return literal(0)
    mark = select(ReadMark.number).where(ReadMark.user_id == actor.id, ReadMark.topic_id == topic.id)
    return mark.scalar_subquery()


def _is_kept(actor: Actor):  # type: ignore[no-untyped-def]
    if actor.id is None:
        return literal(False)
    return exists().where(Bookmark.post_id == Post.id, Bookmark.user_id == actor.id)


def _has_bookmark(actor: Actor, topic: Topic):  # type: ignore[no-untyped-def]
    if actor.id is None:
        return literal(False)
    whole = Bookmark.topic_id == topic.id, Bookmark.post_id.is_(None), Bookmark.user_id == actor.id
    return exists(select(Bookmark.id).where(*whole))


def _level(actor: Actor, topic: Topic):  # type: ignore[no-untyped-def]
    if actor.id is None:
        return literal(None)
    chosen = select(Watch.level).where(Watch.user_id == actor.id, Watch.topic_id == topic.id)
    return chosen.scalar_subquery()


def _choices(actor: Actor, topic: Topic, posts: Sequence[Post]) -> dict[str, str]:
    """Asked for only where something carries a note."""
    return choices_for(actor) if topic.notes or any('class="veil"' in post.html for post in posts) else {}


def choice_of(topic: Topic, choices: dict[str, str]) -> str:
    """The most careful of what the reader chose for the kinds of this topic."""
    chosen = {choices.get(kind, Choice.SHOW) for kind in topic.note_kinds}
    return next((choice for choice in (Choice.HIDE, Choice.FOLD) if choice in chosen), Choice.SHOW)


def _names(actor: Actor, posts: Sequence[Post]) -> dict[int, dict[str, list[Persona]]]:
    """Who answered the reader's own posts without words."""
    own = [post.id for post in posts if actor.id is not None and post.author_id == actor.id]
    if not own:
        return {}
    named: dict[int, dict[str, list[Persona]]] = {post_id: {} for post_id in own}
    rows = db.session.execute(
        select(Gesture.post_id, Gesture.kind, Persona)
        .join(Persona, Persona.id == Gesture.persona_id)
        .where(Gesture.post_id.in_(own), Gesture.persona_id.not_in(kept_away_by(actor)))
        .order_by(func.lower(Persona.name))
    )
    for post_id, kind, persona in rows:
        named[post_id].setdefault(str(GestureKind(kind)), []).append(persona)
    return named


def _line(
    actor: Actor, row: Any, choices: dict[str, str], names: dict[int, dict[str, list[Persona]]]
) -> PostLine:
    post = row.Post
    is_seen = bool(row.meets) and not post.is_deleted and bool(can_see_post(actor, post))
    return PostLine(
        post=post,
        html=veils.for_reader(post.html, choices) if is_seen else "",
        is_seen=is_seen,
        is_kept=bool(row.is_kept),
        has_landed=is_seen and bool(row.meets_topic) and post.landed_at is not None,
        gesture=row.own,
        sitting=min(row.others, SEVERAL) if is_seen else 0,
        is_kept_away=not row.meets,
        names=names.get(post.id, {}),
    )


def published_by(author: User, *, most: int) -> int:
    """How many posts of theirs others can or could read; counted no further than `most`."""
    numbered = select(Post.id).where(Post.author_id == author.id, Post.number.is_not(None)).limit(most)
    return db.session.scalar(select(func.count()).select_from(numbered.subquery())) or 0
