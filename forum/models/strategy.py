"""Coping strategies: cards that members share, and what each member keeps for themself alone."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now
from forum.models.board import Post, Worded
from forum.models.member import Persona, User

TAGS: dict[str, str] = {
    "grounding": "Grounding",
    "breath": "Breath",
    "movement": "Movement",
    "senses": "Senses",
    "mindfulness": "Mindfulness",
    "cbt": "CBT",
    "writing": "Writing",
    "boundaries": "Boundaries",
    "company": "Company",
    "self_care": "Self-care",
    "sleep": "Sleep",
}
"""What kind of thing a card is."""

SITUATIONS: dict[str, str] = {
    "overwhelmed": "when it is all too much",
    "far_away": "when I feel far away",
    "family": "after seeing family",
    "argument": "after an argument",
    "waiting": "waiting for a reply",
    "night": "when I can’t sleep",
    "low": "on a grey day",
    "before": "before something hard",
    "alone": "when I am lonely",
}
"""When a card fits. The words go on after “I’m dealing with”, and stand alone in a list."""

MINUTES: dict[int, str] = {
    2: "2 minutes",
    5: "5 minutes",
    10: "10 minutes",
    20: "20 minutes",
    60: "an hour",
    180: "an evening",
}
"""How long a card takes, roughly."""

PLAN_PARTS = ("signs", "helps", "places", "people", "services", "safer", "reasons")
"""The parts of a steadying plan, in the order in which it is written."""


class Evidence(StrEnum):
    """How somebody knows that a card can help."""

    LIVED = "lived"
    PUBLISHED = "published"


class How(StrEnum):
    """What became of trying a card, once."""

    HELPED = "helped"
    SAME = "same"
    HARDER = "harder"


class Answer(StrEnum):
    """What the author of a post says to its becoming a card."""

    YES = "yes"
    NO = "no"


class Strategy(Worded, Base):
    """A card: something that helped somebody. `source` holds its steps; the other words have columns of their own."""

    __tablename__ = "strategies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    fits: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(80))
    is_discreet: Mapped[bool] = mapped_column(default=False, server_default=false())
    changes: Mapped[str] = mapped_column(Text, default="")
    changes_html: Mapped[str] = mapped_column(Text, default="")
    cautions: Mapped[str] = mapped_column(Text, default="")
    cautions_html: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[Evidence] = mapped_column(String(12))
    cites: Mapped[str] = mapped_column(String(200), default="")
    cites_url: Mapped[str] = mapped_column(String(300), default="")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)

    marks: Mapped[list["StrategyTag"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="StrategyTag.tag"
    )
    post: Mapped[Post | None] = relationship()

    @property
    def tags(self) -> list[str]:
        """What kind of thing it is."""
        return [one.tag for one in self.marks if one.tag in TAGS]

    @property
    def situations(self) -> list[str]:
        """When it fits, of the situations that can be looked for."""
        return [one.tag for one in self.marks if one.tag in SITUATIONS]

    @property
    def takes(self) -> str:
        """How long it takes, in words."""
        return MINUTES[self.minutes]

    @property
    def all_words(self) -> str:
        """Everything that was written on it, for whoever decides about it."""
        written = (self.name, self.fits, self.place, self.source, self.changes, self.cautions, self.cites)
        return "\n\n".join(part for part in written if part)


class StrategyTag(Base):
    """What a card is filed under: a kind of thing, or a situation that it fits."""

    __tablename__ = "strategy_tags"

    strategy_id: Mapped[int] = mapped_column(
        ForeignKey("strategies.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(24), primary_key=True, index=True)


class StrategyAsk(Base):
    """Somebody asked the author of a post whether it may become a card. Nothing of its words is in here."""

    __tablename__ = "strategy_asks"
    __table_args__ = (UniqueConstraint("post_id", "asker_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("personas.id"), index=True)
    answer: Mapped[Answer | None] = mapped_column(String(4))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship()
    asker: Mapped[User] = relationship()
    byline: Mapped[Persona] = relationship()

    @property
    def is_granted(self) -> bool:
        return self.answer == Answer.YES


class Toolkit(Base):
    """A member keeps a card for themself. Nobody else is ever shown that they do."""

    __tablename__ = "toolkit"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    strategy_id: Mapped[int] = mapped_column(
        ForeignKey("strategies.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kept_at: Mapped[datetime] = mapped_column(default=now)


class Outcome(Base):
    """How it was to try a card, on one day. Others see it only inside a rounded total of ten people or more;
    `before` and `after` nobody but whoever wrote them."""

    __tablename__ = "outcomes"
    __table_args__ = (
        UniqueConstraint("strategy_id", "user_id", "day"),
        Index("ix_outcomes_user_id_day", "user_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategies.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    day: Mapped[date]
    how: Mapped[How] = mapped_column(String(8))
    situation: Mapped[str | None] = mapped_column(String(24))
    before: Mapped[int | None]
    after: Mapped[int | None]

    strategy: Mapped[Strategy] = relationship()


class Plan(Base):
    """A member's steadying plan for a hard hour: its parts, each a list of lines. Its owner alone ever reads it."""

    __tablename__ = "plans"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    parts: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(default=now)
