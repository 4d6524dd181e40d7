"""The socket's events as an AsyncAPI 3 document, made from the tables of `forum/live/events.py`."""

from typing import Any

from pydantic import TypeAdapter

from forum.errors import CODES
from forum.live.events import SENT, TOLD

REF = "#/components/schemas/{model}"


def document(*, title: str, server: str) -> dict[str, Any]:
    """The whole document, as a JSON-ready dict."""
    shapes, components = _schemas()
    messages: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for event, (sent, _) in SENT.items():
        name = _name("send", event)
        messages[name] = {"name": event, "payload": shapes[(sent, "send")]}
        messages[f"{name}Ack"] = {"name": f"{event} (acknowledged)", "payload": _ack(shapes[(event, "ack")])}
        operations[name] = _operation("receive", name, summary=_about(sent)) | {
            "reply": {"channel": _CHANNEL, "messages": [_message(f"{name}Ack")]}
        }
    for event, told in TOLD.items():
        name = _name("hear", event)
        messages[name] = {"name": event, "payload": shapes[(told, "hear")]}
        operations[name] = _operation("send", name, summary=_about(told))
    scheme, _, host = server.partition("://")
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"{title}: live", "version": "1", "description": _DESCRIPTION},
        "servers": {
            "here": {"host": host, "pathname": "/socket.io/", "protocol": scheme.replace("http", "ws")}
        },
        "channels": {"socket": {"address": "/", "messages": messages}},
        "operations": operations,
        "components": {"schemas": components},
    }


def _schemas() -> tuple[dict[tuple[Any, str], Any], dict[str, Any]]:
    wanted = [(sent, "send") for sent, _ in SENT.values()]
    wanted += [(event, "ack") for event in SENT] + [(told, "hear") for told in TOLD.values()]
    adapters: Any = [
        (
            (key, way),
            "serialization" if way == "hear" else "validation",
            TypeAdapter(SENT[key][1] if way == "ack" else key),
        )
        for key, way in dict.fromkeys(wanted)
    ]
    made, told = TypeAdapter.json_schemas(adapters, ref_template=REF)
    return {key: schema for (key, _), schema in made.items()}, told["$defs"]


def _ack(schema: dict[str, Any]) -> dict[str, Any]:
    """`ok` and what goes with it, or `ok: false` and the refusal."""
    answered = {
        "allOf": [schema, {"type": "object", "properties": {"ok": {"const": True}}, "required": ["ok"]}]
    }
    refusal = {
        "type": "object",
        "properties": {
            "code": {"enum": list(CODES)},
            "message": {"type": "string"},
            "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            "retry_after": {"type": "integer"},
        },
        "required": ["code", "message"],
    }
    refused = {
        "type": "object",
        "properties": {"ok": {"const": False}, "error": refusal},
        "required": ["ok", "error"],
    }
    return {"oneOf": [answered, refused]}


def _operation(action: str, name: str, *, summary: str) -> dict[str, Any]:
    return {"action": action, "channel": _CHANNEL, "messages": [_message(name)], "summary": summary}


def _message(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/socket/messages/{name}"}


def _name(way: str, event: str) -> str:
    return way + "".join(part.capitalize() for part in event.split(":"))


def _about(shape: Any) -> str:
    return (shape.__doc__ or "").strip().split("\n")[0]


_CHANNEL = {"$ref": "#/channels/socket"}
_DESCRIPTION = (
    "Socket.IO over WebSocket, for pages that are signed in: the cookie says who, and the Origin must be this site. "
    "Every event is acknowledged with ok, or with the refusal that the API gives too. Events of a room come in steps of "
    "one (`s`); whoever misses a step asks for it with room:sync."
)
