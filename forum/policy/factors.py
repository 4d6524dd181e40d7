"""Who may add, use and take away a second step, and show once more who they are."""

from forum.models import Actor
from forum.policy.core import BY_HAND, Verdict, by_hand_verdict, house_verdict, member_verdict


def can_prove(actor: Actor) -> Verdict:
    """Members in a browser, on the log-in that they are here by."""
    return member_verdict(actor) if actor.scopes is None else BY_HAND


def can_pass_second_step(actor: Actor) -> Verdict:
    """Whoever gave the right passphrase a moment ago; the deed sees whose it was."""
    return True


def can_check_passkey(actor: Actor) -> Verdict:
    """Anybody may show one; the deed sees whose it is."""
    return True


def can_add_code_app(actor: Actor) -> Verdict:
    """Members who showed lately who they are, above all staff who have none yet."""
    return by_hand_verdict(actor)


def can_confirm_code_app(actor: Actor) -> Verdict:
    return can_add_code_app(actor)


def can_remove_code_app(actor: Actor) -> Verdict:
    return can_add_code_app(actor)


def can_add_passkey(actor: Actor) -> Verdict:
    return can_add_code_app(actor)


def can_remove_passkey(actor: Actor) -> Verdict:
    return can_add_code_app(actor)


def can_forget_spent_asks(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)
