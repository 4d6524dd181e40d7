"""The second step of signing in, what it is done with, and showing once more who one is."""

from typing import Any

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum import passkeys
from forum.actions import factors
from forum.actions.factors import Asked
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import User
from forum.policy.accounts import can_see_settings
from forum.policy.core import require
from forum.policy.factors import (
    can_add_code_app,
    can_add_passkey,
    can_check_passkey,
    can_confirm_code_app,
    can_pass_second_step,
    can_prove,
    can_remove_code_app,
    can_remove_passkey,
)
from forum.queries.factors import has_code_app, passkeys_of
from forum.web.accounts import log_in_page
from forum.web.marks import asks, public
from forum.web.settings import done, page_again
from forum.web.signing import challenge, challenge_answered, own_path, renew, sign_in, step_asked

bp = Blueprint("factors", __name__)

Answer = str | Response | tuple[str | Response, int]

UNKEPT = ("csrf_token", "proof", "passkey", "again_at", "password", "old", "new")
"""What does not go round by way of the page that asks who is there."""


# Signing in


@bp.get("/sign-in/second")
@public("whoever gave the right passphrase is asked for the second step here, and is nobody yet")
def second_step() -> Answer:
    return _step_page(step_asked())


@bp.post("/sign-in/second")
@asks(can_pass_second_step)
def pass_second_step() -> Answer:
    form, step = request.form, step_asked()
    answer = form.get("passkey")
    try:
        user = factors.pass_second_step(
            current_actor(),
            step=step,
            code=form.get("code"),
            line=form.get("line"),
            answer=answer,
            challenge=challenge_answered(),
        )
    except ForumError as refused:
        return _from_the_start() if refused.code == "expired" else _step_page(step, refused)
    sign_in(user, by=f"passphrase and {'passkey' if answer else 'sheet' if form.get('line') else 'app'}")
    return redirect(own_path(form.get("next")), 303)


@bp.post("/sign-in/passkey")
@asks(can_check_passkey)
def sign_in_by_passkey() -> Answer:
    try:
        user = factors.check_passkey(
            current_actor(),
            answer=request.form.get("passkey"),
            challenge=challenge_answered(),
            address=request.remote_addr or "",
        )
    except ForumError as refused:
        return log_in_page(request.form, refused), refused.status
    sign_in(user, by="passkey")
    return redirect(own_path(request.form.get("next")), 303)


def _step_page(step: Asked, error: ForumError | None = None) -> Answer:
    try:
        user = factors.asked_member(step)
    except ForumError:
        return _from_the_start()
    page = render_template(
        "accounts/second_step.html",
        error=error,
        asked=_asked_of(user),
        has_app=has_code_app(user),
        next=own_path(request.values.get("next")),
    )
    return (page, error.status) if error else page


def _from_the_start() -> Answer:
    flash(factors.OVER)
    return redirect(url_for("accounts.log_in", next=own_path(request.values.get("next"))), 303)


def _asked_of(user: User) -> str:
    """What a browser is asked to show one of this member's passkeys; nothing when they have none."""
    known = [one.credential for one in passkeys_of(user)]
    return passkeys.to_ask(challenge=challenge().value, known=known) if known else ""


# Showing once more who one is


@bp.post("/sign-in/again")
@asks(can_prove)
def prove() -> Answer:
    """Once it is shown, the browser sends the form on to where it was going: 307 keeps its words."""
    form, answer = request.form, request.form.get("passkey")
    try:
        factors.prove(
            _member(),
            password=form.get("proof"),
            answer=answer,
            challenge=challenge_answered(),
        )
    except ForumError as refused:
        return prove_page(own_path(form.get("again_at")), refused), refused.status
    renew(_member())
    return redirect(own_path(form.get("again_at")), 307)


def prove_page(path: str, error: ForumError | None = None) -> str:
    """The page that asks who is there, with the form that was on its way."""
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in UNKEPT]
    actor = _member()
    return render_template(
        "accounts/again.html", again_at=path, kept=kept, error=error, asked=_asked_of(actor)
    )


# An app that makes codes


@bp.post("/settings/second-step/app")
@asks(can_add_code_app)
def add_code_app() -> Answer:
    try:
        secret = factors.add_code_app(_member())
    except ForumError as refused:
        return page_again(refused)
    return _app_page(secret)


@bp.post("/settings/second-step/app/confirmation")
@asks(can_confirm_code_app)
def confirm_code_app() -> Answer:
    actor = _member()
    try:
        factors.confirm_code_app(actor, code=request.form.get("code"))
    except ForumError as refused:
        secret = factors.secret_to_confirm(actor) if refused.code != "prove" else None
        return (_app_page(secret, refused), refused.status) if secret else page_again(refused)
    flash("It is on. From now on signing in asks for your passphrase, then for the numbers of your app.")
    return redirect(_settings(), 303)


@bp.post("/settings/second-step/app/end")
@asks(can_remove_code_app)
def remove_code_app() -> Answer:
    return done(
        "Your app is taken away. Its numbers open nothing any more.", factors.remove_code_app, to=_settings()
    )


def _app_page(secret: str, error: ForumError | None = None) -> str:
    """The only page that shows a secret, until the first right numbers."""
    uri = factors.uri_for(secret, name=_member().byline.name, site=current_app.extensions["hearth"].site_name)
    dots = [list(row) for row in segno.make(uri, micro=False).matrix_iter(border=2)]
    return render_template(
        "settings/app.html", error=error, uri=uri, secret=_in_fours(secret), size=len(dots), path=_path(dots)
    )


def _path(dots: list[list[int]]) -> str:
    """The dark squares of a grid, as one path of an SVG."""
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(dots) for x, dark in enumerate(row) if dark)


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


# Passkeys


@bp.post("/settings/second-step/passkeys/new")
@asks(can_add_passkey)
def new_passkey() -> Answer:
    require(can_add_passkey(_member()))
    return _passkey_page()


@bp.post("/settings/second-step/passkeys")
@asks(can_add_passkey)
def add_passkey() -> Answer:
    form, asked = request.form, challenge_answered()
    try:
        factors.add_passkey(
            _member(), name=form.get("passkey_name"), answer=form.get("passkey"), challenge=asked
        )
    except ForumError as refused:
        if refused.code in ("prove", "log_in"):
            raise
        return _passkey_page(refused), refused.status
    flash("Your passkey is kept. It signs you in alone, and is your second step after a passphrase.")
    return redirect(_settings(), 303)


@bp.post("/settings/second-step/passkeys/<int:passkey_id>/end")
@asks(can_remove_passkey)
def remove_passkey(passkey_id: int) -> Answer:
    return done(
        "That passkey opens nothing any more. You can take it off the device, too.",
        lambda actor: factors.remove_passkey(actor, passkey_id=passkey_id),
        to=_settings(),
    )


def _passkey_page(error: ForumError | None = None) -> str:
    actor = _member()
    asked = passkeys.to_make(
        actor.id,
        actor.byline.name,
        challenge=challenge().value,
        known=[one.credential for one in passkeys_of(actor)],
    )
    return render_template("settings/passkey.html", form=request.form, error=error, asked=asked)


def _member() -> User:
    actor: Any = current_actor()
    require(can_see_settings(actor))
    return actor


def _settings() -> str:
    return url_for("settings.show", _anchor="second-step")
