"""Groups: members who may see boards and rooms that others may not."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from forum import modlog
from forum.actions.rooms import end_unseen_stays
from forum.db import action, db, locked
from forum.errors import Invalid
from forum.models import Actor, Group, GroupMember, User
from forum.policy.core import require
from forum.policy.house import (
    can_add_to_group,
    can_end_group,
    can_make_group,
    can_rename_group,
    can_take_from_group,
)
from forum.words import label

NAME_LIMIT = 60


def _read_name(_actor: Actor, *_group: Group, name: Any) -> dict[str, Any]:
    return {"name": label(name, limit=NAME_LIMIT, field="name")}


@action(words=_read_name)
def make_group(actor: Actor, *, name: str) -> Group:
    """Name a group. Nobody is in it yet."""
    require(can_make_group(actor))
    group = Group(name=name)
    db.session.add(group)
    _log_named(actor, "group_made", group)
    return group


@action(words=_read_name)
def rename_group(actor: Actor, group: Group, *, name: str) -> Group:
    """Call a group something else. Who is in it stays in it."""
    group = locked(group)
    require(can_rename_group(actor))
    group.name = name
    _log_named(actor, "group_renamed", group)
    return group


@action
def end_group(actor: Actor, group: Group) -> None:
    """End a group. Its members lose sight of what only it opened to them, and are out of its rooms at once."""
    require(can_end_group(actor))
    members = _held_members(group)
    group = locked(group)
    subject, words = f"group:{group.id}", {"name": group.name}
    db.session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
    db.session.execute(delete(Group).where(Group.id == group.id))
    db.session.expire_all()
    for user in members:
        _sees_less(user)
    modlog.write(actor, "group_ended", subject=subject, words=words)


@action
def add_to_group(actor: Actor, group: Group, user: User) -> None:
    """Let a member see what the group sees."""
    require(can_add_to_group(actor))
    if db.session.get(GroupMember, (group.id, user.id)) is None:
        db.session.add(GroupMember(group_id=group.id, user_id=user.id))
        modlog.write(actor, "group_joined", user=user, subject=f"group:{group.id}")


@action
def take_from_group(actor: Actor, group: Group, user: User) -> None:
    """Close to a member what only the group sees: they are out of its rooms, and open sockets ask again who they are."""
    require(can_take_from_group(actor))
    user = locked(user)
    taken = db.session.execute(
        delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.user_id == user.id)
    )
    if taken.rowcount:  # type: ignore[attr-defined]
        _sees_less(user)
        modlog.write(actor, "group_left", user=user, subject=f"group:{group.id}")


def _held_members(group: Group) -> list[User]:
    inside = select(GroupMember.user_id).where(GroupMember.group_id == group.id)
    held = select(User).where(User.id.in_(inside)).order_by(User.id)
    return list(db.session.scalars(held.with_for_update(key_share=True, of=User)).unique())


def _sees_less(user: User) -> None:
    user.auth_epoch += 1
    db.session.flush()
    db.session.refresh(user)
    end_unseen_stays(user)


def _log_named(actor: Actor, code: str, group: Group) -> None:
    """Two who give one name at once are told apart by the table."""
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as taken:
        raise Invalid(fields={"name": "There is a group of this name already."}) from taken
    modlog.write(actor, code, subject=f"group:{group.id}", words={"name": group.name})
