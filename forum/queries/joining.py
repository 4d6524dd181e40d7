"""Which door is open, who was asked in, and who waits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import joinedload

from forum.db import db
from forum.errors import Conflict, NotFound
from forum.models import Actor, Application, Arrival, Entry, Group, Invitation, Persona, SiteSettings, User
from forum.policy.core import require
from forum.policy.joining import can_see_applications, can_see_joining, can_see_own_application
from forum.queries.accounts import digest_of

SETTINGS_ID = 1
"""The one row of what admins choose."""
SHOWN = 100
INVITATION_OVER = (
    "This invitation opens nothing any more. It may have been used up, or it was only open for a while."
)
"""Also of one that there never was."""


def site_settings() -> SiteSettings:
    """What admins chose, as it is now."""
    return db.session.get_one(SiteSettings, SETTINGS_ID, populate_existing=True)


# Invitations


@dataclass(frozen=True)
class Asked:
    """An invitation, and who came by it, as far as this person may know."""

    invitation: Invitation
    came: Sequence[Persona]


def invitation_with(token: str) -> Invitation:
    """The invitation with this token, while it is open; Conflict otherwise, whyever."""
    found = db.session.scalar(select(Invitation).where(Invitation.digest == digest_of(token)))
    if found is None or not found.is_open:
        raise Conflict(INVITATION_OVER, code="expired")
    return found


def invitation_for(actor: Actor, invitation_id: int) -> Invitation:
    """One invitation, for those who look after the house."""
    _look_after(actor)
    found = db.session.get(Invitation, invitation_id)
    if found is None:
        raise NotFound()
    return found


def invitations(actor: Actor) -> list[Asked]:
    """Every invitation, the newest first. Who came by it is for whoever made it and for admins, who are all that ask."""
    _look_after(actor)
    found = db.session.scalars(
        select(Invitation).options(joinedload(Invitation.made_by)).order_by(Invitation.id.desc()).limit(SHOWN)
    ).all()
    came = _who_came([one.id for one in found])
    return [Asked(one, came[one.id]) for one in found]


def _who_came(invitation_ids: Sequence[int]) -> defaultdict[int, list[Persona]]:
    came: defaultdict[int, list[Persona]] = defaultdict(list)
    rows = db.session.execute(
        select(Arrival.invitation_id, Persona)
        .join(Persona, (Persona.user_id == Arrival.user_id) & Persona.is_main)
        .where(Arrival.invitation_id.in_(invitation_ids))
        .order_by(Persona.name)
    )
    for invitation_id, persona in rows:
        came[invitation_id].append(persona)
    return came


def every_group(actor: Actor) -> Sequence[Group]:
    """Every group, by name, for those who look after the house."""
    _look_after(actor)
    return db.session.scalars(select(Group).order_by(Group.name)).all()


def groups_with(actor: Actor, group_ids: Sequence[int]) -> Sequence[Group]:
    """The groups with these numbers; NotFound if there is none with one of them."""
    _look_after(actor)
    found = db.session.scalars(select(Group).where(Group.id.in_(group_ids)).order_by(Group.id)).all()
    if len(found) != len(set(group_ids)):
        raise NotFound()
    return found


# Who waits


def applications(actor: Actor, *, declined: bool = False) -> Sequence[Application]:
    """Who waits to be let in, the longest first; or who was not let in, the latest first."""
    require(can_see_applications(actor))
    order = Application.decided_at.desc() if declined else Application.at
    return db.session.scalars(
        _with_people(User.entry == (Entry.DECLINED if declined else Entry.WAITING))
        .order_by(order, Application.id)
        .limit(SHOWN)
    ).all()


def application_for(actor: Actor, application_id: int) -> Application:
    """One request to come in, for those who answer it."""
    require(can_see_applications(actor))
    found = db.session.scalar(_with_people().where(Application.id == application_id))
    if found is None:
        raise NotFound()
    return found


def application_of(user_id: int | None) -> Application | None:
    """What somebody answered when they asked to come in. Policy is asked where it is shown."""
    return db.session.scalar(select(Application).where(Application.user_id == user_id)) if user_id else None


def own_application(actor: Actor) -> Application | None:
    """One's own request; None for whoever came in by another door."""
    require(can_see_own_application(actor))
    return application_of(actor.id)


def _with_people(condition: ColumnElement[bool] | None = None):  # type: ignore[no-untyped-def]
    query = select(Application).join(User, User.id == Application.user_id)
    return query.where(true() if condition is None else condition).options(
        joinedload(Application.user), joinedload(Application.decided_by)
    )


def _look_after(actor: Actor) -> None:
    """To whoever does not look after the house there are no invitations."""
    if not can_see_joining(actor):
        raise NotFound()
