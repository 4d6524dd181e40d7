"""Decisions: what a moderator settles about a case, and everything that follows from it, in one transaction.

Locks are taken in the order of every deed: the member, the topic and post or the rooms by id or the card, the case,
and last the head of the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from forum import broadcast, limits, modlog, notify
from forum.actions import messages, profile, rooms, strategies, topics
from forum.actions.cases import is_free_for, new_appeal, open_or_raise, raise_case, somebody_elses
from forum.actions.requests import done_before, remember_made
from forum.db import action, db, locked, now, on_commit
from forum.errors import Conflict, Invalid
from forum.models import (
    NOTE_KINDS,
    Actor,
    Agreement,
    Board,
    Case,
    CaseKind,
    Decision,
    Membership,
    Message,
    Post,
    Profile,
    Report,
    Room,
    Sanction,
    SanctionKind,
    Scope,
    Strategy,
    Tier,
    User,
    Verb,
)
from forum.policy.cases import (
    ON_PEOPLE,
    can_decide_about_member,
    can_decide_case,
    can_request_second_look,
    can_sanction,
    scopes_for,
    verbs_for,
)
from forum.policy.core import require
from forum.queries.agreements import agreement_now
from forum.queries.cases import subject_of
from forum.words import Words, from_staff, read_words

LETTER_LIMIT = 4_000
DAYS_LIMIT = 365

NEEDS_NO_REASONS = {Verb.NOTHING, Verb.RELEASE, Verb.OVERTURN}
ON_WORDS = {Verb.HIDE, Verb.NOTE, Verb.LOCK, Verb.MOVE}
SANCTIONS = {
    Verb.WARN: SanctionKind.WARNING,
    Verb.MUTE: SanctionKind.MUTE,
    Verb.SUSPEND: SanctionKind.SUSPENSION,
    Verb.BAN: SanctionKind.BAN,
}
Thing = Post | Message | Strategy | Profile
HIDE: dict[type, Any] = {
    Post: topics.hide_post,
    Message: messages.hide_message,
    Strategy: strategies.hide_strategy,
    Profile: profile.hide_profile,
}
SHOW: dict[type, Any] = {
    Post: topics.show_post,
    Message: messages.show_message,
    Strategy: strategies.show_strategy,
    Profile: profile.show_profile,
}
RELEASE: dict[type, Any] = {
    Post: topics.release_post,
    Message: messages.release_message,
    Strategy: strategies.release_strategy,
    Profile: profile.release_profile,
}
OVERTURNED = "We looked again and got this wrong. It is undone, and we’re sorry."
WRONG_KIND = "This decision doesn’t go with what the case is about."


@dataclass(frozen=True)
class _Plan:
    """What a moderator asked for, once it makes sense for this case."""

    verb: Verb
    rule: int | None
    letter: str | None
    scope: Scope
    until: datetime | None
    board: Board | None
    kinds: tuple[str, ...]
    hides: bool

    @property
    def shuts_out(self) -> bool:
        """Whether open connections end with it."""
        return self.verb in (Verb.SUSPEND, Verb.BAN)

    @property
    def shuts_out_everywhere(self) -> bool:
        return self.shuts_out and self.scope == Scope.SITE


def _read_letter(actor: Actor, case: Case, *, letter: Any = "", **_given: Any) -> dict[str, Any]:
    """What the person will read, if anything: read like all words, before anything is held."""
    is_there = isinstance(letter, str) and letter.strip()
    return {"letter": from_staff(letter, limit=LETTER_LIMIT, field="letter") if is_there else None}


@action(words=_read_letter)
def decide_case(
    actor: Actor,
    case: Case,
    *,
    verb: Any,
    rule: Any = None,
    letter: Any = "",
    scope: Any = None,
    days: Any = None,
    board: Board | None = None,
    kinds: Iterable[str] = (),
    hides: bool = False,
    key: str = "",
) -> Decision:
    """Settle a case once: the deed itself, its statement, its log line and everybody's notices, or none of it.

    Of several who decide at once one wins; the others get Conflict with who it was and when. Words that wait are
    shown when nothing is taken from their author and hidden when something is: none waits for a case that is settled.
    """
    require(can_decide_case(actor, case))
    asked = f"decision:{case.id}:{verb}:{rule}:{scope}:{days}:{letter.source if letter else ''}"
    if before := done_before(actor, key, Decision, asked):
        return before
    agreement = agreement_now()
    plan = _plan(case, agreement, verb, letter, rule, scope, days, board, kinds, hides)
    _check_reach(actor, case, plan)
    _take_locks(case, plan)
    if before := done_before(actor, key, Decision, asked):
        return before  # sent twice at once: the other one was under way until now
    _settle(actor, case)
    decision = _write(actor, case, plan, letter, agreement)
    _tell(case, decision)
    remember_made(actor, key, decision, asked)
    on_commit(broadcast.queue_changed)
    return decision


@action
def decide_about_member(actor: Actor, user: User, **decision: Any) -> Decision:
    """Decide about a person whom nobody reported: the same statement, notices and second look as of any case."""
    require(can_decide_about_member(actor))
    case = open_or_raise(user.byline, kind=CaseKind.CONTENT, tier=Tier.AMBER)
    return decide_case(actor, case, **decision)


def _write(actor: Actor, case: Case, plan: _Plan, letter: Words | None, agreement: Agreement) -> Decision:
    decision = Decision(
        case=case,
        actor_id=actor.id,
        user_id=case.author_id,
        verb=plan.verb,
        rule=plan.rule,
        agreement_version=agreement.version,
        letter=plan.letter,
        letter_verdict=letter.verdict.to_json() if letter else {},
        quoted=_quoted(case, plan),
        is_automatic=case.is_automatic,
    )
    db.session.add(decision)
    decision.undo = _carry_out(actor, case, plan)
    db.session.flush()
    if plan.verb in SANCTIONS and case.author is not None:
        _sanction(actor, case, case.author, plan, decision)
    said = {"letter": plan.letter, "rule": plan.rule, "quoted": decision.quoted}
    modlog.write(
        actor,
        f"decided_{plan.verb}",
        user=case.author,
        subject=case.subject,
        case=case,
        words=said if plan.letter else None,
    )
    return decision


# What was asked for


def _plan(
    case: Case,
    agreement: Agreement,
    verb: Any,
    letter: Words | None,
    rule: Any,
    scope: Any,
    days: Any,
    board: Board | None,
    kinds: Iterable[str],
    hides: bool,
) -> _Plan:
    """Everything that is asked for; Invalid says everything that is missing, at once."""
    chosen = _verb(case, verb)
    kept, fields = tuple(dict.fromkeys(kinds)), {}
    until, number, said = _until(chosen, days), _rule(agreement, chosen, rule), _letter(chosen, letter)
    if chosen not in NEEDS_NO_REASONS and number is None:
        fields["rule"] = "They will want to know which line of the agreement this rests on."
    if chosen not in NEEDS_NO_REASONS and said is None:
        fields["letter"] = (
            "A sentence to the person is part of every decision: what you saw, and how it goes on."
        )
    if chosen in (Verb.MUTE, Verb.SUSPEND) and until is None:
        fields["days"] = "Choosing for how long makes it a pause."
    if chosen == Verb.MOVE and board is None:
        fields["board"] = "Choosing a board says where it goes."
    if chosen == Verb.NOTE and (not kept or not set(kept) <= set(NOTE_KINDS)):
        fields["kinds"] = "Choosing what it mentions makes the note."
    if fields:
        raise Invalid(fields=fields)
    takes_along = case.thing is not None and chosen in ON_PEOPLE and (hides or case.is_held)
    return _Plan(chosen, number, said, _scope(case, chosen, scope), until, board, kept, takes_along)


def _verb(case: Case, raw: Any) -> Verb:
    if raw not in set(Verb):
        raise Invalid(fields={"verb": "Choosing one of the decisions says what happens next."})
    verb = Verb(raw)
    if verb in (Verb.NOTHING, Verb.RELEASE) and case.kind != CaseKind.APPEAL:
        verb = Verb.RELEASE if case.is_held else Verb.NOTHING
    if verb not in verbs_for(case) or (verb in ON_WORDS and case.thing is None):
        raise Invalid(fields={"verb": WRONG_KIND})
    if verb in ON_PEOPLE and case.author is None:
        raise Invalid(
            fields={"verb": "Its author has left, so only the words themselves can be decided about."}
        )
    return verb


def _rule(agreement: Agreement, verb: Verb, raw: Any) -> int | None:
    try:
        return None if verb in NEEDS_NO_REASONS else agreement.rule(int(raw)).number
    except (TypeError, ValueError, LookupError):
        return None


def _letter(verb: Verb, letter: Words | None) -> str | None:
    if letter is not None:
        return letter.source
    return OVERTURNED if verb == Verb.OVERTURN else None


def _scope(case: Case, verb: Verb, raw: Any) -> Scope:
    """A suspension holds everywhere; a mute or a ban where the moderator says, by default where it happened."""
    here, *_ = scopes_for(case)
    if verb == Verb.SUSPEND:
        return Scope.SITE
    if verb not in (Verb.MUTE, Verb.BAN) or raw in (None, "", "here"):
        return here
    if raw in scopes_for(case):
        return Scope(raw)
    raise Invalid(fields={"scope": "It can hold here, or on the whole site."})


def _until(verb: Verb, raw: Any) -> datetime | None:
    """When it ends; a ban may have no end."""
    if verb not in (Verb.MUTE, Verb.SUSPEND, Verb.BAN) or raw in (None, "", "0"):
        return None
    try:
        days = int(raw)
    except (TypeError, ValueError):
        days = 0
    if not 1 <= days <= DAYS_LIMIT:
        raise Invalid(fields={"days": f"Between 1 and {DAYS_LIMIT} days work."})
    return now() + timedelta(days=days)


def _check_reach(actor: Actor, case: Case, plan: _Plan) -> None:
    if plan.verb in SANCTIONS and case.author is not None:
        require(can_sanction(actor, case.author, plan.scope, board_id=case.board_id, room_id=case.room_id))


# Parts of a decision, in the order in which they happen


def _take_locks(case: Case, plan: _Plan) -> None:
    if plan.verb in SANCTIONS and case.author is not None:
        locked(case.author)
    if case.post is not None:
        locked(case.post.topic)
        locked(case.post)
    for room_id in sorted(_room_ids(case, plan)):
        locked(db.session.get_one(Room, room_id))
    for words in (case.message, case.strategy, case.profile):
        if words is not None:
            locked(words)
    locked(case)


def _room_ids(case: Case, plan: _Plan) -> set[int]:
    touched = {case.message.room_id} if case.message is not None else set()
    if plan.shuts_out_everywhere:
        stays = select(Membership.room_id).where(
            Membership.user_id == case.author_id, Membership.left_at.is_(None)
        )
        touched |= set(db.session.scalars(stays))
    return touched


def _settle(actor: Actor, case: Case) -> None:
    """Take the case for this decision, unless it is decided or somebody else has it in hand."""
    at = now()
    settled = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.decided_at.is_(None), is_free_for(actor, at))
        .values(decided_at=at, decided_by_id=actor.id, claimed_by_id=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(case)
    if not settled.rowcount:  # type: ignore[attr-defined]
        raise somebody_elses(actor, case)


def _carry_out(actor: Actor, case: Case, plan: _Plan) -> dict[str, Any]:
    """What happens to the thing itself; gives back what a second look needs to put it as it was."""
    if plan.verb == Verb.OVERTURN:
        return _put_back(actor, case)
    if case.kind == CaseKind.APPEAL:
        return {}
    if plan.verb == Verb.HIDE or plan.hides:
        return _hide(actor, case.thing)
    undo = _look_after(actor, case.post, plan) if case.post is not None else {}
    if case.is_held and plan.verb not in ON_PEOPLE:
        _let_go(actor, case.thing)
    return undo


def _look_after(actor: Actor, post: Post, plan: _Plan) -> dict[str, Any]:
    topic = post.topic
    if plan.verb == Verb.LOCK:
        was_open = not topic.is_locked
        topics.lock_topic(actor, topic)
        return {"unlock": was_open}
    if plan.verb == Verb.MOVE and plan.board is not None:
        before = topic.board_id
        topics.move_topic(actor, topic, plan.board)
        return {"board": before}
    if plan.verb == Verb.NOTE:
        kinds = topic.note_kinds
        topics.note_topic(actor, topic, kinds=dict.fromkeys([*kinds, *plan.kinds]))
        return {"kinds": kinds}
    return {}


def _hide(actor: Actor, thing: Thing | None) -> dict[str, Any]:
    if thing is None or thing.is_hidden:
        return {}
    HIDE[type(thing)](actor, thing)
    return {"show": True}


def _let_go(actor: Actor, thing: Thing | None) -> None:
    if thing is not None and thing.is_held:
        RELEASE[type(thing)](actor, thing)


def _sanction(actor: Actor, case: Case, author: User, plan: _Plan, decision: Decision) -> None:
    """What the decision leaves with its author."""
    db.session.add(
        Sanction(
            user_id=author.id,
            kind=SANCTIONS[plan.verb],
            scope=plan.scope,
            board_id=case.board_id if plan.scope == Scope.BOARD else None,
            room_id=case.room_id if plan.scope == Scope.ROOM else None,
            decision_id=decision.id,
            until=plan.until,
        )
    )
    author.auth_epoch += 1
    db.session.flush()
    db.session.refresh(author, ["sanctions"])
    if plan.shuts_out_everywhere:
        rooms.end_stays(actor, author)
    elif plan.verb == Verb.BAN and plan.scope == Scope.ROOM:
        rooms.end_stays(actor, author, room=case.room)
    if plan.shuts_out:
        on_commit(broadcast.sessions_ended, author.id)


def _put_back(actor: Actor, case: Case) -> dict[str, Any]:
    """Take back what the first decision did."""
    first = case.appeals
    if first is None or first.overturned_at is not None:
        raise Conflict("There is nothing left to undo here.")
    first.overturned_at = now()
    db.session.execute(
        update(Sanction)
        .where(Sanction.decision_id == first.id, Sanction.lifted_at.is_(None))
        .values(lifted_at=first.overturned_at)
        .execution_options(synchronize_session=False)
    )
    if case.author is not None:
        case.author.auth_epoch += 1
        db.session.flush()
        db.session.refresh(case.author, ["sanctions"])
    if first.has_hidden:
        _show_again(actor, case.thing)
    if case.post is not None:
        _put_topic_back(actor, case.post, first.undo)
    return {}


def _show_again(actor: Actor, thing: Thing | None) -> None:
    """Hidden words come back, also those that had been waiting before they were hidden."""
    if thing is not None:
        SHOW[type(thing)](actor, thing)
        _let_go(actor, thing)


def _put_topic_back(actor: Actor, post: Post, undo: dict[str, Any]) -> None:
    if undo.get("unlock"):
        topics.unlock_topic(actor, post.topic)
    if "board" in undo:
        topics.move_topic(actor, post.topic, db.session.get_one(Board, undo["board"]), is_return=True)
    if "kinds" in undo:
        topics.note_topic(actor, post.topic, kinds=undo["kinds"])


def _tell(case: Case, decision: Decision) -> None:
    """The author reads a statement, unless nothing changes for them; each reporter that it was looked at."""
    if decision.is_told:
        notify.tell(case.author_id, "decision", f"decision:{decision.id}", decision_id=decision.id)
    told = (
        select(Report)
        .where(Report.case_id == case.id, Report.withdrawn_at.is_(None))
        .order_by(Report.reporter_id)
    )
    for report in db.session.scalars(told):
        notify.tell(report.reporter_id, "report_outcome", f"report:{report.id}", report_id=report.id)


def _quoted(case: Case, plan: _Plan) -> str | None:
    """The words that it is about, as they were when it was decided; erasable with the statement.

    What is decided about a person rests on what they did, unless it is their profile that is hidden or shown.
    """
    thing = case.thing
    if thing is None:
        return None
    if isinstance(thing, Profile):
        is_about_it = plan.hides or plan.verb in (Verb.HIDE, Verb.RELEASE)
        return "\n\n".join(filter(None, (thing.pronouns, thing.source))) if is_about_it else None
    words = thing.all_words if isinstance(thing, Strategy) else thing.source
    return words[:LETTER_LIMIT]


# A second look


def _read_request(actor: User, decision: Decision, *, words: Any = "", **_given: Any) -> dict[str, Any]:
    """What they add is read like all words: a decision can land hard."""
    if not isinstance(words, str) or not words.strip():
        return {"words": None}
    return {"words": read_words(words, channel="report", limit=LETTER_LIMIT, field="words")}


@action(words=_read_request)
def request_second_look(actor: User, decision: Decision, *, words: Any = "", key: str = "") -> Case:
    """Ask for another moderator to look again. Once for each decision, whatever holds for whoever asks."""
    decision = locked(decision)
    if before := done_before(
        actor, key, Case, asked := f"second look:{decision.id}:{words and words.source}"
    ):
        return before
    db.session.expire(decision, ["appeal"])
    require(can_request_second_look(actor, decision))
    limits.check(actor, "appeal")
    first = decision.case
    case = new_appeal(
        Case(
            kind=CaseKind.APPEAL,
            channel=first.channel,
            tier=Tier.AMBER,
            subject=subject_of(decision),
            author_id=actor.id,
            board_id=first.board_id,
            room_id=first.room_id,
            post_id=first.post_id,
            message_id=first.message_id,
            strategy_id=first.strategy_id,
            profile_id=first.profile_id,
            appeals_id=decision.id,
        )
    )
    _keep_words(case, words)
    db.session.flush()
    modlog.write(actor, "second_look_asked", user=actor, subject=case.subject, case=case)
    remember_made(actor, key, case, asked)
    return case


def _keep_words(case: Case, words: Words | None) -> None:
    """What they wrote; somebody looks sooner when it reads as if they may be in danger."""
    if words is None:
        return
    case.words, case.why = words.source, words.verdict.rules
    if words.verdict.tier:
        raise_case(case, Tier(words.verdict.tier))
