"""Speaking in a room."""

from typing import Any

from flask_socketio import SocketIO

from forum.actions.messages import delete_message, edit_message, send_message
from forum.errors import Invalid
from forum.marks import asks
from forum.models import Message, User
from forum.policy.rooms import can_delete_message, can_edit_message, can_send_message
from forum.queries.rooms import message_for, room_for
from forum.sockets.answering import answering, whole, whole_or_none


def register(socketio: SocketIO) -> None:
    for event, handler in (("message:send", send), ("message:edit", edit), ("message:delete", delete)):
        socketio.on(event)(handler)


@answering
@asks(can_send_message)
def send(actor: User, payload: dict[str, Any]) -> dict[str, Any]:
    """Say something; the acknowledgement means that it is saved."""
    room = room_for(actor, whole(payload, "room"))
    sent = send_message(
        actor,
        room,
        cid=payload.get("cid"),
        body=_words(payload),
        reply_to=whole_or_none(payload, "reply_to"),
        mask=payload.get("mask") is True,
    )
    return sent.receipt


@answering
@asks(can_edit_message)
def edit(actor: User, payload: dict[str, Any]) -> dict[str, Any]:
    """Change one's own words."""
    cid = payload.get("cid")
    if cid is not None and not (isinstance(cid, str) and len(cid) <= 36):
        raise Invalid(fields={"cid": "An id is needed here, a UUIDv7."})
    mask = payload.get("mask") is True
    return edit_message(actor, _message(actor, payload), body=_words(payload), cid=cid, mask=mask).receipt


@answering
@asks(can_delete_message)
def delete(actor: User, payload: dict[str, Any]) -> dict[str, Any]:
    """Take one's own words back. Asking twice changes nothing, so its id needs no remembering."""
    return {"id": delete_message(actor, _message(actor, payload)).id}


def _message(actor: User, payload: dict[str, Any]) -> Message:
    return message_for(actor, room_for(actor, whole(payload, "room")), whole(payload, "id"))


def _words(payload: dict[str, Any]) -> str:
    body = payload.get("body")
    if not isinstance(body, str):
        raise Invalid(fields={"body": "Words are needed here."})
    return body
