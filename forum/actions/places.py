"""Sections, boards and rooms: making them, what they are called, who meets them, how they are kept, their order, and
putting them away.

What is put away is there for nobody, loses nothing, and can be brought back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import exists, func, select, update

from forum import modlog
from forum.actions.requests import done_before, remember_made
from forum.actions.rooms import append_event
from forum.db import action, db, locked, now
from forum.errors import Conflict, Invalid, Stale
from forum.models import (
    Actor,
    Audience,
    Board,
    Case,
    EventType,
    Group,
    GroupMember,
    Message,
    ReadsFrom,
    Room,
    Section,
    Starters,
    Topic,
    User,
)
from forum.policy.boards import can_change_board_settings
from forum.policy.core import require
from forum.policy.house import (
    can_archive_board,
    can_archive_room,
    can_archive_section,
    can_bring_board_back,
    can_bring_room_back,
    can_bring_section_back,
    can_change_board,
    can_change_room,
    can_change_section,
    can_make_board,
    can_make_room,
    can_make_section,
    can_shift_board,
    can_shift_room,
    can_shift_section,
)
from forum.queries.boards import section_called
from forum.words import from_staff, label

NAME_LIMIT = 80
ABOUT_LIMIT = 300
RULES_LIMIT = 2_000
TEMPLATE_LIMIT = 4_000
"""Bytes of what stands above a board's form, and of what a new topic begins with."""
MOST_DAYS = 3_650
MOST_SEATS = 500
MOST_HOURS = 720
"""A room keeps its words for a month at most."""

ICONS = (
    "text", "sprout", "rings", "house", "wave", "seat", "sun", "moon", "heart", "people", "ear", "bulb", "chat",
    "hand", "book", "path", "cup", "lamp", "key", "mail", "lock",
)  # fmt: skip

Place = TypeVar("Place", Section, Board, Room)


def _read_place(_actor: Actor, *_thing: Any, name: Any, about: Any = "", **_given: Any) -> dict[str, Any]:
    return {
        "name": label(name, limit=NAME_LIMIT, field="name"),
        "about": label(about, limit=ABOUT_LIMIT, field="about", needed=False),
    }


def _read_settings(
    _actor: Actor, _board: Board, *, rules: Any = "", template: Any = "", **_given: Any
) -> dict[str, Any]:
    return {
        "rules": _passage(rules, limit=RULES_LIMIT, field="rules"),
        "template": _passage(template, limit=TEMPLATE_LIMIT, field="template"),
    }


def _read_name(_actor: Actor, *_thing: Any, name: Any, **_given: Any) -> dict[str, Any]:
    return {"name": label(name, limit=NAME_LIMIT, field="name")}


# Sections


@action(words=_read_name)
def make_section(actor: Actor, *, name: str, position: int | None = None, key: str = "") -> Section:
    """Put up a heading that boards can stand under, below the others if no place is given."""
    require(can_make_section(actor))
    if before := done_before(actor, key, Section, asked := f"section:{name}"):
        return before
    section = Section(name=name, position=_last(Section) if position is None else position)
    remember_made(actor, key, _made(actor, section, "section_made"), asked)
    return section


@action(words=_read_name)
def change_section(actor: Actor, section: Section, *, name: str) -> Section:
    """Call a section something else."""
    section = locked(section)
    require(can_change_section(actor))
    section.name = name
    _log(actor, "section_changed", section)
    return section


@action
def shift_section(actor: Actor, section: Section, *, up: bool) -> None:
    """Move a section one place up or down among the others."""
    require(can_shift_section(actor))
    _shift(section, select(Section), up=up)
    _log(actor, "section_moved", section)


@action
def archive_section(actor: Actor, section: Section) -> None:
    """Put a section away once no board stands under it."""
    section = locked(section)
    require(can_archive_section(actor))
    if db.session.scalar(select(exists().where(Board.section_id == section.id, Board.archived_at.is_(None)))):
        raise Conflict(
            "Boards stand under this section. They can be put away or moved to another section first."
        )
    _put_away(actor, section, "section_archived")


@action
def bring_section_back(actor: Actor, section: Section) -> None:
    """Put a section up again, with nothing under it yet."""
    section = locked(section)
    require(can_bring_section_back(actor))
    _bring_back(actor, section, "section_brought_back")


# Boards


@action(words=_read_place)
def make_board(
    actor: Actor,
    section: Section | str,
    *,
    name: str,
    about: str = "",
    icon: str = "text",
    audience: Audience = Audience.MEMBERS,
    starters: Starters = Starters.MEMBERS,
    groups: Sequence[Group] = (),
    position: int | None = None,
    key: str = "",
) -> Board:
    """Open a board to its audience. A section that is only named is put up with it, if there is none of that name."""
    require(can_make_board(actor))
    if isinstance(section, str):
        section = section_called(section) or make_section(actor, name=section)
    if before := done_before(actor, key, Board, asked := f"board:{section.id}:{name}"):
        return before
    board = Board(
        section_id=_standing(section).id,
        name=name,
        about=about,
        icon=_one_of(ICONS, icon, "icon"),
        audience=Audience(_one_of(Audience, audience, "audience")),
        starters=Starters(_one_of(Starters, starters, "starters")),
        groups=list(groups),
        position=_last(Board) if position is None else position,
    )
    remember_made(actor, key, _made(actor, board, "board_made", audience=board.audience), asked)
    return board


@action(words=_read_place)
def change_board(
    actor: Actor,
    board: Board,
    *,
    section: Section,
    name: str,
    about: str,
    icon: str,
    audience: Audience,
    starters: Starters,
    groups: Sequence[Group] = (),
) -> Board:
    """Say anew what a board is and who meets it. Who does not meet it any more loses sight of it at once."""
    _check_audience(audience)
    if audience == Audience.GROUPS:
        _have_others_ask_again(groups)
    board = locked(board)
    require(can_change_board(actor))
    board.section_id = _standing(section).id
    board.name, board.about, board.icon = name, about, _one_of(ICONS, icon, "icon")
    board.audience, board.groups = Audience(audience), list(groups)
    board.starters = Starters(_one_of(Starters, starters, "starters"))
    _log(actor, "board_changed", board, audience=board.audience)
    return board


@action(words=_read_settings)
def change_board_settings(
    actor: Actor,
    board: Board,
    *,
    rules: Any = "",
    template: Any = "",
    holds_new_members: bool = False,
    allows_aliases: bool = False,
    closes_after_days: int | None = None,
    version: str | None = None,
) -> Board:
    """Say how a board is kept, all of it, unless somebody else said otherwise meanwhile."""
    board = locked(board)
    require(can_change_board_settings(actor, board))
    if version is not None and version != str(board.settings_version):
        raise Stale(str(board.settings_version))
    board.rules, board.template = rules, template
    board.holds_new_members, board.closes_after_days = holds_new_members, _checked_days(closes_after_days)
    board.allows_aliases = allows_aliases
    board.settings_version += 1
    _log(actor, "board_settings_changed", board)
    return board


@action
def shift_board(actor: Actor, board: Board, *, up: bool) -> None:
    """Move a board one place up or down in its section."""
    require(can_shift_board(actor))
    _shift(board, select(Board).where(Board.section_id == board.section_id), up=up)
    _log(actor, "board_moved", board)


@action
def archive_board(actor: Actor, board: Board) -> None:
    """Put a board away once nothing is to be read on it and nothing there waits for a moderator."""
    board = locked(board)
    require(can_archive_board(actor))
    topics = db.session.scalar(
        select(func.count(Topic.id)).where(Topic.board_id == board.id, Topic.deleted_at.is_(None))
    )
    if topics:
        raise Conflict(
            f"{_counted(topics, 'topic stands', 'topics stand')} on this board. Moved to another board, what "
            "people wrote stays readable; then this one can be put away."
        )
    if db.session.scalar(select(exists().where(Case.board_id == board.id, Case.decided_at.is_(None)))):
        raise Conflict("A case about this board is open. Once it is decided, the board can be put away.")
    _put_away(actor, board, "board_archived")


@action
def bring_board_back(actor: Actor, board: Board) -> None:
    """Open a board again to the audience that it had; and its section, if that was put away too."""
    board = locked(board)
    require(can_bring_board_back(actor))
    locked(board.section).archived_at = None
    _bring_back(actor, board, "board_brought_back")


# Rooms


@action(words=_read_place)
def make_room(
    actor: Actor,
    *,
    name: str,
    about: str = "",
    capacity: int = 12,
    audience: Audience = Audience.MEMBERS,
    groups: Iterable[Group] = (),
    reads_from: ReadsFrom = ReadsFrom.JOINING,
    keeps_hours: int | None = None,
    next_at: datetime | None = None,
    key: str = "",
) -> Room:
    """Set up a room. It stays closed until somebody opens it."""
    require(can_make_room(actor))
    if before := done_before(actor, key, Room, asked := f"room:{name}"):
        return before
    room = Room(
        name=name,
        about=about,
        capacity=_checked_seats(capacity),
        audience=Audience(_one_of(Audience, audience, "audience")),
        groups=list(groups),
        reads_from=ReadsFrom(_one_of(ReadsFrom, reads_from, "reads_from")),
        keeps_hours=_checked_hours(keeps_hours),
        next_at=next_at,
        position=_last(Room),
    )
    remember_made(actor, key, _made(actor, room, "room_made", audience=room.audience), asked)
    return room


@action(words=_read_place)
def change_room(
    actor: Actor,
    room: Room,
    *,
    name: str,
    about: str,
    capacity: int | None,
    audience: Audience,
    reads_from: ReadsFrom,
    keeps_hours: int | None,
    groups: Iterable[Group] = (),
) -> Room:
    """Say anew what a room is. Name and places change while people are in it, and they are told; what they were
    promised when they spoke (who is here, who reads it later, when it is erased) changes once that is gone."""
    room = locked(room)
    require(can_change_room(actor))
    was = {"name": room.name, "about": room.about, "capacity": room.capacity}
    _keep_promises(room, Audience(_check_audience(audience)), list(groups), reads_from, keeps_hours)
    room.name, room.about, room.capacity = name, about, _checked_seats(capacity)
    room.audience, room.groups = Audience(audience), list(groups)
    room.reads_from, room.keeps_hours = ReadsFrom(reads_from), _checked_hours(keeps_hours)
    told = {key: value for key in was if (value := getattr(room, key)) != was[key]}
    if room.is_open and told:
        append_event(room, EventType.CHANGED, data=told)
    _log(actor, "room_changed", room, audience=room.audience)
    return room


@action
def shift_room(actor: Actor, room: Room, *, up: bool) -> None:
    """Move a room one place up or down in the list."""
    require(can_shift_room(actor))
    _shift(room, select(Room), up=up)
    _log(actor, "room_moved", room)


@action
def archive_room(actor: Actor, room: Room) -> None:
    """Put a room away while it is closed. What was said in it is erased when it was promised to be."""
    room = locked(room)
    require(can_archive_room(actor))
    if room.is_open:
        raise Conflict(
            "People may be in this room. Its facilitator or a moderator can end the session on the room’s own page; "
            "then it can be put away."
        )
    _put_away(actor, room, "room_archived")


@action
def bring_room_back(actor: Actor, room: Room) -> None:
    """Put a room into the list again, closed."""
    room = locked(room)
    require(can_bring_room_back(actor))
    _bring_back(actor, room, "room_brought_back")


# What people were promised

WIDTH = {ReadsFrom.JOINING: 0, ReadsFrom.OPENING: 1, ReadsFrom.ALL: 2}
"""How much of what was said somebody who comes in may read."""


def _keep_promises(
    room: Room, audience: Audience, groups: list[Group], reads_from: Any, keeps_hours: int | None
) -> None:
    """Invalid where a change would be told to nobody whom it is about."""
    _one_of(ReadsFrom, reads_from, "reads_from")
    _checked_hours(keeps_hours)
    fields = {}
    others = {one.id for one in groups} != {one.id for one in room.groups}
    if room.is_open and (audience != room.audience or (audience == Audience.GROUPS and others)):
        fields["audience"] = (
            "The room is open, and who came in may stay. Who may come in can change when it is closed."
        )
    if _holds_words(room):
        later = (
            "What is said here now is still kept under the old promise. Once it is erased, this can change."
        )
        if WIDTH[ReadsFrom(reads_from)] > WIDTH[ReadsFrom(room.reads_from)]:
            fields["reads_from"] = later
        if _is_longer(keeps_hours, room.keeps_hours):
            fields["keeps_hours"] = later
    if fields:
        raise Invalid(fields=fields)


def _holds_words(room: Room) -> bool:
    return bool(db.session.scalar(select(exists().where(Message.room_id == room.id))))


def _is_longer(hours: int | None, was: int | None) -> bool:
    """Whether words would be kept longer; the time that holds everywhere is a setting, so any change to or from it
    may be."""
    if hours is None or was is None:
        return hours != was
    return hours > was


# Parts


def _have_others_ask_again(groups: Iterable[Group]) -> None:
    """Sockets of everybody outside these groups are opened anew, so that none goes on hearing of a board that is
    not there for its member any more."""
    inside = select(GroupMember.user_id).where(GroupMember.group_id.in_([group.id for group in groups]))
    db.session.execute(
        update(User)
        .where(User.id.not_in(inside))
        .values(auth_epoch=User.auth_epoch + 1)
        .execution_options(synchronize_session=False)
    )


def _shift(place: Place, among: Any, *, up: bool) -> None:
    """Change places with the neighbour, and number all of them anew: they may have been made with the same number."""
    kind = type(place)
    rows = db.session.scalars(
        among.where(kind.archived_at.is_(None))
        .order_by(kind.id)
        .with_for_update(key_share=True, of=kind)
        .execution_options(populate_existing=True)
    ).all()
    order = sorted(rows, key=lambda one: (one.position, one.id))
    if place not in order:
        raise Conflict("This was put away meanwhile.")
    at = order.index(place)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    for number, one in enumerate(order):
        one.position = number


def _last(kind: type[Section] | type[Board] | type[Room]) -> int:
    return (db.session.scalar(select(func.max(kind.position))) or 0) + 1


def _made(actor: Actor, place: Place, code: str, **words: Any) -> Place:
    db.session.add(place)
    db.session.flush()
    _log(actor, code, place, **words)
    return place


def _put_away(actor: Actor, place: Place, code: str) -> None:
    if not place.is_archived:
        place.archived_at = now()
        _log(actor, code, place)


def _bring_back(actor: Actor, place: Place, code: str) -> None:
    if place.is_archived:
        place.archived_at = None
        _log(actor, code, place)


def _log(actor: Actor, code: str, place: Place, **words: Any) -> None:
    kind = type(place).__name__.lower()
    modlog.write(actor, code, subject=f"{kind}:{place.id}", words={"name": place.name, **words})


def _standing(section: Section) -> Section:
    if section.is_archived:
        raise Invalid(
            fields={"section": "That section is put away. Another one works, or it can be brought back."}
        )
    return section


def _check_audience(audience: Any) -> Any:
    return _one_of(Audience, audience, "audience")


def _one_of(choices: Iterable[Any], raw: Any, field: str) -> Any:
    if raw not in list(choices):
        raise Invalid(fields={field: "Please choose one from the list."})
    return raw


def _checked_seats(capacity: int | None) -> int:
    if capacity is None or not 1 <= capacity <= MOST_SEATS:
        raise Invalid(fields={"capacity": f"A room has between 1 and {MOST_SEATS} places."})
    return capacity


def _checked_hours(hours: int | None) -> int | None:
    if hours is not None and not 1 <= hours <= MOST_HOURS:
        raise Invalid(fields={"keeps_hours": f"Words are kept between 1 and {MOST_HOURS} hours."})
    return hours


def _checked_days(days: int | None) -> int | None:
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Invalid(
            fields={"closes_after_days": f"Between 1 and {MOST_DAYS} days work, or nothing for never."}
        )
    return days


def _passage(raw: Any, *, limit: int, field: str) -> str:
    """What a board says to whoever writes there: read like all words of those who look after it, or empty."""
    is_there = isinstance(raw, str) and raw.strip()
    return from_staff(raw, limit=limit, field=field).source.strip() if is_there else ""


def _counted(number: int, one: str, more: str) -> str:
    return f"One {one}" if number == 1 else f"{number} {more}"
