"""Who somebody is: by log-in key, by name, by mail; and what an account may see of itself."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import joinedload

from forum.db import db, now
from forum.errors import Conflict
from forum.models import (
    ContentChoice,
    LoginSession,
    MailLink,
    Persona,
    Purpose,
    RecoveryCode,
    Role,
    TakenName,
    Token,
    User,
    folded,
)
from forum.text.names import OFFERED, key_of, made_up

SESSIONS_SHOWN = 50
LONGEST = timedelta(days=180)
"""After this a log-in ends however often it is used, so that a key that somebody copied unseen has an end."""

LINK_OVER = "This link opens nothing any more. It may have been used, or it was only open for a while."
"""Also of a link that there never was: which of these it is concerns nobody but its owner."""


def session_for(digest: str, *, idle: timedelta) -> LoginSession | None:
    """The log-in with this digest, while it is open. Its member and what they are appointed to do come in the same
    query: it is asked with every page."""
    with_member = joinedload(LoginSession.user).joinedload(User.appointments)
    this_one = select(LoginSession).where(LoginSession.digest == digest, still_open(idle))
    return db.session.scalars(this_one.options(with_member)).unique().one_or_none()


def still_open(idle: timedelta) -> ColumnElement[bool]:
    """Whether a log-in was used within `idle`, and began not too long ago."""
    return and_(LoginSession.used_at > now() - idle, LoginSession.created_at > now() - LONGEST)


def digest_of(key: str) -> str:
    """What is stored of a key: 128 random bits or more cannot be guessed backwards, so a plain digest is enough."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def user_called(name: str) -> User | None:
    """The member with this name, or who had it before."""
    return db.session.scalar(
        select(User)
        .join(Persona, (Persona.user_id == User.id) & Persona.is_main)
        .join(TakenName, TakenName.persona_id == Persona.id)
        .where(TakenName.key == key_of(name))
    )


def user_with_email_key(email_key: str) -> User | None:
    """The member whom this address and this password belong to, see passwords.email_key."""
    return db.session.scalar(select(User).where(User.email_key == email_key))


def user_with_code(digest: str, *, name_or_email: str) -> User | None:
    """The member with this unspent recovery code, if they are called that or gave that address."""
    user = db.session.scalar(
        select(User)
        .join(RecoveryCode, RecoveryCode.user_id == User.id)
        .where(RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None))
    )
    return user if user and _is_called(user, name_or_email) else None


def link_with(token: str, purpose: Purpose) -> MailLink:
    """The link with this token, while it is open for this; Conflict otherwise, whyever."""
    found = db.session.scalar(
        select(MailLink).where(
            MailLink.digest == digest_of(token),
            MailLink.purpose == purpose,
            MailLink.used_at.is_(None),
            MailLink.expires_at > now(),
        )
    )
    if found is None:
        raise Conflict(LINK_OVER, code="expired")
    return found


def user_with_id(user_id: int | None) -> User | None:
    """The member of whom a promise speaks, if they are still here."""
    return db.session.get(User, user_id) if user_id else None


def users_found_by(email: str) -> Sequence[User]:
    """The members who confirmed this address, which may be several. For the worker that writes to them alone."""
    return db.session.scalars(
        select(User).where(User.email_found_by == folded(email)).order_by(User.email, User.id)
    ).all()


def _is_called(user: User, name_or_email: str) -> bool:
    if "@" in name_or_email:
        return bool(user.email) and user.email.casefold() == name_or_email.strip().casefold()  # type: ignore[union-attr]
    return user_called(name_or_email) == user


def names_on_offer() -> list[str]:
    """Three made-up names that nobody has or had."""
    tried = [*made_up(count=12), *made_up(count=12, words=3)]
    keys = {name: key_of(name) for name in tried}
    taken = set(db.session.scalars(select(TakenName.key).where(TakenName.key.in_(keys.values()))))
    return [name for name in tried if keys[name] not in taken][:OFFERED]


def sessions_of(user: User) -> Sequence[LoginSession]:
    """A member's log-ins, the latest used first."""
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user.id)
        .order_by(LoginSession.used_at.desc())
        .limit(SESSIONS_SHOWN)
    ).all()


def token_for(digest: str) -> Token | None:
    """The key with this digest, until it ends; its member comes in the same query."""
    found = (
        db.session.scalars(
            select(Token)
            .where(Token.digest == digest)
            .options(joinedload(Token.user).joinedload(User.appointments))
        )
        .unique()
        .one_or_none()
    )
    return found if found and not found.has_ended else None


def tokens_of(user: User) -> Sequence[Token]:
    """A member's keys for programs, the newest first, also those that have ended lately."""
    return db.session.scalars(
        select(Token).where(Token.user_id == user.id).order_by(Token.id.desc()).limit(SESSIONS_SHOWN)
    ).all()


def codes_left(user: User) -> int:
    """How many lines of a member's recovery sheet still open the account."""
    unused = RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def choices_of(user: User) -> dict[str, str]:
    """How a member meets each kind of content note; what is not there is folded."""
    rows = db.session.execute(
        select(ContentChoice.kind, ContentChoice.choice).where(ContentChoice.user_id == user.id)
    )
    return dict(rows.all())


def settings_version(user: User, choices: Mapping[str, str]) -> str:
    """Which settings these are, so that two devices do not undo each other's unseen."""
    told = json.dumps([user.country, user.timezone, user.shows_presence, sorted(choices.items())])
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def has_members() -> bool:
    """Whether anybody has an account yet."""
    return bool(db.session.scalar(select(exists(select(User.id)))))


def has_admin() -> bool:
    """Whether anybody looks after the house yet."""
    return bool(db.session.scalar(select(exists(select(User.id).where(User.role == Role.ADMIN)))))


def demo_members() -> Sequence[User]:
    """The accounts that seeds made. A production start refuses them."""
    return db.session.scalars(select(User).where(User.is_demo)).all()


def is_stale(used_at: datetime, *, after: timedelta) -> bool:
    """Whether a log-in's last use was noted longer ago than this."""
    return used_at < now() - after
