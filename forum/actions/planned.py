"""Topics that a moderator writes for a later time. A job publishes each once, if its author still may."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from forum import jobs, limits, modlog
from forum.actions import topics
from forum.actions.requests import done_before, remember_made
from forum.db import action, db, locked, now
from forum.errors import Conflict, Invalid, Stale
from forum.models import Actor, Board, Intent, Planned, Topic, User
from forum.policy.core import require
from forum.policy.writing import (
    can_change_planned,
    can_drop_planned,
    can_plan_topic,
    can_publish_planned,
    can_set_planned_aside,
)
from forum.words import Words

FURTHEST = timedelta(days=366)
JOB = "publish_planned"


def _read(actor: Actor, place: Any, *, title: Any, body: Any, **rest: Any) -> dict[str, Any]:
    """The words are read now, so that what stands in their way is known while their author is here."""
    return topics.read_topic(actor, place, title=title, body=body, **rest)


def _read_planned(actor: Actor, planned: Planned, **rest: Any) -> dict[str, Any]:
    """And read again when they are published, by the rules of that day."""
    given: dict[str, Any] = {
        "title": planned.title,
        "gist": planned.gist,
        "intent": planned.intent,
        "kinds": planned.kinds,
    }
    return {"words": topics.read_topic(planned.author, planned.board, body=planned.source, **given)}


@action(words=_read)
def plan_topic(
    actor: User,
    board: Board,
    *,
    title: Any,
    body: Any,
    publish_at: datetime | None,
    intent: Any = Intent.LISTEN,
    kinds: Sequence[str] = (),
    gist: Any = "",
    key: str = "",
    mask: bool = False,
) -> Planned:
    """Write a topic for a later time. Until then moderators of the board alone see it."""
    require(can_plan_topic(actor, board))
    if before := done_before(actor, key, Planned, asked := f"planned:{board.id}:{body.source}"):
        return before
    limits.check(actor, "topic")
    planned = Planned(board_id=board.id, author_id=actor.id, version=0)
    _set(planned, title, body, publish_at, intent, kinds, gist)
    db.session.add(planned)
    db.session.flush()
    _promise(planned)
    remember_made(actor, key, planned, asked)
    return planned


def _read_change(actor: Actor, planned: Planned, **given: Any) -> dict[str, Any]:
    return topics.read_topic(actor, planned.board, **given)


@action(words=_read_change)
def change_planned(
    actor: User,
    planned: Planned,
    *,
    title: Any,
    body: Any,
    publish_at: datetime | None,
    intent: Any = Intent.LISTEN,
    kinds: Sequence[str] = (),
    gist: Any = "",
    version: str | None = None,
    mask: bool = False,
) -> Planned:
    """Change its words or its time, while it is not published."""
    planned = locked(planned)
    require(can_change_planned(actor, planned))
    _require_waiting(planned)
    if version is not None and version != str(planned.version):
        raise Stale(str(planned.version))
    _set(planned, title, body, publish_at, intent, kinds, gist)
    _promise(planned)
    return planned


@action
def drop_planned(actor: User, planned: Planned) -> None:
    """Take it back before its time. Its words go."""
    planned = locked(planned)
    require(can_drop_planned(actor, planned))
    _require_waiting(planned)
    if planned.author_id != actor.id:
        modlog.write(actor, "planned_dropped", user=planned.author, subject=f"planned:{planned.id}")
    db.session.delete(planned)


@action(words=_read_planned)
def publish_planned(
    actor: Actor, planned: Planned, *, version: int, words: dict[str, Any] | None = None
) -> Topic | None:
    """Publish it, if this is the time that it has now: once, whoever asks how often, and only if its author still may."""
    board = locked(planned.board)
    planned = locked(planned)
    require(can_publish_planned(actor, planned))
    if not planned.is_waiting or planned.version != version or words is None:
        return planned.topic
    require(can_plan_topic(planned.author, board))
    post = topics.begin_topic(planned.author, board, key="", **words)
    planned.topic_id, planned.problem = post.topic_id, None
    return post.topic


@action
def set_planned_aside(actor: Actor, planned: Planned, *, version: int, problem: str) -> None:
    """Say that its time came and it could not be published. Its words are kept for its author."""
    planned = locked(planned)
    require(can_set_planned_aside(actor, planned))
    if planned.is_waiting and planned.version == version:
        planned.problem = problem


def _set(
    planned: Planned,
    title: str,
    body: Words,
    at: datetime | None,
    intent: Intent,
    kinds: Sequence[str],
    gist: str,
) -> None:
    if at is None or not now() - timedelta(minutes=1) <= at <= now() + FURTHEST:
        raise Invalid(fields={"publish_at": "A day and time from now on, within a year, works."})
    planned.title, planned.source, planned.gist = title, body.source, gist
    planned.intent, planned.kinds = intent, list(kinds)
    planned.publish_at, planned.problem = at, None
    planned.version += 1


def _promise(planned: Planned) -> None:
    """A job for this time; one for an earlier state of it finds another version and does nothing."""
    jobs.later(
        JOB, key=f"planned:{planned.id}:{planned.version}", at=planned.publish_at, planned=planned.id,
        version=planned.version,
    )  # fmt: skip


def _require_waiting(planned: Planned) -> None:
    if not planned.is_waiting:
        raise Conflict("It is published by now, so it can be changed where it stands.")
