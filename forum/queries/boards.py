"""Boards as one reader meets them: the home page, and one board's topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, lazyload

from forum.db import days_between, db, now
from forum.errors import NotFound
from forum.models import (
    NOTE_KINDS,
    Actor,
    Board,
    BoardMark,
    Choice,
    ContentChoice,
    Group,
    Intent,
    Persona,
    Post,
    ReadMark,
    Section,
    Topic,
    TopicNote,
)
from forum.policy.boards import (
    can_see_board,
    visible_board_ids,
    visible_boards,
    visible_topics,
)
from forum.policy.boundaries import meets_on_board
from forum.policy.core import require
from forum.policy.house import can_make_group

TOPICS_A_PAGE = 20
WAITING_SHOWN = 3


# One board, and all of them


def board_for(actor: Actor, board_id: int) -> Board:
    """The board, if this person may see it."""
    board = db.session.scalar(select(Board).where(Board.id == board_id).options(lazyload(Board.groups)))
    if board is None or not can_see_board(actor, board):
        raise NotFound()
    return board


@dataclass(frozen=True)
class BoardLine:
    """A board on the home page."""

    board: Board
    last_byline: Persona | None
    is_new: bool


def sections_for(actor: Actor) -> list[tuple[Section, list[BoardLine]]]:
    """Every section with a board that this person may see, in the community's order."""
    rows = db.session.execute(
        select(Board, Persona, _has_new_topics(actor))
        .join(Board.section)
        .outerjoin(Topic, Topic.id == Board.last_topic_id)
        .outerjoin(Post, _is_last_public_post())
        .outerjoin(Persona, and_(Persona.id == Post.persona_id, meets_on_board(actor, Post, Board.id)))
        .where(visible_boards(actor))
        .options(contains_eager(Board.section), lazyload(Board.groups))
        .order_by(Section.position, Section.id, Board.position, Board.id)
    )
    sections: dict[Section, list[BoardLine]] = {}
    for board, persona, is_new in rows:
        sections.setdefault(board.section, []).append(BoardLine(board, persona, bool(is_new)))
    return list(sections.items())


def boards_for(actor: Actor) -> Sequence[Board]:
    """Every board that this person may see, by name."""
    return db.session.scalars(
        select(Board).where(visible_boards(actor)).options(lazyload(Board.groups)).order_by(Board.name)
    ).all()


def moderated_boards(actor: Actor) -> list[Board]:
    """Where this person may move a topic to."""
    return [board for board in boards_for(actor) if actor.moderates_board(board.id)]


def _is_last_public_post() -> ColumnElement[bool]:
    return and_(
        Post.topic_id == Topic.id, Post.number == Topic.last_number,
        Post.held_at.is_(None), Post.hidden_at.is_(None), Post.deleted_at.is_(None),
    )  # fmt: skip


# Unread


def is_unread(actor: Actor) -> ColumnElement[bool]:
    """Whether a topic holds words that came after this person last read it, or marked its board as read."""
    if actor.id is None:
        return false()
    reached = (
        select(ReadMark.number)
        .where(ReadMark.user_id == actor.id, ReadMark.topic_id == Topic.id)
        .scalar_subquery()
    )
    return and_(
        Topic.last_number > func.coalesce(reached, 0),
        Topic.last_post_at > func.coalesce(_board_read_at(actor, Topic.board_id), actor.created_at),
    )


def _board_read_at(actor: Actor, board_id: InstrumentedAttribute[int]) -> ScalarSelect[datetime]:
    return (
        select(BoardMark.read_at)
        .where(BoardMark.user_id == actor.id, BoardMark.board_id == board_id)
        .scalar_subquery()
    )


def _has_new_topics(actor: Actor) -> ColumnElement[bool]:
    """Asked for each board on the home page; it stops at the first new topic."""
    if actor.id is None:
        return false()
    return exists(
        select(Topic.id)
        .where(Topic.board_id == Board.id, is_public(), is_shown_to(actor), is_unread(actor))
        .where(meets_on_board(actor, Topic, Board.id))
        .correlate(Board)
    )


def is_public() -> ColumnElement[bool]:
    """Of a topic: its words are there for whoever may see the board."""
    return Topic.held_at.is_(None) & Topic.hidden_at.is_(None) & Topic.deleted_at.is_(None)


# What a reader asked not to see


def choices_for(actor: Actor) -> dict[str, str]:
    """How this reader wants to meet each kind of content note; what they did not choose is missing."""
    if actor.id is None:
        return {}
    rows = db.session.execute(
        select(ContentChoice.kind, ContentChoice.choice).where(ContentChoice.user_id == actor.id)
    )
    return {row.kind: row.choice for row in rows}


def is_shown_to(actor: Actor) -> ColumnElement[bool]:
    """Of a topic: it mentions nothing that this reader chose not to see."""
    return ~exists(_hidden_notes(actor).where(TopicNote.topic_id == Topic.id).correlate(Topic))


def _hidden_notes(actor: Actor) -> Select[str]:
    return (
        select(TopicNote.kind)
        .join(ContentChoice, ContentChoice.kind == TopicNote.kind)
        .where(ContentChoice.user_id == actor.id, ContentChoice.choice == Choice.HIDE)
    )


# The topics of a board


@dataclass(frozen=True)
class TopicLine:
    """A topic in a list, as this reader meets it."""

    topic: Topic
    is_new: bool
    is_folded: bool


@dataclass(frozen=True)
class TopicPage:
    """A page of a board: topics kept at the top, then by their latest words."""

    lines: list[TopicLine]
    older: str | None = None
    hidden: dict[str, int] = field(default_factory=dict)
    """Kind of content note → how many topics of this board are not listed because of it."""


def topics_of(actor: Actor, board: Board, *, before: str = "", intent: str = "") -> TopicPage:
    """A page of topics, older than the cursor. What this reader chose to hide is counted, not listed."""
    choices = choices_for(actor)
    query = (
        select(Topic, is_unread(actor))
        .where(Topic.board_id == board.id, visible_topics(actor), _without_hidden(choices))
        .where(meets_on_board(actor, Topic, board.id))
        .options(joinedload(Topic.byline, innerjoin=True))
        .order_by(Topic.is_pinned.desc(), Topic.last_post_at.desc(), Topic.id.desc())
        .limit(TOPICS_A_PAGE + 1)
    )
    if intent in list(Intent):
        query = query.where(Topic.intent == intent)
    if before:
        query = query.where(_order() < tuple_(*_parsed(before)))
    rows = db.session.execute(query).all()
    lines = [_line(topic, is_new, choices) for topic, is_new in rows[:TOPICS_A_PAGE]]
    older = _cursor(rows[TOPICS_A_PAGE - 1]) if len(rows) > TOPICS_A_PAGE else None
    return TopicPage(lines, older, _hidden_counts(actor, board, choices))


def _without_hidden(choices: Mapping[str, str]) -> ColumnElement[bool]:
    hidden = _kinds(choices, Choice.HIDE)
    return Topic.id.not_in(select(TopicNote.topic_id).where(TopicNote.kind.in_(hidden)))


def _kinds(choices: Mapping[str, str], chosen: Choice) -> list[str]:
    return [kind for kind, choice in choices.items() if choice == chosen]


def _line(topic: Topic, is_new: bool, choices: Mapping[str, str]) -> TopicLine:
    return TopicLine(
        topic, bool(is_new), is_folded=any(choices.get(kind) == Choice.FOLD for kind in topic.note_kinds)
    )


def _order():  # type: ignore[no-untyped-def]
    return tuple_(Topic.is_pinned, Topic.last_post_at, Topic.id)


def _cursor(row: Row[Topic, bool]) -> str:
    topic = row[0]
    return f"{int(topic.is_pinned)}_{topic.last_post_at.isoformat()}_{topic.id}"


def _parsed(cursor: str):  # type: ignore[no-untyped-def]
    """The place that a cursor names; a cursor that nobody was given leads nowhere."""
    try:
        pinned, at, topic_id = cursor.split("_")
        place = bool(int(pinned)), datetime.fromisoformat(at), int(topic_id)
    except ValueError as error:
        raise NotFound() from error
    return [
        literal(value, column.type)
        for value, column in zip(place, (Topic.is_pinned, Topic.last_post_at, Topic.id), strict=True)
    ]


def _hidden_counts(actor: Actor, board: Board, choices: Mapping[str, str]) -> dict[str, int]:
    hidden = _kinds(choices, Choice.HIDE)
    if not hidden:
        return {}
    rows = db.session.execute(
        select(TopicNote.kind, func.count())
        .join(Topic, Topic.id == TopicNote.topic_id)
        .where(Topic.board_id == board.id, visible_topics(actor), TopicNote.kind.in_(hidden))
        .group_by(TopicNote.kind)
    )
    return {NOTE_KINDS[kind]: count for kind, count in rows}


# Home


def is_resting() -> ColumnElement[bool]:
    """`Topic.is_resting` as a condition on topics."""
    at = literal(now(), Topic.last_post_at.type)
    quiet = days_between(at, Topic.last_post_at) > Board.closes_after_days
    reopened = days_between(at, Topic.reopened_at) <= Board.closes_after_days
    still = or_(Topic.reopened_at.is_(None), ~reopened)
    return exists(select(Board.id).where(Board.id == Topic.board_id, quiet, still).correlate(Topic))


def held_of(actor: Actor) -> Sequence[Post]:
    """The posts of this member that wait for a moderator."""
    if actor.id is None:
        return []
    return db.session.scalars(
        select(Post)
        .join(Post.topic)
        .where(Post.author_id == actor.id, Post.held_at.is_not(None), Post.deleted_at.is_(None))
        .where(Topic.board_id.in_(visible_board_ids(actor)))
        .options(contains_eager(Post.topic).options(lazyload(Topic.notes)))
        .order_by(Post.held_at)
        .limit(WAITING_SHOWN)
    ).all()


def section_called(name: str) -> Section | None:
    """The section with this name, for those who set the house up."""
    return db.session.scalar(select(Section).where(Section.name == name))


def group_called(actor: Actor, name: str) -> Group:
    """The group with this name, for those who look after the house."""
    require(can_make_group(actor))
    found = db.session.scalar(select(Group).where(Group.name == name))
    if found is None:
        raise NotFound(f"There is no group called {name}.")
    return found


def board_numbers() -> Sequence[Row[int, str, str]]:
    """Number, section and name of every board, in the order of the home page."""
    return db.session.execute(
        select(Board.id, Section.name, Board.name)
        .join(Section)
        .order_by(Section.position, Section.id, Board.position, Board.id)
    ).all()
