"""What stands before and behind published words: drafts, earlier wordings, and topics that are planned for a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now
from forum.models.board import Board, Hideable, Intent, Post, Topic
from forum.models.member import User


class Draft(Base):
    """What a member has begun to write and told nobody. Its place is the form that it belongs to: `topic:<board>`,
    `reply:<topic>` or `edit:<post>`."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("user_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(Text, default="")
    gist: Mapped[str] = mapped_column(Text, default="")
    intent: Mapped[str] = mapped_column(String(12), default="")
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    body: Mapped[str] = mapped_column(Text, default="")
    base: Mapped[str] = mapped_column(String(40), default="")
    """Which wording of a post it began from, so that a change made meanwhile is not written over."""
    as_alias: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)

    @property
    def kind(self) -> str:
        return self.place.partition(":")[0]

    @property
    def place_id(self) -> int:
        return int(self.place.partition(":")[2])


class Revision(Hideable, Base):
    """A wording that a post had before its author changed it. One that is held was waiting for a moderator as it was
    changed: no reader ever met it."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    number: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime] = mapped_column(default=now)
    """When other words came in its place."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who changed it."""

    post: Mapped[Post] = relationship()


class Planned(Base):
    """A topic that a moderator has written for a later time."""

    __tablename__ = "planned"

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    gist: Mapped[str] = mapped_column(String(200), default="")
    intent: Mapped[Intent] = mapped_column(String(12))
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    source: Mapped[str] = mapped_column(Text)
    publish_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)
    """What became of it."""
    problem: Mapped[str | None] = mapped_column(String(24))
    """The code of why it could not be published at its time."""

    board: Mapped[Board] = relationship()
    author: Mapped[User] = relationship()
    topic: Mapped[Topic | None] = relationship()

    @property
    def is_waiting(self) -> bool:
        return self.topic_id is None
