"""Live rooms: who is in, what was said, and the log that says in which order things happened."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now
from forum.models.board import Audience, Worded
from forum.models.member import Group, Persona, User


class ReadsFrom(StrEnum):
    """From when somebody who joins may read."""

    JOINING = "joining"
    OPENING = "opening"
    ALL = "all"


class EventType(StrEnum):
    """That something happened in a room. What a message says is read from the message."""

    CREATED = "message_created"
    EDITED = "message_edited"
    DELETED = "message_deleted"
    HIDDEN = "message_hidden"
    SHOWN = "message_shown"
    REMOVED = "member_removed"
    PAUSED = "room_paused"
    RESUMED = "room_resumed"
    CHANGED = "room_changed"


class Room(Base):
    """A place to talk while a facilitator is in it. `last_seq` is the head of its log."""

    __tablename__ = "rooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int] = mapped_column(default=0)
    audience: Mapped[Audience] = mapped_column(String(16), default=Audience.MEMBERS)
    reads_from: Mapped[ReadsFrom] = mapped_column(String(12), default=ReadsFrom.JOINING)
    capacity: Mapped[int] = mapped_column(default=12)
    slow_seconds: Mapped[int] = mapped_column(default=0)
    keeps_hours: Mapped[int | None]
    epoch: Mapped[int] = mapped_column(default=1)
    last_seq: Mapped[int] = mapped_column(default=0)
    floor_seq: Mapped[int] = mapped_column(default=0)
    opened_seq: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    groups: Mapped[list[Group]] = relationship(secondary="room_groups")

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


class RoomGroup(Base):
    """A group may see a room whose audience is groups."""

    __tablename__ = "room_groups"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Membership(Base):
    """One stay of one member in one room, from joining to leaving, removal or ban."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "ix_memberships_room_id_open",
            "room_id",
            "user_id",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
            sqlite_where=text("left_at IS NULL"),
        ),
        Index("ix_memberships_user_id_room_id", "user_id", "room_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    persona_id: Mapped[int] = mapped_column(ForeignKey("personas.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(default=now)
    joined_seq: Mapped[int] = mapped_column(default=0)
    left_at: Mapped[datetime | None]
    left_seq: Mapped[int | None]
    ended_by: Mapped[str | None] = mapped_column(String(12))
    silent_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    told: Mapped[str | None] = mapped_column(Text)
    told_verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What a facilitator last wrote to this person, and nobody else: why they were silenced or asked to step out."""

    room: Mapped[Room] = relationship()
    user: Mapped[User] = relationship()
    byline: Mapped[Persona] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_open(self) -> bool:
        return self.left_at is None

    @property
    def is_silent(self) -> bool:
        """Whether a facilitator asked them to read along for now."""
        return self.silent_until is not None and self.silent_until > now()


class Message(Worded, Base):
    """One line in a room. It has a place in the log once it is shown; a held one has none yet."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("room_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    seq: Mapped[int | None]
    cid: Mapped[str] = mapped_column(String(36))
    reply_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL"), index=True
    )

    room: Mapped[Room] = relationship()
    reply_to: Mapped["Message | None"] = relationship(remote_side=id)


class RoomEvent(Base):
    """That something happened in a room, at this place in its order. It carries only what everyone in it may see."""

    __tablename__ = "room_events"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[EventType] = mapped_column(String(20))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("personas.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(default=now)

    message: Mapped[Message | None] = relationship()
