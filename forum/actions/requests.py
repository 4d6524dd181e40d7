"""Deeds that are asked for under a key, so that asking again gives the same answer instead of a second deed."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, select

from forum.db import Base, action, db, now
from forum.errors import Conflict, Invalid
from forum.models import Actor, Request, User
from forum.policy.accounts import can_forget_old_requests
from forum.policy.core import require

KEY_LENGTH = 80

Made = TypeVar("Made", bound=Base)


def answered(actor: User, key: str, text: str) -> dict[str, Any] | None:
    """What was answered to this key before; None the first time. The same key for other words is a Conflict."""
    if not (key.isascii() and key.isprintable()):
        raise Invalid(
            "This form came with a key that can’t be read. Opening the page again gives it a new one."
        )
    known = db.session.scalar(select(Request).where(Request.actor_id == actor.id, Request.key == key))
    if known is None:
        return None
    if known.salt is not None and known.digest != _digest(known.salt, text):
        raise Conflict(
            "This was already sent with other words. Nothing was changed.", code="idempotency_conflict"
        )
    return known.result


def remember(actor: User, key: str, text: str, result: dict[str, Any]) -> None:
    """Keep the answer, in the deed's own transaction. Of the text only a digest under a random key is kept."""
    salt = secrets.token_hex(32)
    db.session.add(Request(actor_id=actor.id, key=key, salt=salt, digest=_digest(salt, text), result=result))


def done_before(actor: Actor, key: str, kind: type[Made], asked: str) -> Made | None:
    """What was made when this was asked for before; None without a key, which only the command line comes without."""
    if not key or not isinstance(actor, User):
        return None
    before = answered(actor, key, asked)
    return db.session.get_one(kind, before[kind.__name__.lower()]) if before else None


def remember_made(actor: Actor, key: str, made: Base, asked: str) -> None:
    """Have `done_before` find what was made; inside the deed that made it."""
    if key and isinstance(actor, User):
        remember(actor, key, asked, {type(made).__name__.lower(): made.id})  # type: ignore[attr-defined]


@action
def forget_old_requests(actor: Actor, *, days: int) -> None:
    """Forget the keys of deeds that were asked for so long ago that nobody asks again."""
    require(can_forget_old_requests(actor))
    db.session.execute(delete(Request).where(Request.at < now() - timedelta(days=days)))


def _digest(salt: str, text: str) -> str:
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), key=bytes.fromhex(salt), digest_size=32
    ).hexdigest()
