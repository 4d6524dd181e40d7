"""Pages that want to know when to look again: a topic that is read, the queue that is worked on."""

from typing import Any

from flask_socketio import SocketIO, join_room

from forum.marks import asks
from forum.models import User
from forum.policy.boards import can_see_topic
from forum.policy.cases import can_see_queue
from forum.policy.core import require
from forum.queries.topics import topic_for
from forum.sockets.answering import answering, whole


def register(socketio: SocketIO) -> None:
    for event, handler in (("topic:join", follow_topic), ("queue:join", follow_queue)):
        socketio.on(event)(handler)


@answering
@asks(can_see_topic)
def follow_topic(actor: User, payload: dict[str, Any]) -> None:
    """Ring this tab when somebody replies. It fetches what it may see by itself."""
    topic = topic_for(actor, whole(payload, "topic"))
    join_room(f"topic:{topic.id}")


@answering
@asks(can_see_queue)
def follow_queue(actor: User, payload: dict[str, Any]) -> None:
    """Ring this tab when the queue changes."""
    require(can_see_queue(actor))
    join_room("queue")
