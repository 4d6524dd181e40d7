"""Making the places, and a member's own place in what they have read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select, update

from forum import modlog
from forum.db import action, db, locked, now
from forum.errors import Invalid, Stale
from forum.models import (
    Actor,
    Audience,
    Board,
    BoardMark,
    Group,
    Notification,
    Post,
    ReadMark,
    Section,
    Starters,
    Topic,
    User,
)
from forum.policy.boards import (
    can_change_board,
    can_make_board,
    can_make_section,
    can_mark_all_read,
    can_mark_board_read,
    can_mark_read,
    visible_board_ids,
)
from forum.policy.core import require
from forum.text import clean_line
from forum.words import from_staff

NAME_LIMIT = 80
ABOUT_LIMIT = 300
RULES_LIMIT = 2_000
TEMPLATE_LIMIT = 4_000
"""Bytes of what stands above a board's form, and of what a new topic begins with."""
DAYS_LIMIT = 3_650


@action
def make_section(actor: Actor, *, name: str, position: int = 0) -> Section:
    """Put up a heading that boards can stand under."""
    require(can_make_section(actor))
    section = Section(name=clean_line(name, limit=NAME_LIMIT, field="name"), position=position)
    db.session.add(section)
    db.session.flush()
    return section


@action
def make_board(
    actor: Actor,
    section: Section,
    *,
    name: str,
    about: str = "",
    icon: str = "text",
    audience: Audience = Audience.MEMBERS,
    starters: Starters = Starters.MEMBERS,
    groups: Sequence[Group] = (),
    position: int = 0,
) -> Board:
    """Open a board to its audience."""
    require(can_make_board(actor))
    board = Board(
        section_id=section.id,
        name=clean_line(name, limit=NAME_LIMIT, field="name"),
        about=clean_line(about, limit=ABOUT_LIMIT, field="about") if about else "",
        icon=icon,
        audience=audience,
        starters=starters,
        groups=list(groups),
        position=position,
    )
    db.session.add(board)
    db.session.flush()
    return board


def _read_settings(
    actor: Actor, board: Board, *, rules: Any = "", template: Any = "", **rest: Any
) -> dict[str, Any]:
    """Both are read like all words of those who look after the place; either may be empty."""
    return {
        "rules": _staff_words(rules, RULES_LIMIT, "rules"),
        "template": _staff_words(template, TEMPLATE_LIMIT, "template"),
    }


@action(words=_read_settings)
def change_board(
    actor: Actor,
    board: Board,
    *,
    rules: Any = "",
    template: Any = "",
    holds_new_members: bool = False,
    closes_after_days: Any = None,
    version: str | None = None,
) -> Board:
    """Say how a board is kept, all of it, unless somebody else said otherwise meanwhile."""
    board = locked(board)
    require(can_change_board(actor, board))
    if version is not None and version != str(board.settings_version):
        raise Stale(str(board.settings_version))
    if closes_after_days is not None and not 1 <= closes_after_days <= DAYS_LIMIT:
        raise Invalid(
            fields={"closes_after_days": f"Between 1 and {DAYS_LIMIT} days work, or nothing for never."}
        )
    board.rules, board.template = rules, template
    board.holds_new_members, board.closes_after_days = holds_new_members, closes_after_days
    board.settings_version += 1
    modlog.write(actor, "board_changed", subject=f"board:{board.id}")
    return board


def _staff_words(raw: Any, limit: int, field: str) -> str:
    is_there = isinstance(raw, str) and raw.strip()
    return from_staff(raw, limit=limit, field=field).source.strip() if is_there else ""


@action
def mark_read(actor: User, topic: Topic, *, number: int | None = None) -> None:
    """Remember that they have read this far; a mark never goes back. What told them of the topic is seen with it."""
    require(can_mark_read(actor, topic))
    # Shared, so that many may read at once, but nobody while the topic's posts take other numbers.
    db.session.refresh(topic, ["last_number"], with_for_update={"read": True})
    reach_mark(actor.id, topic.id, min(number or topic.last_number, topic.last_number))
    db.session.execute(
        update(Notification)
        .where(
            Notification.user_id == actor.id,
            Notification.topic_id == topic.id,
            Notification.seen_at.is_(None),
        )
        .where(Notification.post_id.in_(_read_posts(topic, number or topic.last_number)))
        .values(seen_at=now())
        .execution_options(synchronize_session=False)
    )


@action
def mark_board_read(actor: User, board: Board) -> None:
    """Everything on the board up to now counts as read."""
    require(can_mark_board_read(actor, board))
    _mark_boards(actor, [board.id])


@action
def mark_all_read(actor: User) -> None:
    """Everything on every board that they see, up to now, counts as read."""
    require(can_mark_all_read(actor))
    _mark_boards(actor, list(db.session.scalars(visible_board_ids(actor))))


def reach_mark(user_id: int, topic_id: int, number: int) -> None:
    """Move a member's place in a topic forward, inside the deed that brought them there."""
    mark = db.session.get(
        ReadMark, (user_id, topic_id), with_for_update={"key_share": True}, populate_existing=True
    )
    if mark is None:
        db.session.add(ReadMark(user_id=user_id, topic_id=topic_id, number=number))
    else:
        mark.number = max(mark.number, number)


def refresh_last_words(board_id: int) -> None:
    """Say again when the last public words came to a board, after something there moved or went."""
    latest = db.session.execute(
        select(Topic.id, Topic.last_post_at)
        .where(Topic.board_id == board_id, Topic.held_at.is_(None), Topic.hidden_at.is_(None))
        .where(Topic.deleted_at.is_(None))
        .order_by(Topic.last_post_at.desc(), Topic.id.desc())
        .limit(1)
    ).first()
    topic_id, at = latest or (None, None)
    db.session.execute(
        update(Board).where(Board.id == board_id).values(last_topic_id=topic_id, last_post_at=at)
    )


def refresh_topic_time(topic: Topic) -> None:
    """Say again when the last public words came to a topic."""
    at = db.session.scalar(
        select(func.max(Post.created_at)).where(
            Post.topic_id == topic.id,
            Post.held_at.is_(None),
            Post.hidden_at.is_(None),
            Post.deleted_at.is_(None),
        )
    )
    topic.last_post_at = at or topic.created_at


def _read_posts(topic: Topic, number: int) -> Select[int]:
    return select(Post.id).where(Post.topic_id == topic.id, Post.number <= number)


def _mark_boards(actor: User, board_ids: list[int]) -> None:
    known = {
        mark.board_id: mark
        for mark in db.session.scalars(
            select(BoardMark)
            .where(BoardMark.user_id == actor.id, BoardMark.board_id.in_(board_ids))
            .with_for_update()
        )
    }
    for board_id in board_ids:
        if board_id in known:
            known[board_id].read_at = now()
        else:
            db.session.add(BoardMark(user_id=actor.id, board_id=board_id, read_at=now()))
