"""Who may make keys for programs, and what a program may do with one."""

from forum.models import Actor, TokenScope
from forum.policy.core import BY_HAND, Denied, Verdict, by_hand_verdict, house_verdict, member_verdict


def can_make_token(actor: Actor) -> Verdict:
    """Members, for themselves, who showed lately who they are; a program cannot make itself another key."""
    return by_hand_verdict(actor)


def can_end_token(actor: Actor) -> Verdict:
    """Members, at once: ending one only ever closes something."""
    return member_verdict(actor) if actor.scopes is None else BY_HAND


def can_see_tokens(actor: Actor) -> Verdict:
    """Members see their own; that there is one never says which."""
    return member_verdict(actor)


def can_touch_token(actor: Actor) -> Verdict:
    return member_verdict(actor)


def can_forget_ended_tokens(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)


def can_use_scope(actor: Actor, scope: TokenScope) -> Verdict:
    """A member in a browser may do whatever they may do; a program also needs this scope in its key."""
    given = actor.scopes
    if given is None or scope in given:
        return True
    return Denied("forbidden", f"This key does not open that: it was made without “{scope}”.")
