"""What a member signs in with besides a passphrase: an app that makes codes, and passkeys."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, now


class CodeApp(Base):
    """The app that makes a member's codes. It counts once it has shown that it makes the right ones."""

    __tablename__ = "code_apps"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(255))
    """Sealed, see forum/sealing.py: a copy of the database alone makes no codes."""
    last_step: Mapped[int] = mapped_column(default=0)
    """Of which half minute the last code was that we took. It and those before it are good no more."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]


class Passkey(Base):
    """A passkey of a member's. The device keeps the key itself; here lies the half that checks and cannot sign."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    """By which the device knows it, in base64url."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """How often the device said that it had used it; many never count."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]


class SpentAsk(Base):
    """Something that was asked of a browser and answered. It lies here until it would have run out, so that it is
    never answered twice."""

    __tablename__ = "spent_asks"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
