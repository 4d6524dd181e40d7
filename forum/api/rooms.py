"""What happened in a room, what was said before, and saying something, without a socket."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from forum.actions.messages import send_message
from forum.errors import CODES, ForumError, Invalid
from forum.identity import current_actor
from forum.marks import asks
from forum.policy.rooms import can_read_room, can_send_message
from forum.queries.rooms import backfill, history, room_for

bp = Blueprint("api", __name__)


@bp.get("/rooms/<int:room_id>/events")
@asks(can_read_room)
def events(room_id: int) -> Response:
    """The events after a cursor; without one, the last lines and where the log stands."""
    actor = current_actor()
    room = room_for(actor, room_id)
    after, epoch = _whole(request.args, "after"), _whole(request.args, "epoch")
    return jsonify(backfill(actor, room, epoch=room.epoch if epoch is None else epoch, after=after))


@bp.get("/rooms/<int:room_id>/messages")
@asks(can_read_room)
def messages(room_id: int) -> Response:
    """What was said before a place in the log."""
    actor = current_actor()
    return jsonify(history(actor, room_for(actor, room_id), before=_whole(request.args, "before")))


@bp.post("/rooms/<int:room_id>/messages")
@asks(can_send_message)
def send(room_id: int) -> tuple[Response, int]:
    """Say something. 201 when it is new, 200 when this id was answered before."""
    actor = current_actor()
    room = room_for(actor, room_id)
    payload = _payload()
    sent = send_message(
        actor,
        room,
        cid=payload.get("cid"),
        body=payload.get("body"),
        reply_to=_whole(payload, "reply_to"),
        mask=payload.get("mask") is True,
    )
    return jsonify({"ok": True, **sent.receipt}), 200 if sent.receipt.get("dup") else 201


@bp.errorhandler(ForumError)
def refused(error: ForumError) -> tuple[Response, int, dict[str, str]]:
    """A refusal as an RFC 9457 problem document, with the code that sockets give too."""
    told = {
        "type": "about:blank",
        "title": error.code.replace("_", " ").capitalize(),
        "status": CODES[error.code],
    }
    answer = jsonify(told | {"detail": error.message} | error.to_dict())
    answer.mimetype = "application/problem+json"
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return answer, error.status, headers


def _payload() -> dict[str, Any]:
    payload = request.get_json(silent=True)
    if not isinstance(payload, dict):
        raise Invalid("A JSON object is needed, with “cid” and “body”.")
    return payload


def _whole(values: Any, name: str) -> int | None:
    raw = values.get(name)
    if raw is None:
        return None
    text = str(raw)
    if isinstance(raw, bool) or not (text.isascii() and text.isdigit()) or int(text) >= 2**31:
        raise Invalid(fields={name: "A whole number is needed here."})
    return int(text)
