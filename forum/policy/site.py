"""Who may look after the site as a whole: those who look after the house, which the command line does."""

from forum.models import Actor
from forum.policy.core import Verdict, house_verdict


def can_export_site(actor: Actor) -> Verdict:
    """A file with everybody's words in it is made for nobody else."""
    return house_verdict(actor)


def can_import_site(actor: Actor) -> Verdict:
    return can_export_site(actor)


def can_check_site(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_mend_topic(actor: Actor) -> Verdict:
    return can_check_site(actor)


def can_mend_board(actor: Actor) -> Verdict:
    return can_check_site(actor)


def can_mend_room(actor: Actor) -> Verdict:
    return can_check_site(actor)
