"""What a member watches, keeps and may name."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload, lazyload

from forum.db import db
from forum.errors import NotFound
from forum.models import (
    KIND_WORDS_A_DAY,
    Actor,
    Board,
    Bookmark,
    Feed,
    Level,
    Persona,
    Post,
    Reach,
    Topic,
    User,
    Watch,
)
from forum.policy.boards import visible_board_ids, visible_posts, visible_topics, who_sees_board
from forum.policy.boundaries import is_unnamed, meets_on_board
from forum.policy.core import is_banned, require
from forum.policy.watching import can_change_reach, can_see_bookmarks
from forum.queries.boards import is_public, is_shown_to

NAMES_OFFERED = 8
WATCHES_SHOWN = 100
BOOKMARKS_A_PAGE = 20
FEED_LENGTH = 50

# Reach


def reach_of(actor: Actor) -> Reach:
    """What a member chose for everything at once, or how it begins."""
    require(can_change_reach(actor))
    begins = Reach(level=Level.MENTIONS, gives_kind_words=False, kind_words_a_day=KIND_WORDS_A_DAY)
    return actor.reach or begins


def reach_version(reach: Reach | None) -> str:
    """Which choices these are: what a reader had before them can be told from what is there now."""
    told = reach and (
        reach.level, reach.quiet_from, reach.quiet_until, reach.gives_kind_words, reach.kind_words_a_day,
    )  # fmt: skip
    return hashlib.sha256(repr([str(one) for one in told or ()]).encode()).hexdigest()[:16]


def watches_of(actor: Actor) -> Sequence[Watch]:
    """The boards and topics for which a member chose something, as far as they still see and want to meet them."""
    met = meets_on_board(actor, Topic, Topic.board_id)
    return db.session.scalars(
        select(Watch)
        .where(Watch.user_id == actor.id)
        .where(
            or_(
                Watch.board_id.in_(visible_board_ids(actor)),
                Watch.topic_id.in_(select(Topic.id).where(visible_topics(actor), met)),
            )
        )
        .options(
            joinedload(Watch.topic).options(lazyload(Topic.notes)),
            joinedload(Watch.board).options(lazyload(Board.groups)),
        )
        .order_by(Watch.topic_id.is_not(None), Watch.id.desc())
        .limit(WATCHES_SHOWN)
    ).all()


def chosen_for(member: Actor, everywhere: Level) -> ColumnElement[str]:
    """Of a topic: the nearest of what a member chose for it, for its board, and for everywhere."""
    places = Watch.topic_id == Topic.id, Watch.board_id == Topic.board_id
    nearest = [
        select(Watch.level).where(Watch.user_id == member.id, place).correlate(Topic) for place in places
    ]
    return func.coalesce(*(one.scalar_subquery() for one in nearest), everywhere)


def level_on(actor: Actor, board: Board) -> Level | None:
    """What a member chose for this board; None where they chose nothing."""
    if actor.id is None:
        return None
    return db.session.scalar(select(Watch.level).filter_by(user_id=actor.id, board_id=board.id))


# Names


def names_in(actor: Actor, board: Board, prefix: str, *, topic: Topic | None = None) -> list[Persona]:
    """At most eight bylines that begin like this, of members who see the board and from whom no boundary stands; who
    wrote in the topic comes first."""
    wrote = literal(False)
    if topic is not None:
        wrote = exists().where(  # type: ignore[assignment]
            Post.topic_id == topic.id, Post.persona_id == Persona.id, Post.number.is_not(None)
        )
    return list(
        db.session.scalars(
            select(Persona)
            .join(User, User.id == Persona.user_id)
            .where(_begins_with(prefix), Persona.is_main, User.id != actor.id, who_sees_board(board))
            .where(~is_unnamed(actor.id, User.id))
            .order_by(case((wrote, 0), else_=1), func.lower(Persona.name))
            .limit(NAMES_OFFERED)
        )
    )


def _begins_with(prefix: str):  # type: ignore[no-untyped-def]
    """SQLite lowers ASCII alone, so other letters are also tried as names mostly begin."""
    tried = {prefix, prefix.title(), prefix.capitalize()}
    return or_(
        func.lower(Persona.name).startswith(prefix.lower(), autoescape=True),
        *(Persona.name.startswith(one, autoescape=True) for one in sorted(tried)),
    )


# Bookmarks


@dataclass(frozen=True)
class BookmarkPage:
    """A page of what a member keeps, the latest first."""

    kept: Sequence[Bookmark]
    older: int | None


def bookmarks_of(actor: Actor, *, before: int | None = None) -> BookmarkPage:
    """What they keep, as far as they still see it and want to meet who wrote it."""
    require(can_see_bookmarks(actor))
    query = (
        select(Bookmark)
        .join(Bookmark.topic)
        .outerjoin(Bookmark.post)
        .where(
            Bookmark.user_id == actor.id, visible_topics(actor), meets_on_board(actor, Topic, Topic.board_id)
        )
        .where(
            or_(
                Bookmark.post_id.is_(None),
                and_(visible_posts(actor), meets_on_board(actor, Post, Topic.board_id)),
            )
        )
        .options(
            joinedload(Bookmark.topic).options(
                lazyload(Topic.notes),
                joinedload(Topic.byline),
                joinedload(Topic.board).options(lazyload(Board.groups)),
            ),
            joinedload(Bookmark.post).joinedload(Post.byline),
        )
        .order_by(Bookmark.id.desc())
        .limit(BOOKMARKS_A_PAGE + 1)
    )
    if before is not None:
        query = query.where(Bookmark.id < before)
    found = db.session.scalars(query).all()
    kept = found[:BOOKMARKS_A_PAGE]
    return BookmarkPage(kept, kept[-1].id if len(found) > BOOKMARKS_A_PAGE else None)


# The feed


def feed_member(digest: str) -> User:
    """Whose feed has this address; nobody's once it ended, or once its member is banned."""
    member = db.session.scalar(select(User).join(Feed, Feed.user_id == User.id).where(Feed.digest == digest))
    if member is None or is_banned(member):
        raise NotFound()
    return member


def has_feed(actor: Actor) -> bool:
    return bool(db.session.scalar(select(exists().where(Feed.user_id == actor.id))))


def feed_of(member: User) -> Sequence[Topic]:
    """The topics of everything that a member watches whole, the latest words first; what they chose not to see is not
    among them, nor whom they keep away, nor what they watch less of."""
    everywhere = member.reach.level if member.reach else Level.MENTIONS
    return db.session.scalars(
        select(Topic)
        .where(is_public(), visible_topics(member), is_shown_to(member))
        .where(meets_on_board(member, Topic, Topic.board_id), chosen_for(member, everywhere) == Level.ALL)
        .options(joinedload(Topic.byline, innerjoin=True))
        .order_by(Topic.last_post_at.desc(), Topic.id.desc())
        .limit(FEED_LENGTH)
    ).all()
