"""Whether the house is in order: what was counted, what hangs together, and what waits for a person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from forum.db import Base, db
from forum.models import Actor, Board, Job, Message, Post, ReadMark, Room, RoomEvent, Strategy, Topic
from forum.policy.core import require
from forum.policy.site import can_check_site
from forum.queries.accounts import demo_members
from forum.queries.cases import verify
from forum.queries.site import revision
from forum.text import RENDERER

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be, in a sentence for whoever looks after the server."""

    code: str
    sentence: str
    count: int = 1
    things: tuple[int, ...] = ()
    """The ids that a mend begins with; empty where nothing of ours can mend it."""


def findings(actor: Actor, *, is_production: bool) -> Iterator[Finding]:
    """Everything that is wrong, one look after another. With older tables than the code's, nothing else can be asked."""
    require(can_check_site(actor))
    if behind := _migrations():
        yield behind
        return
    for look in LOOKS:
        if found := look(actor):
            yield found
    if is_production and (invented := demo_members()):
        yield Finding(
            "demo_accounts",
            f"{len(invented)} demo accounts are here, with a password that anybody can read. "
            "Production does not serve them.",
            len(invented),
        )


# What may be wrong


def _migrations() -> Finding | None:
    here, newest = revision(db.session.connection()), ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if here == newest:
        return None
    return Finding(
        "migrations", f"The tables stand at {here or 'nothing'}, the code at {newest}: `flask db upgrade`."
    )


def _replies(_actor: Actor) -> Finding | None:
    return _counted(
        "replies",
        select(Topic.id).where(Topic.reply_count != replies()),
        "topics say another number of replies than they have",
    )


def _numbers(_actor: Actor) -> Finding | None:
    return _counted(
        "numbers",
        select(Topic.id).where(Topic.last_number != last_number()),
        "topics do not know the number of their last post",
    )


def _topic_times(_actor: Actor) -> Finding | None:
    return _counted(
        "topic_times",
        select(Topic.id).where(Topic.last_post_at != last_words_at()),
        "topics say another time of their last words than these have",
    )


def _board_words(_actor: Actor) -> Finding | None:
    other_topic = Board.last_topic_id.is_distinct_from(_latest(Topic.id))
    other_time = Board.last_post_at.is_distinct_from(_latest(Topic.last_post_at))
    return _counted(
        "board_words",
        select(Board.id).where(or_(other_topic, other_time)),
        "boards name another topic or time than that of their last words",
    )


def _room_heads(_actor: Actor) -> Finding | None:
    return _counted(
        "room_heads",
        select(Room.id).where(Room.last_seq != head()),
        "rooms do not know the head of their log",
    )


def _gaps(_actor: Actor) -> Finding | None:
    """Numbers are given without a gap, and nothing takes a post away."""
    numbered = select(func.count()).where(Post.topic_id == Topic.id, Post.number.is_not(None))
    with_gaps = select(Topic.id).where(numbered.scalar_subquery() != last_number())
    return _counted("gaps", with_gaps, "topics have gaps in the numbers of their posts", mends=False)


def _room_gaps(_actor: Actor) -> Finding | None:
    logged = select(func.count()).where(RoomEvent.room_id == Room.id).scalar_subquery()
    with_gaps = select(Room.id).where(logged != head() - Room.floor_seq)
    return _counted("room_gaps", with_gaps, "rooms have gaps in their log", mends=False)


def _marks(_actor: Actor) -> Finding | None:
    beyond = (
        select(ReadMark.topic_id)
        .join(Topic, Topic.id == ReadMark.topic_id)
        .where(ReadMark.number > last_number())
        .distinct()
    )
    return _counted("marks", beyond, "topics were read further than they go", mends=False)


def _chain(actor: Actor) -> Finding | None:
    chain = verify(actor)
    if chain.is_whole:
        return None
    return Finding(
        "log",
        f"The moderation log was changed outside Hearth: its first line that does not fit is {chain.broken_at}.",
    )


def _orphans(_actor: Actor) -> Finding | None:
    """References whose row is gone. PostgreSQL lets none happen; a SQLite file that was edited by hand may have them."""
    lost = {str(key.parent): _lost(key.parent, key.column) for key in _references()}
    where = ", ".join(f"{name} ({count})" for name, count in lost.items() if count)
    return (
        Finding("orphans", f"Rows point to what is not there: {where}.", sum(lost.values()))
        if where
        else None
    )


def _older_html(_actor: Actor) -> Finding | None:
    if not (older := older_texts()):
        return None
    return Finding("html", f"{older} texts were rendered by an older renderer: `flask rebuild-html`.", older)


def older_texts() -> int:
    """How many texts an older renderer rendered."""
    return sum(_count(select(kind.id).where(kind.renderer < RENDERER)) for kind in (Post, Message, Strategy))


def _dead_jobs(_actor: Actor) -> Finding | None:
    dead = _count(select(Job.id).where(Job.dead_at.is_not(None)))
    return (
        Finding("dead_jobs", f"{dead} promises could not be kept: `flask jobs list`.", dead) if dead else None
    )


LOOKS: tuple[Callable[[Actor], Finding | None], ...] = (
    _replies, _numbers, _topic_times, _board_words, _room_heads, _gaps, _room_gaps, _marks, _chain, _orphans,
    _older_html, _dead_jobs,
)  # fmt: skip


# What is true, counted anew


def replies() -> ScalarSelect[int]:
    """How many replies of a topic its readers can see."""
    return select(func.count()).where(_is_in_topic(), Post.number > 1, _is_public()).scalar_subquery()


def last_number() -> ScalarSelect[int]:
    """The highest number that a post of a topic has."""
    return select(func.coalesce(func.max(Post.number), 0)).where(_is_in_topic()).scalar_subquery()


def last_words_at() -> ScalarSelect[Any]:
    """When the last public words came to a topic; nothing where there are none."""
    return select(func.max(Post.created_at)).where(_is_in_topic(), _is_public()).scalar_subquery()


def head() -> ColumnElement[int]:
    """The last place in a room's log; what was erased counts up to its floor."""
    last = select(func.max(RoomEvent.seq)).where(RoomEvent.room_id == Room.id)
    return func.coalesce(last.scalar_subquery(), Room.floor_seq)


def _latest(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """Of the topic of a board to which public words came last."""
    public = and_(Topic.held_at.is_(None), Topic.hidden_at.is_(None), Topic.deleted_at.is_(None))
    latest = select(column).where(Topic.board_id == Board.id, public)
    latest = latest.order_by(Topic.last_post_at.desc(), Topic.id.desc()).limit(1)
    return latest.correlate(Board).scalar_subquery()


def _is_in_topic() -> ColumnElement[bool]:
    return Post.topic_id == Topic.id


def _is_public() -> ColumnElement[bool]:
    return and_(Post.held_at.is_(None), Post.hidden_at.is_(None), Post.deleted_at.is_(None))


# Parts


def _counted(code: str, wrong: Select[Any], what: str, *, mends: bool = True) -> Finding | None:
    ids = tuple(db.session.scalars(wrong))
    return Finding(code, f"{len(ids)} {what}.", len(ids), ids if mends else ()) if ids else None


def _count(which: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(which.subquery())) or 0


def _references() -> Iterator[ForeignKey]:
    for table in Base.metadata.sorted_tables:
        yield from sorted(table.foreign_keys, key=lambda key: key.parent.name)


def _lost(column: Column[Any], target: Column[Any]) -> int:
    """How many rows point to a row that is not there."""
    there = target.table.alias()
    is_there = exists().where(there.c[target.name] == column)
    return _count(select(column).where(column.is_not(None), ~is_there))
