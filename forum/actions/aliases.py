"""Writing without one's name: an alias, drawn by lot, for one topic. See `forum/queries/aliases.py`."""

import random
from typing import Any

from sqlalchemy import select

from forum import modlog
from forum.actions.requests import done_before, remember_made
from forum.db import action, db
from forum.errors import Invalid
from forum.models import Board, Case, LogEntry, Persona, Post, Topic, User
from forum.policy.aliases import can_reveal_alias
from forum.policy.core import require
from forum.queries.aliases import alias_in
from forum.queries.cases import person_of
from forum.text import clean_line, names
from forum.words import from_staff

REASON_LIMIT = 300
NO_REASON = "A sentence says why you need to know. The record keeps it."
NO_ALIASES = "This board shows names, so this would go out under yours. Without the tick it does."


def byline_for(actor: User, board: Board, topic: Topic | None, *, as_alias: bool) -> Persona:
    """Inside a deed that holds the topic: under which byline somebody writes there. Of one member there is one alias in
    a topic."""
    if not as_alias:
        return actor.byline
    if not board.allows_aliases:
        raise Invalid(fields={"as_alias": NO_ALIASES})
    known = alias_in(actor, topic) if topic is not None else None
    return known or _drawn(actor, topic)


def _drawn(actor: User, topic: Topic | None) -> Persona:
    """Name and arch come by lot, from nothing that leads to the member, and no two in a topic are called the same."""
    taken = set() if topic is None else set(_names_in(topic))
    free = [name for name in names.ALIASES if name not in taken]
    name = random.choice(free or names.ALIASES)
    alias = Persona(user_id=actor.id, name=name, is_main=False)
    db.session.add(alias)
    db.session.flush()
    return alias


def _names_in(topic: Topic) -> list[str]:
    wrote = select(Post.persona_id).where(Post.topic_id == topic.id)
    return list(db.session.scalars(select(Persona.name).where(Persona.id.in_(wrote))))


def _read_reason(actor: User, case: Case, *, reason: Any, **_given: Any) -> dict[str, Any]:
    require(can_reveal_alias(actor, case, person_of(case)))
    words = from_staff(
        clean_line(reason, limit=REASON_LIMIT, field="reason", empty=NO_REASON),
        limit=REASON_LIMIT * 4,
        field="reason",
    )
    return {"reason": words.source}


@action(words=_read_reason)
def reveal_alias(actor: User, case: Case, *, reason: Any, key: str = "") -> LogEntry:
    """Learn who wrote under an alias. The record keeps who asked and why; nobody else is shown it by that."""
    byline = person_of(case)
    require(can_reveal_alias(actor, case, byline))
    if before := done_before(actor, key, LogEntry, asked := f"alias:{case.id}:{reason}"):
        return before
    subject = f"persona:{byline.id}" if byline is not None else ""
    entry = modlog.write(
        actor, "alias_revealed", user=case.author, subject=subject, case=case, words={"reason": reason}
    )
    remember_made(actor, key, entry, asked)
    return entry
