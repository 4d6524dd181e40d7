"""A member's own steadying plan.

Its words are notes to oneself, as in a drawer: they do not pass the gate for words, no case is opened for them and
nobody reads along. A program that watched what somebody writes for their own hard hour would keep the truest line out
of it. That also means that nobody notices what is in it; its page says so, and help is one press away.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from forum.db import action, db, locked, now
from forum.errors import Invalid, all_of
from forum.models import PLAN_PARTS, Actor, Plan, User
from forum.policy.core import member_verdict, require
from forum.policy.strategies import can_erase_plan, can_save_plan
from forum.text import clean_line
from forum.text.lists import bare_lines

LINE_LIMIT = 200
MOST_LINES = 12


def _read_plan(actor: Actor, *, parts: Mapping[str, Any]) -> dict[str, Any]:
    read = all_of({part: partial(_plan_lines, part, parts.get(part)) for part in PLAN_PARTS})
    if not any(read.values()):
        raise Invalid(fields={"helps": "One line anywhere is enough to begin."})
    return {"parts": {part: lines for part, lines in read.items() if lines}}


def _plan_lines(part: str, raw: Any) -> list[str]:
    lines = bare_lines(raw)
    if len(lines) > MOST_LINES:
        raise Invalid(fields={part: f"{MOST_LINES} lines fit here. In a hard hour fewer are easier to read."})
    return [clean_line(line, limit=LINE_LIMIT, field=part) for line in lines]


@action(words=_read_plan)
def save_plan(actor: User, *, parts: Any) -> Plan:
    """Put a member's own plan in the place of what they had. Only they are ever shown it."""
    require(member_verdict(actor))
    locked(actor)
    require(can_save_plan(actor))
    plan = db.session.get(Plan, actor.id) or Plan(user_id=actor.id)
    plan.parts, plan.changed_at = parts, now()
    db.session.add(plan)
    db.session.flush()
    return plan


@action
def erase_plan(actor: User) -> None:
    """Erase one's own plan. It is gone at once, and from backups as they grow old."""
    require(member_verdict(actor))
    locked(actor)
    require(can_erase_plan(actor))
    if (plan := db.session.get(Plan, actor.id)) is not None:
        db.session.delete(plan)
