"""A member's own copy of what is held about them."""

from sqlalchemy.orm import undefer

from forum.db import db
from forum.models import AccountCopy, Actor, User
from forum.policy.core import require
from forum.policy.leaving import can_take_copy


def copy_of(user: User) -> AccountCopy | None:
    """Whether one is being made, or there; without what is in it."""
    return db.session.get(AccountCopy, user.id)


def packed_copy(actor: Actor) -> bytes | None:
    """What is in their own copy, while it is there."""
    require(can_take_copy(actor))
    copy = db.session.get(
        AccountCopy, actor.id, options=[undefer(AccountCopy.packed)], populate_existing=True
    )
    return copy.packed if copy is not None and copy.is_ready else None
