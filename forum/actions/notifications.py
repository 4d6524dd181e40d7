"""Notices, once they are there."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, update

from forum.db import action, db, now
from forum.models import Notification, User
from forum.policy.boards import can_mark_notifications_seen, can_open_notification, can_see_notifications
from forum.policy.core import require


@action
def open_notification(actor: User, notification: Notification) -> None:
    """Count one notice as seen, because it was opened."""
    require(can_open_notification(actor, notification))
    _seen(actor, Notification.id == notification.id)


@action
def see_notifications(actor: User, *, ids: Sequence[int]) -> None:
    """Count these notices as seen, because they, or what they speak of, were looked at."""
    require(can_see_notifications(actor))
    _seen(actor, Notification.id.in_(ids))


@action
def mark_notifications_seen(actor: User) -> None:
    """Count every notice up to now as seen."""
    require(can_mark_notifications_seen(actor))
    _seen(actor)


def _seen(actor: User, *which: ColumnElement[bool]) -> None:
    db.session.execute(
        update(Notification)
        .where(Notification.user_id == actor.id, Notification.seen_at.is_(None), *which)
        .values(seen_at=now())
        .execution_options(synchronize_session=False)
    )
