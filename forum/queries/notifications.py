"""What a member is told, while the place it is about is there for them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, not_, or_, select, tuple_
from sqlalchemy.orm import joinedload, lazyload

from forum.db import db, now
from forum.errors import NotFound
from forum.models import AT_ONCE, Actor, Notification, Post, Room, Topic, zone_of
from forum.policy.boards import can_open_notification, visible_posts, visible_topics
from forum.policy.boundaries import kept_away_by, meets_on_board
from forum.policy.rooms import visible_rooms

NOTICES_A_PAGE = 30
LARGEST = 2**31 - 1
OF_WORDS = ("reply", "mention", "watched", "topic", "landed")
"""The kinds of notices that are seen where the words stand; others ask for something that is done elsewhere."""


def notifications_for(
    actor: Actor, *, before: str = "", limit: int = NOTICES_A_PAGE
) -> Sequence[Notification]:
    """A page of notices, the latest first; what they lost access to is not among them."""
    query = (
        select(Notification)
        .where(Notification.user_id == actor.id, _is_visible(actor))
        .options(
            joinedload(Notification.topic).options(lazyload(Topic.notes)), joinedload(Notification.byline)
        )
        .order_by(Notification.at.desc(), Notification.id.desc())
        .limit(limit)
    )
    if before:
        query = query.where(tuple_(Notification.at, Notification.id) < tuple_(*_place(before)))
    return db.session.scalars(query).all()


def cursor_of(page: Sequence[Notification]) -> str | None:
    """Where the page after this one begins; None after the last. Two notices of one moment are told apart by id."""
    return f"{page[-1].at.isoformat()}_{page[-1].id}" if len(page) == NOTICES_A_PAGE else None


def unseen_in(actor: Actor, topic: Topic, *, number: int) -> Sequence[int]:
    """The notices that speak of a topic up to this post and were not looked at yet."""
    if actor.id is None:
        return []
    shown = select(Post.id).where(Post.topic_id == topic.id, Post.number <= number)
    return db.session.scalars(
        select(Notification.id).where(
            Notification.user_id == actor.id,
            Notification.topic_id == topic.id,
            Notification.kind.in_(OF_WORDS),
            Notification.seen_at.is_(None),
            or_(Notification.post_id.is_(None), Notification.post_id.in_(shown)),
        )
    ).all()


def news_for(actor: Actor, limit: int = 3) -> Sequence[Notification]:
    """The latest notices not yet looked at, for the home page."""
    return db.session.scalars(
        select(Notification)
        .where(Notification.user_id == actor.id, Notification.seen_at.is_(None), _is_visible(actor))
        .options(
            joinedload(Notification.topic).options(lazyload(Topic.notes)), joinedload(Notification.byline)
        )
        .order_by(Notification.at.desc(), Notification.id.desc())
        .limit(limit)
    ).all()


def has_news(actor: Actor) -> bool:
    """Whether something is there that they have not looked at; never how much. What came in quiet hours that still
    last is there for whoever looks, and says nothing by itself; only what may be a stranger's doing is said at once."""
    unseen = [Notification.user_id == actor.id, Notification.seen_at.is_(None), _is_visible(actor)]
    if actor.reach and (since := actor.reach.quiet_since(now(), zone_of(actor.timezone))):
        unseen.append(or_(Notification.at < since, Notification.kind.in_(AT_ONCE)))
    return bool(db.session.scalar(select(exists().where(*unseen))))


def notification_for(actor: Actor, notification_id: int) -> Notification:
    """One notice of their own, if its place is still there for them."""
    notification = db.session.scalar(
        select(Notification).where(Notification.id == notification_id, _is_visible(actor))
    )
    if notification is None or not can_open_notification(actor, notification):
        raise NotFound()
    return notification


def _is_visible(actor: Actor) -> ColumnElement[bool]:
    """A notice about a topic or a post needs both to be visible; one about a decision or a report is always theirs."""
    met = meets_on_board(actor, Topic, Topic.board_id)
    topic_seen = Notification.topic_id.in_(select(Topic.id).where(visible_topics(actor), met))
    post_seen = Notification.post_id.in_(select(Post.id).join(Post.topic).where(visible_posts(actor)))
    room_seen = Notification.room_id.in_(select(Room.id).where(visible_rooms(actor)))
    from_them = Notification.persona_id.in_(kept_away_by(actor))
    about_case = or_(Notification.decision_id.is_not(None), Notification.report_id.is_not(None))
    return or_(
        about_case,
        and_(
            or_(Notification.topic_id.is_(None), topic_seen),
            or_(Notification.post_id.is_(None), post_seen),
            or_(Notification.room_id.is_(None), room_seen),
            or_(Notification.persona_id.is_(None), not_(from_them)),
        ),
    )


def _place(cursor: str) -> list[ColumnElement[Any]]:
    """The place that a cursor names; a cursor that nobody was given leads nowhere."""
    try:
        at, notification_id = cursor.split("_")
        return [
            literal(datetime.fromisoformat(at).astimezone(UTC), Notification.at.type),
            literal(max(min(int(notification_id), LARGEST), 0), Notification.id.type),
        ]
    except (ValueError, OverflowError) as error:
        raise NotFound() from error
