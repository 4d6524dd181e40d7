"""What members say about themselves."""

import hashlib
import json

from sqlalchemy import select

from forum.db import db
from forum.models import Actor, Persona, Profile
from forum.policy.core import require
from forum.policy.profile import can_see_own_profile, can_see_profile


def profile_of(persona: Persona) -> Profile | None:
    """What this byline says about itself. Policy is asked where it is shown."""
    return db.session.scalar(select(Profile).where(Profile.persona_id == persona.id))


def profile_for(actor: Actor, persona: Persona) -> Profile | None:
    """The same, if there is something and this person may read it."""
    profile = profile_of(persona)
    return profile if profile is not None and can_see_profile(actor, profile) else None


def own_profile(actor: Actor) -> Profile | None:
    """One's own, whatever has become of it."""
    require(can_see_own_profile(actor))
    return profile_of(actor.byline) if actor.byline is not None else None


def profile_version(persona: Persona, profile: Profile | None) -> str:
    """Which profile this is, so that two devices do not undo each other's unseen."""
    said = (profile.pronouns, profile.source) if profile is not None else ("", "")
    told = json.dumps([persona.figure, persona.tone, *said])
    return hashlib.sha256(told.encode()).hexdigest()[:24]
