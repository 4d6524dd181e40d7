"""Whom a member keeps away."""

from collections.abc import Sequence

from sqlalchemy import select

from forum.db import db
from forum.models import Actor, Boundary, BoundaryKind, Persona
from forum.policy.boundaries import can_see_boundaries
from forum.policy.core import require

SHOWN = 200


def boundaries_of(actor: Actor) -> Sequence[Boundary]:
    """Whom this member keeps away, the latest first."""
    require(can_see_boundaries(actor))
    return db.session.scalars(
        select(Boundary).where(Boundary.user_id == actor.id).order_by(Boundary.at.desc()).limit(SHOWN)
    ).all()


def boundary_with(actor: Actor, persona: Persona) -> Boundary | None:
    """What this member set towards a byline."""
    return db.session.get(Boundary, (actor.id, persona.id)) if actor.id is not None else None


def is_shown_openness(actor: Actor, persona: Persona) -> bool:
    """Whether a member sees how open another is: everybody but whom they block, to whom nothing looks different."""
    blocked = select(Boundary.user_id).where(
        Boundary.user_id == persona.user_id,
        Boundary.kind == BoundaryKind.BLOCK,
        Boundary.persona_id.in_(select(Persona.id).where(Persona.user_id == actor.id)),
    )
    return db.session.scalar(blocked) is None
