"""The agreement, in its versions. People agree to a version, and every decision points at a line of one."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.agreement import Rule, rules_in
from forum.db import Base, now


class Agreement(Base):
    """One version. It is never changed: what people agreed to, and what decisions rest on, stays readable."""

    __tablename__ = "agreements"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lines: Mapped[str] = mapped_column(Text)
    changed: Mapped[str] = mapped_column(String(300), default="")
    """What is new in it, in a sentence, for whoever agreed to the one before."""
    published_at: Mapped[datetime] = mapped_column(default=now)
    published_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )

    @property
    def rules(self) -> tuple[Rule, ...]:
        return rules_in(self.lines)

    def rule(self, number: int) -> Rule:
        """The line with this number; raises LookupError when this version has no such line."""
        for one in self.rules:
            if one.number == number:
                return one
        raise LookupError(f"version {self.version} of the agreement has no line {number}")
