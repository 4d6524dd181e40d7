"""Groups: members who may see boards and rooms that others may not."""

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from forum import modlog
from forum.db import action, db
from forum.errors import Invalid
from forum.models import Actor, Group, GroupMember, User
from forum.policy.boards import can_add_to_group, can_make_group, can_take_from_group
from forum.policy.core import require
from forum.text import clean_line

NAME_LIMIT = 60


@action
def make_group(actor: Actor, *, name: str) -> Group:
    """Name a group. Nobody is in it yet."""
    require(can_make_group(actor))
    group = Group(name=clean_line(name, limit=NAME_LIMIT, field="name"))
    try:
        with db.session.begin_nested():
            db.session.add(group)
            db.session.flush()
    except IntegrityError as taken:
        raise Invalid(fields={"name": "There is a group of this name already."}) from taken
    return group


@action
def add_to_group(actor: Actor, group: Group, user: User) -> None:
    """Let a member see what the group sees."""
    require(can_add_to_group(actor))
    if db.session.get(GroupMember, (group.id, user.id)) is None:
        db.session.add(GroupMember(group_id=group.id, user_id=user.id))
        modlog.write(actor, "group_joined", user=user, subject=f"group:{group.id}")


@action
def take_from_group(actor: Actor, group: Group, user: User) -> None:
    """Close to a member what only the group sees; their open sockets ask again who they are."""
    require(can_take_from_group(actor))
    taken = db.session.execute(
        delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.user_id == user.id)
    )
    if taken.rowcount:  # type: ignore[attr-defined]
        user.auth_epoch += 1
        modlog.write(actor, "group_left", user=user, subject=f"group:{group.id}")
