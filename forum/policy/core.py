"""What every policy is made of: verdicts, and what consents and sanctions leave of writing.

Every question is a function `can_<action>(actor, thing)`. Its answer is True, or a `Denied` that is false
in a condition and says why. Actions call `require` on it, templates put it in an `if`, nothing else decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from forum import agreement
from forum.db import now
from forum.errors import Forbidden
from forum.models import Actor, Sanction, SanctionKind, Scope


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
AGREEMENT = Denied("forbidden", "Before you write, please read our agreement. It is nine short lines.")
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
SECOND_STEP = Denied(
    "second_step",
    "Whoever looks after others here signs in with a second step. Yours is set up in a few minutes, in your settings.",
)
PROVE = Denied("prove", "Before this, please show once more that it is you.")
BY_HAND = Denied("forbidden", "This is done by its member in a browser, not by a program with a key.")
PROOF_LASTS = timedelta(minutes=10)
"""For how long it is enough to have shown who one is."""


def sanctions_of(actor: Actor, *kinds: SanctionKind) -> Iterator[Sanction]:
    """What holds for them now, of these kinds, in any scope."""
    return (one for one in actor.sanctions if one.kind in kinds and one.holds)


def is_banned(actor: Actor, *, board_id: int | None = None, room_id: int | None = None) -> bool:
    """Whether a ban of the site, or of this place, holds for them."""
    return any(_covers(one, board_id, room_id) for one in sanctions_of(actor, SanctionKind.BAN))


def is_suspended(actor: Actor) -> bool:
    """Whether they may read boards only: no writing, no rooms."""
    return any(sanctions_of(actor, SanctionKind.SUSPENSION))


def writing_verdict(actor: Actor, *, board_id: int | None = None, room_id: int | None = None) -> Verdict:
    """Whether they may write or gesture here, as far as consents and sanctions go."""
    if not actor.is_authenticated:
        return LOG_IN
    if is_banned(actor):
        return BANNED
    if is_suspended(actor):
        return SUSPENDED
    if any(_covers(one, board_id, room_id) for one in sanctions_of(actor, SanctionKind.MUTE)):
        return MUTED
    return consent_verdict(actor)


def consent_verdict(actor: Actor) -> Verdict:
    """Whether they have said what must be said before a first post."""
    if not actor.has_consent("adult"):
        return ADULTS
    if not actor.has_consent("health"):
        return HEALTH
    if not actor.has_consent("agreement", agreement.VERSION):
        return AGREEMENT
    return True


def house_verdict(actor: Actor) -> Verdict:
    """Those who look after the whole house: admins, and the system for what recurs and the command line."""
    return True if actor.is_admin and not actor.waits_for_second_step else staff_denial(actor, HOUSE)


def staff_denial(actor: Actor, otherwise: Denied) -> Denied:
    """Why something is not open that is open to staff: they lack a second step, or it is not theirs at all."""
    return SECOND_STEP if actor.waits_for_second_step else otherwise


def member_verdict(actor: Actor) -> Verdict:
    """Whether somebody is signed in at all, whatever else holds for them."""
    return True if actor.is_authenticated else LOG_IN


def proved_verdict(actor: Actor) -> Verdict:
    """Whether a member showed lately, where they are signed in, who they are: an open screen is not enough for what
    would keep its owner out, or let others in.

    A program showed it when its key was made, which goes no further than its scopes.
    """
    if not actor.is_authenticated:
        return LOG_IN
    if actor.scopes is not None:
        return True
    return True if actor.proved_at and actor.proved_at > now() - PROOF_LASTS else PROVE


def by_hand_verdict(actor: Actor) -> Verdict:
    """The same, for what no program does."""
    return proved_verdict(actor) if actor.scopes is None else BY_HAND


def _covers(sanction: Sanction, board_id: int | None, room_id: int | None) -> bool:
    if sanction.scope == Scope.SITE:
        return True
    if sanction.scope == Scope.BOARD:
        return board_id is not None and sanction.board_id == board_id
    return room_id is not None and sanction.room_id == room_id
