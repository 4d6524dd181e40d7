"""A member's own settings: name, way back in, what they see, where they are signed in, what they agreed to."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions import accounts, sessions, tokens
from forum.actions.boundaries import set_openness
from forum.errors import ForumError
from forum.helplines import countries
from forum.identity import current_actor
from forum.models import FIGURES, NOTE_KINDS, TONES, Actor, Choice, TokenScope
from forum.policy.accounts import (
    can_change_email,
    can_change_password,
    can_change_settings,
    can_end_other_sessions,
    can_end_session,
    can_rename,
    can_renew_recovery,
    can_see_settings,
    can_send_confirmation,
    can_withdraw,
)
from forum.policy.boundaries import can_set_openness
from forum.policy.core import require
from forum.policy.tokens import can_end_token, can_make_token
from forum.queries.accounts import choices_of, codes_left, sessions_of, tokens_of
from forum.queries.boundaries import boundaries_of
from forum.queries.factors import has_code_app, passkeys_of
from forum.queries.leaving import copy_of
from forum.queries.profile import own_profile, profile_version
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.signing import renew
from forum.zones import places

bp = Blueprint("settings", __name__, url_prefix="/settings")

SCOPES: dict[TokenScope, str] = {
    TokenScope.READ_BOARDS: "Read boards as I do",
    TokenScope.WRITE_BOARDS: "Write and answer on boards in my name",
    TokenScope.READ_LIBRARY: "Read the library",
    TokenScope.WRITE_LIBRARY: "Share and change cards in my name",
    TokenScope.READ_ROOMS: "Read along in rooms that I am in",
    TokenScope.WRITE_ROOMS: "Go into rooms and speak there in my name",
    TokenScope.REPORTS: "Tell moderators something, and see what became of it",
    TokenScope.READ_ACCOUNT: "Read my settings, notices, toolkit and plan",
    TokenScope.WRITE_ACCOUNT: "Change my settings, toolkit and plan, and sign devices out",
    TokenScope.MODERATE: "Moderate, where I do",
}

Answer = str | Response | tuple[str | Response, int]


@bp.get("")
@asks(can_see_settings)
def show() -> Answer:
    return page()


@bp.post("")
@asks(can_change_settings)
def change() -> Answer:
    return done(
        "Kept.",
        lambda actor: accounts.change_settings(
            actor,
            country=request.form.get("country"),
            timezone=request.form.get("timezone"),
            shows_presence=request.form.get("shows_presence") == "1",
            choices={kind: request.form.get(f"note_{kind}", Choice.FOLD) for kind in NOTE_KINDS},
        ),
    )


@bp.post("/openness")
@asks(can_set_openness)
def openness() -> Answer:
    said = request.form.get("openness", "")
    return done("Kept. Nobody is told why.", lambda actor: set_openness(actor, openness=said))


@bp.post("/name")
@asks(can_rename)
def rename() -> Answer:
    return done(
        "Your name is changed, everywhere at once.",
        lambda actor: accounts.rename(actor, name=request.form.get("name")),
    )


@bp.post("/password")
@asks(can_change_password)
def password() -> Answer:
    old, new = request.form.get("old"), request.form.get("new")
    return done(
        "Your passphrase is changed. Every other device was signed out.",
        lambda actor: accounts.change_password(actor, old=old, new=new, key=actor.session_key),
        has_shown=True,
    )


@bp.post("/email")
@asks(can_change_email)
def email() -> Answer:
    address, own = request.form.get("email"), request.form.get("email_password")
    said = "Your e-mail is kept." if address else "We keep no e-mail of yours any more."
    return done(said, lambda actor: accounts.change_email(actor, email=address, password=own), has_shown=True)


@bp.post("/email/confirmation")
@asks(can_send_confirmation)
def send_confirmation() -> Answer:
    return done(
        "A new link is on its way. The one before opens nothing any more.", accounts.send_confirmation
    )


@bp.post("/recovery")
@asks(can_renew_recovery)
def renew_recovery() -> Answer:
    try:
        codes = accounts.renew_recovery(_member())
    except ForumError as refused:
        return page_again(refused)
    return render_template("accounts/codes.html", codes=codes, is_new=False)


@bp.post("/consents/withdrawal")
@asks(can_withdraw)
def withdraw() -> Answer:
    return done(
        "Taken back. You can read on; writing rests until you give it again.",
        lambda actor: accounts.withdraw(actor, kind=request.form.get("kind", "")),
    )


@bp.post("/devices/<int:session_id>/end")
@asks(can_end_session)
def end_session(session_id: int) -> Answer:
    return done(
        "That device is signed out.", lambda actor: sessions.end_session(actor, session_id=session_id)
    )


@bp.post("/devices/others/end")
@asks(can_end_other_sessions)
def end_others() -> Answer:
    return done(
        "Every other device is signed out.",
        lambda actor: sessions.end_other_sessions(actor, actor.session_key),
    )


@bp.post("/keys")
@asks(can_make_token)
def make_key() -> Answer:
    """The new key is shown once, on a page of its own."""
    form = request.form
    try:
        token, secret = tokens.make_token(
            _member(),
            name=form.get("token_name"),
            scopes=form.getlist("scopes"),
            days=form.get("days", type=whole),
        )
    except ForumError as refused:
        return page_again(refused)
    return render_template("settings/key.html", token=token, secret=secret)


@bp.post("/keys/<int:token_id>/end")
@asks(can_end_token)
def end_key(token_id: int) -> Answer:
    return done("That key opens nothing any more.", lambda actor: tokens.end_token(actor, token_id=token_id))


def _member() -> Actor:
    actor = current_actor()
    require(can_see_settings(actor))
    return actor


def done(said: str, deed: Callable, *, to: str = "", has_shown: bool = False) -> Answer:
    """Back to the settings with a word about what is done, or the page again with what stands in the way.

    `has_shown` says that its form held the passphrase, so that the log-in goes on under another key.
    """
    actor: Any = _member()
    try:
        deed(actor)
    except ForumError as refused:
        return page_again(refused)
    if has_shown:
        renew(actor)
    flash(said)
    return redirect(to or url_for("settings.show"), 303)


def page_again(refused: ForumError) -> Answer:
    """The settings with what stands in the way; what other pages are for is left to them."""
    if refused.code in ("log_in", "prove"):
        raise refused
    return page(refused), refused.status


def page(error: ForumError | None = None) -> str:
    """Every section of the settings; with what was typed and what stands in the way, if something does."""
    actor: Any = _member()
    return render_template(
        "settings/show.html",
        form=request.form,
        error=error,
        kinds=NOTE_KINDS,
        choices=choices_of(actor),
        countries=countries(),
        sessions=sessions_of(actor),
        boundaries=boundaries_of(actor),
        tokens=tokens_of(actor),
        scopes=SCOPES,
        token_days=tokens.DAYS,
        codes_left=codes_left(actor),
        copy=copy_of(actor),
        has_app=has_code_app(actor),
        passkeys=passkeys_of(actor),
        agreement_version=actor.agreement_version,
        zones=places(),
        profile=(profile := own_profile(actor)),
        profile_version=profile_version(actor.byline, profile),
        figures=FIGURES,
        tones=TONES,
    )
