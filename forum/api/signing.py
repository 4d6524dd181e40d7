"""Who a program is: the member whose key it brings, or whoever is signed in with the cookie of a page of ours."""

from datetime import timedelta

from flask import g, request
from flask_wtf.csrf import CSRFError

from forum.actions.tokens import touch_token
from forum.errors import Forbidden, ForumError
from forum.extensions import csrf
from forum.identity import current_actor
from forum.models import Token, User
from forum.queries.accounts import digest_of, is_stale, token_for

TOUCH_EVERY = timedelta(minutes=10)
SAFE = ("GET", "HEAD", "OPTIONS")
UNKNOWN = "This key is not known here, or it has ended. Its member can make another in the settings."
NO_TOKEN = (
    "A cookie alone may be somebody else’s page. The X-CSRFToken header of a page of ours goes with it."
)


def identify() -> None:
    """Before anything else: a key counts alone, whatever cookie comes with it; a cookie needs the page's token."""
    if "Authorization" in request.headers:
        _act_for(_token())
    elif request.method not in SAFE and current_actor().is_authenticated:
        _check_page()


def _token() -> Token:
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    token = token_for(digest_of(secret.strip())) if scheme.casefold() == "bearer" else None
    if token is None:
        raise ForumError(UNKNOWN, code="log_in")
    return token


def _act_for(token: Token) -> None:
    """Flask-Login asks its own loader only while nobody is here yet, so this is where it is told who is."""
    user: User = token.user
    user.scopes = frozenset(token.scopes)
    g._login_user, g.member = user, token.user_id
    if token.used_at is None or is_stale(token.used_at, after=TOUCH_EVERY):
        _touch(user, token)


def _touch(user: User, token: Token) -> None:
    """An answer is worth more than an exact note of when a key was used."""
    try:
        touch_token(user, token)
    except ForumError:
        return


def _check_page() -> None:
    try:
        csrf.protect()
    except CSRFError as error:
        raise Forbidden(NO_TOKEN) from error
