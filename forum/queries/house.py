"""What those who look after the house see of it: every place, also what is put away, who holds what, lines and hours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from forum import helplines, housefile
from forum.db import db, now
from forum.errors import Invalid, NotFound
from forum.helplines import Helpline
from forum.models import (
    Actor,
    Appointment,
    Audience,
    Board,
    BoardGroup,
    Duty,
    Group,
    GroupMember,
    Job,
    LineNote,
    Persona,
    Role,
    Room,
    RoomGroup,
    Section,
    StaffedDay,
    Topic,
    User,
)
from forum.policy.house import can_see_house
from forum.queries.accounts import user_called


def look_after(actor: Actor) -> None:
    """To whoever does not look after the house, none of its pages is there."""
    if not can_see_house(actor):
        raise NotFound()


# Sections and boards


@dataclass
class Shelf:
    """A section with the boards under it, in their order."""

    section: Section
    boards: list[Board] = field(default_factory=list)


def shelves(actor: Actor) -> list[Shelf]:
    """Every section that stands, with its boards; what is put away is `put_away`'s to tell."""
    look_after(actor)
    found = {one.id: Shelf(one) for one in _sections() if not one.is_archived}
    boards = select(Board).where(Board.archived_at.is_(None)).options(selectinload(Board.groups))
    for board in db.session.scalars(boards.order_by(Board.position, Board.id)):
        if board.section_id in found:
            found[board.section_id].boards.append(board)
    return list(found.values())


def sections_to_choose(actor: Actor) -> list[Section]:
    """Where a board may stand."""
    look_after(actor)
    return [one for one in _sections() if not one.is_archived]


def put_away(actor: Actor) -> list[Section | Board]:
    """The sections and boards that nobody meets for now."""
    look_after(actor)
    boards = select(Board).where(Board.archived_at.is_not(None)).order_by(Board.name)
    return [*(one for one in _sections() if one.is_archived), *db.session.scalars(boards)]


def topics_on(board: Board) -> int:
    """How many topics stand there, also those that wait or are hidden."""
    return (
        db.session.scalar(
            select(func.count(Topic.id)).where(Topic.board_id == board.id, Topic.deleted_at.is_(None))
        )
        or 0
    )


def section_to_keep(actor: Actor, section_id: int) -> Section:
    return _kept(actor, Section, section_id)


def board_to_keep(actor: Actor, board_id: int) -> Board:
    """A board, also one that is put away."""
    return _kept(actor, Board, board_id)


def _sections() -> Sequence[Section]:
    return db.session.scalars(select(Section).order_by(Section.position, Section.id)).all()


# Groups


@dataclass(frozen=True)
class Closing:
    """A place that a group opens to its members, and whether no other group does."""

    place: Board | Room
    is_last: bool


def groups_of_house(actor: Actor) -> list[tuple[Group, int]]:
    """Every group, by name, with how many are in it."""
    look_after(actor)
    counted = (
        select(Group, func.count(GroupMember.user_id))
        .outerjoin(GroupMember, GroupMember.group_id == Group.id)
        .group_by(Group.id)
        .order_by(Group.name)
    )
    return [(group, count) for group, count in db.session.execute(counted)]


def group_to_keep(actor: Actor, group_id: int) -> Group:
    return _kept(actor, Group, group_id)


def groups_with(actor: Actor, ids: Sequence[int]) -> list[Group]:
    """The groups with these numbers; one that is gone meanwhile is not among them."""
    look_after(actor)
    return list(db.session.scalars(select(Group).where(Group.id.in_(ids)).order_by(Group.id)))


def members_of(actor: Actor, group: Group) -> Sequence[Persona]:
    """Who is in the group, by name."""
    look_after(actor)
    return db.session.scalars(
        select(Persona)
        .join(GroupMember, (GroupMember.user_id == Persona.user_id) & Persona.is_main)
        .where(GroupMember.group_id == group.id)
        .order_by(Persona.name)
    ).all()


def closing_with(actor: Actor, group: Group) -> list[Closing]:
    """What a group's members lose sight of when it ends."""
    look_after(actor)
    boards = select(Board).join(BoardGroup).where(BoardGroup.group_id == group.id)
    rooms = select(Room).join(RoomGroup).where(RoomGroup.group_id == group.id)
    places: list[Board | Room] = [
        *db.session.scalars(_for_groups(boards, Board).options(selectinload(Board.groups))),
        *db.session.scalars(_for_groups(rooms, Room).options(selectinload(Room.groups))),
    ]
    return [Closing(place, is_last=len(place.groups) == 1) for place in places]


def _for_groups(query: Any, kind: type[Board] | type[Room]) -> Any:
    return query.where(kind.audience == Audience.GROUPS, kind.archived_at.is_(None)).order_by(kind.name)


# Rooms


def rooms_of_house(actor: Actor) -> Sequence[Room]:
    """Every room, in its order, also those that are put away."""
    look_after(actor)
    return db.session.scalars(
        select(Room).options(selectinload(Room.groups)).order_by(Room.position, Room.id)
    ).all()


def room_to_keep(actor: Actor, room_id: int) -> Room:
    return _kept(actor, Room, room_id)


def facilitators_of(actor: Actor, room: Room) -> Sequence[Appointment]:
    look_after(actor)
    holding = select(Appointment).where(Appointment.room_id == room.id, Appointment.role == Duty.FACILITATOR)
    return db.session.scalars(
        holding.options(joinedload(Appointment.user).lazyload("*")).order_by(Appointment.id)
    ).all()


# People


@dataclass(frozen=True)
class Duties:
    """What one person does for the house, and the places they do it in by name."""

    user: User
    held: list[tuple[Appointment, str]]


def people_with_a_role(actor: Actor) -> list[Duties]:
    """Admins, then leads, then whoever was appointed to something, each by name."""
    look_after(actor)
    appointed = select(Appointment.user_id)
    users = db.session.scalars(
        select(User).where(or_(User.role != Role.MEMBER, User.id.in_(appointed)))
    ).all()
    named = _place_names()
    order = [Role.ADMIN, Role.LEAD, Role.MEMBER]
    return [
        Duties(user, [(one, named(one)) for one in sorted(user.appointments, key=lambda one: one.id)])
        for user in sorted(users, key=lambda user: (order.index(user.role), user.name.casefold()))
    ]


def appointment_to_end(actor: Actor, appointment_id: int) -> Appointment:
    return _kept(actor, Appointment, appointment_id)


def member_named(actor: Actor, name: Any) -> User:
    """The member with this name; Invalid at `member` if nobody here has it."""
    look_after(actor)
    found = user_called(name) if isinstance(name, str) else None
    if found is None:
        raise Invalid(
            fields={"member": "Nobody here has this name. It is the name that stands beside what they write."}
        )
    return found


def member_behind(actor: Actor, persona_id: int) -> User:
    """The member whose byline this is."""
    look_after(actor)
    found = db.session.scalar(
        select(User).join(Persona, Persona.user_id == User.id).where(Persona.id == persona_id)
    )
    if found is None:
        raise NotFound()
    return found


def _place_names() -> Any:
    boards = {number: name for number, name in db.session.execute(select(Board.id, Board.name))}  # noqa: C416
    rooms = {number: name for number, name in db.session.execute(select(Room.id, Room.name))}  # noqa: C416

    def named(one: Appointment) -> str:
        if one.board_id is not None:
            return boards[one.board_id]
        return rooms[one.room_id] if one.room_id is not None else "everywhere"

    return named


# Lines and hours


@dataclass(frozen=True)
class LineCard:
    """A helpline with what this community says of it."""

    line: Helpline
    by: str | None
    is_due: bool


def line_cards(actor: Actor) -> list[LineCard]:
    """Every line, in the order of the countries, as the help page has it now."""
    look_after(actor)
    checked = select(LineNote.key, Persona.name).join(
        Persona, (Persona.user_id == LineNote.verified_by_id) & Persona.is_main
    )
    by = {key: name for key, name in db.session.execute(checked)}  # noqa: C416  (dict() would not type)
    today = now().date()
    return [LineCard(line, by.get(line.key), line.is_due(today)) for line in helplines.every()]


def lines_due(today: date) -> int:
    """How many lines that are shown nobody has checked within half a year."""
    return sum(1 for line in helplines.every() if not line.is_hidden and line.is_due(today))


def staffed_days(actor: Actor) -> dict[int, tuple[time | None, time | None]]:
    """The days whose hours somebody set."""
    look_after(actor)
    return {one.weekday: (one.since, one.until) for one in db.session.scalars(select(StaffedDay))}


def for_the_file() -> dict[str, Any]:
    """What the house's own file should say."""
    notes = db.session.scalars(
        select(LineNote).order_by(LineNote.id).execution_options(populate_existing=True)
    ).all()
    days = db.session.scalars(
        select(StaffedDay).order_by(StaffedDay.weekday).execution_options(populate_existing=True)
    )
    return {
        "lines": [note.line for note in notes if note.line],
        "hidden": [note.key for note in notes if note.is_hidden],
        "checked": {note.key: note.verified_on.isoformat() for note in notes if note.verified_on},
        "hours": {str(one.weekday): _clocks(one) for one in days},
    }


def file_is_behind(actor: Actor) -> bool:
    """Whether the file could not be written, so that pages still say what was so before."""
    look_after(actor)
    empty: dict[str, Any] = {"lines": [], "hidden": [], "checked": {}, "hours": {}}
    return for_the_file() != empty | dict(housefile.told())


def _clocks(day: StaffedDay) -> list[str] | None:
    if day.since is None or day.until is None:
        return None
    return [f"{day.since:%H:%M}", f"{day.until:%H:%M}"]


# The first page


@dataclass(frozen=True)
class Wanted:
    """What would like a person: lines nobody checked lately, jobs left undone, places that nobody meets."""

    lines: int
    jobs: int
    lonely: list[Board | Room]
    is_behind: bool

    def __bool__(self) -> bool:
        return bool(self.lines or self.jobs or self.lonely or self.is_behind)


def wanted(actor: Actor) -> Wanted:
    look_after(actor)
    dead = db.session.scalar(select(func.count(Job.id)).where(Job.dead_at.is_not(None))) or 0
    boards = _for_groups(select(Board).where(~Board.groups.any()), Board)
    rooms = _for_groups(select(Room).where(~Room.groups.any()), Room)
    lonely = [*db.session.scalars(boards), *db.session.scalars(rooms)]
    return Wanted(lines_due(now().date()), dead, lonely, file_is_behind(actor))


def _kept(actor: Actor, kind: Any, number: int) -> Any:
    look_after(actor)
    found = db.session.get(kind, number)
    if found is None:
        raise NotFound()
    return found
