"""The moderators' queue, a case, its decision, and the record."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from forum import serialize
from forum.actions import cases as deeds
from forum.actions.aliases import REASON_LIMIT, reveal_alias
from forum.actions.decisions import DAYS_LIMIT, LETTER_LIMIT, decide_case
from forum.api.calls import Api, Asked, Id, Mentions, Sent, text_up_to
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import (
    Case,
    CaseKind,
    Channel,
    Message,
    Post,
    Profile,
    Reason,
    Scope,
    Strategy,
    Tier,
    TokenScope,
    Verb,
)
from forum.policy.aliases import can_reveal_alias
from forum.policy.cases import (
    can_add_note,
    can_claim_case,
    can_decide_case,
    can_hand_back_case,
    can_see_case,
    can_see_queue,
    can_see_record,
    scopes_for,
    verbs_for,
)
from forum.queries import cases as asked
from forum.queries.boards import board_for
from forum.serialize import DecisionShape, PersonaShape, SanctionShape, State, When

api = Api("cases")
SCOPE = TokenScope.MODERATE


class CaseShape(TypedDict):
    """A case: what it is, where it stands, and by when somebody looks. Never the words."""

    id: int
    kind: CaseKind
    channel: Channel
    tier: Tier
    board_id: int | None
    room_id: int | None
    opened_at: When
    due_at: When
    is_decided: bool
    claimed_until: When | None


class QueueLineShape(CaseShape):
    """A case in the queue, with why it is here."""

    place: str | None
    is_held: bool
    claimed_by: str | None
    labels: list[str]
    reasons: dict[str, int]


class WordsShape(TypedDict):
    """What somebody wrote, as staff see it."""

    kind: Literal["post", "message", "strategy", "profile"]
    id: int
    by: PersonaShape
    html: str
    source: str
    state: State
    at: When


class ToldShape(TypedDict):
    """What somebody told us. Who it was is named to leads only."""

    reason: Reason
    words: str | None
    at: When
    is_withdrawn: bool
    name: str | None


class NoteShape(TypedDict):
    """What a moderator told the others."""

    by: PersonaShape | None
    words: str
    at: When


class StandingShape(TypedDict):
    """What happened before with a member, and what holds now."""

    decisions: list[DecisionShape]
    sanctions: list[SanctionShape]


class WholeCaseShape(CaseShape):
    """A case on one screen. The words are in it once it is in one's own hands, or decided."""

    person: PersonaShape | None
    thing: WordsShape | None
    before: list[WordsShape]
    after: list[WordsShape]
    appeal: str | None
    told: list[ToldShape]
    notes: list[NoteShape]
    standing: StandingShape
    decision: DecisionShape | None
    verbs: list[Verb]
    scopes: list[Scope]


class RecordLineShape(TypedDict):
    """A line of the moderation log, with its mark in the chain."""

    id: int
    at: When
    code: str
    by: str | None
    about: str | None
    subject: str
    case_id: int | None
    mark: str


class NewNote(Sent):
    """What the other moderators should know."""

    words: Annotated[str, text_up_to(deeds.NOTE_LIMIT)]


class Why(Sent):
    """Why one needs to know."""

    reason: Annotated[str, text_up_to(REASON_LIMIT)]


class NewDecision(Sent):
    """What is decided. Everything but nothing, release and overturn needs a rule and a letter to the person."""

    verb: Verb
    rule: int | None = None
    """Which line of the agreement it rests on."""
    letter: Annotated[str, Field(json_schema_extra={"maxLength": LETTER_LIMIT})] = ""
    scope: Scope | None = None
    """Where a mute or a ban holds; where it happened, if nothing is said."""
    days: Annotated[int | None, Field(json_schema_extra={"minimum": 1, "maximum": DAYS_LIMIT})] = None
    board_id: Id | None = None
    """Where the topic goes, for `move`."""
    mentions: Mentions = []
    """What the topic mentions, for `note`."""
    hides: bool = False
    """Whether the words go out of sight along with what is decided about their author."""


class Show(Asked):
    """Which part of the queue."""

    show: Literal["all", "mine", "held", "worries", "looks"] = "all"
    after: str = ""
    """`next` of the page before."""


class Before(Asked):
    """Which page."""

    before: Id | None = None
    """`next` of the page before."""


@api.call("GET", "/cases", scope=SCOPE, answers=Listed[QueueLineShape])
@asks(can_see_queue)
def queue(query: Show) -> Any:
    """What waits for this moderator, the most urgent first, then what has waited longest."""
    lines = asked.queue_for(current_actor(), show=query.show, after=query.after)
    full = len(lines) == asked.QUEUE_SIZE
    return listed([_line(line) for line in lines], asked.queue_cursor(lines[-1].case) if full else None)


@api.call("GET", "/cases/<int:case_id>", scope=SCOPE, answers=WholeCaseShape)
@asks(can_see_case)
def one(case_id: int) -> Any:
    """One case. Its words come once it is claimed: nobody reads them in passing."""
    return _whole(asked.case_for(current_actor(), case_id))


@api.call("PUT", "/cases/<int:case_id>/claim", scope=SCOPE, answers=WholeCaseShape, codes=("conflict",))
@asks(can_claim_case)
def claim(case_id: int) -> Any:
    """Take a case in hand for a while."""
    actor: Any = current_actor()
    return _whole(deeds.claim_case(actor, asked.case_for(actor, case_id)))


@api.call("DELETE", "/cases/<int:case_id>/claim", scope=SCOPE)
@asks(can_hand_back_case)
def hand_back(case_id: int) -> None:
    """Give it back to the queue."""
    actor: Any = current_actor()
    deeds.hand_back_case(actor, asked.case_for(actor, case_id))


@api.call(
    "POST", "/cases/<int:case_id>/notes", scope=SCOPE, answers=Listed[NoteShape], status=201,
    codes=("idempotency_conflict",),
)  # fmt: skip
@asks(can_add_note)
def note(case_id: int, body: NewNote, key: str) -> Any:
    """Tell the other moderators something; the answer holds every note on the case."""
    actor: Any = current_actor()
    case = asked.case_for(actor, case_id)
    deeds.add_note(actor, case, words=body.words, key=key)
    return listed(_notes(case))


@api.call(
    "POST", "/cases/<int:case_id>/decision", scope=SCOPE, answers=DecisionShape, status=201,
    codes=("conflict", "idempotency_conflict"),
)  # fmt: skip
@asks(can_decide_case)
def decide(case_id: int, body: NewDecision, key: str) -> Any:
    """Settle a case, once. 409 says who was quicker, and when."""
    actor: Any = current_actor()
    sent = body.model_dump(exclude={"board_id", "mentions"})
    board = board_for(actor, body.board_id) if body.board_id is not None else None
    case = asked.case_for(actor, case_id)
    return serialize.decision(decide_case(actor, case, **sent, board=board, kinds=body.mentions, key=key))


@api.call("POST", "/cases/<int:case_id>/alias", scope=SCOPE, answers=PersonaShape)
@asks(can_reveal_alias)
def reveal(case_id: int, body: Why, key: str) -> Any:
    """Learn who wrote under an alias. The record keeps who asked, and why."""
    actor: Any = current_actor()
    case = asked.case_for(actor, case_id)
    reveal_alias(actor, case, reason=body.reason, key=key)
    person = asked.revealed_to(actor, case)
    assert person is not None  # it was just revealed
    return serialize.persona(person)


@api.call("GET", "/record", scope=SCOPE, answers=Listed[RecordLineShape])
@asks(can_see_record)
def record(query: Before) -> Any:
    """A page of the moderation log, the newest first."""
    found = asked.record(current_actor(), before=query.before)
    return listed([_record(line) for line in found], found[-1].entry.id if len(found) == asked.PAGE else None)


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "kind": case.kind,
        "channel": case.channel,
        "tier": case.tier,
        "board_id": case.board_id,
        "room_id": case.room_id,
        "opened_at": serialize.when(case.opened_at),
        "due_at": serialize.when(case.due_at),
        "is_decided": case.is_decided,
        "claimed_until": serialize.maybe(case.claimed_until) if case.is_claimed else None,
    }


def _line(line: asked.QueueLine) -> dict[str, Any]:
    return _case(line.case) | {
        "place": line.place,
        "is_held": line.is_held,
        "claimed_by": line.claimed_by,
        "labels": line.labels,
        "reasons": {str(reason): count for reason, count in line.reasons.items()},
    }


def _whole(case: Case) -> dict[str, Any]:
    actor: Any = current_actor()
    is_open = case.is_decided or case.is_claimed_by(actor)
    around = asked.around(case) if is_open else asked.Around()
    person, decision, standing = (
        asked.person_of(case),
        asked.decision_of(case),
        asked.standing_of(case.author_id),
    )
    return _case(case) | {
        "person": serialize.persona(person) if person else None,
        "thing": _words(case.thing) if is_open and case.thing else None,
        "before": [_words(one) for one in around.before],
        "after": [_words(one) for one in around.after],
        "appeal": case.words if is_open else None,
        "told": [_told(one) for one in asked.told_about(actor, case)],
        "notes": _notes(case),
        "standing": {
            "decisions": [serialize.decision(one) for one in standing.decisions],
            "sanctions": [serialize.sanction(one) for one in standing.sanctions],
        },
        "decision": serialize.decision(decision) if decision else None,
        "verbs": verbs_for(case),
        "scopes": scopes_for(case),
    }


def _words(thing: Post | Message | Strategy | Profile) -> WordsShape:
    return {
        "kind": _KINDS[type(thing)],
        "id": thing.id,
        "by": serialize.persona(thing.byline),
        "html": thing.html,
        "source": thing.all_words if isinstance(thing, Strategy) else thing.source,
        "state": serialize.state(thing),
        "at": serialize.when(thing.created_at),
    }


_KINDS: dict[type, Literal["post", "message", "strategy", "profile"]] = {
    Post: "post",
    Message: "message",
    Strategy: "strategy",
    Profile: "profile",
}


def _told(one: asked.Told) -> dict[str, Any]:
    return {
        "reason": one.reason,
        "words": one.words,
        "at": serialize.when(one.at),
        "is_withdrawn": one.is_withdrawn,
        "name": one.name,
    }


def _notes(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "by": serialize.persona(byline) if byline else None,
            "words": note.words,
            "at": serialize.when(note.at),
        }
        for note, byline in asked.notes_on(case)
    ]


def _record(line: asked.RecordLine) -> dict[str, Any]:
    entry = line.entry
    return {
        "id": entry.id,
        "at": serialize.when(entry.at),
        "code": entry.code,
        "by": line.by,
        "about": line.about,
        "subject": entry.subject,
        "case_id": entry.case_id,
        "mark": entry.mark,
    }
