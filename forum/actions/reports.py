"""What members tell moderators: that something is wrong, or that somebody may not be all right."""

import secrets
from typing import Any

from sqlalchemy import select

from forum import limits
from forum.actions.cases import open_or_raise
from forum.actions.requests import done_before, remember_made
from forum.db import action, db, locked, now
from forum.errors import Invalid
from forum.models import Case, CaseKind, Message, Post, Reason, Report, Strategy, Tier, User
from forum.policy.cases import Reportable, can_report, can_withdraw_report, can_worry
from forum.policy.core import require
from forum.queries.cases import still_seen, subject_of
from forum.words import Words, read_words

WORDS_LIMIT = 4_000
TIERS: dict[Reason, Tier] = {
    Reason.DANGER: Tier.RED,
    Reason.MINOR: Tier.RED,
    Reason.PRIVATE: Tier.AMBER,
    Reason.UNKIND: Tier.AMBER,
    Reason.CONTACT: Tier.AMBER,
    Reason.MEDICAL: Tier.AMBER,
    Reason.SELLING: Tier.AMBER,
    Reason.WORRY: Tier.AMBER,
    Reason.RULE: Tier.GREEN,
}
"""How soon somebody looks, by what a report is about."""

REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def _read(actor: User, thing: Reportable, *, words: Any = None, **_given: Any) -> dict[str, Any]:
    """What the reporter wrote, if anything, read like all words: somebody may be in danger who only reports."""
    if not isinstance(words, str) or not words.strip():
        return {"words": None}
    return {"words": read_words(words, channel="report", limit=WORDS_LIMIT, field="words")}


@action(words=_read)
def report(actor: User, thing: Reportable, *, reason: Any, words: Any = None, key: str = "") -> Report:
    """Tell moderators that something breaks the agreement or could harm someone. Its author never learns who did.

    It leaves no line in the moderation log: the log names who acts, and who told us is named to nobody.
    """
    thing = still_seen(actor, thing)
    require(can_report(actor, thing))
    if reason not in set(Reason) - {Reason.WORRY}:
        raise Invalid(
            fields={"reason": "Choosing what it is about, even roughly, sends it to the right place."}
        )
    return _told(actor, thing, CaseKind.CONTENT, Reason(reason), words, key)


@action(words=_read)
def worry(actor: User, thing: Reportable, *, words: Any = None, key: str = "") -> Report:
    """Ask a moderator to look in on somebody, kindly. It blames nobody."""
    thing = still_seen(actor, thing)
    require(can_worry(actor, thing))
    return _told(actor, thing, CaseKind.WORRY, Reason.WORRY, words, key)


@action
def withdraw_report(actor: User, report: Report) -> Report:
    """Take a report back. The case stays, because others may have told of it, or triage."""
    report = locked(report)
    require(can_withdraw_report(actor, report))
    report.withdrawn_at = report.withdrawn_at or now()
    report.words, report.verdict = None, {}
    return report


def _told(
    actor: User, thing: Reportable, kind: CaseKind, reason: Reason, words: Words | None, key: str
) -> Report:
    asked = f"{subject_of(thing)}:{reason}:{words.source if words else ''}"
    if before := done_before(actor, key, Report, asked):
        return before
    limits.check(actor, "report")
    tier = min(TIERS[reason], *_tiers_read(thing, words), key=lambda one: one.rank)
    case = open_or_raise(thing, kind=kind, tier=tier)
    told = _told_before(actor, case) or Report(case=case, reporter_id=actor.id, reference=_reference())
    told.reason, told.withdrawn_at = reason, None
    if words is not None:
        told.words, told.verdict = words.source, words.verdict.to_json()
    db.session.add(told)
    db.session.flush()
    remember_made(actor, key, told, asked)
    return told


def _told_before(actor: User, case: Case) -> Report | None:
    """What they already told us about it. Telling again adds to that; it never counts twice."""
    return db.session.scalar(select(Report).where(Report.case_id == case.id, Report.reporter_id == actor.id))


def _tiers_read(thing: Reportable, words: Words | None) -> list[Tier]:
    """What triage read in the thing itself, and in what its reporter wrote."""
    in_thing = thing.verdict.get("tier") if isinstance(thing, Post | Message | Strategy) else None
    in_words = words.verdict.tier if words else None
    return [Tier(one) for one in (in_thing, in_words) if one] or [Tier.GREEN]


def _reference() -> str:
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
