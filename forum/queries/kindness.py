"""Who waits for a kind word, and how long that takes here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from forum.db import db, now
from forum.models import Actor, Board, Intent, Level, Post, SanctionKind, Scope, Topic, zone_of
from forum.policy.boards import visible_board_ids
from forum.policy.boundaries import is_unnamed, kept_away_by
from forum.policy.core import require, sanctions_of, writing_verdict
from forum.policy.watching import can_see_first_replies, can_see_waiting
from forum.queries.aliases import by_own_name
from forum.queries.boards import is_public, is_resting, is_shown_to
from forum.queries.watching import chosen_for, reach_of

MOST_OFFERED = 5
OFFERED_FOR = timedelta(days=30)
LOOKED_BACK = timedelta(days=30)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

# Waiting for a kind word


@dataclass(frozen=True)
class Waiting:
    """What is offered to one member just now."""

    is_on: bool
    """Whether they asked to be offered anything."""
    is_done: bool
    """Whether they have given as much today as they wanted to."""
    topics: Sequence[Topic] = ()


def waiting_list(actor: Actor, *, after: timedelta) -> Waiting:
    """The topics that nobody but their author has answered since `after`, the longest wait first: not one's own, not
    where one may not write or wants to hear nothing, not what one chose not to see, none that asks for no words, and
    nobody's from whom a boundary stands: a kind word would not reach them."""
    require(can_see_waiting(actor))
    reach = reach_of(actor)
    if not reach.gives_kind_words or not writing_verdict(actor):
        return Waiting(is_on=reach.gives_kind_words, is_done=False)
    left = reach.kind_words_a_day - _given_today(actor)
    if left <= 0:
        return Waiting(is_on=True, is_done=True)
    topics = db.session.scalars(
        select(Topic)
        .where(
            Topic.created_at.between(now() - OFFERED_FOR, now() - after), is_public(), _takes_words(),
            Topic.author_id != actor.id, Topic.board_id.in_(visible_board_ids(actor)),
            Topic.board_id.not_in(_closed_to(actor)), is_shown_to(actor), ~exists(_answers()),
            chosen_for(actor, Level.MENTIONS) != Level.NONE, _is_reached(actor),
        )
        .options(joinedload(Topic.byline), joinedload(Topic.board).options(lazyload(Board.groups)))
        .order_by(Topic.created_at, Topic.id)
        .limit(min(left, MOST_OFFERED))
    ).all()  # fmt: skip
    return Waiting(is_on=True, is_done=False, topics=topics)


def _takes_words() -> ColumnElement[bool]:
    is_open = Topic.is_locked.is_(False), Topic.is_pinned.is_(False), ~is_resting()
    return and_(Topic.intent != Intent.WITNESS, *is_open)


def _is_reached(actor: Actor) -> ColumnElement[bool]:
    """Whether a kind word of theirs would reach who began it, as far as that may be known: an alias tells nothing of
    whom its member keeps away."""
    met = Topic.persona_id.not_in(kept_away_by(actor))
    return and_(met, or_(~is_unnamed(actor.id, Topic.author_id), ~by_own_name(Topic)))


def _answers() -> Select[int]:
    """Public words in a topic under another byline than its author's; an alias is another, or it would be known."""
    return (
        select(Post.id)
        .where(
            Post.topic_id == Topic.id, Post.number > 1, Post.persona_id != Topic.persona_id,
            Post.held_at.is_(None), Post.hidden_at.is_(None), Post.deleted_at.is_(None),
        )
        .correlate(Topic)
    )  # fmt: skip


def _closed_to(actor: Actor) -> list[int]:
    muted = sanctions_of(actor, SanctionKind.MUTE)
    return [one.board_id for one in muted if one.scope == Scope.BOARD and one.board_id is not None]


def _given_today(actor: Actor) -> int:
    """In how many topics of others they were the first to answer, in their own day."""
    earlier = aliased(Post)
    begun = datetime.now(zone_of(actor.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    somebody_before = exists().where(
        earlier.topic_id == Post.topic_id, earlier.number > 1, earlier.number < Post.number,
        earlier.author_id.is_distinct_from(Topic.author_id),
    )  # fmt: skip
    given = (
        select(func.count(func.distinct(Post.topic_id)))
        .join(Post.topic)
        .where(Post.author_id == actor.id, Post.created_at >= begun, Post.number > 1)
        .where(Topic.author_id.is_distinct_from(actor.id), ~somebody_before)
    )
    return db.session.scalar(given) or 0


# How long it takes


@dataclass(frozen=True)
class FirstReplies:
    """How soon topics of one board had a first answer, over the last 30 days. It names nobody."""

    board: str
    topics: int
    median: timedelta | None
    slowest_tenth: timedelta | None
    """Nine of ten first answers came sooner."""
    unanswered: int | None
    """Of a hundred topics that are a day old, so many had no answer within that day."""


def first_replies(actor: Actor) -> list[FirstReplies]:
    """How soon somebody else answered, by board; topics that ask for no words are not counted."""
    require(can_see_first_replies(actor))
    answered = aliased(Post)
    rows = db.session.execute(
        select(Board.id, Board.name, Topic.created_at, func.min(answered.created_at))
        .select_from(Topic)
        .join(Board, Board.id == Topic.board_id)
        .outerjoin(
            answered,
            and_(
                answered.topic_id == Topic.id, answered.number > 1,
                answered.author_id.is_distinct_from(Topic.author_id),
                answered.held_at.is_(None), answered.hidden_at.is_(None), answered.deleted_at.is_(None),
            ),
        )
        .where(Topic.created_at >= now() - LOOKED_BACK, Topic.intent != Intent.WITNESS, is_public())
        .group_by(Board.id, Board.name, Topic.id, Topic.created_at)
        .order_by(Board.name, Board.id)
    ).all()  # fmt: skip
    boards: dict[tuple[int, str], list[tuple[datetime, datetime | None]]] = {}
    for board_id, name, begun, first in rows:
        boards.setdefault((board_id, name), []).append((begun, first))
    return [_told(name, times) for (_, name), times in boards.items()]


def _told(board: str, times: list[tuple[datetime, datetime | None]]) -> FirstReplies:
    waits = sorted((first - begun).total_seconds() for begun, first in times if first)
    old = [(begun, first) for begun, first in times if begun <= now() - DAY]
    late = sum(first is None or first - begun > DAY for begun, first in old)
    return FirstReplies(
        board=board,
        topics=len(times),
        median=_rounded(median(waits)) if waits else None,
        slowest_tenth=_rounded(_ninth_of_ten(waits)) if waits else None,
        unanswered=round(100 * late / len(old)) if old else None,
    )


def _ninth_of_ten(waits: list[float]) -> float:
    return quantiles(waits, n=10, method="inclusive")[-1] if len(waits) > 1 else waits[0]


def _rounded(seconds: float) -> timedelta:
    """A length that says itself in one unit: nobody needs the minutes of a wait of two days."""
    unit = next((one for one in (DAY, HOUR) if seconds >= 2 * one.total_seconds()), MINUTE)
    return unit * max(1, round(seconds / unit.total_seconds()))
