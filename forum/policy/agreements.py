"""Who changes the agreement. Everybody may read every version."""

from forum.models import Actor
from forum.policy.core import Verdict, house_verdict


def can_see_agreements(actor: Actor) -> Verdict:
    """The page on which a new version is written."""
    return house_verdict(actor)


def can_publish_agreement(actor: Actor) -> Verdict:
    return house_verdict(actor)
