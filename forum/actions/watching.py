"""What a member wants to be told, what they keep for themselves, and the private address of their feed."""

import secrets
from datetime import time
from typing import Any

from sqlalchemy import delete, func, select

from forum import limits
from forum.db import action, db, locked, now
from forum.errors import Conflict, Invalid, Stale
from forum.models import (
    KIND_WORDS_A_DAY,
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
from forum.policy.core import require
from forum.policy.watching import (
    can_change_reach,
    can_drop_bookmark,
    can_end_feed,
    can_keep_bookmark,
    can_make_feed,
    can_offer_names,
    can_watch_board,
    can_watch_topic,
)
from forum.queries.accounts import digest_of
from forum.queries.watching import names_in, reach_version
from forum.text import clean_line

NOTE_LIMIT = 500
MOST_BOOKMARKS = 1_000
MOST_KIND_WORDS = 20
SHORTEST_PREFIX = 2

# Watching


@action
def watch_topic(actor: User, topic: Topic, *, level: Any) -> None:
    """Choose how much of a topic to be told; None goes back to how it begins."""
    require(can_watch_topic(actor, topic))
    _watch(actor, level, topic_id=topic.id)


@action
def watch_board(actor: User, board: Board, *, level: Any) -> None:
    """Choose how much of a board to be told; None goes back to how it begins."""
    require(can_watch_board(actor, board))
    _watch(actor, level, board_id=board.id)


@action
def change_reach(
    actor: User,
    *,
    level: Any = Level.MENTIONS,
    quiet_from: Any = None,
    quiet_until: Any = None,
    gives_kind_words: bool = False,
    kind_words_a_day: Any = KIND_WORDS_A_DAY,
    version: str | None = None,
) -> None:
    """Keep how a member wants to be reached, unless it changed on another device meanwhile. Decisions of moderators
    always reach them."""
    require(can_change_reach(actor))
    user = locked(actor)
    reach = db.session.get(Reach, user.id)
    if version is not None and version != (now_is := reach_version(reach)):
        raise Stale(now_is)
    chosen = _level(level) or Level.MENTIONS
    hours = _hour(quiet_from, "quiet_from"), _hour(quiet_until, "quiet_until")
    if (hours[0] is None) != (hours[1] is None):
        raise Invalid(fields={"quiet_until": "Quiet hours need both times, or none."})
    if reach is None:
        reach = Reach(user_id=user.id)
        db.session.add(reach)
    reach.level = chosen
    reach.quiet_from, reach.quiet_until = hours
    reach.gives_kind_words, reach.kind_words_a_day = gives_kind_words, _a_day(kind_words_a_day)
    db.session.flush()
    db.session.refresh(user, ["reach"])


def offer_names(actor: User, board: Board, *, prefix: str, topic: Topic | None = None) -> list[Persona]:
    """Whom somebody who types this after an @ may mean. It reads only, and is counted here so that every door counts:
    nobody learns who is a member by asking for one beginning after the other."""
    require(can_offer_names(actor, board))
    if len(prefix.strip()) < SHORTEST_PREFIX:
        return []
    limits.check(actor, "names")
    return names_in(actor, board, prefix.strip(), topic=topic)


def _watch(actor: User, level: Any, **place: int) -> None:
    chosen, member = _level(level), locked(actor)
    watch = db.session.scalar(select(Watch).filter_by(user_id=member.id, **place))
    if chosen is None:
        if watch is not None:
            db.session.delete(watch)
    elif watch is None:
        db.session.add(Watch(user_id=member.id, level=chosen, **place))
    else:
        watch.level = chosen


def _level(raw: Any) -> Level | None:
    if raw is None or raw == "":
        return None
    try:
        return Level(raw)
    except ValueError as error:
        raise Invalid(
            fields={"level": "Everything, what is said to you, or nothing: one of these works."}
        ) from error


def _hour(raw: Any, field: str) -> time | None:
    try:
        return time.fromisoformat(raw).replace(second=0, microsecond=0, tzinfo=None) if raw else None
    except (ValueError, TypeError) as error:
        raise Invalid(fields={field: "A time such as 22:30 works."}) from error


def _a_day(raw: Any) -> int:
    if not isinstance(raw, int) or not 1 <= raw <= MOST_KIND_WORDS:
        raise Invalid(fields={"kind_words_a_day": f"A number from 1 to {MOST_KIND_WORDS} works."})
    return raw


# Keeping


@action
def keep_bookmark(actor: User, thing: Topic | Post, *, note: Any = None) -> Bookmark:
    """Keep a topic or a post to find again, with a note to oneself; None leaves the note that is there.

    The note is for its member alone: nobody else is ever shown it, so no triage reads it and no case comes of it.
    """
    require(can_keep_bookmark(actor, thing))
    member = locked(actor)
    bookmark = _bookmark(member, thing)
    if bookmark is None:
        if _count(member) >= MOST_BOOKMARKS:
            raise Conflict(f"You keep {MOST_BOOKMARKS} places. Letting one go makes room for another.")
        bookmark = Bookmark(user_id=member.id, note="", **_place(thing))
        db.session.add(bookmark)
    if note is not None:
        bookmark.note = clean_line(note, limit=NOTE_LIMIT, field="note") if str(note).strip() else ""
    db.session.flush()
    return bookmark


@action
def drop_bookmark(actor: User, thing: Topic | Post) -> None:
    """Let a place go, and the note with it."""
    require(can_drop_bookmark(actor, thing))
    bookmark = _bookmark(locked(actor), thing)
    if bookmark is not None:
        db.session.delete(bookmark)


def _bookmark(member: User, thing: Topic | Post) -> Bookmark | None:
    return db.session.scalar(select(Bookmark).filter_by(user_id=member.id, **_place(thing)))


def _place(thing: Topic | Post) -> dict[str, int | None]:
    if isinstance(thing, Topic):
        return {"topic_id": thing.id, "post_id": None}
    return {"topic_id": thing.topic_id, "post_id": thing.id}


def _count(member: User) -> int:
    kept = select(func.count()).select_from(Bookmark).where(Bookmark.user_id == member.id)
    return db.session.scalar(kept) or 0


# The feed


@action
def make_feed(actor: User) -> str:
    """Make the private address of one's feed; the one before opens nothing any more. The answer is its secret part,
    which nothing else ever holds."""
    require(can_make_feed(actor))
    member = locked(actor)
    limits.check(member, "token")
    secret = secrets.token_urlsafe(32)
    end_feed_of(member)
    db.session.add(Feed(user_id=member.id, digest=digest_of(secret), created_at=now()))
    return secret


@action
def end_feed(actor: User) -> None:
    """End one's feed; its address opens nothing any more."""
    require(can_end_feed(actor))
    end_feed_of(actor)


def end_feed_of(user: User) -> None:
    """Inside a deed: end a member's feed, because whoever made it may not have been they."""
    db.session.execute(delete(Feed).where(Feed.user_id == user.id))
