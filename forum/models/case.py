"""What is reported, what is decided about it, and what that leaves."""

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now
from forum.models.board import Board, Post
from forum.models.member import User
from forum.models.room import Message, Room
from forum.models.strategy import Strategy


class Tier(StrEnum):
    """How soon a person should look, the soonest first."""

    CRISIS = "crisis"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"

    @property
    def rank(self) -> int:
        return list(Tier).index(self)


class CaseKind(StrEnum):
    """Why a case exists."""

    CONTENT = "content"
    WORRY = "worry"
    APPEAL = "appeal"


class Channel(StrEnum):
    """Where the thing stands."""

    BOARD = "board"
    ROOM = "room"
    PROFILE = "profile"
    LIBRARY = "library"


class Reason(StrEnum):
    """What a reporter says a report is about."""

    DANGER = "danger"
    PRIVATE = "private"
    UNKIND = "unkind"
    CONTACT = "contact"
    MEDICAL = "medical"
    SELLING = "selling"
    MINOR = "minor"
    RULE = "rule"
    WORRY = "worry"


class Verb(StrEnum):
    """What a moderator may decide."""

    NOTHING = "nothing"
    HIDE = "hide"
    NOTE = "note"
    LOCK = "lock"
    MOVE = "move"
    WARN = "warn"
    MUTE = "mute"
    SUSPEND = "suspend"
    BAN = "ban"
    RELEASE = "release"
    OVERTURN = "overturn"


class SanctionKind(StrEnum):
    """What a decision leaves with a person."""

    NOTE = "note"
    WARNING = "warning"
    MUTE = "mute"
    SUSPENSION = "suspension"
    BAN = "ban"


class Scope(StrEnum):
    """Where a sanction holds."""

    SITE = "site"
    BOARD = "board"
    ROOM = "room"


class Case(Base):
    """Something that a moderator should look at. However many report a thing, there is one open case of it."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "ix_cases_open_subject",
            "subject",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
            sqlite_where=text("decided_at IS NULL"),
        ),
        Index("ix_cases_queue", "decided_at", "rank", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CaseKind] = mapped_column(String(12))
    channel: Mapped[Channel] = mapped_column(String(12))
    tier: Mapped[Tier] = mapped_column(String(8))
    rank: Mapped[int]
    subject: Mapped[str] = mapped_column(String(40))
    why: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    words: Mapped[str | None] = mapped_column(Text)
    """What the author wrote when asking for a second look."""
    is_automatic: Mapped[bool] = mapped_column(default=False, server_default=false())
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    strategy_id: Mapped[int | None] = mapped_column(
        ForeignKey("strategies.id", ondelete="SET NULL"), index=True
    )
    appeals_id: Mapped[int | None] = mapped_column(
        ForeignKey("decisions.id", ondelete="SET NULL", use_alter=True), index=True
    )
    opened_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    claimed_until: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None]

    author: Mapped[User | None] = relationship(foreign_keys=author_id)
    board: Mapped[Board | None] = relationship()
    room: Mapped[Room | None] = relationship()
    post: Mapped[Post | None] = relationship()
    message: Mapped[Message | None] = relationship()
    strategy: Mapped[Strategy | None] = relationship()
    claimed_by: Mapped[User | None] = relationship(foreign_keys=claimed_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    appeals: Mapped["Decision | None"] = relationship(foreign_keys=appeals_id)

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None

    @property
    def thing(self) -> Post | Message | Strategy | None:
        """The words it is about, while they are there; a case about a person has none."""
        return self.post or self.message or self.strategy

    @property
    def is_held(self) -> bool:
        """Whether words wait for this case to be decided."""
        return self.thing is not None and self.thing.is_held

    def is_claimed_by(self, user: User) -> bool:
        return self.claimed_by_id == user.id and self.claimed_until is not None and self.claimed_until > now()

    @property
    def is_claimed(self) -> bool:
        return self.claimed_until is not None and self.claimed_until > now()

    @property
    def is_over(self) -> bool:
        """Whether it has waited past its aim."""
        return self.due_at < now()


class Report(Base):
    """One member told us about one thing. Who it was is told to nobody but staff who lead."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("reporter_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    reason: Mapped[Reason] = mapped_column(String(12))
    words: Mapped[str | None] = mapped_column(Text)
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class CaseNote(Base):
    """What one moderator tells the others about a case."""

    __tablename__ = "case_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(Text)
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(default=now)

    author: Mapped[User | None] = relationship()


class Decision(Base):
    """What was decided about a case: the statement of reasons that its author reads."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    verb: Mapped[Verb] = mapped_column(String(12))
    rule: Mapped[int | None]
    letter: Mapped[str | None] = mapped_column(Text)
    letter_verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    quoted: Mapped[str | None] = mapped_column(Text)
    undo: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What a second look needs to put things back: `show`, `unlock`, `board`, `kinds`."""
    is_automatic: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(default=now)
    overturned_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(foreign_keys=case_id)
    actor: Mapped[User | None] = relationship(foreign_keys=actor_id)
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    sanction: Mapped["Sanction | None"] = relationship(back_populates="decision", viewonly=True)
    appeal: Mapped[Case | None] = relationship(
        primaryjoin="foreign(Case.appeals_id) == Decision.id", viewonly=True, uselist=False
    )

    @property
    def has_hidden(self) -> bool:
        """Whether it took words out of sight, by itself or along with a sanction."""
        return bool(self.undo.get("show"))

    @property
    def is_told(self) -> bool:
        """Whether its author hears of it. Nobody learns that others worried about words that stay as they were."""
        return self.verb != Verb.NOTHING or self.case.kind == CaseKind.APPEAL

    @property
    def can_be_undone(self) -> bool:
        """Whether it took anything from anybody."""
        return self.verb not in (Verb.NOTHING, Verb.RELEASE, Verb.OVERTURN) and self.overturned_at is None


class Sanction(Base):
    """What holds for a person, where and until when. The one truth that policy asks."""

    __tablename__ = "sanctions"
    __table_args__ = (Index("ix_sanctions_user_id_kind", "user_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[SanctionKind] = mapped_column(String(12))
    scope: Mapped[Scope] = mapped_column(String(8))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("boards.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("decisions.id", ondelete="SET NULL"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]

    decision: Mapped[Decision | None] = relationship(back_populates="sanction")

    @property
    def holds(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > now())


class LogEntry(Base):
    """One line of the moderation log: ids, codes and a time. Its words lie beside it, erasable."""

    __tablename__ = "moderation_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor_id: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int | None] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(40), index=True)
    case_id: Mapped[int | None] = mapped_column(index=True)
    digest: Mapped[str | None] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64))

    words: Mapped["LogWords | None"] = relationship(back_populates="entry", viewonly=True)

    def mark_after(self, before: str) -> str:
        """The mark that this line has after the line with mark `before`: SHA-256 over that and its own columns."""
        told = [
            before,
            self.at.isoformat(),
            self.actor_id,
            self.code,
            self.user_id,
            self.subject,
            self.case_id,
            self.digest,
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class LogWords(Base):
    """Reasons, quoted text and names of the time. Erasing it leaves the log whole and its digest unguessable."""

    __tablename__ = "moderation_log_words"

    entry_id: Mapped[int] = mapped_column(ForeignKey("moderation_log.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    words: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def digest(self) -> str:
        """What the line keeps of these words: keyed BLAKE2b under the key that goes with them."""
        plain = json.dumps(self.words, sort_keys=True).encode()
        return hashlib.blake2b(plain, key=bytes.fromhex(self.key), digest_size=32).hexdigest()

    entry: Mapped[LogEntry] = relationship(back_populates="words")


FIRST_MARK = "0" * 64
"""What stands before the first line of the log."""


class LogHead(Base):
    """The last mark of the log. Whoever writes to the log holds this row, last of all locks."""

    __tablename__ = "moderation_log_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), default=FIRST_MARK)
