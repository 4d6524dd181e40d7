"""Keeping somebody away, and saying how open one is. Nothing of this is told to anybody."""

from sqlalchemy import delete

from forum.db import action, db, now
from forum.errors import Invalid
from forum.models import Boundary, BoundaryKind, Openness, Persona, User
from forum.policy.boundaries import can_lift_boundary, can_set_boundary, can_set_openness
from forum.policy.core import require


@action
def set_boundary(actor: User, persona: Persona, *, kind: str) -> Boundary:
    """Mute or block a byline from now on. No reason is asked for, no line is written, and the other hears nothing."""
    require(can_set_boundary(actor, persona))
    chosen = _chosen(BoundaryKind, kind, field="kind", said="Muting or blocking works here.")
    boundary = db.session.get(Boundary, (actor.id, persona.id), with_for_update={"key_share": True})
    if boundary is None:
        boundary = Boundary(user_id=actor.id, persona_id=persona.id, kind=chosen, at=now())
        db.session.add(boundary)
    boundary.kind = chosen
    return boundary


@action
def lift_boundary(actor: User, persona: Persona) -> None:
    """Meet a byline again. What was said in between can then be read."""
    require(can_lift_boundary(actor, persona))
    db.session.execute(
        delete(Boundary).where(Boundary.user_id == actor.id, Boundary.persona_id == persona.id)
    )


@action
def set_openness(actor: User, *, openness: str) -> None:
    """Say whether one is open, for gentle things only, or resting."""
    require(can_set_openness(actor))
    byline = db.session.get_one(Persona, actor.byline.id)
    byline.openness = _chosen(Openness, openness, field="openness", said="One of the three works here.")


def _chosen(kind, raw: str, *, field: str, said: str):  # type: ignore[no-untyped-def]
    try:
        return kind(raw)
    except ValueError as error:
        raise Invalid(fields={field: said}) from error
