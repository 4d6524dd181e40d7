"""A member's own place in what they have read, and when the last words came to a board."""

from sqlalchemy import Select, func, select, update

from forum.db import action, db, now
from forum.models import (
    Board,
    BoardMark,
    Notification,
    Post,
    ReadMark,
    Topic,
    User,
)
from forum.policy.boards import (
    can_mark_all_read,
    can_mark_board_read,
    can_mark_read,
    visible_board_ids,
)
from forum.policy.core import require


@action
def mark_read(actor: User, topic: Topic, *, number: int | None = None) -> None:
    """Remember that they have read this far; a mark never goes back. What told them of the topic is seen with it."""
    require(can_mark_read(actor, topic))
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
