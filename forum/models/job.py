"""What must still be done."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, now


class Job(Base):
    """A line of the outbox: something that was promised, written in the transaction that promised it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "done_at", "dead_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Names a job of which there may be one, such as this hour's upkeep."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it needs to know. Emptied once the job is done."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    run_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    """Since when nobody tries it again by themselves."""
    problem: Mapped[str | None] = mapped_column(String(200))
    """The kind of the last error, never its words."""

    @property
    def is_dead(self) -> bool:
        return self.dead_at is not None
