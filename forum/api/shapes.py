"""Shapes that only programs meet: lists, and what several of our shapes make together."""

from typing import Any, Generic, NotRequired, TypeVar

from typing_extensions import TypedDict

Item = TypeVar("Item")


class Listed(TypedDict, Generic[Item]):
    """A page of a list. `next` is the cursor of the following page, as its own parameter takes it; null on the last."""

    items: list[Item]
    next: str | None


class ProblemShape(TypedDict):
    """RFC 9457, with the code of our one table."""

    type: str
    title: str
    status: int
    detail: str
    code: NotRequired[str]
    message: NotRequired[str]
    fields: NotRequired[dict[str, str]]
    retry_after: NotRequired[int]
    version: NotRequired[str]


def listed(items: list[Any], following: str | int | None = None) -> dict[str, Any]:
    """A page of a list, and where it goes on."""
    return {"items": items, "next": None if following is None else str(following)}
