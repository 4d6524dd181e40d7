"""What a member keeps of the library for themself, and how it was to try it."""

from typing import Any

from sqlalchemy import select

from forum import limits
from forum.db import action, db, locked, now
from forum.errors import Invalid, all_of
from forum.models import SITUATIONS, How, Outcome, Strategy, Toolkit, User
from forum.policy.core import member_verdict, require
from forum.policy.strategies import (
    can_forget_outcome,
    can_keep_strategy,
    can_put_strategy_back,
    can_say_how_it_was,
)

SCALE = range(0, 11)


@action
def keep_strategy(actor: User, strategy: Strategy) -> None:
    """Keep a card in one's own toolkit. Nobody is told, its author neither."""
    require(member_verdict(actor))
    locked(actor)
    require(can_keep_strategy(actor, strategy))
    if db.session.get(Toolkit, (actor.id, strategy.id)) is None:
        db.session.add(Toolkit(user_id=actor.id, strategy_id=strategy.id))


@action
def put_strategy_back(actor: User, strategy: Strategy) -> None:
    """Take a card out of one's own toolkit. What one said of it stays until one takes that out too."""
    require(member_verdict(actor))
    locked(actor)
    require(can_put_strategy_back(actor, strategy))
    if (kept := db.session.get(Toolkit, (actor.id, strategy.id))) is not None:
        db.session.delete(kept)


@action
def say_how_it_was(
    actor: User, strategy: Strategy, *, how: Any, situation: Any = "", before: Any = None, after: Any = None
) -> Outcome:
    """Note for oneself how it was today; said again on the same day, it takes the place of what was said before."""
    require(member_verdict(actor))
    locked(actor)
    require(can_say_how_it_was(actor, strategy))
    said = all_of(
        {
            "how": lambda: _how(how),
            "situation": lambda: _situation(situation),
            "before": lambda: _on_scale(before, "before"),
            "after": lambda: _on_scale(after, "after"),
        }
    )
    limits.check(actor, "outcome")
    outcome = _said_today(actor, strategy) or Outcome(
        strategy_id=strategy.id, user_id=actor.id, day=now().date()
    )
    for name, value in said.items():
        setattr(outcome, name, value)
    db.session.add(outcome)
    db.session.flush()
    return outcome


@action
def forget_outcome(actor: User, outcome: Outcome) -> None:
    """Take one's own answer out again, of every total too."""
    outcome = locked(outcome)
    require(can_forget_outcome(actor, outcome))
    db.session.delete(outcome)


def _said_today(actor: User, strategy: Strategy) -> Outcome | None:
    today = Outcome.strategy_id == strategy.id, Outcome.user_id == actor.id, Outcome.day == now().date()
    return db.session.scalar(select(Outcome).where(*today))


def _how(raw: Any) -> How:
    if raw not in set(How):
        raise Invalid(fields={"how": "One of the three is enough. The rest can stay empty."})
    return How(raw)


def _situation(raw: Any) -> str | None:
    if raw and raw not in SITUATIONS:
        raise Invalid(fields={"situation": "This one is not on our list. It can stay empty."})
    return raw or None


def _on_scale(raw: Any, field: str) -> int | None:
    if raw in (None, ""):
        return None
    if str(raw) not in {str(number) for number in SCALE}:
        raise Invalid(fields={field: "A number from 0 to 10 works here. It can stay empty."})
    return int(raw)
