"""What those who look after the house add to it: marks on helplines, and the hours when a moderator is here."""

from datetime import date, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base
from forum.models.member import User


class LineNote(Base):
    """What this community says of one helpline: whether it is shown, when it was tried and by whom; or a line of its own."""

    __tablename__ = "line_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(320), unique=True)
    """See helplines.Helpline.key: a place, a channel, and where it can be reached."""
    is_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    line: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A local line, in the words of the shipped file; None of a line that is shipped."""

    verified_by: Mapped[User | None] = relationship()


class StaffedDay(Base):
    """When a moderator is here on one day of the week, Monday being 0; without times nobody is."""

    __tablename__ = "staffed_days"

    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[time | None]
    until: Mapped[time | None]
