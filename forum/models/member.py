"""Accounts, and what readers see of a person."""

import random
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from forum.db import Base, now
from forum.models.agreement import Agreement

if TYPE_CHECKING:
    from forum.models.case import Sanction
    from forum.models.watch import Reach

FIGURES = ("tree", "lamp", "river", "boat", "leaf", "moon", "hill", "stone")
TONES = (1, 2, 3, 4, 5, 6)


class Role(StrEnum):
    """What someone is on the whole site. Moderating a board or holding a room is an `Appointment`."""

    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"


class Entry(StrEnum):
    """Whether somebody with an account was let in."""

    IN = "in"
    WAITING = "waiting"
    DECLINED = "declined"


class TokenScope(StrEnum):
    """What a program may do in its member's place; never more than the member could."""

    READ_BOARDS = "read:boards"
    WRITE_BOARDS = "write:boards"
    READ_LIBRARY = "read:library"
    WRITE_LIBRARY = "write:library"
    READ_ROOMS = "read:rooms"
    WRITE_ROOMS = "write:rooms"
    REPORTS = "reports"
    READ_ACCOUNT = "read:account"
    WRITE_ACCOUNT = "write:account"
    MODERATE = "moderate"


class Openness(StrEnum):
    """How much somebody can take at the moment, as they say themselves."""

    OPEN = "open"
    GENTLE = "gentle"
    RESTING = "resting"


class Duty(StrEnum):
    """What someone is appointed to be, somewhere."""

    FACILITATOR = "facilitator"
    MODERATOR = "moderator"


class User(UserMixin, Base):
    """An account. What others see of it is its byline, never this row."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Made of address and password together, see passwords.email_key: an address alone finds nobody."""
    email_confirmed_at: Mapped[datetime | None]
    email_found_by: Mapped[str | None] = mapped_column(String(254), index=True)
    """The address as it is looked up, see `folded`; empty until it is confirmed, so that before it finds nobody."""
    second_step_at: Mapped[datetime | None]
    """Since when a passphrase alone does not sign them in, because they have an app or a passkey; see models/factor.py."""
    role: Mapped[Role] = mapped_column(String(16), default=Role.MEMBER)
    entry: Mapped[Entry] = mapped_column(String(8), default=Entry.IN, server_default=Entry.IN)
    country: Mapped[str | None] = mapped_column(String(2))
    timezone: Mapped[str | None] = mapped_column(String(64))
    """In which zone they read times; empty is the community’s."""
    auth_epoch: Mapped[int] = mapped_column(default=0)
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_presence: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)
    notices_seen_at: Mapped[datetime] = mapped_column(default=now)
    agreement_version: Mapped[int] = column_property(
        select(func.coalesce(func.max(Agreement.version), 0)).scalar_subquery()
    )
    """The newest version of the agreement, which comes with whoever is asked about: no page pays a query for it, and
    no process goes on with an older one."""

    byline: Mapped["Persona"] = relationship(
        primaryjoin="and_(Persona.user_id == User.id, Persona.is_main)", lazy="joined", viewonly=True
    )
    appointments: Mapped[list["Appointment"]] = relationship(lazy="selectin", back_populates="user")
    consents: Mapped[list["Consent"]] = relationship(lazy="selectin", back_populates="user")
    sanctions: Mapped[list["Sanction"]] = relationship(
        primaryjoin="Sanction.user_id == User.id", lazy="selectin", viewonly=True
    )
    groups: Mapped[list["Group"]] = relationship(secondary="group_members")
    reach: Mapped["Reach | None"] = relationship("Reach", lazy="joined", viewonly=True, uselist=False)
    """How they want to be told of things; it comes with them, because every page asks whether it is quiet."""

    session_key = ""
    session_id = 0
    """By which log-in they are here, in this request only: the key that their browser holds, and its row."""

    proved_at = cast("datetime | None", None)
    """When they last showed, on this log-in, who they are; None where there is no log-in."""

    scopes = cast("frozenset[str] | None", None)
    """What the token with which a program is here for them lets it do; None for themselves, in a browser."""

    staff_needs_second_step: ClassVar[bool] = False
    """Whether this house lets those with a duty act only once they have a second step. Told to it at the start."""

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the key of the log-in, never who it is."""
        return self.session_key

    def __eq__(self, other: object) -> bool:
        """Flask-Login compares by `get_id`, by which two members without a log-in would be the same."""
        return isinstance(other, User) and self.id == other.id

    __hash__ = object.__hash__

    @property
    def name(self) -> str:
        return self.byline.name

    @property
    def is_member(self) -> bool:
        """Whether they were let in. Whoever waits reads what guests read."""
        return self.entry == Entry.IN

    @property
    def has_agreed(self) -> bool:
        """Whether they agreed to the agreement as it is now."""
        return self.has_consent("agreement", self.agreement_version)

    @property
    def zone(self) -> ZoneInfo | None:
        """In which zone they read times, if they chose one."""
        return zone_called(self.timezone)

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def is_lead(self) -> bool:
        return self.role in (Role.LEAD, Role.ADMIN)

    @property
    def is_staff(self) -> bool:
        """Whether the queue is open to them at all; what they see in it is policy's to say."""
        return self.is_lead or any(one.role == Duty.MODERATOR for one in self.appointments)

    @property
    def has_duties(self) -> bool:
        """Whether they do anything here for others: lead, moderate or facilitate."""
        return self.is_lead or bool(self.appointments)

    @property
    def waits_for_second_step(self) -> bool:
        """Whether their duties rest until they have one. Until then they are a member like any other."""
        return self.staff_needs_second_step and self.has_duties and self.second_step_at is None

    def moderates_board(self, board_id: int | None) -> bool:
        return not self.waits_for_second_step and (
            self.is_lead
            or any(
                one.role == Duty.MODERATOR
                and (one.is_everywhere or (board_id is not None and one.board_id == board_id))
                for one in self.appointments
            )
        )

    def moderates_room(self, room_id: int | None) -> bool:
        return not self.waits_for_second_step and (
            self.is_lead
            or any(
                one.role == Duty.MODERATOR
                and (one.is_everywhere or (room_id is not None and one.room_id == room_id))
                for one in self.appointments
            )
        )

    def facilitates(self, room_id: int) -> bool:
        return not self.waits_for_second_step and any(
            one.role == Duty.FACILITATOR and one.room_id == room_id for one in self.appointments
        )

    def has_consent(self, kind: str, version: int = 1) -> bool:
        """Whether they agreed to this, in this version or a later one, and have not taken it back."""
        return any(
            one.kind == kind and one.version >= version and one.withdrawn_at is None for one in self.consents
        )


class Guest(AnonymousUserMixin):
    """Whoever has not logged in, so that policy never has to handle None."""

    id = None
    byline = None
    reach = None
    role = None
    zone = timezone = None
    is_member = has_agreed = False
    is_staff = is_lead = is_admin = waits_for_second_step = False
    proved_at = scopes = None
    sanctions: tuple[()] = ()
    groups: tuple[()] = ()
    appointments: tuple[()] = ()

    def moderates_board(self, board_id: int | None) -> bool:
        return False

    def moderates_room(self, room_id: int | None) -> bool:
        return False

    def facilitates(self, room_id: int) -> bool:
        return False

    def has_consent(self, kind: str, version: int = 1) -> bool:
        return False


class System(Guest):
    """Who acts when nobody does: the command line, seeds and jobs."""

    is_authenticated = True
    is_anonymous = False
    is_member = has_agreed = True
    is_staff = is_lead = is_admin = True

    def moderates_board(self, board_id: int | None) -> bool:
        return True

    def moderates_room(self, room_id: int | None) -> bool:
        return True

    def has_consent(self, kind: str, version: int = 1) -> bool:
        return True


def zone_called(timezone: str | None) -> ZoneInfo | None:
    """The zone of this name; None for none, and for one that the world's list has lost since."""
    try:
        return ZoneInfo(timezone) if timezone else None
    except ZoneInfoNotFoundError:
        return None


def folded(email: str) -> str:
    """An address as it is looked up: without capitals, and otherwise letter for letter.

    Letters beyond ASCII stay as they are. Some fold into others (the sign for kelvin into k), and whoever owned the
    address that looks alike would be sent somebody else's link.
    """
    return email.strip().encode("utf-8", "replace").lower().decode()


Actor = User | Guest
"""Whoever does something: a member, a guest, or the system. Never None."""


class Persona(Base):
    """A byline: the name and arch that readers see. A member has one main persona; an alias is another."""

    __tablename__ = "personas"
    __table_args__ = (
        Index(
            "ix_personas_user_id_main",
            "user_id",
            unique=True,
            postgresql_where=text("is_main"),
            sqlite_where=text("is_main"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    figure: Mapped[str] = mapped_column(String(12), default=lambda: random.choice(FIGURES))
    tone: Mapped[int] = mapped_column(default=lambda: random.choice(TONES))
    is_main: Mapped[bool] = mapped_column(default=True)
    openness: Mapped[Openness] = mapped_column(String(8), default=Openness.OPEN, server_default=Openness.OPEN)


class TakenName(Base):
    """A name that somebody has or had. Nobody else is ever given it."""

    __tablename__ = "taken_names"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("personas.id", ondelete="SET NULL"), index=True)


class Consent(Base):
    """One thing a member agreed to: being an adult, our holding their words, or a version of the agreement."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    given_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="consents")


class RecoveryCode(Base):
    """One line of the recovery sheet, as a digest. It opens the account once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class Purpose(StrEnum):
    """What a link that we mail is for."""

    CONFIRM = "confirm"
    NEW_PASSWORD = "new_password"


class MailLink(Base):
    """A link that we mailed to a member, as a digest. It works once, and the next one for the same takes its place."""

    __tablename__ = "mail_links"
    __table_args__ = (UniqueConstraint("user_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    """Where it was sent. It does nothing for another address."""
    job_id: Mapped[int]
    """Which promise it keeps: an older one, kept late, must not take its place."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class LoginSession(Base):
    """One log-in on one device. The cookie holds its key; here lies only the key's digest."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime] = mapped_column(default=now)
    proved_at: Mapped[datetime | None] = mapped_column(default=now)
    """When its member last showed who they are; None for log-ins from before this was noted."""

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Token(Base):
    """A key that a member made for a program of theirs. Here lies only its digest; it was shown once."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    @property
    def has_ended(self) -> bool:
        return self.expires_at <= now()


class Appointment(Base):
    """A member moderates a board, a room or everything, or facilitates a room."""

    __tablename__ = "appointments"
    __table_args__ = (UniqueConstraint("user_id", "role", "board_id", "room_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[Duty] = mapped_column(String(16))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)

    user: Mapped[User] = relationship(back_populates="appointments")

    @property
    def is_everywhere(self) -> bool:
        return self.board_id is None and self.room_id is None


class Group(Base):
    """Members who may see boards and rooms that others may not."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)


class GroupMember(Base):
    """A member is in a group."""

    __tablename__ = "group_members"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ContentChoice(Base):
    """How one reader wants to meet one kind of content note: shown, folded or hidden."""

    __tablename__ = "content_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    choice: Mapped[str] = mapped_column(String(8))
