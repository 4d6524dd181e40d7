"""The library as one reader meets it, and what each member keeps of it for themself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from forum.db import db, now
from forum.errors import NotFound
from forum.models import (
    SITUATIONS,
    TAGS,
    Actor,
    How,
    Outcome,
    Plan,
    Post,
    Strategy,
    StrategyAsk,
    StrategyTag,
    Toolkit,
)
from forum.policy.boundaries import meets_in_library
from forum.policy.core import require
from forum.policy.strategies import (
    can_forget_outcome,
    can_see_library,
    can_see_plan,
    can_see_strategy,
    can_see_strategy_asks,
    can_see_toolkit,
    visible_strategies,
)
from forum.queries.topics import post_for
from forum.text.cards import all_named, cards_named

CARDS_A_PAGE = 18
TELLS_FROM = 10
"""So many different members must have answered before anything of it is shown: fewer could be told apart."""

NEW_EVERY = 3
"""Every third place of the library is a card that few have tried."""

OWN_SHOWN = 20
_TURN = 1009
"""A prime: the cards of one lane stand on a ring of so many places, and each day the reading begins elsewhere."""


# One card


def strategy_for(actor: Actor, strategy_id: int) -> Strategy:
    """The card, if this person may see it and does not keep away who wrote it."""
    card = db.session.scalar(
        select(Strategy)
        .where(Strategy.id == strategy_id, meets_in_library(actor))
        .options(joinedload(Strategy.byline, innerjoin=True))
    )
    if card is None or not can_see_strategy(actor, card):
        raise NotFound()
    return card


def origin_of(actor: Actor, card: Strategy) -> Post | None:
    """The post that a card was made from, if this reader may see that post."""
    try:
        return post_for(actor, card.post_id) if card.post_id is not None else None
    except NotFound:
        return None


# How it was


@dataclass(frozen=True)
class Tally:
    """What became of a card for ten members or more, in tenths of them."""

    helped: int
    harder: int

    @property
    def same(self) -> int:
        return max(0, 10 - self.helped - self.harder)


@dataclass(frozen=True)
class Found:
    """What people found with one card: altogether, and in each situation that ten members answered for."""

    all: Tally | None
    by_situation: dict[str, Tally] = field(default_factory=dict)


def found_with(card: Strategy) -> Found:
    """The totals of one card. What fewer than ten different members answered never leaves the database."""
    return Found(
        next((tally for _, tally in _tallies(card, Outcome.strategy_id)), None),
        {situation: tally for situation, tally in _tallies(card, Outcome.situation) if situation},
    )


def _tallies(card: Strategy, by: Any) -> list[tuple[Any, Tally]]:
    counted = _counted(by)
    rows = db.session.execute(select(counted).where(counted.c.strategy_id == card.id))
    return [(row.told_of, Tally(row.helped, row.harder)) for row in rows]


def _counted(by: Any) -> Subquery:
    """Each card’s answers as tenths, for each value of `by`. A member counts once, with their latest answer, and
    not for a card of their own."""
    age = func.row_number().over(
        partition_by=(Outcome.strategy_id, by, Outcome.user_id),
        order_by=(Outcome.day.desc(), Outcome.id.desc()),
    )
    latest = (
        select(Outcome.strategy_id, by.label("told_of"), Outcome.how, age.label("age"))
        .join(Strategy, Strategy.id == Outcome.strategy_id)
        .where(Outcome.user_id.is_distinct_from(Strategy.author_id))
        .subquery()
    )
    answers = func.count()
    return (
        select(
            latest.c.strategy_id,
            latest.c.told_of,
            _tenths(latest, How.HELPED).label("helped"),
            _tenths(latest, How.HARDER).label("harder"),
        )
        .where(latest.c.age == 1)
        .group_by(latest.c.strategy_id, latest.c.told_of)
        .having(answers >= TELLS_FROM)
        .subquery()
    )


def _tenths(latest: Subquery, how: How) -> ColumnElement[int]:
    said, answers = func.count().filter(latest.c.how == how), func.count()
    return (said * 10 + answers // 2) // answers


# The library


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for. What is no tag, situation or length of ours asks for nothing."""

    words: str = ""
    tag: str = ""
    situation: str = ""
    minutes: int | None = None
    without_breath: bool = False
    discreet: bool = False

    @property
    def is_anything(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True)
class CardLine:
    """A card in a list, as this reader meets it."""

    card: Strategy
    found: Tally | None
    is_kept: bool
    place: int = 0


@dataclass(frozen=True)
class LibraryPage:
    """A page of the library; `after` is where the next one begins."""

    lines: list[CardLine]
    after: int | None = None


def library_for(actor: Actor, wanted: Wanted, *, after: int = 0) -> LibraryPage:
    """A page of the cards that fit what is looked for, so that well-tried ones are found and new ones get tried.

    There are two lanes. Cards that ten members or more answered about stand in the first, the most helpful first
    by the tenths that everybody sees. All others stand in the second. Two places of three are the first lane’s and
    every third is the second’s; where one lane ends, the other goes on alone. Cards that are equal, and all of the
    second lane, stand on a ring that begins elsewhere each day: so each comes near the top in its turn, and the
    order tells nothing of answers that are too few to be told.
    """
    require(can_see_library(actor))
    ranked, counted = _ranked(actor, wanted)
    kept = exists().where(Toolkit.strategy_id == Strategy.id, Toolkit.user_id == actor.id)
    rows = db.session.execute(
        select(Strategy, counted.c.helped, counted.c.harder, kept, ranked.c.place)
        .join(ranked, ranked.c.id == Strategy.id)
        .outerjoin(counted, counted.c.strategy_id == Strategy.id)
        .where(ranked.c.place > after)
        .options(joinedload(Strategy.byline, innerjoin=True))
        .order_by(ranked.c.place)
        .limit(CARDS_A_PAGE + 1)
    ).all()
    lines = [_line(*row) for row in rows[:CARDS_A_PAGE]]
    return LibraryPage(lines, lines[-1].place if len(rows) > CARDS_A_PAGE else None)


def _ranked(actor: Actor, wanted: Wanted) -> tuple[Subquery, Subquery]:
    counted = _counted(Outcome.strategy_id)
    is_new = counted.c.strategy_id.is_(None)
    rank = func.row_number().over(
        partition_by=is_new, order_by=(counted.c.helped.desc(), _turn(), Strategy.id)
    )
    in_lanes = (
        select(Strategy.id, is_new.label("is_new"), rank.label("rank"))
        .outerjoin(counted, counted.c.strategy_id == Strategy.id)
        .where(visible_strategies(actor), _is_listed(actor), *_fits(wanted))
        .subquery()
    )
    before = in_lanes.c.rank - 1
    tried = NEW_EVERY - 1
    place = case(
        (in_lanes.c.is_new, in_lanes.c.rank * NEW_EVERY),
        else_=before // tried * NEW_EVERY + before % tried + 1,
    )
    return select(in_lanes.c.id, place.label("place")).subquery(), counted


def _turn() -> ColumnElement[int]:
    """Where a card stands on the ring today."""
    today = now().date().toordinal() * 101 % _TURN
    return ((Strategy.id % _TURN) * 7919 + today) % _TURN


def _is_listed(actor: Actor) -> ColumnElement[bool]:
    """What is hidden or waits is listed for its author alone; moderators come to it by its case."""
    public = Strategy.held_at.is_(None) & Strategy.hidden_at.is_(None)
    return (
        Strategy.deleted_at.is_(None) & or_(public, Strategy.author_id == actor.id) & meets_in_library(actor)
    )


def _fits(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        _has(tag) for tag in (wanted.tag, wanted.situation) if tag in TAGS or tag in SITUATIONS
    ]
    if wanted.minutes is not None:
        conditions.append(Strategy.minutes <= wanted.minutes)
    if wanted.without_breath:
        conditions.append(~_has("breath"))
    if wanted.discreet:
        conditions.append(Strategy.is_discreet.is_(True))
    if wanted.words:
        conditions.append(_says(wanted.words))
    return conditions


def _has(tag: str) -> ColumnElement[bool]:
    return Strategy.id.in_(select(StrategyTag.strategy_id).where(StrategyTag.tag == tag))


def _says(words: str) -> ColumnElement[bool]:
    places = (Strategy.name, Strategy.fits, Strategy.source, Strategy.changes, Strategy.cautions)
    return or_(*(place.icontains(words, autoescape=True) for place in places))


def _line(card: Strategy, helped: int | None, harder: int | None, is_kept: bool, place: int) -> CardLine:
    found = Tally(helped, harder or 0) if helped is not None else None
    return CardLine(card, found, bool(is_kept), place)


# Cards in what people write


def cards_in(actor: Actor, sources: Mapping[int, str], *, home: str = "") -> dict[int, list[Strategy]]:
    """The cards that each of these texts holds, as they are at this moment and as far as this reader sees them."""
    named = all_named(sources.values(), home=home)
    if not named or not can_see_library(actor):
        return {}
    cards = {card.id: card for card in _shown(actor, Strategy.id.in_(named))}
    return {
        key: [cards[number] for number in cards_named(source, home=home) if number in cards]
        for key, source in sources.items()
    }


def cards_to_put_in(actor: Actor) -> Sequence[Strategy]:
    """What a member can put into a reply or a message: the cards that they keep, and their own."""
    if not can_see_library(actor):
        return []
    kept = select(Toolkit.strategy_id).where(Toolkit.user_id == actor.id)
    return _shown(actor, or_(Strategy.id.in_(kept), Strategy.author_id == actor.id))


def _shown(actor: Actor, *which: ColumnElement[bool]) -> Sequence[Strategy]:
    """Cards that everybody in the library sees, by name."""
    public = Strategy.held_at.is_(None) & Strategy.hidden_at.is_(None) & Strategy.deleted_at.is_(None)
    return db.session.scalars(
        select(Strategy)
        .where(visible_strategies(actor), public, meets_in_library(actor), *which)
        .options(lazyload(Strategy.marks))
        .order_by(func.lower(Strategy.name), Strategy.id)
        .limit(200)
    ).all()


# Asking somebody for their words


def ask_by(actor: Actor, post: Post) -> StrategyAsk | None:
    """What this person asked about a post before."""
    return db.session.scalar(
        select(StrategyAsk).where(StrategyAsk.post_id == post.id, StrategyAsk.asker_id == actor.id)
    )


def asks_about(actor: Actor, post: Post) -> Sequence[StrategyAsk]:
    """Who asked about a post of one’s own, the first first."""
    require(can_see_strategy_asks(actor, post))
    return db.session.scalars(
        select(StrategyAsk)
        .where(StrategyAsk.post_id == post.id)
        .options(joinedload(StrategyAsk.byline, innerjoin=True))
        .order_by(StrategyAsk.id)
    ).all()


def ask_for(actor: Actor, ask_id: int) -> StrategyAsk:
    """One question about a post of one’s own."""
    ask = db.session.get(StrategyAsk, ask_id)
    if ask is None or not can_see_strategy_asks(actor, ask.post):
        raise NotFound()
    return ask


# One's own


def is_kept(actor: Actor, card: Strategy) -> bool:
    """Whether this member keeps the card."""
    return actor.id is not None and db.session.get(Toolkit, (actor.id, card.id)) is not None


def own_outcomes(actor: Actor, card: Strategy) -> Sequence[Outcome]:
    """What this member said of the card, the latest first."""
    return db.session.scalars(
        select(Outcome)
        .where(Outcome.strategy_id == card.id, Outcome.user_id == actor.id)
        .order_by(Outcome.day.desc())
        .limit(OWN_SHOWN)
    ).all()


def outcome_for(actor: Actor, outcome_id: int) -> Outcome:
    """One answer of one’s own."""
    outcome = db.session.get(Outcome, outcome_id)
    if outcome is None or not can_forget_outcome(actor, outcome):
        raise NotFound()
    return outcome


@dataclass(frozen=True)
class KeptCard:
    """A card in one’s own toolkit, and how it was the last time."""

    card: Strategy
    last: Outcome | None


def toolkit_for(actor: Actor) -> list[KeptCard]:
    """What this member keeps, the latest kept first; what is not there for them any more is not in it."""
    require(can_see_toolkit(actor))
    rows = db.session.execute(
        select(Strategy, Outcome)
        .join(Toolkit, (Toolkit.strategy_id == Strategy.id) & (Toolkit.user_id == actor.id))
        .outerjoin(Outcome, Outcome.id == _last_answer(actor))
        .where(visible_strategies(actor), _is_listed(actor))
        .options(joinedload(Strategy.byline, innerjoin=True))
        .order_by(Toolkit.kept_at.desc(), Strategy.id)
        .limit(200)
    )
    return [KeptCard(card, last) for card, last in rows]


def _last_answer(actor: Actor) -> Any:
    return (
        select(Outcome.id)
        .where(Outcome.strategy_id == Strategy.id, Outcome.user_id == actor.id)
        .order_by(Outcome.day.desc())
        .limit(1)
        .correlate(Strategy)
        .scalar_subquery()
    )


def plan_of(actor: Actor) -> Plan | None:
    """One’s own plan, and nobody’s else."""
    require(can_see_plan(actor))
    return db.session.get(Plan, actor.id) if actor.id is not None else None
