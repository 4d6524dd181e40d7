"""Who may learn whose alias it is."""

from forum.models import Actor, Case, Persona
from forum.policy.cases import can_see_case
from forum.policy.core import Denied, Verdict

NO_ALIAS = Denied("forbidden", "These words stand under a name already, or their author has left.")


def can_reveal_alias(actor: Actor, case: Case, byline: Persona | None) -> Verdict:
    """Whoever looks after the case, where it is about an alias whose member is still here."""
    if not (seen := can_see_case(actor, case)):
        return seen
    return True if byline is not None and byline.user_id is not None and not byline.is_main else NO_ALIAS
