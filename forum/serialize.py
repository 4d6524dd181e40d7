"""How rows look to browsers and programs: one shape each, shared by the JSON routes, sockets and broadcasts.

A shape is a TypedDict beside the function that makes it; the OpenAPI and AsyncAPI documents are made from them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from forum.models import (
    Audience,
    Board,
    Decision,
    Draft,
    EventType,
    Evidence,
    Intent,
    LoginSession,
    Message,
    Notification,
    Persona,
    Planned,
    Post,
    Profile,
    Reason,
    Report,
    Revision,
    Room,
    RoomEvent,
    Sanction,
    SanctionKind,
    Scope,
    Starters,
    Strategy,
    Topic,
    User,
    Verb,
)

When = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A moment in UTC, ISO 8601."""

State = Literal["shown", "held", "hidden", "deleted"]


def when(at: datetime) -> str:
    return at.isoformat()


def maybe(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


# People


class PersonaShape(TypedDict):
    """A byline: what readers see of a person."""

    id: int
    name: str
    figure: str
    tone: int


def persona(byline: Persona) -> PersonaShape:
    """A byline, as it is at this moment."""
    return {"id": byline.id, "name": byline.name, "figure": byline.figure, "tone": byline.tone}


# Boards


class BoardShape(TypedDict):
    """A place for topics of one kind."""

    id: int
    section: str
    name: str
    about: str
    icon: str
    audience: Audience
    starters: Starters
    rules: str
    """What whoever writes here is asked to keep in mind."""
    last_post_at: When | None


class TopicShape(TypedDict):
    """A first post and what people answered to it, without the words."""

    id: int
    board_id: int
    title: str
    gist: str
    intent: Intent
    mentions: list[str]
    """The kinds of its content notes."""
    by: PersonaShape
    state: State
    is_locked: bool
    is_resting: bool
    """Closed because nobody wrote for a time."""
    is_pinned: bool
    replies: int
    last_number: int
    created_at: When
    last_post_at: When


class PostShape(TypedDict):
    """Somebody's words in a topic, as this reader meets them."""

    id: int
    topic_id: int
    number: int | None
    """Its place in the topic; none while it waits."""
    by: PersonaShape
    at: When
    is_edited: bool
    state: State
    html: str | None
    """None where the words are not there for this reader."""
    source: str | None
    """As typed, for its author alone."""
    quotes_id: int | None
    has_helped: bool
    has_landed: bool
    """Whether whoever began the topic said that it reached them."""
    care: bool
    """Whether its author, who asks, is offered help: please show the lines of `/help` first."""


def board(row: Board) -> BoardShape:
    return {
        "id": row.id,
        "section": row.section.name,
        "name": row.name,
        "about": row.about,
        "icon": row.icon,
        "audience": Audience(row.audience),
        "starters": Starters(row.starters),
        "rules": row.rules,
        "last_post_at": maybe(row.last_post_at),
    }


class BoardSettingsShape(TypedDict):
    """How a board is kept."""

    rules: str
    template: str
    holds_new_members: bool
    allows_aliases: bool
    closes_after_days: int | None


def board_settings(row: Board) -> BoardSettingsShape:
    return {
        "rules": row.rules,
        "template": row.template,
        "holds_new_members": row.holds_new_members,
        "allows_aliases": row.allows_aliases,
        "closes_after_days": row.closes_after_days,
    }


def topic(row: Topic) -> TopicShape:
    return {
        "id": row.id,
        "board_id": row.board_id,
        "title": row.title,
        "gist": row.gist,
        "intent": Intent(row.intent),
        "mentions": row.note_kinds,
        "by": persona(row.byline),
        "state": state(row),
        "is_locked": row.is_locked,
        "is_resting": row.is_resting,
        "is_pinned": row.is_pinned,
        "replies": row.reply_count,
        "last_number": row.last_number,
        "created_at": when(row.created_at),
        "last_post_at": when(row.last_post_at),
    }


def post(row: Post, *, html: str | None, own: bool, has_landed: bool) -> PostShape:
    """A post with the words that this reader may see."""
    return {
        "id": row.id,
        "topic_id": row.topic_id,
        "number": row.number,
        "by": persona(row.byline),
        "at": when(row.created_at),
        "is_edited": row.edited_at is not None,
        "state": state(row),
        "html": html,
        "source": row.source if own and not row.is_deleted else None,
        "quotes_id": row.quotes_id,
        "has_helped": row.has_helped and html is not None,
        "has_landed": has_landed and html is not None,
        "care": own and row.shows_help,
    }


def state(row: Post | Topic | Message | Strategy | Profile) -> State:
    """One word for what has become of it."""
    if row.is_deleted:
        return "deleted"
    if row.is_hidden:
        return "hidden"
    return "held" if row.is_held else "shown"


class PlannedShape(TypedDict):
    """A topic that waits for its time."""

    id: int
    board_id: int
    author_id: int
    title: str
    gist: str
    intent: Intent
    mentions: list[str]
    body: str
    publish_at: When
    problem: str | None
    """The code of why it could not be published at its time."""


def planned(row: Planned) -> PlannedShape:
    return {
        "id": row.id,
        "board_id": row.board_id,
        "author_id": row.author_id,
        "title": row.title,
        "gist": row.gist,
        "intent": Intent(row.intent),
        "mentions": list(row.kinds),
        "body": row.source,
        "publish_at": when(row.publish_at),
        "problem": row.problem,
    }


class RevisionShape(TypedDict):
    """A wording that a post had before its author changed it."""

    id: int
    post_id: int
    number: int
    written_at: When
    edited_at: When
    state: State
    html: str
    source: str | None
    """As typed, for its author alone."""


def revision(row: Revision, *, own: bool) -> RevisionShape:
    return {
        "id": row.id,
        "post_id": row.post_id,
        "number": row.number,
        "written_at": when(row.written_at),
        "edited_at": when(row.edited_at),
        "state": "hidden" if row.is_hidden else "held" if row.is_held else "shown",
        "html": row.html,
        "source": row.source if own else None,
    }


class DraftShape(TypedDict):
    """What a member has begun to write, for that member alone."""

    place: str
    """`topic:` and a board, `reply:` and a topic, or `edit:` and a post."""
    title: str
    gist: str
    intent: Intent | None
    mentions: list[str]
    body: str
    as_alias: bool
    base: str
    """Of a change to a post: the ETag that it began from."""
    updated_at: When


def draft(row: Draft) -> DraftShape:
    return {
        "place": row.place,
        "title": row.title,
        "gist": row.gist,
        "intent": Intent(row.intent) if row.intent else None,
        "mentions": list(row.kinds),
        "body": row.body,
        "as_alias": row.as_alias,
        "base": row.base,
        "updated_at": when(row.updated_at),
    }


# The library


class StrategyShape(TypedDict):
    """A card: something that helped somebody."""

    id: int
    by: PersonaShape
    name: str
    fits: str
    minutes: int
    place: str
    is_discreet: bool
    steps: str
    """HTML, as `changes` and `cautions`."""
    changes: str
    cautions: str
    evidence: Evidence
    cites: str
    cites_url: str
    tags: list[str]
    situations: list[str]
    state: State
    at: When


def strategy(row: Strategy) -> StrategyShape:
    return {
        "id": row.id,
        "by": persona(row.byline),
        "name": row.name,
        "fits": row.fits,
        "minutes": row.minutes,
        "place": row.place,
        "is_discreet": row.is_discreet,
        "steps": row.html,
        "changes": row.changes_html,
        "cautions": row.cautions_html,
        "evidence": Evidence(row.evidence),
        "cites": row.cites,
        "cites_url": row.cites_url,
        "tags": row.tags,
        "situations": row.situations,
        "state": state(row),
        "at": when(row.created_at),
    }


# Rooms


class AnsweredShape(TypedDict):
    """Which line another one answers."""

    id: int
    name: str


class MessageShape(TypedDict):
    """One line of a room."""

    id: int
    seq: int | None
    by: PersonaShape
    guide: bool
    at: When
    edited: bool
    state: State
    html: str | None
    cid: str
    reply_to: AnsweredShape | None


class EventShape(TypedDict):
    """One step of a room's log; `skip` stands where a reader may not look."""

    s: int
    t: EventType | Literal["skip"]
    at: NotRequired[When]
    m: NotRequired[MessageShape]
    data: NotRequired[dict[str, Any]]


class RoomStateShape(TypedDict):
    """What everyone in a room knows about it."""

    open: bool
    paused: bool
    slow: int
    closes_at: When | None
    silent: NotRequired[bool]


def message(
    row: Message, *, guides: Collection[int] = (), own: bool = False, away: Collection[int] = ()
) -> MessageShape:
    """One line of a room. Words that are hidden or taken back are not in it, except a hidden one's for its author; nor is
    whom it answers, if that is one of the bylines that the reader keeps away."""
    shown = row.is_public or (own and not row.is_deleted)
    return {
        "id": row.id,
        "seq": row.seq,
        "by": persona(row.byline),
        "guide": row.author_id in guides,
        "at": when(row.created_at),
        "edited": row.edited_at is not None,
        "state": state(row),
        "html": row.html if shown else None,
        "cid": row.cid,
        "reply_to": _answered(row, away),
    }


def event(
    row: RoomEvent,
    *,
    guides: Collection[int] = (),
    reader_id: int | None = None,
    away: Collection[int] = (),
) -> EventShape:
    """One step of a room's log, with what its message says at this moment."""
    told: EventShape = {"s": row.seq, "t": EventType(row.type), "at": when(row.at)}
    if row.message is not None:
        own = reader_id is not None and row.message.author_id == reader_id
        told["m"] = message(row.message, guides=guides, own=own, away=away)
    if row.data:
        told["data"] = row.data
    return told


def skip(seq: int) -> EventShape:
    """What stands in the log's order where a reader may not look. It says nothing of why."""
    return {"s": seq, "t": "skip"}


def room_state(room: Room) -> RoomStateShape:
    return {
        "open": room.is_open,
        "paused": room.is_paused,
        "slow": room.slow_seconds,
        "closes_at": maybe(room.closes_at),
    }


class ReceiptShape(TypedDict):
    """What became of a message: saved, in its place or held. `dup` says that this id was answered before."""

    ok: bool
    id: int
    seq: int | None
    ts: int
    """Milliseconds since 1970, UTC."""
    held: NotRequired[bool]
    why: NotRequired[str]
    wait: NotRequired[str]
    care: NotRequired[bool]
    dup: NotRequired[bool]


class BackfillShape(TypedDict):
    """Where a room's log stands, with the events after the cursor, or without a cursor the last lines."""

    now: int
    epoch: int
    head: int
    floor: int
    role: str
    state: RoomStateShape
    more: bool
    events: NotRequired[list[EventShape]]
    messages: NotRequired[list[MessageShape]]
    older: NotRequired[int | None]


class HistoryShape(TypedDict):
    """What was said before a place in the log."""

    messages: list[MessageShape]
    older: int | None
    head: int
    epoch: int


class RoomShape(TypedDict):
    """A room as the list shows it. Who is in is told to those who are in."""

    id: int
    name: str
    about: str
    audience: Audience
    places: int
    taken: int
    guides: list[PersonaShape]
    is_mine: bool
    state: RoomStateShape
    next_at: When | None


def room(row: Room, *, taken: int, guides: Sequence[Persona], is_mine: bool) -> RoomShape:
    return {
        "id": row.id,
        "name": row.name,
        "about": row.about,
        "audience": Audience(row.audience),
        "places": row.capacity,
        "taken": taken,
        "guides": [persona(one) for one in guides],
        "is_mine": is_mine,
        "state": room_state(row),
        "next_at": maybe(row.next_at),
    }


def _answered(row: Message, away: Collection[int]) -> AnsweredShape | None:
    if row.reply_to is None or row.reply_to.persona_id in away:
        return None
    return {"id": row.reply_to.id, "name": row.reply_to.byline.name}


# Moderation


class SanctionShape(TypedDict):
    """What holds for a person, where and until when."""

    kind: SanctionKind
    scope: Scope
    board_id: int | None
    room_id: int | None
    starts_at: When
    until: When | None


class DecisionShape(TypedDict):
    """A statement of reasons."""

    id: int
    verb: Verb
    rule: int | None
    agreement_version: int
    """In which version of the agreement that line stands."""
    letter: str | None
    quoted: str | None
    at: When
    sanction: SanctionShape | None
    is_automatic: bool
    """Whether it was noticed automatically; a person decided."""
    overturned_at: When | None


class ReportShape(TypedDict):
    """What this member told moderators, and whether somebody has looked."""

    id: int
    reference: str
    reason: Reason
    words: str | None
    at: When
    is_withdrawn: bool
    is_looked_at: bool


def sanction(row: Sanction) -> SanctionShape:
    return {
        "kind": SanctionKind(row.kind),
        "scope": Scope(row.scope),
        "board_id": row.board_id,
        "room_id": row.room_id,
        "starts_at": when(row.starts_at),
        "until": maybe(row.until),
    }


def decision(row: Decision) -> DecisionShape:
    return {
        "id": row.id,
        "verb": Verb(row.verb),
        "rule": row.rule,
        "agreement_version": row.agreement_version,
        "letter": row.letter,
        "quoted": row.quoted,
        "at": when(row.at),
        "sanction": sanction(row.sanction) if row.sanction else None,
        "is_automatic": row.is_automatic,
        "overturned_at": maybe(row.overturned_at),
    }


def report(row: Report, *, is_looked_at: bool) -> ReportShape:
    return {
        "id": row.id,
        "reference": row.reference,
        "reason": Reason(row.reason),
        "words": row.words,
        "at": when(row.at),
        "is_withdrawn": row.is_withdrawn,
        "is_looked_at": is_looked_at,
    }


# One's own


class NotificationShape(TypedDict):
    """Something happened that a member may want to know; never a word of what was written."""

    id: int
    kind: str
    count: int
    at: When
    is_seen: bool
    by: PersonaShape | None
    board_id: int | None
    topic_id: int | None
    post_id: int | None
    room_id: int | None
    decision_id: int | None
    report_id: int | None


class SessionShape(TypedDict):
    """One log-in on one device."""

    id: int
    device: str
    created_at: When
    used_at: When


class AccountShape(TypedDict):
    """What an account says about itself, to its member alone."""

    by: PersonaShape
    role: str
    email: str | None
    country: str | None
    timezone: str | None
    """In which zone their times are shown on pages; None is the community's. Times here are always in UTC."""
    shows_presence: bool
    choices: dict[str, str]
    """Kind of content note → show, fold or hide; what is missing is folded."""
    consents: list[str]
    sanctions: list[SanctionShape]
    created_at: When


def notification(row: Notification) -> NotificationShape:
    return {
        "id": row.id,
        "kind": row.kind,
        "count": row.count,
        "at": when(row.at),
        "is_seen": row.seen_at is not None,
        "by": persona(row.byline) if row.byline else None,
        "board_id": row.board_id,
        "topic_id": row.topic_id,
        "post_id": row.post_id,
        "room_id": row.room_id,
        "decision_id": row.decision_id,
        "report_id": row.report_id,
    }


def session(row: LoginSession) -> SessionShape:
    return {
        "id": row.id,
        "device": row.device,
        "created_at": when(row.created_at),
        "used_at": when(row.used_at),
    }


def account(
    user: User, *, choices: Mapping[str, str], consents: Sequence[str], sanctions: Sequence[Sanction]
) -> AccountShape:
    return {
        "by": persona(user.byline),
        "role": str(user.role),
        "email": user.email,
        "country": user.country,
        "timezone": user.timezone,
        "shows_presence": user.shows_presence,
        "choices": dict(choices),
        "consents": list(consents),
        "sanctions": [sanction(one) for one in sanctions],
        "created_at": when(user.created_at),
    }
