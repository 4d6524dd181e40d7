"""Signing in and out of this browser: the cookie holds the key of a log-in row, and the row is the truth."""

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import login_user, logout_user

from forum.actions.factors import NOTHING, Asked, asked
from forum.actions.sessions import (
    TOUCH_EVERY,
    begin_session,
    end_session_quickly,
    log_out,
    renew_session,
    touch_session,
)
from forum.errors import ForumError
from forum.extensions import login_manager
from forum.models import Actor, User
from forum.queries.accounts import digest_of, is_stale, session_for

log = structlog.get_logger("forum.signing")

STEP, CHALLENGE = "second_step", "challenge"
_BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


class _Signed(SecureCookieSessionInterface):
    """Flask signs its cookie with HMAC over SHA-1 unless it is told otherwise."""

    digest_method = staticmethod(hashlib.sha256)


def init_app(app: Flask) -> None:
    app.session_interface = _Signed()
    login_manager.user_loader(member_with_key)


def member_with_key(key: str) -> User | None:
    """Whoever this log-in belongs to; nobody once it was ended or lay unused too long."""
    found = session_for(digest_of(key), idle=_idle())
    if found is None:
        return None
    user, g.member = found.user, found.user_id
    user.session_key, user.session_id, user.proved_at = key, found.id, found.proved_at
    if is_stale(found.used_at, after=TOUCH_EVERY):
        _touch(user, key)
    return user


def sign_in(user: User, *, by: str) -> None:
    """Begin a log-in for this browser. Whatever was in its cookie before is gone, so that nobody can plant one."""
    _begin_anew()
    log.info("signed in", member=user.id, by=by)
    user.session_key = begin_session(user, device=device(), idle=_idle())
    session.permanent = True
    login_user(user)


def renew(user: User) -> None:
    """Go on under another key, because it was shown once more whose log-in this is."""
    session["_user_id"] = user.session_key = renew_session(user)
    log.info("shown again", member=user.id)


def ask_second_step(user: User) -> None:
    """Remember in this browser's cookie that its passphrase was right. That is no log-in: it opens the next page only."""
    _begin_anew()
    session[STEP] = asked(user)


def step_asked() -> Asked:
    """The second step that this browser was asked for, if any."""
    return _asked(STEP)


def challenge() -> Asked:
    """What a passkey of this browser is asked: the same on all of its pages for a while, so that two tabs agree."""
    known = _asked(CHALLENGE)
    if not known.is_young:
        session[CHALLENGE] = known = asked()
    return known


def challenge_answered() -> Asked:
    """What was asked, for its one answer; the next page asks anew."""
    known = _asked(CHALLENGE)
    session.pop(CHALLENGE, None)
    return known


def _asked(name: str) -> Asked:
    return Asked(*session[name]) if name in session else NOTHING


def _begin_anew() -> None:
    before = session.get("_user_id")
    session.clear()
    if before:
        end_session_quickly(before)


def sign_out(actor: Actor) -> None:
    """End this browser's log-in, and leave nothing of it in the cookie."""
    if isinstance(actor, User):
        log_out(actor, actor.session_key)
        log.info("signed out", member=actor.id)
    logout_user()
    session.clear()


def device() -> str:
    """What a member will recognise their own device by, and no more: a browser and a system."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for name in _BROWSERS if name in agent), "A browser")
    system = next((name for name in _SYSTEMS if name in agent), "an unknown system")
    return f"{browser.replace('Edg', 'Edge').replace('OPR', 'Opera')} on {system}"


def own_path(asked: str | None) -> str:
    """Where to go on to: a path of this site, never another's address."""
    if (
        asked
        and asked.isprintable()
        and "\\" not in asked
        and asked.startswith("/")
        and not _is_elsewhere(asked)
    ):
        return asked
    return url_for("home.welcome")


def _is_elsewhere(asked: str) -> bool:
    """Whether a browser would read a host in it; what cannot be read at all might be one."""
    try:
        return asked.startswith("//") or bool(urlsplit(asked).netloc)
    except ValueError:
        return True


def _idle() -> timedelta:
    """How long a log-in may lie unused."""
    return timedelta(days=current_app.extensions["hearth"].session_days)


def _touch(user: User, key: str) -> None:
    """A page is worth more than an exact note of when it was read."""
    try:
        touch_session(user, key)
    except ForumError:
        return
