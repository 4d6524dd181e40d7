"""Cases: how something comes to the people who look after the community, and who has it in hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from forum import broadcast, modlog
from forum.actions.requests import done_before, remember_made
from forum.config import Settings
from forum.db import action, db, locked, now, on_commit
from forum.errors import Conflict, ForumError, Retry
from forum.models import (
    Actor,
    Case,
    CaseKind,
    CaseNote,
    Channel,
    Decision,
    LogEntry,
    LogWords,
    Message,
    Persona,
    Post,
    Report,
    Sanction,
    Strategy,
    Tier,
    User,
)
from forum.policy.cases import (
    Reportable,
    author_id_of,
    can_add_note,
    can_claim_case,
    can_forget_old_cases,
    can_hand_back_case,
)
from forum.policy.core import require
from forum.queries.cases import subject_of
from forum.queries.topics import published_by
from forum.triage import HOLD, Verdict
from forum.words import from_staff

NOTE_LIMIT = 4_000
FORGOTTEN_AT_ONCE = 500
"""Cases that one round of forgetting takes; the next hour takes the next."""

_rules = Settings(env="test")


def keep_to(settings: Settings) -> None:
    """Use these aims and this length of a claim from now on."""
    global _rules
    _rules = settings


def waits(author: User, verdict: Verdict) -> bool:
    """Whether these words of theirs wait for a moderator before others see them."""
    is_new_author = "spam" in verdict.labels and _is_new(author)
    return verdict.outcome(is_new_author=is_new_author) == HOLD


def _is_new(author: User) -> bool:
    return published_by(author, most=_rules.new_author_posts) < _rules.new_author_posts


@action
def forget_old_cases(actor: Actor, *, days: int) -> int:
    """Erase cases that were decided so long ago, with their reports, notes and statements; the log's line stays.

    What still holds for somebody stays with its reasons. The answer counts the cases.
    """
    require(can_forget_old_cases(actor))
    holds = select(Sanction.decision_id).where(
        Sanction.decision_id.is_not(None),
        Sanction.lifted_at.is_(None),
        or_(Sanction.until.is_(None), Sanction.until > now()),
    )
    kept = select(Decision.case_id).where(Decision.id.in_(holds))
    asked_again = select(Case.appeals_id).where(Case.appeals_id.is_not(None), Case.decided_at.is_(None))
    kept_too = select(Decision.case_id).where(Decision.id.in_(asked_again))
    old = db.session.scalars(
        select(Case.id)
        .where(Case.decided_at < now() - timedelta(days=days), Case.id.not_in(kept), Case.id.not_in(kept_too))
        .limit(FORGOTTEN_AT_ONCE)
    ).all()
    _erase_words_of_log(old)
    for table in (Report, CaseNote, Decision):
        db.session.execute(delete(table).where(table.case_id.in_(old)))
    db.session.execute(delete(Case).where(Case.id.in_(old)))
    return len(old)


def _erase_words_of_log(case_ids: Sequence[int]) -> None:
    lines = select(LogEntry.id).where(LogEntry.case_id.in_(case_ids))
    db.session.execute(delete(LogWords).where(LogWords.entry_id.in_(lines)))


def open_case_for(thing: Post | Message | Strategy, verdict: Verdict) -> Case | None:
    """Inside the deed that wrote it: bring what triage found before a person, at the tier that it found."""
    if verdict.tier is None:
        return None
    case = open_or_raise(thing, kind=CaseKind.CONTENT, tier=Tier(verdict.tier), is_automatic=True)
    # Words that were changed are read anew, so what was found in the earlier ones points nowhere.
    case.why = verdict.rules
    return case


def open_or_raise(thing: Reportable, *, kind: CaseKind, tier: Tier, is_automatic: bool = False) -> Case:
    """The one open case of this thing, at this tier or a higher one that it had; made if there is none."""
    case = _open_case(subject_of(thing))
    if case is None:
        case = _new_case(thing, kind=kind, tier=tier, is_automatic=is_automatic)
    case.is_automatic = case.is_automatic and is_automatic
    if kind == CaseKind.CONTENT and case.kind == CaseKind.WORRY:
        case.kind = kind
    raise_case(case, tier)
    on_commit(broadcast.queue_changed)
    return case


@action
def claim_case(actor: User, case: Case) -> Case:
    """Take a case in hand for a while, so that two people do not work on one thing."""
    require(can_claim_case(actor, case))
    at = now()
    taken = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.decided_at.is_(None), is_free_for(actor, at))
        .values(claimed_by_id=actor.id, claimed_until=at + _rules.claim_for)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(case)
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise somebody_elses(case)
    on_commit(broadcast.queue_changed)
    return case


@action
def hand_back_case(actor: User, case: Case) -> Case:
    """Give a claimed case back to the queue. It needs no reason."""
    case = locked(case)
    require(can_hand_back_case(actor, case))
    if case.claimed_by_id == actor.id:
        case.claimed_by_id = case.claimed_until = None
        on_commit(broadcast.queue_changed)
    return case


def _read_note(actor: User, case: Case, *, words: Any, **_given: Any) -> dict[str, Any]:
    return {"words": from_staff(words, limit=NOTE_LIMIT, field="note")}


@action(words=_read_note)
def add_note(actor: User, case: Case, *, words: Any, key: str = "") -> CaseNote:
    """Tell the other moderators something about a case. Nobody else reads it."""
    require(can_add_note(actor, case))
    if before := done_before(actor, key, CaseNote, asked := f"note:{case.id}:{words.source}"):
        return before
    note = CaseNote(case_id=case.id, author_id=actor.id, words=words.source, verdict=words.verdict.to_json())
    db.session.add(note)
    db.session.flush()
    modlog.write(actor, "case_noted", user=case.author, subject=case.subject, case=case)
    remember_made(actor, key, note, asked)
    return note


def somebody_elses(case: Case) -> ForumError:
    """The refusal of whoever comes second: who has it, and since or until when."""
    if case.decided_at is not None:
        return Conflict(
            f"{_name(case.decided_by)} decided this on {_said(case.decided_at)}. Your words are still here."
        )
    if case.claimed_until is None:
        return Retry()
    return Conflict(
        f"{_name(case.claimed_by)} has this in hand until {_said(case.claimed_until)}. Your words are still here."
    )


def is_free_for(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Nobody else has it in hand at this moment."""
    return or_(Case.claimed_until.is_(None), Case.claimed_until <= at, Case.claimed_by_id == actor.id)


def _name(user: User | None) -> str:
    return user.name if user is not None else "Somebody who has left since"


def _said(at: datetime) -> str:
    local = at.astimezone(_rules.timezone)
    return f"{local.day} {local:%B at %H:%M}"


def new_appeal(case: Case) -> Case:
    """Add a case and give it its aim; the caller has filled in what it is about."""
    case.rank = case.tier.rank
    case.due_at = now() + _rules.due_in(case.tier)
    db.session.add(case)
    on_commit(broadcast.queue_changed)
    return case


def _open_case(subject: str) -> Case | None:
    return db.session.scalar(
        select(Case)
        .where(Case.subject == subject, Case.decided_at.is_(None))
        .with_for_update(key_share=True, of=Case)
        .execution_options(populate_existing=True)
    )


def _new_case(thing: Reportable, *, kind: CaseKind, tier: Tier, is_automatic: bool) -> Case:
    """A new case; or, if another door was quicker, the one that it made."""
    case = Case(
        kind=kind,
        tier=tier,
        rank=tier.rank,
        subject=subject_of(thing),
        is_automatic=is_automatic,
        author_id=author_id_of(thing),
        due_at=now() + _rules.due_in(tier),
        why=[],
        **_place(thing),
    )
    try:
        with db.session.begin_nested():
            db.session.add(case)
            db.session.flush()
    except IntegrityError:
        made = _open_case(subject_of(thing))
        if made is None:
            raise Retry() from None
        return made
    return case


def _place(thing: Reportable) -> dict[str, Any]:
    if isinstance(thing, Post):
        return {"channel": Channel.BOARD, "post_id": thing.id, "board_id": thing.topic.board_id}
    if isinstance(thing, Message):
        return {"channel": Channel.ROOM, "message_id": thing.id, "room_id": thing.room_id}
    if isinstance(thing, Strategy):
        return {"channel": Channel.LIBRARY, "strategy_id": thing.id}
    assert isinstance(thing, Persona)
    return {"channel": Channel.PROFILE}


def raise_case(case: Case, tier: Tier) -> None:
    """A case only ever becomes more urgent."""
    if tier.rank < case.rank:
        case.tier, case.rank = tier, tier.rank
        case.due_at = min(case.due_at, now() + _rules.due_in(tier))
