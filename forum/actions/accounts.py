"""What people do with their own accounts."""

import secrets
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from forum import limits, mail, modlog, notify, passwords
from forum.actions.joining import ask_in, note_arrival, read_answer, spend_invitation
from forum.actions.links import spend_link, void_links
from forum.actions.sessions import end_all_sessions
from forum.db import action, db, locked, now
from forum.errors import Conflict, Invalid, RateLimited, Stale, collected
from forum.models import (
    FIGURES,
    NOTE_KINDS,
    TONES,
    Actor,
    Choice,
    CodeApp,
    Consent,
    ContentChoice,
    Entry,
    Passkey,
    Persona,
    Purpose,
    RecoveryCode,
    Role,
    TakenName,
    User,
    folded,
)
from forum.policy.accounts import (
    can_agree,
    can_ask_for_link,
    can_change_email,
    can_change_password,
    can_change_settings,
    can_confirm_email,
    can_log_in,
    can_recover,
    can_rename,
    can_renew_recovery,
    can_reset_member,
    can_reset_password,
    can_send_confirmation,
    can_withdraw,
)
from forum.policy.core import require
from forum.policy.joining import can_sign_up, waits_for_approval
from forum.queries.accounts import (
    choices_of,
    digest_of,
    link_with,
    settings_version,
    user_called,
    user_with_code,
    user_with_email_key,
)
from forum.queries.joining import invitation_with, site_settings
from forum.text import names
from forum.words import Words
from forum.zones import ZONES

CODES = 8
CODE_LETTERS = "abcdefghjkmnpqrstvwxyz0123456789"
"""None of them is taken for another one on paper. Seven fours are 140 bits, which nobody guesses from their digest."""
EMAIL_LIMIT = 254
CONSENTS = ("adult", "health", "agreement")

NO_MATCH = "This name and this password don’t go together. A recovery code from your sheet works too."
NO_CODE = "This name and this code don’t go together, or the code was used before."
TAKEN = "Somebody has or had this name. Another one works."


# Coming in


def _read_sign_up(
    actor: Actor, *, name: Any, password: Any, address: str = "", invitation: str = "", **given: Any
) -> dict[str, Any]:
    """Everything that is wrong with a sign-up at once, and the slow part of it, before anything is held."""
    mode, is_invited = site_settings().sign_up, bool(invitation and invitation_with(invitation))
    require(can_sign_up(actor, mode, is_invited=is_invited))
    fields: dict[str, str] = {}
    tidy = collected(fields, names.checked, name)
    secret = collected(fields, partial(passwords.checked, name=name), password)
    email = collected(fields, _checked_email, given.get("email"))
    waits = waits_for_approval(actor, mode, is_invited=is_invited)
    answer = collected(fields, read_answer, given.get("answer")) if waits else None
    if not given.get("is_adult"):
        fields["is_adult"] = "Hearth is for people of 18 and older. A tick here says that you are."
    if fields:
        raise Invalid(fields=fields)
    if address:
        limits.check(f"from:{address}", "sign_up")
    return {
        "name": tidy,
        "password": passwords.hashed(secret),
        "email": email,
        "email_key": _email_key(email, secret),
        "answer": answer,
    }


@action(words=_read_sign_up)
def sign_up(
    actor: Actor,
    *,
    name: str,
    password: str,
    is_adult: bool,
    keeps_health: bool,
    agrees: bool,
    email: str | None = None,
    email_key: str | None = None,
    figure: str | None = None,
    tone: int | None = None,
    is_demo: bool = False,
    role: Role = Role.MEMBER,
    invitation: str = "",
    answer: Words | None = None,
    address: str = "",
) -> tuple[User, list[str]]:
    """Make an account with its byline and what was agreed to; the answer holds the codes of its recovery sheet.

    Which door is open is asked again here: it may have closed while the password was hashed. Who comes by approval
    waits, and reads what guests read.
    A mail address that somebody gave before may be given again: each account is opened by its own password
    (see passwords.email_key), so that nobody can find out here whose address is known.
    """
    site, invited_by = site_settings(), invitation_with(invitation) if invitation else None
    is_invited = invited_by is not None
    require(can_sign_up(actor, site.sign_up, is_invited=is_invited))
    waits = waits_for_approval(actor, site.sign_up, is_invited=is_invited)
    if waits and answer is None:
        raise Invalid(fields={"answer": "People are asked this since a moment ago. A sentence is enough."})
    if invited_by is not None:
        spend_invitation(invited_by)
    user = User(password_hash=password, email=email, is_demo=is_demo, role=role)
    user.entry = Entry.WAITING if waits else Entry.IN
    db.session.add(user)
    db.session.flush()
    _give_email_key(user, email_key)
    _give_name(user, Persona(user_id=user.id, name=name, **_look(figure, tone)))
    given = {"adult": is_adult, "health": keeps_health, "agreement": agrees}
    for kind in (kind for kind, yes in given.items() if yes):
        db.session.add(Consent(user_id=user.id, kind=kind, version=_version(user, kind)))
    codes = _new_codes(user)
    _promise_confirmation(user)
    if invited_by is not None:
        note_arrival(user, invited_by)
    db.session.flush()
    db.session.refresh(user)
    if waits and answer is not None:
        ask_in(user, question=site.question, answer=answer)
    return user, codes


def check_log_in(actor: Actor, *, name: Any, password: Any, address: str) -> User:
    """Whose name (or mail address) and password these are.

    Raises Invalid with the same words, and after the same work, whoever it is not; RateLimited when it was
    tried too often for this name or from this address.
    """
    require(can_log_in(actor))
    called = name if isinstance(name, str) else ""
    limits.check(f"from:{address}", "log_in_from")
    limits.check(f"name:{_private(called)}", "log_in")
    user = _with_email(called, password) if "@" in called else _with_name(called, password)
    if user is None:
        raise Invalid(fields={"password": NO_MATCH})
    if anew := passwords.renewed(user.password_hash, password):
        _hash_anew(user, user.password_hash, anew)
    return user


@action
def _hash_anew(user: User, old: str, anew: str) -> None:
    """Unless the password was changed in between."""
    is_still = (User.id == user.id, User.password_hash == old)
    db.session.execute(update(User).where(*is_still).values(password_hash=anew))


def _with_email(email: str, password: Any) -> User | None:
    return user_with_email_key(passwords.email_key(email, password))


def _with_name(name: str, password: Any) -> User | None:
    user = user_called(name)
    return user if passwords.matches(user.password_hash if user else None, password) else None


def _read_recovery(actor: Actor, *, name: Any, code: Any, password: Any, address: str = "") -> dict[str, Any]:
    require(can_recover(actor))
    secret = passwords.checked(password, name=name)
    limits.check(f"from:{address}", "recover")
    digest, called = code_digest(code), name if isinstance(name, str) else ""
    user = user_with_code(digest, name_or_email=called)
    return {
        "name": called,
        "code": digest,
        "password": passwords.hashed(secret),
        "email_key": _email_key(user.email if user else None, secret),
    }


@action(words=_read_recovery)
def recover(
    actor: Actor, *, name: str, code: str, password: str, email_key: str | None = None, address: str = ""
) -> User:
    """Let somebody back in with a line of their recovery sheet: a new password, and every log-in ended."""
    require(can_recover(actor))
    user = user_with_code(code, name_or_email=name)
    if user is None or not spend_code(code, user=user):
        raise Invalid(fields={"code": NO_CODE})
    user.password_hash = password
    _give_email_key(user, email_key)
    void_links(user, Purpose.NEW_PASSWORD)
    end_all_sessions(user)
    return user


def spend_code(digest: str, *, user: User) -> bool:
    """Inside a deed: cross out a line of a member's sheet. Of two who use it at once, one is told that it was used."""
    unused = RecoveryCode.digest == digest, RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    spent = db.session.scalar(
        update(RecoveryCode).where(*unused).values(used_at=now()).returning(RecoveryCode.id)
    )
    return spent is not None


def _read_request(actor: Actor, *, email: Any, address: str = "") -> dict[str, Any]:
    require(can_ask_for_link(actor))
    tidy = _checked_email(email)
    if tidy is None:
        raise Invalid(fields={"email": "The address that you confirmed here goes in this field."})
    if address:
        limits.check(f"from:{address}", "link")
    return {"email": tidy if _may_be_mailed(tidy) else ""}


@action(words=_read_request)
def ask_for_link(actor: Actor, *, email: str, address: str = "") -> None:
    """Promise a link for a new password to whoever confirmed this address.

    Nobody is looked up here: one line is written whatever was typed, also for an address that was mailed often enough
    (the line then names none), so that neither the answer nor its time tells who is known.
    """
    require(can_ask_for_link(actor))
    mail.later("new_password", email=email)


def _read_reset(actor: Actor, *, token: str, password: Any) -> dict[str, Any]:
    require(can_reset_password(actor))
    link = link_with(token, Purpose.NEW_PASSWORD)
    secret = passwords.checked(password, field="new", name=link.user.name)
    return {"password": passwords.hashed(secret), "email_key": _email_key(link.email, secret)}


@action(words=_read_reset)
def reset_password(actor: Actor, *, token: str, password: str, email_key: str | None = None) -> User:
    """Let somebody back in with a mailed link: a new password, every log-in ended, and the member told of it twice.

    They sign in afterwards: a mailbox that somebody else reads is one key, not all that there may be.
    """
    require(can_reset_password(actor))
    user = spend_link(token, Purpose.NEW_PASSWORD)
    user.password_hash = password
    _give_email_key(user, email_key)
    end_all_sessions(user)
    notify.tell(user.id, "password_reset", "password")
    mail.later("password_reset", user=user.id)
    return user


# Changing


def check_own_password(actor: User, given: Any, *, field: str) -> None:
    """Whoever sits down at an open screen is not let further by it, nor by trying."""
    limits.check(actor, "log_in")
    if not passwords.matches(actor.password_hash, given):
        raise Invalid(fields={field: "This isn’t the passphrase you have now."})


def _read_new_password(actor: User, *, old: Any, new: Any, **_given: Any) -> dict[str, Any]:
    require(can_change_password(actor))
    secret = passwords.checked(new, field="new", name=actor.name)
    check_own_password(actor, old, field="old")
    return {"new": passwords.hashed(secret), "email_key": _email_key(actor.email, secret)}


@action(words=_read_new_password)
def change_password(actor: User, *, old: str, new: str, key: str = "", email_key: str | None = None) -> None:
    """Change one's password, and end every log-in but the one with this key."""
    require(can_change_password(actor))
    user = locked(actor)
    user.password_hash = new
    _give_email_key(user, email_key)
    void_links(user, Purpose.NEW_PASSWORD)
    end_all_sessions(user, but=key)


def _read_email(actor: User, *, email: Any, password: Any) -> dict[str, Any]:
    require(can_change_email(actor))
    tidy = _checked_email(email)
    check_own_password(actor, password, field="email_password")
    return {"email": tidy, "email_key": _email_key(tidy, password)}


@action(words=_read_email)
def change_email(actor: User, *, email: str | None, password: str, email_key: str | None = None) -> None:
    """Keep another mail address for one's way back in, or none. It lets nobody in until it is confirmed."""
    require(can_change_email(actor))
    user = locked(actor)
    _give_email_key(user, email_key)
    if email == user.email:
        return
    user.email, user.email_confirmed_at, user.email_found_by = email, None, None
    void_links(user)
    _promise_confirmation(user)


@action
def send_confirmation(actor: User) -> None:
    """Mail the link that confirms one's address again."""
    require(can_send_confirmation(actor))
    user = locked(actor)
    if not user.email or user.email_confirmed_at:
        raise Conflict("There is no address to confirm any more.")
    limits.check(user, "confirmation")
    _promise_confirmation(user)


@action
def confirm_email(actor: Actor, *, token: str) -> User:
    """Count an address as its member's, because somebody opened the link that went there and pressed its button."""
    require(can_confirm_email(actor))
    user = spend_link(token, Purpose.CONFIRM)
    user.email_confirmed_at, user.email_found_by = now(), folded(user.email or "")
    return user


@action
def renew_recovery(actor: User) -> list[str]:
    """Make a new recovery sheet; the old one opens nothing any more."""
    require(can_renew_recovery(actor))
    user = locked(actor)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    return _new_codes(user)


@action
def rename(actor: User, *, name: Any) -> None:
    """Change one's name everywhere at once. The old one stays theirs to take back, and is nobody else's ever."""
    require(can_rename(actor))
    user = locked(actor)
    byline = db.session.scalars(select(Persona).where(Persona.user_id == user.id, Persona.is_main)).one()
    byline.name = names.checked(name)
    _give_name(user, byline)
    limits.check(user, "name")


@action
def agree(actor: User, *, kind: str, read: int | None = None) -> None:
    """Say yes to one of the things that must be said before a first post; to the agreement, in the version that they
    have read, if the page told which."""
    require(can_agree(actor))
    user = locked(actor)
    _check_kind(kind)
    version = _version(user, kind)
    if kind == "agreement" and read is not None and read != version:
        raise Conflict("Our agreement changed while you were reading it. This is how it reads now.")
    if not user.has_consent(kind, version):
        db.session.add(Consent(user_id=user.id, kind=kind, version=version))
        db.session.flush()
        db.session.refresh(user)


@action
def withdraw(actor: User, *, kind: str) -> None:
    """Take a yes back. What was written stays until its author takes it back; writing rests."""
    require(can_withdraw(actor))
    user = locked(actor)
    _check_kind(kind)
    db.session.execute(
        update(Consent)
        .where(Consent.user_id == user.id, Consent.kind == kind, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now())
    )
    db.session.refresh(user)


@action
def change_settings(
    actor: User,
    *,
    country: str | None = None,
    timezone: str | None = None,
    shows_presence: bool = False,
    choices: dict[str, str] | None = None,
    version: str | None = None,
) -> None:
    """Keep how a member wants to be here: country of the helplines, time zone, presence, and each kind of content note;
    unless that changed on another device meanwhile."""
    require(can_change_settings(actor))
    user = locked(actor)
    if version is not None and version != (now_is := settings_version(user, choices_of(user))):
        raise Stale(now_is)
    user.country, user.timezone = _checked_country(country), _checked_zone(timezone)
    user.shows_presence = shows_presence
    db.session.execute(delete(ContentChoice).where(ContentChoice.user_id == user.id))
    for kind, choice in (choices or {}).items():
        if kind in NOTE_KINDS and choice in (Choice.SHOW, Choice.HIDE):
            db.session.add(ContentChoice(user_id=user.id, kind=kind, choice=choice))


# The house


def _read_nobodys(actor: Actor, user: User) -> dict[str, Any]:
    require(can_reset_member(actor))
    return {"password": passwords.hashed(secrets.token_urlsafe(32))}


@action(words=_read_nobodys)
def reset_member(actor: Actor, user: User, *, password: str = "") -> list[str]:
    """Give somebody a way back in who has none: a new recovery sheet, whose lines let them choose a passphrase.

    Whatever opened the account before opens nothing any more: their passphrase, second step, log-ins, keys and
    mailed links.
    """
    require(can_reset_member(actor))
    user = locked(user)
    user.password_hash, user.email_key, user.second_step_at = password, None, None
    void_links(user)
    end_all_sessions(user)
    for way_in in (RecoveryCode, CodeApp, Passkey):
        db.session.execute(delete(way_in).where(way_in.user_id == user.id))
    modlog.write(actor, "member_reset", user=user, subject="site")
    return _new_codes(user)


# Parts


def _checked_email(raw: Any) -> str | None:
    email = raw.strip() if isinstance(raw, str) else ""
    if not email:
        return None
    local, _, host = email.partition("@")
    is_whole = bool(local) and "." in host.strip(".") and "@" not in host
    if not is_whole or len(email) > EMAIL_LIMIT or " " in email or not email.isprintable():
        raise Invalid(fields={"email": "This doesn’t look like a mail address. It can also be left empty."})
    return email


def _promise_confirmation(user: User) -> None:
    if user.email and _may_be_mailed(user.email):
        mail.later("confirm", user=user.id)


def _may_be_mailed(email: str) -> bool:
    """Whether this address was not mailed too often. Nobody is told: it would say that others had asked."""
    try:
        limits.check(f"to:{_private(email)}", "mail_to")
    except RateLimited:
        return False
    return True


def _checked_country(raw: str | None) -> str | None:
    return raw.upper() if raw and len(raw) == 2 and raw.isalpha() else None


def _checked_zone(raw: str | None) -> str | None:
    if raw and raw not in ZONES:
        raise Invalid(fields={"timezone": "Choosing one of the list gives your times their zone."})
    return raw or None


def _check_kind(kind: str) -> None:
    if kind not in CONSENTS:
        raise Invalid(fields={"kind": "This is not one of the things that we ask."})


def has_said(user: User, kind: str) -> bool:
    """Whether they have said yes to this, in the version that holds now."""
    return user.has_consent(kind, _version(user, kind))


def _version(user: User, kind: str) -> int:
    return user.agreement_version if kind == "agreement" else 1


def _look(figure: str | None, tone: int | None) -> dict[str, Any]:
    """A chosen arch, or none, in which case it is drawn at random."""
    look: dict[str, Any] = {}
    if figure in FIGURES:
        look["figure"] = figure
    if tone in TONES:
        look["tone"] = tone
    return look


def _give_name(user: User, byline: Persona) -> None:
    """Give a byline its name, for ever. Two who ask at once are told apart by the table's key."""
    db.session.add(byline)
    db.session.flush()
    key = names.key_of(byline.name)
    held = db.session.get(TakenName, key)
    if held is not None and held.persona_id == byline.id:
        return
    if db.session.get(TakenName, names.kept_for_nobody(key)) is not None:
        raise Invalid(fields={"name": TAKEN})
    try:
        with db.session.begin_nested():
            db.session.execute(insert(TakenName).values(key=key, persona_id=byline.id))
    except IntegrityError as taken:
        raise Invalid(fields={"name": TAKEN}) from taken


def _give_email_key(user: User, key: str | None) -> None:
    """Only who knows address and password of another account of theirs meets the table's key here."""
    if key == user.email_key:
        return
    try:
        with db.session.begin_nested():
            user.email_key = key
            db.session.flush()
    except IntegrityError:
        user.email_key = None


def _email_key(email: str | None, password: str) -> str | None:
    return passwords.email_key(email, password) if email else None


def _new_codes(user: User) -> list[str]:
    codes = ["-".join(_four_letters() for _ in range(7)) for _ in range(CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, digest=code_digest(code)) for code in codes)
    return codes


def _four_letters() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(4))


def code_digest(code: Any) -> str:
    """As typed from paper: capitals, spaces and hyphens make no difference."""
    tidy = code.casefold() if isinstance(code, str) else ""
    return digest_of("".join(character for character in tidy if character.isalnum()))


def _private(name: str) -> str:
    """A name or address as a key for counting, so that none lies in memory or in Redis."""
    return digest_of(passwords.as_looked_up(name) if "@" in name else names.key_of(name))[:24]
