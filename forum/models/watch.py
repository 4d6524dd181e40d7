"""How a member wants to be reached, what they watch and keep, and what they offer: nobody else sees any of it."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now
from forum.models.board import Board, Post, Topic
from forum.models.member import zone_called

KIND_WORDS_A_DAY = 3

AT_ONCE = ("password_reset", "second_step")
"""The kinds of notices that quiet hours keep back no more than a knock at the door: somebody may have let themself in."""


class Level(StrEnum):
    """How much of a place a member is told."""

    ALL = "all"
    MENTIONS = "mentions"
    NONE = "none"


class Watch(Base):
    """How much of one topic, or of one board, a member chose to be told. For the whole site `Reach` says it."""

    __tablename__ = "watches"
    __table_args__ = (UniqueConstraint("user_id", "topic_id"), UniqueConstraint("user_id", "board_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), index=True)
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), index=True)
    level: Mapped[Level] = mapped_column(String(8))

    topic: Mapped[Topic | None] = relationship()
    board: Mapped[Board | None] = relationship()


class Reach(Base):
    """What a member chose for everything at once. Without a row, everything is as it begins."""

    __tablename__ = "reaches"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[Level] = mapped_column(String(8), default=Level.MENTIONS)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    gives_kind_words: Mapped[bool] = mapped_column(default=False, server_default=false())
    kind_words_a_day: Mapped[int] = mapped_column(default=KIND_WORDS_A_DAY)

    def quiet_since(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours of their day began in which this moment lies; None outside of them."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        local = at.astimezone(zone)
        begun = datetime.combine(local.date(), self.quiet_from, local.tzinfo)
        if begun > local:
            begun = datetime.combine(local.date() - timedelta(days=1), self.quiet_from, local.tzinfo)
        over = datetime.combine(begun.date(), self.quiet_until, local.tzinfo)
        if over <= begun:
            over = datetime.combine(begun.date() + timedelta(days=1), self.quiet_until, local.tzinfo)
        return begun if local < over else None


class Bookmark(Base):
    """A topic, or one post of it, that a member wants to find again, with a note to themself."""

    __tablename__ = "bookmarks"
    __table_args__ = (
        UniqueConstraint("user_id", "post_id"),
        Index(
            "ix_bookmarks_user_id_topic_id_whole",
            "user_id",
            "topic_id",
            unique=True,
            postgresql_where=text("post_id IS NULL"),
            sqlite_where=text("post_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(default=now)

    topic: Mapped[Topic] = relationship()
    post: Mapped[Post | None] = relationship()


class Feed(Base):
    """The private address of a member's feed, as a digest; the address was shown once."""

    __tablename__ = "feeds"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Thought(Base):
    """A member was once asked, in this topic, whether advice is what it asks for. They are not asked again."""

    __tablename__ = "thoughts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True
    )


_community = ZoneInfo("UTC")


def keep_time_in(zone: ZoneInfo) -> None:
    """The community's own zone, for whoever chose none. Models know no settings, so it is told to them."""
    global _community
    _community = zone


def zone_of(timezone: str | None) -> ZoneInfo:
    """In which zone the day of somebody passes who chose this one, or none."""
    return zone_called(timezone) or _community
