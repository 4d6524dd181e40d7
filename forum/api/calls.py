"""What a JSON route is made of: its call, told once, from which it is mounted, checked, answered and documented.

`@api.call("POST", "/topics/<int:topic_id>/posts", …)` stands over a view. The view's signature says the rest: `body` and
`query` are read into their shapes, `key` is the Idempotency-Key, `version` the If-Match; what stands in the address
comes by its name.
"""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from forum.actions.requests import KEY_LENGTH
from forum.api.signing import identify
from forum.errors import ForumError, Invalid
from forum.identity import current_actor
from forum.models import NOTE_KINDS, TokenScope
from forum.policy.core import LOG_IN, require
from forum.policy.tokens import can_use_scope
from forum.problems import SAID, problem

Id = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""What names a row of ours."""


def text_up_to(limit: int) -> Any:
    """Words, as the document tells them; the deed says what is wrong with others, in the same words by every door."""
    return Field(json_schema_extra={"minLength": 1, "maxLength": limit, "pattern": r"\S"})


Mentions = Annotated[
    list[str], Field(json_schema_extra={"items": {"type": "string", "enum": list(NOTE_KINDS)}})
]
"""Kinds of content notes."""


class Sent(BaseModel):
    """What a program sends: exactly these fields, of exactly these types. What they may hold is the deed's to say."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asked(BaseModel):
    """What stands behind the question mark of an address."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Answer:
    """What a view answers when there is more to it than a body."""

    body: Any
    status: int | None = None
    version: str | None = None
    """Which wording of a thing this is; it goes out as ETag and comes back as If-Match."""


@dataclass(frozen=True)
class Call:
    """One thing that a program can ask for, as it is mounted and as it is documented."""

    method: str
    rule: str
    tag: str
    view: Callable[..., Any]
    scope: TokenScope | None
    answers: Any
    status: int
    also: tuple[int, ...]
    codes: tuple[str, ...]
    guests: bool
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    takes_key: bool
    takes_version: bool
    gives_version: bool

    @property
    def name(self) -> str:
        return f"{self.tag}_{self.view.__name__}"


class Api(Blueprint):
    """The JSON routes of one noun."""

    def __init__(self, noun: str) -> None:
        super().__init__(f"api_{noun}", f"forum.api.{noun}")
        self.noun = noun
        self.calls: list[Call] = []
        self.before_request(identify)
        self.register_error_handler(ForumError, problem)

    def call(
        self,
        method: str,
        rule: str,
        *,
        scope: TokenScope | None,
        answers: Any = None,
        status: int = 200,
        also: tuple[int, ...] = (),
        codes: tuple[str, ...] = (),
        guests: bool = False,
        gives_version: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
        """Mount a view. `answers` is the shape of its body, None for 204; `codes` are its own refusals, beside those
        that every call of its kind has; `guests` says that one need not be signed in to ask."""

        def mount(view: Callable[..., Any]) -> Callable[..., Response]:
            told = inspect.signature(view, eval_str=True).parameters
            call = Call(
                method, rule, self.noun, view, scope, answers, status if answers is not None else 204, also, codes,
                guests, _kind(told, "body"), _kind(told, "query"), "key" in told, "version" in told, gives_version,
            )  # fmt: skip
            self.calls.append(call)

            @wraps(view)
            def run(**place: Any) -> Response:
                _let_in(call)
                return _answered(call, view(**place, **_sent(call)))

            self.add_url_rule(rule, view_func=run, methods=[method])
            return run

        return mount


def _kind(told: Any, name: str) -> type[BaseModel] | None:
    return told[name].annotation if name in told else None


def _let_in(call: Call) -> None:
    """What is nobody's to see without a name is not spoken of before there is one."""
    actor = current_actor()
    if not call.guests and not actor.is_authenticated:
        raise ForumError(LOG_IN.reason, code=LOG_IN.code)
    if call.scope is not None:
        require(can_use_scope(actor, call.scope))


def _sent(call: Call) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    if call.takes_version:
        sent["version"] = _version()
    if call.takes_key:
        sent["key"] = _key()
    if call.query is not None:
        sent["query"] = _read(call.query.model_validate, request.args.to_dict())
    if call.body is not None:
        sent["body"] = _body(call.body)
    return sent


def _version() -> str | None:
    """Which wording a program has before it; None when it says that any will do."""
    asked = request.if_match
    if asked.star_tag:
        return None
    versions = asked.as_set()
    if not versions:
        raise ForumError("Read it first: its ETag belongs into If-Match.", code="precondition_required")
    return str(versions.pop()) if len(versions) == 1 else ""


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= KEY_LENGTH:
        raise Invalid(
            fields={
                "Idempotency-Key": f"A header with a key of the program’s own is needed, of 1 to {KEY_LENGTH} characters."
            }
        )
    return key


def _body(shape: type[BaseModel]) -> BaseModel:
    if not request.is_json:
        raise ForumError(SAID["unsupported_media_type"], code="unsupported_media_type")
    return _read(shape.model_validate_json, _whole_letters(request.get_data()))


def _whole_letters(sent: bytes) -> bytes:
    """Half a letter, which JSON can carry and no text can hold, becomes a sign that says so: browsers send it when
    somebody takes half of an emoji away, and their other words must not be lost with it."""
    if b"\\ud" not in sent.lower():
        return sent
    try:
        return json.dumps(json.loads(sent), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return sent


def _read(read: Callable[[Any], BaseModel], raw: Any) -> BaseModel:
    try:
        return read(raw)
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False, include_input=False)
    if any(one["type"] == "json_invalid" or not one["loc"] for one in told):
        raise ForumError(SAID["malformed"], code="malformed")
    raise Invalid(
        fields={".".join(map(str, one["loc"])): _SAID.get(one["type"], one["msg"] + ".") for one in told}
    )


_SAID = {
    "missing": "This is needed.",
    "extra_forbidden": "This call takes no such field.",
    "string_type": "Text is needed here.",
    "int_type": "A whole number is needed here.",
    "int_parsing": "A whole number is needed here.",
    "bool_type": "true or false is needed here.",
    "list_type": "A list is needed here.",
}


def _answered(call: Call, result: Any) -> Response:
    answer = result if isinstance(result, Answer) else Answer(result)
    if call.answers is None:
        return Response(status=204)
    response = jsonify(answer.body)
    response.status_code = answer.status or call.status
    if answer.version is not None:
        response.set_etag(answer.version)
    return response
