"""Who may say something about themselves, and who looks after it."""

from forum.models import Actor, Profile
from forum.policy.core import (
    STAFF,
    Denied,
    Verdict,
    entry_verdict,
    is_banned,
    member_verdict,
    writing_verdict,
)

UNSEEN = Denied("not_found", "There is nothing here that you can see.")


def can_see_own_profile(actor: Actor) -> Verdict:
    return member_verdict(actor)


def can_change_profile(actor: Actor) -> Verdict:
    """Whoever may write at all: others read it."""
    return writing_verdict(actor)


def can_see_profile(actor: Actor, profile: Profile) -> Verdict:
    """Members read it; what is held or hidden is there for its author and for moderators of the whole site."""
    if not (inside := entry_verdict(actor)):
        return inside
    if is_banned(actor):
        return UNSEEN
    is_theirs = profile.author_id is not None and profile.author_id == actor.id
    return True if profile.is_public or is_theirs or actor.moderates_board(None) else UNSEEN


def can_hide_profile(actor: Actor, profile: Profile) -> Verdict:
    """Moderators of the whole site, because it is shown on the whole site."""
    return True if actor.moderates_board(None) else STAFF


def can_show_profile(actor: Actor, profile: Profile) -> Verdict:
    return can_hide_profile(actor, profile)


def can_release_profile(actor: Actor, profile: Profile) -> Verdict:
    return can_hide_profile(actor, profile)
