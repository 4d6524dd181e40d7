"""Who may take along what is held about them, and leave."""

from forum.models import Actor
from forum.policy.core import Verdict, by_hand_verdict, house_verdict


def can_ask_for_copy(actor: Actor) -> Verdict:
    """Every member, of what is held about themself, whatever was decided about them; a copy in other hands tells
    everything, so they showed lately who they are."""
    return by_hand_verdict(actor)


def can_take_copy(actor: Actor) -> Verdict:
    return can_ask_for_copy(actor)


def can_keep_copy(actor: Actor) -> Verdict:
    """A copy is made by the worker that was promised to a member."""
    return house_verdict(actor)


def can_forget_old_copies(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)


def can_leave(actor: Actor) -> Verdict:
    """Every member, at any time, whatever was decided about them."""
    return by_hand_verdict(actor)
