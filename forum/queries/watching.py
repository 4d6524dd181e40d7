"""What a member watches, keeps and may name."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, exists, func, literal, or_, select
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
    begins = Reach(level=Level.MENTIONS, zone="", gives_kind_words=False, kind_words_a_day=KIND_WORDS_A_DAY)
    return actor.reach or begins


def reach_version(reach: Reach | None) -> str:
    """Which choices these are: what a reader had before them can be told from what is there now."""
    told = reach and (
        reach.level, reach.quiet_from, reach.quiet_until, reach.zone, reach.gives_kind_words, reach.kind_words_a_day,
    )  # fmt: skip
    return hashlib.sha256(repr([str(one) for one in told or ()]).encode()).hexdigest()[:16]


def watches_of(actor: Actor) -> Sequence[Watch]:
    """The boards and topics for which a member chose something, as far as they still see them."""
    return db.session.scalars(
        select(Watch)
        .where(Watch.user_id == actor.id)
        .where(
            or_(
                Watch.board_id.in_(visible_board_ids(actor)),
                Watch.topic_id.in_(select(Topic.id).where(visible_topics(actor))),
            )
        )
        .options(
            joinedload(Watch.topic).options(lazyload(Topic.notes)),
            joinedload(Watch.board).options(lazyload(Board.groups)),
        )
        .order_by(Watch.topic_id.is_not(None), Watch.id.desc())
        .limit(WATCHES_SHOWN)
    ).all()


def level_on(actor: Actor, board: Board) -> Level | None:
    """What a member chose for this board; None where they chose nothing."""
    if actor.id is None:
        return None
    return db.session.scalar(select(Watch.level).filter_by(user_id=actor.id, board_id=board.id))


# Names


def names_in(actor: Actor, board: Board, prefix: str, *, topic: Topic | None = None) -> list[Persona]:
    """At most eight bylines that begin like this, of members who see the board; who wrote in the topic comes first."""
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
    """What they keep, as far as they still see it."""
    require(can_see_bookmarks(actor))
    query = (
        select(Bookmark)
        .join(Bookmark.topic)
        .outerjoin(Bookmark.post)
        .where(Bookmark.user_id == actor.id, visible_topics(actor))
        .where(or_(Bookmark.post_id.is_(None), visible_posts(actor)))
        .options(
            joinedload(Bookmark.topic).options(
                joinedload(Topic.byline), joinedload(Topic.board).options(lazyload(Board.groups))
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
    among them, nor what they watch less of."""
    on_topic, on_board = _chosen(Watch.topic_id == Topic.id), _chosen(Watch.board_id == Topic.board_id)
    mine = Watch.user_id == member.id
    everywhere = member.reach.level if member.reach else Level.MENTIONS
    level = func.coalesce(
        on_topic.where(mine).scalar_subquery(), on_board.where(mine).scalar_subquery(), everywhere
    )
    return db.session.scalars(
        select(Topic)
        .where(is_public(), visible_topics(member), is_shown_to(member), level == Level.ALL)
        .options(joinedload(Topic.byline, innerjoin=True))
        .order_by(Topic.last_post_at.desc(), Topic.id.desc())
        .limit(FEED_LENGTH)
    ).all()


def _chosen(where):  # type: ignore[no-untyped-def]
    return select(Watch.level).where(and_(where)).correlate(Topic)
