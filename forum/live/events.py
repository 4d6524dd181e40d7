"""What a page and its socket say to each other: every event by name, with the shape of what it carries.

The AsyncAPI document is made from these two tables, and tests hold the handlers and the frames on the wire to them.
"""

from typing import Any, NotRequired

from typing_extensions import TypedDict

from forum.serialize import BackfillShape, EventShape, PersonaShape, ReceiptShape

# What a page sends


class OfRoom(TypedDict):
    """Which room."""

    room: int


class Joining(OfRoom):
    """Which room, and where the page's copy of its log stands; without that, the last lines are answered."""

    epoch: NotRequired[int | None]
    after: NotRequired[int | None]


class Syncing(OfRoom):
    """A gap to be filled."""

    epoch: int
    after: int
    limit: NotRequired[int | None]


class Saying(OfRoom):
    """Something to say. `cid` is a UUIDv7 made when it is written; sending it again is one message."""

    cid: str
    body: str
    reply_to: NotRequired[int | None]
    mask: NotRequired[bool]


class Changing(OfRoom):
    """New words for a line of one's own."""

    id: int
    body: str
    cid: NotRequired[str | None]
    mask: NotRequired[bool]


class Deleting(OfRoom):
    """A line of one's own to take back."""

    id: int


class OfTopic(TypedDict):
    """Which topic."""

    topic: int


class Nothing(TypedDict):
    """No fields."""


# What a page is answered


class Deleted(TypedDict):
    """Which line was taken back."""

    id: int


class PersonHere(PersonaShape):
    """Somebody who shows themself, or facilitates."""

    guide: bool


class Presence(TypedDict):
    """Who has the room open; `v` is the version that the next difference follows."""

    r: int
    v: int
    count: int
    people: list[PersonHere]


# What a page is told


class RoomEventTold(EventShape):
    """A step of a room's log, in its order: `r` the room, `e` the log's epoch."""

    r: int
    e: int


class RoomResetTold(TypedDict):
    """This socket hears nothing more from the room; the page looks again."""

    r: int
    why: str


PresenceTold = TypedDict(
    "PresenceTold", {"r": int, "v": int, "count": int, "in": list[PersonHere], "out": list[int]}
)
"""Who came and who went since the version before. Written so because `in` is a word of Python's."""


class TypingTold(TypedDict):
    """Somebody is writing; named only if they show themselves."""

    r: int
    name: str | None


class TopicTold(TypedDict):
    """A topic has changed; the page fetches what it may see. `number` is null for what has no place yet."""

    topic: int
    number: int | None


class UserTold(TypedDict):
    """Something concerns this member alone."""

    kind: str


SENT: dict[str, tuple[Any, Any]] = {
    "room:join": (Joining, BackfillShape),
    "room:leave": (OfRoom, Nothing),
    "room:sync": (Syncing, BackfillShape),
    "presence:get": (OfRoom, Presence),
    "typing": (OfRoom, Nothing),
    "message:send": (Saying, ReceiptShape),
    "message:edit": (Changing, ReceiptShape),
    "message:delete": (Deleting, Deleted),
    "topic:join": (OfTopic, Nothing),
    "queue:join": (Nothing, Nothing),
}
"""Event → what a page sends with it, and what stands beside `ok` in the acknowledgement."""

TOLD: dict[str, Any] = {
    "room:event": RoomEventTold,
    "room:reset": RoomResetTold,
    "presence:diff": PresenceTold,
    "typing": TypingTold,
    "topic:event": TopicTold,
    "queue:event": Nothing,
    "user:event": UserTold,
    "auth:revoked": Nothing,
}
"""Event → what a page is told with it."""
