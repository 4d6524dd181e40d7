"""The calls as an OpenAPI 3.1 document. What is mounted is what is told: both are made from the same `Call`."""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter

from forum.api.calls import Call
from forum.api.shapes import ProblemShape
from forum.errors import CODES
from forum.models import TokenScope

REF = "#/components/schemas/{model}"
LARGEST = 2**31 - 1
EVERY = ("not_found", "rate_limited", "retry", "method_not_allowed")
"""Refusals that any call may meet."""

_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")

Schemas = dict[tuple[Any, str], dict[str, Any]]


def document(calls: Sequence[Call], *, title: str, server: str, prefix: str, cookie: str) -> dict[str, Any]:
    """The whole document, as a JSON-ready dict."""
    schemas, shapes = _schemas(calls)
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(path_of(call), {})[call.method.lower()] = _operation(call, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: the API", "version": "1", "description": _ABOUT},
        "servers": [{"url": server + prefix}],
        "tags": [{"name": tag} for tag in dict.fromkeys(call.tag for call in calls)],
        "paths": paths,
        "components": {"schemas": shapes, "securitySchemes": _SCHEMES | {"cookie": _cookie(cookie)}},
    }


def path_of(call: Call) -> str:
    """The address as the document writes it: /topics/{topic_id}."""
    return _PLACE.sub(r"{\2}", call.rule)


def codes_of(call: Call) -> list[str]:
    """Every code that a call may be refused with, in the order of the one table."""
    codes = {*EVERY, *call.codes}
    if call.scope is not None:
        codes |= {"log_in", "forbidden"}
    if call.scope == TokenScope.MODERATE:
        codes |= {"second_step"}
    if call.body is not None:
        codes |= {"malformed", "invalid", "too_large", "unsupported_media_type"}
    if call.query is not None or call.takes_key or call.method in ("PUT", "DELETE"):
        codes |= {"invalid"}
    if call.takes_version:
        codes |= {"precondition_required", "stale"}
    return [code for code in CODES if code in codes]


def _schemas(calls: Sequence[Call]) -> tuple[Schemas, dict[str, Any]]:
    """Each shape that is sent or answered, by itself and its direction, and the components that they point to."""
    sent = {(call.body, "validation") for call in calls if call.body}
    answered = {(call.answers, "serialization") for call in calls if call.answers} | {
        (ProblemShape, "serialization")
    }
    wanted = sorted(sent | answered, key=lambda one: (str(one[0]), one[1]))
    adapters: Any = [(shape, mode, TypeAdapter(shape)) for shape, mode in wanted]
    schemas, told = TypeAdapter.json_schemas(adapters, ref_template=REF)
    shapes = told["$defs"]
    for shape in shapes.values():
        if shape.get("type") == "object" and "properties" in shape:
            shape.setdefault("additionalProperties", False)
    return schemas, shapes  # type: ignore[return-value]


def _operation(call: Call, schemas: Schemas) -> dict[str, Any]:
    told = inspect.getdoc(call.view) or ""
    operation: dict[str, Any] = {
        "operationId": call.name,
        "tags": [call.tag],
        "summary": told.split("\n")[0],
        "parameters": [*_places(call), *_query(call), *_headers(call)],
        "responses": dict(_responses(call, schemas)),
    }
    if call.body is not None:
        schema = schemas[(call.body, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if call.scope is not None:
        operation["security"] = [
            *([{}] if call.guests else []),
            {"key": [str(call.scope)]},
            {"cookie": [], "page": []},
        ]
    return operation


def _places(call: Call) -> Iterator[dict[str, Any]]:
    told = inspect.signature(call.view, eval_str=True).parameters
    for kind, name in _PLACE.findall(call.rule):
        schema: dict[str, Any] = {"type": "string"}
        if kind == "int":
            schema = {"type": "integer", "minimum": 0, "maximum": LARGEST}
        elif get_origin(told[name].annotation) is Literal:
            schema["enum"] = list(get_args(told[name].annotation))
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(call: Call) -> Iterator[dict[str, Any]]:
    if call.query is None:
        return
    told = call.query.model_json_schema()
    for name, schema in told["properties"].items():
        plain = {key: value for key, value in schema.items() if key not in ("title", "default")}
        plain = _inlined(plain, told.get("$defs", {}))
        yield {"name": name, "in": "query", "required": name in told.get("required", ()), "schema": plain}


def _inlined(schema: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    """A parameter says what it takes in its own place; nothing is no value that an address can carry."""
    options = [one for one in schema.pop("anyOf", []) if one.get("type") != "null"]
    schema |= options[0] if options else {}
    ref = schema.pop("$ref", "")
    return schema | shapes.get(ref.rpartition("/")[2], {})


def _headers(call: Call) -> Iterator[dict[str, Any]]:
    if call.takes_key:
        about = "A key of the program's own for this deed. Asking again under it gives the same answer, and no second deed."
        yield _header("Idempotency-Key", about, {"minLength": 1, "maxLength": 80, "pattern": "^[ -~]+$"})
    if call.takes_version:
        yield _header(
            "If-Match",
            "The ETag of what was read before, or * for whatever is there.",
            {"pattern": r'^(\*|"[ !#-~]+")$'},
        )


def _header(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": about,
        "schema": {"type": "string"} | schema,
    }


def _responses(call: Call, schemas: Schemas) -> Iterator[tuple[str, dict[str, Any]]]:
    for status in (call.status, *call.also):
        yield str(status), _response(call, status, schemas)
    problem = {"application/problem+json": {"schema": schemas[(ProblemShape, "serialization")]}}
    for status, codes in _by_status(codes_of(call)):
        yield str(status), {"description": ", ".join(codes), "content": problem, **_problem_headers(codes)}


def _response(call: Call, status: int, schemas: Schemas) -> dict[str, Any]:
    told: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if call.answers is not None:
        told["content"] = {"application/json": {"schema": schemas[(call.answers, "serialization")]}}
    if call.gives_version:
        told["headers"] = {"ETag": {"required": True, "schema": {"type": "string"}}}
    return told


def _problem_headers(codes: Iterable[str]) -> dict[str, Any]:
    names = {
        "log_in": "WWW-Authenticate",
        "retry": "Retry-After",
        "stale": "ETag",
        "method_not_allowed": "Allow",
    }
    told = {name: {"schema": {"type": "string"}} for code, name in names.items() if code in codes}
    return {"headers": told} if told else {}


def _by_status(codes: Iterable[str]) -> list[tuple[int, list[str]]]:
    found: dict[int, list[str]] = {}
    for code in codes:
        found.setdefault(CODES[code], []).append(code)
    return sorted(found.items())


_ABOUT = (
    "What a member can do on the pages, for programs. A key is made in the settings, with only what it needs, and ends "
    "by itself. Every refusal is a problem document (RFC 9457) with a code and a sentence fit to show a person; only "
    "rate_limited, slow_mode and retry are worth sending again by itself, after Retry-After seconds. There is no list "
    "of members, no feed of everything, and no way to read a room without being in it."
)
_SCHEMES = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key from the settings. Scopes: " + ", ".join(TokenScope) + ".",
    },
    "page": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "The token of a page; a cookie needs it for everything but reading.",
    },
}


def _cookie(name: str) -> dict[str, str]:
    about = "Who is signed in on the pages."
    return {"type": "apiKey", "in": "cookie", "name": name, "description": about}
