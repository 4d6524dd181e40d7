"""Why somebody can see something, or not: what policy answers, and the grant that it rests on.

Policy decides and names its rule. Here the rule is only put into words, with the rows that made it true.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from forum.db import db
from forum.errors import Invalid, NotFound
from forum.models import Appointment, Board, Case, Post, Room, SanctionKind, Strategy, Topic, User
from forum.policy.boards import can_see_board, can_see_post, can_see_topic
from forum.policy.cases import can_see_case
from forum.policy.core import Denied, Granted, Rule, Verdict, sanctions_of
from forum.policy.rooms import can_read_room, can_see_room
from forum.policy.strategies import can_see_strategy
from forum.queries.rooms import open_stay_of

Place = Board | Topic | Post | Room | Case | Strategy


@dataclass(frozen=True)
class Answer:
    """One question, what policy says to it, and why."""

    question: str
    is_yes: bool
    rule: str
    why: str


def explain(user: User, thing: str) -> list[Answer]:
    """What of a thing (`board:3`, `topic:7`, `post:9`, `room:2`, `card:5`, `case:4`) this member can see, and why."""
    kind, _, number = thing.partition(":")
    if kind not in _KINDS or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Invalid("A thing is written as board:3, topic:7, post:9, room:2, card:5 or case:4.")
    if (found := db.session.get(_KINDS[kind], int(number))) is None:
        raise NotFound()
    return [_answer(user, found, question, verdict) for question, verdict in _asked(user, found)]


_KINDS: dict[str, type[Any]] = {
    "board": Board, "topic": Topic, "post": Post, "room": Room, "card": Strategy, "case": Case,
}  # fmt: skip


def _asked(user: User, thing: Place) -> Iterator[tuple[str, Verdict]]:
    if isinstance(thing, Room):
        yield "see that the room is there", can_see_room(user, thing)
        yield "read what is said in it now", can_read_room(user, thing, open_stay_of(user, thing))
    elif isinstance(thing, Board):
        yield "see the board", can_see_board(user, thing)
    elif isinstance(thing, Topic):
        yield "see the topic", can_see_topic(user, thing)
    elif isinstance(thing, Post):
        yield "read the post", can_see_post(user, thing)
    elif isinstance(thing, Strategy):
        yield "read the card", can_see_strategy(user, thing)
    else:
        yield "see the case", can_see_case(user, thing)


def _answer(user: User, thing: Place, question: str, verdict: Verdict) -> Answer:
    assert isinstance(verdict, Granted | Denied)
    assert verdict.rule is not None
    say = _YES if verdict else _NO
    return Answer(question, bool(verdict), verdict.rule, say[verdict.rule](user, thing))


# In words


def _groups(user: User, thing: Place) -> str:
    ours = {group.id for group in user.groups}
    return ", ".join(group.name for group in _place(thing).groups if group.id in ours)


def _groups_needed(_user: User, thing: Place) -> str:
    names = ", ".join(group.name for group in _place(thing).groups)
    return f"it is for groups ({names or 'none is named'}), and they are in none of these"


def _care(user: User, thing: Place) -> str:
    """By which role or appointment they look after it: the ones that policy counts, asked one by one."""
    if user.is_lead:
        return f"their role is {user.role}"
    return "; ".join(_duty(one) for one in user.appointments if _counts(one, thing))


def _counts(one: Appointment, thing: Place) -> bool:
    if one.is_everywhere:
        return True
    board, room = _numbers(thing)
    return (one.board_id is not None and one.board_id == board) or (
        one.room_id is not None and one.room_id == room
    )


def _duty(one: Appointment) -> str:
    where = (
        f"room {one.room_id}" if one.room_id else f"board {one.board_id}" if one.board_id else "everything"
    )
    return f"they are appointed {one.role} of {where}"


def _ban(user: User, _thing: Place) -> str:
    return _sanctions(user, SanctionKind.BAN)


def _suspension(user: User, _thing: Place) -> str:
    return _sanctions(user, SanctionKind.SUSPENSION)


def _sanctions(user: User, kind: SanctionKind) -> str:
    held = (
        f"a {one.kind} ({one.scope}) holds {f'until {one.until:%Y-%m-%d %H:%M} UTC' if one.until else 'without an end'}"
        for one in sanctions_of(user, kind)
    )
    return "; ".join(held)


def _state(_user: User, thing: Place) -> str:
    hidden = thing if not isinstance(thing, Post) or not thing.is_public else thing.topic
    states = {"waits for a moderator": "is_held", "is hidden": "is_hidden", "was taken back": "is_deleted"}
    return "it " + " and ".join(word for word, name in states.items() if getattr(hidden, name))


def _place(thing: Any) -> Board | Room:
    if isinstance(thing, Post):
        return thing.topic.board
    return thing.board if isinstance(thing, Topic) else thing


def _numbers(thing: Place) -> tuple[int | None, int | None]:
    """Of the board and the room where a thing stands."""
    if isinstance(thing, Case):
        return thing.board_id, thing.room_id
    if isinstance(thing, Strategy):
        return None, None
    place = _place(thing)
    return (place.id, None) if isinstance(place, Board) else (None, place.id)


_YES: dict[Rule, Callable[[User, Place], str]] = {
    Rule.OPEN: lambda user, thing: "it is open to everybody, guests included",
    Rule.MEMBERS: lambda user, thing: "it is open to every member",
    Rule.GROUP: lambda user, thing: f"it is for groups, and they are in: {_groups(user, thing)}",
    Rule.MODERATES: _care,
    Rule.FACILITATES: _care,
    Rule.AUTHOR: lambda user, thing: f"{_state(user, thing)}, and they wrote it",
    Rule.IN_ROOM: lambda user, thing: "they are in the room",
}
_NO: dict[Rule, Callable[[User, Place], str]] = {
    Rule.JOINED: lambda user, thing: "its words stand in another topic now, to which it was joined",
    Rule.PUT_AWAY: lambda user, thing: "its place was put away, and is there for nobody",
    Rule.SECOND_STEP: lambda user, thing: (
        "this house asks staff for a second step, and they have set up none"
    ),
    Rule.MEMBERS: lambda user, thing: "it is for members, and they have not been let in",
    Rule.GROUP: _groups_needed,
    Rule.MODERATES: lambda user, thing: "only those who moderate there see cases, and they do not",
    Rule.BAN: _ban,
    Rule.SUSPENSION: _suspension,
    Rule.NOT_PUBLIC: lambda user, thing: (
        f"{_state(user, thing)}, they did not write it, and do not moderate there"
    ),
    Rule.IN_ROOM: lambda user, thing: "they are not in the room",
    Rule.ABOUT_THEM: lambda user, thing: "it is about them",
}
