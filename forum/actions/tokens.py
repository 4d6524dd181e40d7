"""Keys for programs: made by a member, shown once, ended at any time."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from forum import limits
from forum.db import action, db, locked, now
from forum.errors import Conflict, Invalid, NotFound
from forum.models import Actor, Token, TokenScope, User
from forum.policy.core import require
from forum.policy.tokens import can_end_token, can_forget_ended_tokens, can_make_token, can_touch_token
from forum.queries.accounts import digest_of
from forum.text import clean_line

PREFIX = "hth_"
"""How every key begins, so that programs which look for lost secrets find it."""

NAME_LIMIT = 60
DAYS = (7, 30, 90, 365)
"""How long a key may last, in days."""
MOST = 20
"""Keys that one member has at a time."""


@action
def make_token(actor: User, *, name: Any, scopes: Iterable[str], days: Any) -> tuple[Token, str]:
    """Make a key for a program of one's own; the answer holds it, and nothing else ever will."""
    require(can_make_token(actor))
    user = locked(actor)
    fields: dict[str, str] = {}
    chosen = sorted(set(scopes) & set(TokenScope))
    if not chosen:
        fields["scopes"] = "Choosing at least one thing gives the key something to open."
    if days not in DAYS:
        fields["days"] = "7, 30, 90 or 365 days work."
    if fields:
        raise Invalid(fields=fields)
    line = clean_line(
        name, limit=NAME_LIMIT, field="token_name", empty="A name helps to know it again later."
    )
    limits.check(user, "token")
    if _count(user) >= MOST:
        raise Conflict(f"You have {MOST} keys. Ending one makes room for another.")
    secret = PREFIX + secrets.token_urlsafe(32)
    ends = now() + timedelta(days=days)
    token = Token(user_id=user.id, name=line, digest=digest_of(secret), scopes=chosen, expires_at=ends)
    db.session.add(token)
    db.session.flush()
    return token, secret


@action
def end_token(actor: User, *, token_id: int) -> None:
    """End a key of one's own; the next thing its program asks is refused."""
    require(can_end_token(actor))
    ended = db.session.scalar(
        delete(Token).where(Token.id == token_id, Token.user_id == actor.id).returning(Token.id)
    )
    if ended is None:
        raise NotFound()


@action
def touch_token(actor: User, token: Token) -> None:
    """Note that a key is in use, so that its member can tell which ones are not."""
    require(can_touch_token(actor))
    db.session.execute(update(Token).where(Token.id == token.id).values(used_at=now()))


@action
def forget_ended_tokens(actor: Actor, *, days: int) -> None:
    """Forget keys that ended so long ago that nobody wonders any more why a program stopped."""
    require(can_forget_ended_tokens(actor))
    db.session.execute(delete(Token).where(Token.expires_at < now() - timedelta(days=days)))


def end_all_tokens(user: User) -> None:
    """Inside a deed: end a member's keys, because whoever made them may not have been they."""
    db.session.execute(delete(Token).where(Token.user_id == user.id))


def _count(user: User) -> int:
    open_ones = Token.user_id == user.id, Token.expires_at > now()
    return db.session.scalar(select(func.count()).select_from(Token).where(*open_ones)) or 0
