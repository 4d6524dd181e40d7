"""What members say about themselves beside their name."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base
from forum.models.board import Worded


class Profile(Worded, Base):
    """Pronouns and a few words of a member. Words may be empty; they are held and hidden like all others."""

    __tablename__ = "profiles"
    __table_args__ = (UniqueConstraint("persona_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pronouns: Mapped[str] = mapped_column(String(40), default="")

    @property
    def says_anything(self) -> bool:
        return bool(self.source or self.pronouns)
