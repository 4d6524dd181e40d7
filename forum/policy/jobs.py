"""Who keeps promises, and who looks after those that could not be kept."""

from forum.models import Actor
from forum.policy.core import Verdict, house_verdict


def can_plan_job(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_claim_job(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_finish_job(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_put_job_off(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_bury_job(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_forget_done_jobs(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_see_jobs(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_retry_job(actor: Actor) -> Verdict:
    return house_verdict(actor)
