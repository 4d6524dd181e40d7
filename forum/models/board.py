"""Boards and what is written on them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from forum.db import Base, now
from forum.models.member import Group, Persona, User
from forum.triage import CARE


class Audience(StrEnum):
    """Who may see a board or a room."""

    GUESTS = "guests"
    MEMBERS = "members"
    GROUPS = "groups"


class Starters(StrEnum):
    """Who may start topics on a board."""

    MEMBERS = "members"
    MODERATORS = "moderators"


class Intent(StrEnum):
    """What somebody who starts a topic asks for."""

    LISTEN = "listen"
    BEEN = "been"
    IDEAS = "ideas"
    REFRAME = "reframe"
    WITNESS = "witness"


class GestureKind(StrEnum):
    """Answers without words."""

    READ = "read"
    WITH = "with"
    BEEN = "been"


class Choice(StrEnum):
    """How a reader meets what carries a content note."""

    SHOW = "show"
    FOLD = "fold"
    HIDE = "hide"


class Hideable:
    """Columns of whatever can wait for a moderator, and be taken out of sight."""

    held_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]

    @property
    def is_held(self) -> bool:
        return self.held_at is not None

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


class Published(Hideable):
    """Columns of whatever its author can take back as well."""

    deleted_at: Mapped[datetime | None]

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_public(self) -> bool:
        """Whether it is there for whoever may see the place it stands in."""
        return not (self.is_held or self.is_hidden or self.is_deleted)


class Worded(Published):
    """Columns of whatever carries somebody's words: as written, as shown, and what triage read in them."""

    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int] = mapped_column(default=1)
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("personas.id"), index=True)

    @declared_attr
    def author(self) -> Mapped[User | None]:
        return relationship(User)

    @declared_attr
    def byline(self) -> Mapped[Persona]:
        return relationship(Persona)

    @property
    def version(self) -> str:
        """Which wording this is: what a reader had before them can be told from what is there now."""
        return (self.edited_at or self.created_at).isoformat()

    @property
    def shows_help(self) -> bool:
        """Whether its author is offered help in the answer to these words."""
        return not CARE.isdisjoint(self.verdict.get("labels", ()))


class Section(Base):
    """A heading that boards stand under."""

    __tablename__ = "sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class Board(Base):
    """A place for topics of one kind."""

    __tablename__ = "boards"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(300), default="")
    icon: Mapped[str] = mapped_column(String(16), default="text")
    position: Mapped[int] = mapped_column(default=0)
    audience: Mapped[Audience] = mapped_column(String(16), default=Audience.MEMBERS)
    starters: Mapped[Starters] = mapped_column(String(16), default=Starters.MEMBERS)
    last_topic_id: Mapped[int | None]
    last_post_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    """Since when it is put away: nobody meets it, and it can be brought back."""
    rules: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What whoever writes here is asked to keep in mind; shown above the form."""
    template: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What a new topic begins with."""
    holds_new_members: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a moderator reads the first posts of new members before others do."""
    allows_aliases: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether somebody may write here without their name."""
    closes_after_days: Mapped[int | None]
    """After so many days without words a topic takes no more replies; None for never."""
    settings_version: Mapped[int] = mapped_column(default=1, server_default="1")

    section: Mapped[Section] = relationship()
    groups: Mapped[list[Group]] = relationship(secondary="board_groups")

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class BoardGroup(Base):
    """A group may see a board whose audience is groups."""

    __tablename__ = "board_groups"

    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Topic(Published, Base):
    """A first post and what people answered to it."""

    __tablename__ = "topics"
    __table_args__ = (
        Index("ix_topics_board_id_order", "board_id", "is_pinned", "last_post_at", "id"),
        Index("ix_topics_waiting", "reply_count", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("personas.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    gist: Mapped[str] = mapped_column(String(200), default="")
    intent: Mapped[Intent] = mapped_column(String(12))
    is_locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_post_at: Mapped[datetime] = mapped_column(default=now)
    last_number: Mapped[int] = mapped_column(default=0)
    reply_count: Mapped[int] = mapped_column(default=0)
    reopened_at: Mapped[datetime | None]
    """When a moderator last opened it to replies again."""
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)
    was_split: Mapped[bool] = mapped_column(default=False, server_default=false())
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)
    """Where its posts stand now. The row stays so that its old address leads there."""
    merged_after: Mapped[int | None]
    """The number after which they stand there."""

    board: Mapped[Board] = relationship()
    author: Mapped[User | None] = relationship()
    byline: Mapped[Persona] = relationship()
    notes: Mapped[list["TopicNote"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def is_resting(self) -> bool:
        """Whether its board closes topics after so long without words, and nobody opened it again since."""
        days = self.board.closes_after_days
        spoke = max(filter(None, (self.last_post_at, self.reopened_at)))
        return days is not None and spoke < now() - timedelta(days=days)

    @property
    def is_closed(self) -> bool:
        """Whether only moderators may reply: by a deed of theirs, or after a time."""
        return self.is_locked or self.is_resting

    @property
    def takes_words(self) -> bool:
        """A topic that asks for witness takes gestures, not replies."""
        return self.intent != Intent.WITNESS

    @property
    def note_kinds(self) -> list[str]:
        return [note.kind for note in self.notes]

    @property
    def notes_version(self) -> str:
        """Which content notes these are, see `Worded.version`."""
        return "notes:" + ",".join(sorted(self.note_kinds))


class TopicNote(Base):
    """A topic mentions something that a reader may want to be told about first."""

    __tablename__ = "topic_notes"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)


TAKEN_BACK_WITH_WORDS = "deleted_at IS NOT NULL AND source != ''"
"""The few posts that upkeep looks for every hour: taken back, and their words not erased yet."""


class Post(Worded, Base):
    """Somebody's words in a topic. Its id is its address; its number is its place, given at publication."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("topic_id", "number"),
        Index(
            "ix_posts_taken_back",
            "deleted_at",
            postgresql_where=text(TAKEN_BACK_WITH_WORDS),
            sqlite_where=text(TAKEN_BACK_WITH_WORDS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    number: Mapped[int | None]
    quotes_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    has_helped: Mapped[bool] = mapped_column(default=False, server_default=false())
    landed_at: Mapped[datetime | None]
    """When whoever began the topic said that this reply reached them."""

    topic: Mapped[Topic] = relationship()
    gestures: Mapped[list["Gesture"]] = relationship(viewonly=True)

    @property
    def is_first(self) -> bool:
        """Whether it opens its topic. While that waits for a moderator it has no number yet, and no answers."""
        return self.number == 1 or (self.number is None and self.topic.is_held)


class Gesture(Base):
    """Somebody answered a post without words."""

    __tablename__ = "gestures"
    __table_args__ = (UniqueConstraint("post_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("personas.id"), index=True)
    kind: Mapped[GestureKind] = mapped_column(String(8))

    byline: Mapped[Persona] = relationship()


class Mention(Base):
    """A post names somebody. It holds the persona, so a new name shows in old posts."""

    __tablename__ = "mentions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("personas.id"), primary_key=True, index=True)

    byline: Mapped[Persona] = relationship()


class ReadMark(Base):
    """How far a member has read in a topic."""

    __tablename__ = "read_marks"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    number: Mapped[int]


class BoardMark(Base):
    """Everything on a board up to this moment counts as read. Without one, since the account was made."""

    __tablename__ = "board_marks"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    board_id: Mapped[int] = mapped_column(
        ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    read_at: Mapped[datetime]


class Notification(Base):
    """Something happened that a member may want to know. It is shown only while its place is visible to them."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "thread"),
        Index("ix_notifications_user_id_at", "user_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))
    thread: Mapped[str] = mapped_column(String(60))
    count: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime | None]
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("decisions.id", ondelete="CASCADE"), index=True
    )
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), index=True)
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("personas.id"), index=True)

    topic: Mapped[Topic | None] = relationship()
    byline: Mapped[Persona | None] = relationship()


class Request(Base):
    """A deed that was asked for under a key, so that asking again gives the same answer instead of a second deed."""

    __tablename__ = "requests"
    __table_args__ = (UniqueConstraint("actor_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    salt: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
