"""How people come in: which door is open, who was asked in, and who waits to be let in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now
from forum.models.member import Group, User
from forum.triage import CARE

QUESTION = "What would you like us to know before you come in?"


class SignUp(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITATION = "invitation"
    CLOSED = "closed"


class SiteSettings(Base):
    """What admins choose on a page rather than in the environment. There is one row, which a migration wrote."""

    __tablename__ = "site_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_up: Mapped[SignUp] = mapped_column(String(12), default=SignUp.OPEN)
    question: Mapped[str] = mapped_column(String(200), default=QUESTION)
    """What somebody is asked who comes in by approval."""


class Invitation(Base):
    """A link that lets so many people in until a day. Here lies only its digest; it was shown once."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(80))
    """For whom it is, in the words of whoever made it."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    uses: Mapped[int]
    uses_left: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    made_by: Mapped[User | None] = relationship()
    groups: Mapped[list[Group]] = relationship(secondary="invitation_groups", lazy="selectin")

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.uses_left > 0 and self.expires_at > now()


class InvitationGroup(Base):
    """Whoever comes by an invitation is in a group from the start."""

    __tablename__ = "invitation_groups"

    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Arrival(Base):
    """A member came by an invitation. Shown to whoever made it and to admins, and to nobody else."""

    __tablename__ = "arrivals"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id", ondelete="CASCADE"), index=True)


class Application(Base):
    """Somebody asked to come in, and what they answered to the question of that day."""

    __tablename__ = "applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    question: Mapped[str] = mapped_column(String(200))
    words: Mapped[str | None] = mapped_column(Text)
    """Their answer, until it is kept no longer."""
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    letter: Mapped[str | None] = mapped_column(Text)
    """The sentence that they read when they were not let in."""

    user: Mapped[User] = relationship(foreign_keys=user_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    @property
    def shows_help(self) -> bool:
        """Whether they are offered help in the answer to their own words."""
        return not CARE.isdisjoint(self.verdict.get("labels", ()))
