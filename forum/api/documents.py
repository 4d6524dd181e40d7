"""What programs can ask and hear, told: as OpenAPI, as AsyncAPI, and as a page that people can read."""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import groupby
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template

from forum.api import PREFIX
from forum.api.asyncapi import document as events_document
from forum.api.calls import Call
from forum.api.openapi import codes_of, document, path_of
from forum.errors import CODES
from forum.marks import public

bp = Blueprint("developers", __name__)

ADVICE = {
    "malformed": "Send a JSON object",
    "invalid": "fields says what would work",
    "log_in": "Send a key that has not ended",
    "forbidden": "The sentence says why; nothing to send again",
    "prove": "Its member proves on the pages that it is they",
    "second_step": "Its member sets up a second step first",
    "muted": "Writing is paused there for this member",
    "suspended": "Writing is paused everywhere for this member",
    "not_found": "Missing, or not there for this member; the two are never told apart",
    "method_not_allowed": "Allow says which methods work",
    "conflict": "Read again; the sentence says who or what was first",
    "idempotency_conflict": "Another deed had this key; make a new one",
    "room_closed": "The room says when it opens next",
    "room_paused": "Keep the words and wait for the room to go on",
    "expired": "Too old to be sent; show the words to their author",
    "reset": "Read the room anew, without a cursor",
    "stale": "Read again, then change; version and ETag are the current ones",
    "too_large": "Send less at once",
    "unsupported_media_type": "Send application/json",
    "precondition_required": "Read first, and send the ETag as If-Match",
    "rate_limited": "Wait Retry-After seconds, then send the same again",
    "slow_mode": "Wait Retry-After seconds, then send the same again",
    "retry": "Wait Retry-After seconds, then send the same again",
}
"""What a program does about each refusal."""


def init_app(app: Flask, calls: Sequence[Call]) -> None:
    settings = app.extensions["hearth"]
    app.extensions["hearth_calls"] = calls
    app.extensions["hearth_openapi"] = cache(
        partial(
            document,
            calls,
            title=settings.site_name,
            server=settings.base_url,
            prefix=PREFIX,
            cookie=settings.cookie("hearth"),
        )
    )
    app.register_blueprint(bp)


@bp.get(f"{PREFIX}/openapi.json")
@public("whoever writes a program reads it first")
def openapi() -> Response:
    """Every JSON route."""
    return jsonify(_document())


@bp.get(f"{PREFIX}/asyncapi.json")
@public("whoever writes a program reads it first")
def asyncapi() -> Response:
    """Every event of the socket."""
    settings = current_app.extensions["hearth"]
    return jsonify(events_document(title=settings.site_name, server=settings.base_url))


@bp.get("/developers")
@public("whoever writes a program reads it first")
def page() -> str:
    """The same, to read."""
    told = [_told(call, _document()) for call in current_app.extensions["hearth_calls"]]
    nouns = [(noun, list(calls)) for noun, calls in groupby(told, key=lambda one: one["tag"])]
    return render_template(
        "developers/show.html",
        nouns=nouns,
        codes=CODES,
        advice=ADVICE,
        path_of=lambda call: call["path"],
        prefix=PREFIX,
    )


def _document() -> dict[str, Any]:
    told: dict[str, Any] = current_app.extensions["hearth_openapi"]()
    return told


def _told(call: Call, whole: dict[str, Any]) -> dict[str, Any]:
    """One call for the page, read from the document, so that the two cannot differ."""
    operation = whole["paths"][path_of(call)][call.method.lower()]
    return {
        "tag": call.tag,
        "method": call.method,
        "path": path_of(call),
        "about": operation["summary"],
        "scope": call.scope,
        "guests": call.guests,
        "takes_key": call.takes_key,
        "takes_version": call.takes_version,
        "shapes": list(_shapes(operation, whole["components"]["schemas"])),
        "statuses": (call.status, *call.also),
        "codes": codes_of(call),
    }


def _shapes(
    operation: dict[str, Any], shapes: dict[str, Any]
) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
    asked = [one for one in operation["parameters"] if one["in"] == "query"]
    if asked:
        yield "In the address", [(one["name"], _holds(one["schema"]), one["required"]) for one in asked]
    if "requestBody" in operation:
        yield "Sent", _fields(operation["requestBody"]["content"]["application/json"]["schema"], shapes)
    answer = next(iter(operation["responses"].values())).get("content", {}).get("application/json")
    if answer:
        yield "Answered", _fields(answer["schema"], shapes)


def _fields(schema: dict[str, Any], shapes: dict[str, Any]) -> list[tuple[str, str, bool]]:
    shape = shapes[_name(schema)] if "$ref" in schema else schema
    needed = shape.get("required", ())
    return [(name, _holds(one), name in needed) for name, one in shape["properties"].items()]


def _holds(schema: dict[str, Any]) -> str:
    """What a field holds, in a few words."""
    if "anyOf" in schema:
        return " or ".join(_holds(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ", ".join(f"“{one}”" for one in schema.get("enum", [schema.get("const")]))
    if "$ref" in schema:
        return _name(schema).removesuffix("Shape")
    if schema.get("type") == "array":
        return f"list of {_holds(schema['items'])}"
    kind = "moment" if schema.get("format") == "date-time" else schema.get("type", "anything")
    return _PLAIN.get(kind, kind)


_PLAIN = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "null": "nothing",
    "object": "object",
}


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"].rpartition("/")[2])
