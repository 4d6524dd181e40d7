"""What moderators see of what was told to them, and what everyone else sees of what became of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload

from forum.db import db, now
from forum.errors import NotFound
from forum.models import (
    Actor,
    Board,
    Case,
    CaseKind,
    CaseNote,
    Decision,
    LogEntry,
    LogHead,
    Message,
    Persona,
    Post,
    Profile,
    Reason,
    Report,
    Room,
    Sanction,
    Strategy,
    Topic,
    User,
    Verb,
)
from forum.models.case import FIRST_MARK
from forum.policy.cases import (
    Reportable,
    can_see_case,
    can_see_member,
    can_see_queue,
    can_see_record,
    can_see_report,
    can_see_reports,
    can_see_statement,
    can_see_statements,
    visible_cases,
)
from forum.policy.core import require
from forum.queries.rooms import message_for
from forum.queries.strategies import strategy_for
from forum.queries.topics import post_for

QUEUE_SIZE = 100
"""Cases that the queue shows at once; whoever works it off sees the rest."""

AROUND = 2
"""How many posts or messages a case shows before and after the one that it is about."""

PAGE = 30
HISTORY = 20
LOG_BATCH = 500

W = TypeVar("W", Post, Message)

# Reportables


def thing_for(actor: Actor, kind: str, thing_id: int) -> Reportable:
    """A post, message, card or persona by id, if this person can see it."""
    if kind == "post":
        return post_for(actor, thing_id)
    if kind == "strategy":
        return strategy_for(actor, thing_id)
    if kind == "persona":
        return persona_for(actor, thing_id)
    message = db.session.get(Message, thing_id, options=[joinedload(Message.room)])
    if message is None:
        raise NotFound()
    return message_for(actor, message.room, thing_id)


def still_seen(actor: Actor, thing: Reportable) -> Reportable:
    """The same thing as it is now, if this person can see it."""
    return thing_for(actor, kind_of(thing), thing.id)


def kind_of(thing: Reportable | Decision) -> str:
    """The word for it in addresses and in a case's subject."""
    return type(thing).__name__.lower()


def subject_of(thing: Reportable | Decision) -> str:
    """The key of a thing in cases and in the log: post:9, message:9, strategy:9, persona:9, decision:9."""
    return f"{kind_of(thing)}:{thing.id}"


def byline_of(thing: Reportable) -> Persona:
    """Under which byline it was written, or the byline itself."""
    return thing if isinstance(thing, Persona) else thing.byline


def person_of(case: Case) -> Persona | None:
    """The byline that a case about words shows, or that it is about."""
    if case.thing is not None:
        return case.thing.byline
    if case.subject.startswith("persona:"):
        return db.session.get(Persona, int(case.subject.removeprefix("persona:")))
    return case.author.byline if case.author is not None else None


def revealed_to(actor: Actor, case: Case) -> Persona | None:
    """Whose alias it is, for whoever asked in this case and said why; None where a name stands already."""
    byline = person_of(case)
    if byline is None or byline.is_main or case.author is None:
        return None
    asked = select(LogEntry.id).where(
        LogEntry.case_id == case.id, LogEntry.actor_id == actor.id, LogEntry.code == "alias_revealed"
    )
    return case.author.byline if db.session.scalar(asked.limit(1)) is not None else None


def since(persona: Persona) -> datetime | None:
    """When the member came; None when the account is gone, and of an alias, which would be known by it."""
    if not persona.is_main:
        return None
    return db.session.scalar(select(User.created_at).where(User.id == persona.user_id))


def persona_for(actor: Actor, persona_id: int) -> Persona:
    """A byline, for whoever may look at people here."""
    persona = db.session.get(Persona, persona_id)
    if persona is None:
        raise NotFound()
    require(can_see_member(actor, persona))
    return persona


def case_of(thing: Reportable) -> Case | None:
    """The open case of a thing, if there is one. Not for people: policy is asked where it is shown."""
    return db.session.scalar(select(Case).where(Case.subject == subject_of(thing), Case.decided_at.is_(None)))


# The queue


@dataclass(frozen=True)
class QueueLine:
    """A case as the queue shows it: why it is here and where it stands, never the words."""

    case: Case
    place: str | None
    is_topic: bool
    is_held: bool
    claimed_by: str | None
    reasons: dict[Reason, int] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        return list(dict.fromkeys(one["label"] for one in self.case.why if "label" in one))


def queue_for(actor: Actor, *, show: str = "all", after: str = "") -> list[QueueLine]:
    """What waits for this moderator, the most urgent first, then what has waited longest."""
    require(can_see_queue(actor))
    rows = db.session.execute(
        select(Case, func.coalesce(Board.name, Room.name), Post.number == 1, _is_held(), Persona.name)
        .outerjoin(Board, Board.id == Case.board_id)
        .outerjoin(Room, Room.id == Case.room_id)
        .outerjoin(Post, Post.id == Case.post_id)
        .outerjoin(Message, Message.id == Case.message_id)
        .outerjoin(Strategy, Strategy.id == Case.strategy_id)
        .outerjoin(Profile, Profile.id == Case.profile_id)
        .outerjoin(Persona, (Persona.user_id == Case.claimed_by_id) & Persona.is_main)
        .where(Case.decided_at.is_(None), visible_cases(actor), _shown(actor, show), _after(after))
        .order_by(Case.rank, Case.opened_at, Case.id)
        .limit(QUEUE_SIZE)
    ).all()
    reasons = _reasons([row[0].id for row in rows])
    return [
        QueueLine(
            case, place, bool(is_topic), bool(is_held), name if case.is_claimed else None, reasons[case.id]
        )
        for case, place, is_topic, is_held, name in rows
    ]


def queue_cursor(case: Case) -> str:
    """Where the queue goes on after this case."""
    return f"{case.rank}_{case.opened_at.isoformat()}_{case.id}"


def _after(cursor: str) -> ColumnElement[bool]:
    if not cursor:
        return true()
    try:
        rank, at, case_id = cursor.split("_")
        place = int(rank), datetime.fromisoformat(at), int(case_id)
    except ValueError as error:
        raise NotFound() from error
    columns = (Case.rank, Case.opened_at, Case.id)
    return tuple_(*columns) > tuple_(
        *(literal(value, column.type) for value, column in zip(place, columns, strict=True))
    )


def _is_held() -> ColumnElement[bool]:
    return or_(*(kind.held_at.is_not(None) for kind in (Post, Message, Strategy, Profile)))


def _shown(actor: Actor, show: str) -> ColumnElement[bool]:
    kinds: dict[str, ColumnElement[bool]] = {
        "mine": (Case.claimed_by_id == actor.id) & (Case.claimed_until > now()),
        "held": _is_held(),
        "worries": Case.kind == CaseKind.WORRY,
        "looks": Case.kind == CaseKind.APPEAL,
    }
    return kinds.get(show, Case.id.is_not(None))


def _reasons(case_ids: Sequence[int]) -> defaultdict[int, dict[Reason, int]]:
    counted: defaultdict[int, dict[Reason, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Report.case_id, Report.reason, func.count())
        .where(Report.case_id.in_(case_ids), Report.withdrawn_at.is_(None))
        .group_by(Report.case_id, Report.reason)
        .order_by(Report.reason)
    )
    for case_id, reason, count in rows:
        counted[case_id][Reason(reason)] = count
    return counted


# One case


@dataclass(frozen=True)
class Around:
    """The words that a case is about, with what stands before and after them."""

    before: Sequence[Post | Message] = ()
    after: Sequence[Post | Message] = ()


@dataclass(frozen=True)
class Told:
    """What somebody told us. Who it was is named to leads only."""

    reason: Reason
    words: str | None
    at: datetime
    is_withdrawn: bool
    name: str | None


@dataclass(frozen=True)
class Standing:
    """What happened before with a member, and what holds now."""

    decisions: Sequence[Decision]
    sanctions: Sequence[Sanction]


def case_for(actor: Actor, case_id: int) -> Case:
    """The case, if this moderator may see it."""
    case = db.session.scalar(
        select(Case).where(Case.id == case_id).options(joinedload(Case.board), joinedload(Case.room))
    )
    if case is None or not can_see_case(actor, case):
        require(can_see_queue(actor))
        raise NotFound()
    return case


def around(case: Case) -> Around:
    """Two posts or messages before and two after, as staff see them. A card stands by itself."""
    if case.post is not None:
        place = func.coalesce(Post.number, case.post.topic.last_number + 1)
        number = case.post.number or case.post.topic.last_number + 1
        return _around(Post, Post.topic_id == case.post.topic_id, place, number)
    if case.message is not None:
        seq = case.message.seq or case.message.room.last_seq + 1
        return _around(Message, Message.room_id == case.message.room_id, Message.seq, seq)
    return Around()


def _around(kind: type[W], inside: ColumnElement[bool], place: Any, at: int) -> Around:
    words = select(kind).where(inside).options(joinedload(kind.byline)).limit(AROUND)
    before = db.session.scalars(words.where(place < at).order_by(place.desc())).all()
    after = db.session.scalars(words.where(place > at).order_by(place)).all()
    return Around(list(reversed(before)), list(after))


def told_about(actor: Actor, case: Case) -> list[Told]:
    """What people told us about it, the first first."""
    rows = db.session.execute(
        select(Report, Persona.name)
        .outerjoin(Persona, (Persona.user_id == Report.reporter_id) & Persona.is_main)
        .where(Report.case_id == case.id)
        .order_by(Report.id)
        .limit(QUEUE_SIZE)
    )
    return [
        Told(
            Reason(report.reason),
            report.words,
            report.at,
            report.is_withdrawn,
            name if actor.is_lead else None,
        )
        for report, name in rows
    ]


def notes_on(case: Case) -> Sequence[tuple[CaseNote, Persona | None]]:
    """What moderators told each other about it, the first first."""
    return [
        (note, byline)
        for note, byline in db.session.execute(
            select(CaseNote, Persona)
            .outerjoin(Persona, (Persona.user_id == CaseNote.author_id) & Persona.is_main)
            .where(CaseNote.case_id == case.id)
            .order_by(CaseNote.id)
        )
    ]


def standing_of(user_id: int | None) -> Standing:
    """Earlier decisions and what holds now. A worry, or words that stayed, are never held against anybody."""
    if user_id is None:
        return Standing((), ())
    decisions = db.session.scalars(
        select(Decision)
        .where(Decision.user_id == user_id, Decision.verb.not_in([Verb.NOTHING, Verb.RELEASE]))
        .options(joinedload(Decision.sanction))
        .order_by(Decision.id.desc())
        .limit(HISTORY)
    ).all()
    return Standing(decisions, _holding(user_id))


def decision_of(case: Case) -> Decision | None:
    """What was decided about it, and by whom."""
    return db.session.scalar(
        select(Decision).where(Decision.case_id == case.id).options(joinedload(Decision.sanction))
    )


def _holding(user_id: int) -> Sequence[Sanction]:
    return db.session.scalars(
        select(Sanction)
        .where(Sanction.user_id == user_id, Sanction.lifted_at.is_(None))
        .where(or_(Sanction.until.is_(None), Sanction.until > now()))
        .order_by(Sanction.id.desc())
    ).all()


# What became of a report


def report_for(actor: Actor, report_id: int) -> Report:
    """One's own report."""
    require(can_see_reports(actor))
    report = db.session.scalar(select(Report).where(Report.id == report_id).options(joinedload(Report.case)))
    if report is None or not can_see_report(actor, report):
        raise NotFound()
    return report


def reports_by(actor: Actor, *, before: int | None = None) -> list[tuple[Report, Decision | None]]:
    """A page of what this member told us, the latest first, each with what was decided."""
    require(can_see_reports(actor))
    query = (
        select(Report, Decision)
        .outerjoin(Decision, Decision.case_id == Report.case_id)
        .where(Report.reporter_id == actor.id)
        .options(joinedload(Report.case))
        .order_by(Report.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(Report.id < before)
    return [(report, decision) for report, decision in db.session.execute(query)]


# Statements of reasons


def decision_for(actor: Actor, decision_id: int) -> Decision:
    """What was decided about this person, once there is something to tell."""
    require(can_see_statements(actor))
    decision = db.session.scalar(
        select(Decision)
        .where(Decision.id == decision_id)
        .options(joinedload(Decision.case), joinedload(Decision.sanction))
    )
    if decision is None or not can_see_statement(actor, decision):
        raise NotFound()
    return decision


def decisions_told(actor: Actor) -> list[Decision]:
    """Everything that was decided about this person and told to them, the latest first."""
    require(can_see_statements(actor))
    decisions = db.session.scalars(
        select(Decision)
        .join(Case, Case.id == Decision.case_id)
        .where(Decision.user_id == actor.id)
        .where(or_(Decision.verb != Verb.NOTHING, Case.kind == CaseKind.APPEAL))
        .options(joinedload(Decision.case), joinedload(Decision.sanction))
        .order_by(Decision.id.desc())
        .limit(PAGE)
    )
    return list(decisions)


def sanctions_on(actor: Actor) -> Sequence[Sanction]:
    """What holds for this person now."""
    require(can_see_statements(actor))
    return _holding(actor.id) if actor.id is not None else []


# The record


@dataclass(frozen=True)
class RecordLine:
    """A line of the moderation log, with the names of who did it and whom it is about."""

    entry: LogEntry
    by: str | None
    about: str | None


@dataclass(frozen=True)
class Chain:
    """Whether the log is as it was written: how many lines were read, and the first that does not fit."""

    lines: int
    last_mark: str
    broken_at: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def record(actor: Actor, *, before: int | None = None) -> list[RecordLine]:
    """A page of the log, the newest first."""
    require(can_see_record(actor))
    by, about = _main_persona("by"), _main_persona("about")
    query = (
        select(LogEntry, by.name, about.name)
        .outerjoin(by, (by.user_id == LogEntry.actor_id) & by.is_main)
        .outerjoin(about, (about.user_id == LogEntry.user_id) & about.is_main)
        .options(joinedload(LogEntry.words))
        .order_by(LogEntry.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(LogEntry.id < before)
    lines = [RecordLine(*row) for row in db.session.execute(query)]
    aliases = _aliases_in(lines)
    return [replace(line, about=aliases.get(line.entry.id, line.about)) for line in lines]


def _aliases_in(lines: Sequence[RecordLine]) -> dict[int, str]:
    """The lines that are about words under an alias, with it: the record names nobody who did not give their name."""
    subjects = {line.entry.id: line.entry.subject for line in lines if line.entry.user_id is not None}
    cases = {line.entry.case_id for line in lines if line.entry.case_id is not None}
    rows = db.session.execute(select(Case.id, Case.subject).where(Case.id.in_(cases)))
    of_case = {row.id: row.subject for row in rows}
    names = _aliases_of({*subjects.values(), *of_case.values()})
    told = {
        line.entry.id: names.get(line.entry.subject) or names.get(of_case.get(line.entry.case_id or 0, ""))
        for line in lines
        if line.entry.id in subjects
    }
    return {entry_id: name for entry_id, name in told.items() if name}


def _aliases_of(subjects: set[str]) -> dict[str, str]:
    """Which of these subjects (`post:9`, `topic:3`, `strategy:2`, `persona:7`) stand under an alias, and which one."""
    found: dict[str, str] = {}
    byline = aliased(Persona)
    for name, kind, leads in (
        ("post", Post, Post.persona_id), ("topic", Topic, Topic.persona_id),
        ("strategy", Strategy, Strategy.persona_id), ("persona", Persona, Persona.id),
    ):  # fmt: skip
        ids = [int(one.partition(":")[2]) for one in subjects if one.startswith(f"{name}:")]
        query = select(kind.id, byline.name).join(byline, byline.id == leads)
        rows = db.session.execute(query.where(kind.id.in_(ids), byline.is_main.is_(False))) if ids else ()
        found |= {f"{name}:{thing_id}": alias for thing_id, alias in rows}
    return found


def verify(actor: Actor) -> Chain:
    """Read the log from its first line: every mark follows from the one before, and words fit their digest."""
    require(can_see_record(actor))
    mark, count, last = FIRST_MARK, 0, 0
    while entries := _batch(last):
        for entry in entries:
            if entry.mark != entry.mark_after(mark) or not _fits(entry):
                return Chain(count, mark, broken_at=entry.id)
            mark, count, last = entry.mark, count + 1, entry.id
    head = db.session.scalar(select(LogHead.mark))
    return Chain(count, mark, broken_at=None if head in (None, mark) and (head or not count) else last)


def _batch(after: int) -> Sequence[LogEntry]:
    query = (
        select(LogEntry).where(LogEntry.id > after).options(joinedload(LogEntry.words)).order_by(LogEntry.id)
    )
    return db.session.scalars(query.limit(LOG_BATCH)).all()


def _fits(entry: LogEntry) -> bool:
    """Erased words leave nothing to compare; words that are there must be the ones that were written."""
    return entry.words is None or entry.words.digest == entry.digest


def _main_persona(name: str):  # type: ignore[no-untyped-def]

    return aliased(Persona, name=name)
