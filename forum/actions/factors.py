"""A second step when signing in: an app that makes codes, passkeys, and showing once more who one is.

What is asked of a browser (`Asked`) lies in its signed cookie and nowhere else, so that asking writes nothing. That it
was answered is written down, so that it is answered once.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pyotp
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from forum import limits, notify, passkeys, sealing
from forum.actions.accounts import check_own_password, code_digest, spend_code
from forum.db import action, db, locked, now
from forum.errors import Conflict, Invalid, NotFound
from forum.models import Actor, CodeApp, LoginSession, Passkey, SpentAsk, User
from forum.policy.core import require
from forum.policy.factors import (
    can_add_code_app,
    can_add_passkey,
    can_check_passkey,
    can_confirm_code_app,
    can_forget_spent_asks,
    can_pass_second_step,
    can_prove,
    can_remove_code_app,
    can_remove_passkey,
)
from forum.queries.accounts import digest_of, user_with_id
from forum.queries.factors import code_app_of, has_code_app, passkey_with, passkeys_of
from forum.text import clean_line

LASTS = timedelta(minutes=10)
STEP_SECONDS = 30
CODE_DIGITS = 6
NAME_LIMIT = 60
MOST_PASSKEYS = 10

OVER = "That took a while, or was used already, so we ask once more."
NO_CODE = "These numbers don’t fit, or were used before. New ones come every 30 seconds, so there’s no hurry."
NO_LINE = "This line doesn’t fit, or was used before. Another one from your sheet works."
NO_PASSKEY = "This passkey didn’t open anything here. Another one may, and your passphrase does."
NOT_MADE = "No passkey was made. You can try once more; nothing else has changed."


class Asked(NamedTuple):
    """Something that was asked of one browser: a passkey's challenge, or a second step of this member's."""

    value: str
    at: float
    user_id: int | None = None
    epoch: int | None = None
    """Which log-ins were good when it was asked: a passphrase that was changed since counts no more."""

    @property
    def ends_at(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC) + LASTS

    @property
    def is_open(self) -> bool:
        return now() < self.ends_at

    @property
    def is_young(self) -> bool:
        """Whether there is time enough to put it to somebody again."""
        return now() < self.ends_at - LASTS / 2


NOTHING = Asked("", 0.0)
"""What a browser was asked that was asked nothing, or too long ago: no answer fits it."""


def asked(user: User | None = None) -> Asked:
    """Something new to ask; of this member, who gave the right passphrase, or of whoever answers."""
    return Asked(
        secrets.token_urlsafe(32), now().timestamp(), user and user.id, user.auth_epoch if user else None
    )


def asked_member(step: Asked) -> User:
    """Of whom a second step is asked; Conflict when it is asked of nobody, or no more."""
    user = user_with_id(step.user_id)
    if user is None or not step.is_open or user.auth_epoch != step.epoch:
        raise Conflict(OVER, code="expired")
    return user


# Signing in


def _read_step(actor: Actor, *, step: Asked, **_given: Any) -> dict[str, Any]:
    require(can_pass_second_step(actor))
    limits.check(f"member:{asked_member(step).id}", "second_step")
    return {}


@action(words=_read_step)
def pass_second_step(
    actor: Actor,
    *,
    step: Asked,
    code: Any = None,
    line: Any = None,
    answer: Any = None,
    challenge: Asked = NOTHING,
) -> User:
    """Whose second step this is, if it is right: numbers from their app, a line of their sheet, or a passkey."""
    require(can_pass_second_step(actor))
    user = locked(asked_member(step))
    if answer:
        _show_passkey(answer, challenge, of=user)
    elif line:
        _show_line(user, line)
    else:
        _show_code(user, code)
    _answer_once(step)
    return user


def _read_passkey(actor: Actor, *, address: str = "", **_given: Any) -> dict[str, Any]:
    require(can_check_passkey(actor))
    limits.check(f"from:{address}", "log_in_from")
    return {}


@action(words=_read_passkey)
def check_passkey(actor: Actor, *, answer: Any, challenge: Asked, address: str = "") -> User:
    """Whose passkey this is. It is enough alone: the device had to be there, and to know whose it is."""
    require(can_check_passkey(actor))
    return _show_passkey(answer, challenge)


def _show_code(user: User, code: Any) -> None:
    """Take the numbers of this half minute, or of the one before or after, once."""
    app = code_app_of(user)
    if app is None or not app.confirmed_at or not _takes_code(app, code):
        raise Invalid(fields={"code": NO_CODE})


def _takes_code(app: CodeApp, code: Any) -> bool:
    secret, typed = sealing.opened(app.secret), _digits(code)
    step = _step_of(secret, typed) if secret and len(typed) == CODE_DIGITS else None
    if secret is None or step is None or step <= app.last_step:
        return False
    app.last_step, app.secret = step, sealing.sealed(secret)  # sealed anew, with the key of today
    return True


def _step_of(secret: str, code: str) -> int | None:
    """Which half minute these numbers are of."""
    clock, made = int(now().timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    steps = (clock - 1, clock, clock + 1)
    return next((step for step in steps if secrets.compare_digest(made.at(step * STEP_SECONDS), code)), None)


def _digits(code: Any) -> str:
    """As typed: spaces and hyphens make no difference."""
    typed = code if isinstance(code, str) else ""
    return "".join(one for one in typed if one.isascii() and one.isdigit())


def _show_line(user: User, line: Any) -> None:
    if not spend_code(code_digest(line), user=user):
        raise Invalid(fields={"line": NO_LINE})


def _show_passkey(answer: Any, challenge: Asked, *, of: User | None = None) -> User:
    """Take a passkey's answer to this challenge, once, and note how often the device says it was used."""
    known = passkey_with(passkeys.credential_in(answer))
    if known is None or not challenge.is_open or (of and known.user_id != of.id):
        raise Invalid(fields={"passkey": NO_PASSKEY})
    count = passkeys.count_after(
        answer,
        challenge=challenge.value,
        user_id=known.user_id,
        public_key=known.public_key,
        sign_count=known.sign_count,
    )
    if count is None:
        raise Invalid(fields={"passkey": NO_PASSKEY})
    _answer_once(challenge)
    known.sign_count, known.used_at = count, now()
    user = user_with_id(known.user_id)
    assert user is not None
    return user


def _answer_once(what: Asked) -> None:
    """Of two who answer the same at once, one is told that it was answered."""
    try:
        with db.session.begin_nested():
            db.session.execute(insert(SpentAsk).values(digest=digest_of(what.value), ends_at=what.ends_at))
    except IntegrityError as answered:
        raise Conflict(OVER, code="expired") from answered


# Showing once more who one is


def _read_proof(actor: User, *, password: Any = None, answer: Any = None, **_given: Any) -> dict[str, Any]:
    require(can_prove(actor))
    if not answer:
        check_own_password(actor, password, field="proof")
    return {}


@action(words=_read_proof)
def prove(actor: User, *, password: Any = None, answer: Any = None, challenge: Asked = NOTHING) -> None:
    """Show, with one's passphrase or a passkey, who one is, for the next minutes on the log-in that one is here by."""
    require(can_prove(actor))
    if answer:
        _show_passkey(answer, challenge, of=actor)
    this_one = LoginSession.user_id == actor.id, LoginSession.digest == digest_of(actor.session_key)
    db.session.execute(update(LoginSession).where(*this_one).values(proved_at=now()))


# An app that makes codes


@action
def add_code_app(actor: User) -> str:
    """Make the secret that an app makes codes from. It counts once the app has shown that it has it."""
    require(can_add_code_app(actor))
    user = locked(actor)
    before = code_app_of(user)
    if before is not None and before.confirmed_at:
        raise Conflict("You have an app already. Taking it away makes room for another.")
    if before is not None:
        db.session.delete(before)
        db.session.flush()
    secret = pyotp.random_base32()
    db.session.add(CodeApp(user_id=user.id, secret=sealing.sealed(secret)))
    return secret


def secret_to_confirm(user: User) -> str | None:
    """The secret of an app that has not shown yet that it has it; of one that counts it is shown to nobody."""
    app = code_app_of(user)
    return sealing.opened(app.secret) if app is not None and app.confirmed_at is None else None


def uri_for(secret: str, *, name: str, site: str) -> str:
    """What an app reads a secret from."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=site)


def _read_confirmation(actor: User, *, code: Any) -> dict[str, Any]:
    require(can_confirm_code_app(actor))
    limits.check(f"member:{actor.id}", "second_step")
    return {}


@action(words=_read_confirmation)
def confirm_code_app(actor: User, *, code: Any) -> None:
    """Count an app, because it made the right numbers. From now on signing in asks for them."""
    require(can_confirm_code_app(actor))
    user = locked(actor)
    app = code_app_of(user)
    if app is None or app.confirmed_at:
        raise Conflict("There is no app that waits for its first numbers any more.")
    if not _takes_code(app, code):
        raise Invalid(fields={"code": NO_CODE})
    app.confirmed_at = now()
    _changed(user)


@action
def remove_code_app(actor: User) -> None:
    """Ask for no numbers any more; what the app makes opens nothing."""
    require(can_remove_code_app(actor))
    user = locked(actor)
    app = code_app_of(user)
    if app is None:
        raise NotFound()
    db.session.delete(app)
    _changed(user)


# Passkeys


def _read_passkey_made(actor: User, *, name: Any, answer: Any, challenge: Asked) -> dict[str, Any]:
    require(can_add_passkey(actor))
    line = clean_line(
        name, limit=NAME_LIMIT, field="passkey_name", empty="A name helps to know it again later."
    )
    made = passkeys.made(answer, challenge=challenge.value) if challenge.is_open else None
    if made is None:
        raise Invalid(fields={"passkey": NOT_MADE})
    return {"name": line, "answer": made}


@action(words=_read_passkey_made)
def add_passkey(actor: User, *, name: str, answer: passkeys.Made, challenge: Asked) -> Passkey:
    """Keep what a device made, so that it opens this account from now on."""
    require(can_add_passkey(actor))
    user = locked(actor)
    if len(passkeys_of(user)) >= MOST_PASSKEYS:
        raise Conflict(f"You have {MOST_PASSKEYS} passkeys. Taking one away makes room for another.")
    _answer_once(challenge)
    passkey = Passkey(user_id=user.id, name=name, **answer._asdict())
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
    except IntegrityError as known:
        raise Invalid(fields={"passkey": NOT_MADE}) from known
    _changed(user)
    return passkey


@action
def remove_passkey(actor: User, *, passkey_id: int) -> None:
    """Forget a passkey; the device may still show it, and it opens nothing."""
    require(can_remove_passkey(actor))
    user = locked(actor)
    gone = db.session.scalar(
        delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id).returning(Passkey.id)
    )
    if gone is None:
        raise NotFound()
    _changed(user)


def _changed(user: User) -> None:
    """Signing in asks for a second step exactly while there is one; and whoever did not do this learns of it."""
    db.session.flush()
    has_one = has_code_app(user) or bool(passkeys_of(user))
    user.second_step_at = (user.second_step_at or now()) if has_one else None
    notify.tell(user.id, "second_step", "second_step")


@action
def forget_spent_asks(actor: Actor) -> None:
    """Forget what was answered and would have run out since."""
    require(can_forget_spent_asks(actor))
    db.session.execute(delete(SpentAsk).where(SpentAsk.ends_at < now()))
