"""Who is an admin or a lead, who moderates what, and who facilitates which room."""

from typing import Any

from sqlalchemy import or_, select, update

from forum import broadcast, modlog
from forum.actions.rooms import append_event, end_unseen_stays
from forum.db import action, db, locked, on_commit
from forum.errors import Conflict, Invalid
from forum.models import Actor, Appointment, Board, Case, Duty, EventType, Role, Room, User
from forum.policy.cases import visible_cases
from forum.policy.core import is_banned, require
from forum.policy.house import can_appoint, can_dismiss, can_give_role

LAST_ADMIN = "Nobody else could look after the house then. Another admin first makes this possible."


@action
def give_role(actor: Actor, user: User, *, role: Any) -> User:
    """Make somebody an admin, a lead, or a member again. The last admin stays one, so that the house has somebody."""
    user, others = _with_other_admins(user)
    require(can_give_role(actor))
    if role not in list(Role):
        raise Invalid(fields={"role": "Please choose one of the roles in the list."})
    if user.role == role:
        return user
    if user.is_admin and not any(not is_banned(one) for one in others):
        raise Conflict(LAST_ADMIN)
    user.role = Role(role)
    _rights_changed(actor, user, f"role_{user.role}", "site")
    return user


@action
def appoint(
    actor: Actor, user: User, *, duty: Duty, board: Board | None = None, room: Room | None = None
) -> Appointment:
    """Have a member moderate a board, a room or everything, or facilitate a room; again changes nothing."""
    user = locked(user)
    require(can_appoint(actor))
    if duty == Duty.FACILITATOR and (room is None or board is not None):
        raise Invalid(fields={"room": "A facilitator holds one room; this names none."})
    if board is not None and room is not None:
        raise Invalid(fields={"room": "One place at a time: a board or a room."})
    place = {"board_id": board and board.id, "room_id": room and room.id}
    for one in user.appointments:
        if one.role == duty and {"board_id": one.board_id, "room_id": one.room_id} == place:
            return one
    appointment = Appointment(user_id=user.id, role=duty, **place)
    db.session.add(appointment)
    _rights_changed(actor, user, f"appointed_{duty}", _place(appointment))
    _tell_room(appointment)
    return appointment


@action
def dismiss(actor: Actor, appointment: Appointment) -> None:
    """End what a member was appointed to do."""
    user = locked(appointment.user)
    require(can_dismiss(actor))
    db.session.delete(appointment)
    _rights_changed(actor, user, f"dismissed_{Duty(appointment.role)}", _place(appointment))
    _tell_room(appointment)


def _with_other_admins(user: User) -> tuple[User, list[User]]:
    """This member and every other admin, held by id: of two admins who dismiss each other at once, one stays."""
    held = db.session.scalars(
        select(User)
        .where(or_(User.role == Role.ADMIN, User.id == user.id))
        .order_by(User.id)
        .with_for_update(key_share=True, of=User)
        .execution_options(populate_existing=True)
    ).unique()
    rows = {one.id: one for one in held}
    return rows.pop(user.id), [one for one in rows.values() if one.is_admin]


def _rights_changed(actor: Actor, user: User, code: str, subject: str) -> None:
    """Open sockets ask again what they may do, what somebody may not do now is out of their hands, and the log says
    who changed it."""
    user.auth_epoch += 1
    db.session.flush()
    db.session.refresh(user)
    _hand_back(user)
    end_unseen_stays(user)
    modlog.write(actor, code, user=user, subject=subject)


def _hand_back(user: User) -> None:
    """Cases that they have in hand and may not see any more go back to the queue."""
    db.session.execute(
        update(Case)
        .where(Case.claimed_by_id == user.id, Case.decided_at.is_(None), ~visible_cases(user))
        .values(claimed_by_id=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    on_commit(broadcast.queue_changed)


def _tell_room(appointment: Appointment) -> None:
    """Whoever is in a room learns that somebody else holds it now."""
    if appointment.role != Duty.FACILITATOR or appointment.room_id is None:
        return
    room = locked(db.session.get_one(Room, appointment.room_id))
    if room.is_open:
        append_event(room, EventType.CHANGED, data={"guides": True})


def _place(appointment: Appointment) -> str:
    if appointment.room_id is not None:
        return f"room:{appointment.room_id}"
    return f"board:{appointment.board_id}" if appointment.board_id is not None else "site"
