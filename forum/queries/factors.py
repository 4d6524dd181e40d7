"""What a member signs in with besides a passphrase."""

from collections.abc import Sequence

from sqlalchemy import select

from forum.db import db
from forum.models import CodeApp, Passkey, User


def code_app_of(user: User) -> CodeApp | None:
    """The app that makes a member's codes, whether or not it counts yet."""
    return db.session.get(CodeApp, user.id)


def has_code_app(user: User) -> bool:
    """Whether an app of theirs counts."""
    app = code_app_of(user)
    return app is not None and app.confirmed_at is not None


def passkeys_of(user: User) -> Sequence[Passkey]:
    """A member's passkeys, the oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)).all()


def passkey_with(credential: str) -> Passkey | None:
    """The passkey that a device knows by this."""
    return db.session.scalar(select(Passkey).where(Passkey.credential == credential))
