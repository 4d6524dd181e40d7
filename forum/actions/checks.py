"""Mending what was counted wrong: everything here can be counted anew from what people wrote."""

from sqlalchemy import select

from forum import modlog
from forum.actions.boards import refresh_last_words
from forum.actions.topics import recount
from forum.db import action, db, locked
from forum.models import Actor, Board, Room, Topic
from forum.policy.core import require
from forum.policy.site import can_mend_board, can_mend_room, can_mend_topic
from forum.queries.checks import head, last_number


@action
def mend_topic(actor: Actor, topic: Topic) -> None:
    """Count a topic's replies and numbers anew, and the times of its last words and its board's."""
    require(can_mend_topic(actor))
    topic = locked(topic)
    topic.last_number = _anew(last_number(), Topic, topic.id)
    recount(topic)
    modlog.write(actor, "topic_mended", subject=f"topic:{topic.id}")


@action
def mend_board(actor: Actor, board: Board) -> None:
    """Say again to which topic of a board the last words came, and when."""
    require(can_mend_board(actor))
    refresh_last_words(board.id)
    modlog.write(actor, "board_mended", subject=f"board:{board.id}")


@action
def mend_room(actor: Actor, room: Room) -> None:
    """Have a room know the head of its log again."""
    require(can_mend_room(actor))
    room = locked(room)
    room.last_seq = _anew(head(), Room, room.id)
    modlog.write(actor, "room_mended", subject=f"room:{room.id}")


def _anew(counted, kind: type[Topic] | type[Room], which: int) -> int:  # type: ignore[no-untyped-def]
    return db.session.scalar(select(counted).where(kind.id == which)) or 0
