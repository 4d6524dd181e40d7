"""What members keep away from themselves."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now
from forum.models.member import Persona


class BoundaryKind(StrEnum):
    """`ignore`: I do not meet their words (a member calls it muting). `block`: and they cannot reach me."""

    IGNORE = "ignore"
    BLOCK = "block"


class Boundary(Base):
    """A member does not want to meet a byline. It is about the byline alone: an alias is kept away as an alias."""

    __tablename__ = "boundaries"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    persona_id: Mapped[int] = mapped_column(
        ForeignKey("personas.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[BoundaryKind] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(default=now)

    byline: Mapped[Persona] = relationship(lazy="joined", innerjoin=True)
