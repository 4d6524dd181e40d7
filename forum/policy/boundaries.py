"""Who may keep somebody away, and what a reader then does not meet.

Muting (`ignore`) is about what I see. Blocking is that, and they cannot reach me: nothing they do tells me of it, and they
are not told that I am there. Neither gives the other a sign: for them everything looks as it did.

Staff are unaffected. Whoever looks after a place meets all that is said in it, and what they say there is met by everyone:
a word from a moderator must arrive.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, exists, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from forum.models import (
    Actor,
    Appointment,
    Boundary,
    BoundaryKind,
    Duty,
    Message,
    Persona,
    Role,
    Room,
    Strategy,
    User,
)
from forum.policy.cases import can_see_member
from forum.policy.core import LOG_IN, Denied, Verdict, member_verdict

YOURSELF = Denied("forbidden", "This is you.")


def can_set_boundary(actor: Actor, persona: Persona) -> Verdict:
    """Every member, towards anybody else, whatever else holds for them."""
    if not actor.is_authenticated:
        return LOG_IN
    if persona.user_id == actor.id:
        return YOURSELF
    return can_see_member(actor, persona)


def can_lift_boundary(actor: Actor, persona: Persona) -> Verdict:
    """Whoever set it."""
    return member_verdict(actor)


def can_see_boundaries(actor: Actor) -> Verdict:
    """Members see their own. Nobody else sees them, staff neither."""
    return member_verdict(actor)


def can_set_openness(actor: Actor) -> Verdict:
    """Every member, for themselves. Nobody is asked why."""
    return member_verdict(actor)


def kept_away_by(actor: Actor) -> Select[int]:
    """The bylines that a reader does not want to meet."""
    return select(Boundary.persona_id).where(Boundary.user_id == actor.id)


def meets_on_board(actor: Actor, words: Any, board_id: Any) -> ColumnElement[bool]:
    """Whether a reader meets a topic or post (the class, for each row; or one of them) that stands on a board."""
    if actor.id is None or actor.moderates_board(None):
        return true()
    own = [
        one.board_id for one in actor.appointments if one.role == Duty.MODERATOR and one.board_id is not None
    ]
    return or_(
        _value(board_id).in_(own),
        _value(words.persona_id).not_in(kept_away_by(actor)),
        _is_a_keepers(words, board_id),
    )


def meets_in_room(actor: Actor, room: Room) -> ColumnElement[bool]:
    """Whether a reader meets this line of a room."""
    if actor.id is None or actor.moderates_room(room.id) or actor.facilitates(room.id):
        return true()
    keepers = select(Appointment.user_id).where(Appointment.room_id == room.id)
    return or_(Message.persona_id.not_in(kept_away_by(actor)), Message.author_id.in_(keepers))


def meets_in_library(actor: Actor) -> ColumnElement[bool]:
    """Whether a reader meets a card."""
    if actor.id is None or actor.moderates_board(None):
        return true()
    return or_(Strategy.persona_id.not_in(kept_away_by(actor)), _is_a_keepers(Strategy, None))


def is_unnamed(reader: Any, other: Any) -> ColumnElement[bool]:
    """Whether a reader is not told that another member is there (ids or columns of ids): whom they mute or block, and who
    blocks them. A boundary towards an alias says nothing of whose it is."""
    pair = (
        select(Boundary.user_id)
        .join(Persona, Persona.id == Boundary.persona_id)
        .correlate_except(Boundary, Persona)
    )
    theirs = Boundary.user_id == reader, Persona.user_id == other, Persona.is_main
    blocked = Boundary.user_id == other, Persona.user_id == reader, Persona.is_main
    return or_(exists(pair.where(*theirs)), exists(pair.where(*blocked, Boundary.kind == BoundaryKind.BLOCK)))


def _is_a_keepers(words: Any, board_id: Any) -> ColumnElement[bool]:
    """Whether somebody who looks after this board says it, and by their name: an alias does not tell who looks after
    anything."""
    is_named = _value(words.persona_id).in_(select(Persona.id).where(Persona.is_main))
    return and_(_value(words.author_id).in_(_keepers(board_id)), is_named)


def _keepers(board_id: Any) -> Select[int]:
    """Who looks after a board, or after everything; None for those who look after everything alone."""
    everywhere = and_(Appointment.board_id.is_(None), Appointment.room_id.is_(None))
    here = everywhere if board_id is None else or_(everywhere, Appointment.board_id == board_id)
    appointed = (
        select(Appointment.user_id)
        .where(Appointment.role == Duty.MODERATOR, here)
        .correlate_except(
            Appointment
        )  # the board is a column of whatever is asked about, two questions further out
    )
    return (
        select(User.id)
        .where(or_(User.role.in_([Role.LEAD, Role.ADMIN]), User.id.in_(appointed)))
        .correlate_except(User)
    )


def _value(told: Any) -> Any:
    """A column as it is, and what one row says as a value beside columns."""
    return told if isinstance(told, InstrumentedAttribute) else literal(told, Integer)
