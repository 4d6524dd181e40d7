"""What every policy is made of: verdicts, and what consents and sanctions leave of writing.

Every question is a function `can_<action>(actor, thing)`. Its answer is True, or a `Denied` that is false
in a condition and says why. Actions call `require` on it, templates put it in an `if`, nothing else decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from forum.errors import Forbidden
from forum.models import Actor, Entry, Sanction, SanctionKind, Scope, User


@dataclass(frozen=True)
class Denied:
    """A no: falsy, with the code a door answers and the reason a person reads."""

    code: str
    reason: str

    def __bool__(self) -> bool:
        return False


Verdict = bool | Denied


def require(verdict: Verdict) -> None:
    """Go on if the verdict is true; raise Forbidden with its reason otherwise."""
    if isinstance(verdict, Denied):
        raise Forbidden(verdict.reason, code=verdict.code)


LOG_IN = Denied("log_in", "Sign in to take part. Reading what is open to everyone needs no name.")
ADULTS = Denied(
    "forbidden", "Hearth is for people of 18 and older. You can say that you are in your settings."
)
HEALTH = Denied(
    "forbidden",
    "To show what you write we need your leave to keep it. You can give or take it back in your settings.",
)
AGREEMENT = Denied("forbidden", "Before you write, please read our agreement. It is a few short lines.")
NEWER_AGREEMENT = Denied(
    "forbidden",
    "Our agreement has changed. Writing goes on once you have read it; reading is open as before.",
)
WAITING = Denied(
    "forbidden",
    "You are not in yet: a person reads every request to come in. Until then you can read what is open to everyone.",
)
DECLINED = Denied(
    "forbidden",
    "You were not let in, so this stays closed. The reason is in your notices, and you can read what is open to everyone.",
)
MUTED = Denied(
    "muted", "You can read along here; writing is paused for you. The reasons are in your notices."
)
SUSPENDED = Denied(
    "suspended", "Writing is paused for you. The reasons, and a way to ask again, are in your notices."
)
BANNED = Denied(
    "suspended", "Your account is closed here. You can still read why, and ask for a second look."
)
STAFF = Denied("forbidden", "This is for moderators.")
HOUSE = Denied("forbidden", "This is for those who look after the house.")


def sanctions_of(actor: Actor, *kinds: SanctionKind) -> Iterator[Sanction]:
    """What holds for them now, of these kinds, in any scope."""
    return (one for one in actor.sanctions if one.kind in kinds and one.holds)


def is_banned(actor: Actor, *, board_id: int | None = None, room_id: int | None = None) -> bool:
    """Whether a ban of the site, or of this place, holds for them."""
    return any(_covers(one, board_id, room_id) for one in sanctions_of(actor, SanctionKind.BAN))


def is_suspended(actor: Actor) -> bool:
    """Whether they may read boards only: no writing, no rooms."""
    return any(sanctions_of(actor, SanctionKind.SUSPENSION))


def entry_verdict(actor: Actor) -> Verdict:
    """Whether they are a member: signed in, and let in."""
    if not actor.is_authenticated:
        return LOG_IN
    if actor.is_member:
        return True
    return DECLINED if isinstance(actor, User) and actor.entry == Entry.DECLINED else WAITING


def writing_verdict(actor: Actor, *, board_id: int | None = None, room_id: int | None = None) -> Verdict:
    """Whether they may write or gesture here, as far as consents and sanctions go."""
    standing = standing_verdict(actor, board_id=board_id, room_id=room_id)
    return consent_verdict(actor) if standing else standing


def standing_verdict(actor: Actor, *, board_id: int | None = None, room_id: int | None = None) -> Verdict:
    """Whether nothing that was decided about them keeps them from writing here."""
    if not (inside := entry_verdict(actor)):
        return inside
    if is_banned(actor):
        return BANNED
    if is_suspended(actor):
        return SUSPENDED
    if any(_covers(one, board_id, room_id) for one in sanctions_of(actor, SanctionKind.MUTE)):
        return MUTED
    return True


def consent_verdict(actor: Actor) -> Verdict:
    """Whether they have said what must be said before a post, to the agreement as it is now."""
    if not (said := first_consent_verdict(actor)):
        return said
    return True if actor.has_agreed else NEWER_AGREEMENT


def first_consent_verdict(actor: Actor) -> Verdict:
    """Whether they have said what must be said once, to whichever version of the agreement that was. A newer one
    stops nobody from going where they read along, nor from looking after others."""
    if not actor.has_consent("adult"):
        return ADULTS
    if not actor.has_consent("health"):
        return HEALTH
    if not actor.has_consent("agreement"):
        return AGREEMENT
    return True


def house_verdict(actor: Actor) -> Verdict:
    """Those who look after the whole house: admins, and the system for what recurs and the command line."""
    return True if actor.is_admin else HOUSE


def member_verdict(actor: Actor) -> Verdict:
    """Whether somebody is signed in at all, whatever else holds for them."""
    return True if actor.is_authenticated else LOG_IN


def _covers(sanction: Sanction, board_id: int | None, room_id: int | None) -> bool:
    if sanction.scope == Scope.SITE:
        return True
    if sanction.scope == Scope.BOARD:
        return board_id is not None and sanction.board_id == board_id
    return room_id is not None and sanction.room_id == room_id
