"""The agreement as it is now, and as it was."""

from collections.abc import Sequence

from sqlalchemy import select

from forum.agreement import Rule
from forum.db import db
from forum.errors import NotFound
from forum.models import Actor, Agreement, Decision
from forum.policy.agreements import can_see_agreements


def agreement_now() -> Agreement:
    """The newest version."""
    return db.session.scalars(select(Agreement).order_by(Agreement.version.desc()).limit(1)).one()


def agreement_in(version: int) -> Agreement:
    """One version, for everybody to read."""
    found = db.session.get(Agreement, version)
    if found is None:
        raise NotFound()
    return found


def agreements(actor: Actor) -> Sequence[Agreement]:
    """Every version, the newest first, for whoever may write the next."""
    if not can_see_agreements(actor):
        raise NotFound()
    return db.session.scalars(select(Agreement).order_by(Agreement.version.desc())).all()


def rule_of(decision: Decision) -> Rule | None:
    """The line that a decision rests on, as it read when it was decided."""
    return agreement_in(decision.agreement_version).rule(decision.rule) if decision.rule is not None else None
