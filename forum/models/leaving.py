"""What a member takes along: a copy of everything that is held about them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, now


class AccountCopy(Base):
    """A member's copy of what is held about them. There is one of each member, and it goes away by itself."""

    __tablename__ = "account_copies"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    made_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None] = mapped_column(index=True)
    packed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """A zip with one file to read and one for programs; see forum/work/copies.py."""

    @property
    def is_ready(self) -> bool:
        return self.ends_at is not None and self.ends_at > now()
