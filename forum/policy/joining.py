"""Who may come in, by which door, and who answers those who wait."""

from forum.models import Actor, SignUp, System
from forum.policy.cases import can_see_record
from forum.policy.core import Denied, Verdict, house_verdict, member_verdict

ALREADY = Denied("forbidden", "You are signed in already.")
CLOSED = Denied(
    "forbidden",
    "Nobody new can come in at the moment. What is open to everyone can be read without an account.",
)
BY_INVITATION = Denied(
    "forbidden", "People come in here by invitation. The link of one leads to this page with its door open."
)


def can_sign_up(actor: Actor, mode: SignUp = SignUp.OPEN, *, is_invited: bool = False) -> Verdict:
    """Whoever is nobody here yet, by the door that is open now; the command line and seeds make accounts always."""
    if isinstance(actor, System):
        return True
    if actor.is_authenticated:
        return ALREADY
    if mode == SignUp.CLOSED:
        return CLOSED
    return BY_INVITATION if mode == SignUp.INVITATION and not is_invited else True


def waits_for_approval(actor: Actor, mode: SignUp, *, is_invited: bool) -> bool:
    """Whether a person answers before this account is let in. An invitation is that answer, given before."""
    return mode == SignUp.APPROVAL and not is_invited and not isinstance(actor, System)


def can_see_joining(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_change_joining(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_make_invitation(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_end_invitation(actor: Actor) -> Verdict:
    """Also one that somebody else made."""
    return house_verdict(actor)


def can_see_applications(actor: Actor) -> Verdict:
    """Moderators of the whole site."""
    return can_see_record(actor)


def can_approve(actor: Actor) -> Verdict:
    return can_see_applications(actor)


def can_decline(actor: Actor) -> Verdict:
    return can_see_applications(actor)


def can_see_own_application(actor: Actor) -> Verdict:
    """Everybody sees where their own request stands."""
    return member_verdict(actor)


def can_forget_old_answers(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)
