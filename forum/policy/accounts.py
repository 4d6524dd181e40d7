"""Who may do what with an account."""

from forum.models import Actor, User
from forum.policy.core import (
    BANNED,
    BY_HAND,
    Verdict,
    by_hand_verdict,
    house_verdict,
    is_banned,
    member_verdict,
    proved_verdict,
)


def can_reset_member(actor: Actor) -> Verdict:
    """Those who look after the house, for somebody who cannot come in any more."""
    return house_verdict(actor)


def can_log_in(actor: Actor) -> Verdict:
    return True


def can_recover(actor: Actor) -> Verdict:
    return True


def can_ask_for_link(actor: Actor) -> Verdict:
    """Whoever cannot sign in; whose address it is, the worker sees."""
    return True


def can_reset_password(actor: Actor) -> Verdict:
    """Whoever holds a link that we mailed."""
    return True


def can_confirm_email(actor: Actor) -> Verdict:
    """Whoever holds a link that we mailed, signed in or not."""
    return True


def can_open_link(actor: Actor) -> Verdict:
    """A link is opened by the worker that mails it, and by nobody who could see it otherwise."""
    return house_verdict(actor)


def can_forget_old_links(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)


def can_log_out(actor: Actor) -> Verdict:
    return True


def can_begin_session(user: User) -> Verdict:
    """Also whoever is banned: they can still read why and ask for a second look."""
    return True


def can_forget_old_requests(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)


def can_end_idle_sessions(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)


def can_end_session(actor: Actor) -> Verdict:
    """Whoever showed lately who they are, as for all of them."""
    return proved_verdict(actor)


def can_end_other_sessions(actor: Actor) -> Verdict:
    """Whoever showed lately who they are: it would sign the member out of everywhere but where somebody else sits."""
    return proved_verdict(actor)


def can_renew_session(actor: Actor) -> Verdict:
    """Members in a browser, for the log-in that they are here by."""
    return member_verdict(actor) if actor.scopes is None else BY_HAND


def can_touch_session(actor: Actor) -> Verdict:
    return member_verdict(actor)


def can_change_password(actor: Actor) -> Verdict:
    """Members. The deed asks for the passphrase that they have, each time."""
    return member_verdict(actor)


def can_change_email(actor: Actor) -> Verdict:
    """Members. The deed asks for their passphrase, each time: an address is looked up by both together."""
    return member_verdict(actor)


def can_send_confirmation(actor: Actor) -> Verdict:
    return member_verdict(actor)


def can_renew_recovery(actor: Actor) -> Verdict:
    """Members who showed lately who they are: a sheet opens the account, whatever else it asks for."""
    return by_hand_verdict(actor)


def can_rename(actor: Actor) -> Verdict:
    if not actor.is_authenticated:
        return member_verdict(actor)
    return BANNED if is_banned(actor) else True


def can_agree(actor: Actor) -> Verdict:
    return member_verdict(actor)


def can_withdraw(actor: Actor) -> Verdict:
    return member_verdict(actor)


def can_change_settings(actor: Actor) -> Verdict:
    return member_verdict(actor)


def can_see_settings(actor: Actor) -> Verdict:
    return member_verdict(actor)
