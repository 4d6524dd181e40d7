"""Coming in, signing in, getting back in, and saying yes to what must be said first."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum import passkeys
from forum.actions import accounts
from forum.errors import Conflict, ForumError, Invalid
from forum.identity import current_actor
from forum.models import MailLink, Purpose
from forum.policy.accounts import (
    can_agree,
    can_ask_for_link,
    can_confirm_email,
    can_log_in,
    can_log_out,
    can_recover,
    can_reset_password,
)
from forum.policy.core import require
from forum.policy.joining import can_sign_up, waits_for_approval
from forum.queries.accounts import link_with, names_on_offer
from forum.queries.agreements import agreement_now
from forum.queries.joining import invitation_with, own_application, site_settings
from forum.text.names import OFFERED, checked
from forum.web.marks import asks, public
from forum.web.numbers import whole
from forum.web.signing import ask_second_step, challenge, own_path, sign_in, sign_out
from forum.web.writing import reachable

bp = Blueprint("accounts", __name__)

Answer = str | Response | tuple[str | Response, int]


# Coming in


@bp.get("/sign-up")
@asks(can_sign_up)
def sign_up() -> Answer:
    return _sign_up_page() if can_sign_up(current_actor()) else redirect(url_for("boards.index"))


@bp.get("/sign-up/<token>")
@public("whoever was asked in opens the page with the link that they were given")
def invited(token: str) -> Answer:
    """The same page for whoever was asked in; its token stands in the form from then on."""
    return _sign_up_page(token=token) if can_sign_up(current_actor()) else redirect(url_for("boards.index"))


@bp.post("/sign-up")
@asks(can_sign_up)
def make_account() -> Answer:
    try:
        user, codes = accounts.sign_up(
            current_actor(),
            name=request.form.get("own_name", "").strip() or request.form.get("name"),
            password=request.form.get("password"),
            email=request.form.get("email"),
            is_adult=_ticked("adult"),
            keeps_health=_ticked("health"),
            agrees=_ticked("agreement"),
            invitation=request.form.get("token", ""),
            answer=request.form.get("answer"),
            address=request.remote_addr or "",
        )
    except ForumError as refused:
        return _sign_up_page(refused, token=request.form.get("token", ""))
    sign_in(user, by="sign_up")
    application = own_application(user)
    return render_template(
        "accounts/codes.html", codes=codes, is_new=True, application=application,
        help=reachable() if application and application.shows_help else None,
    )  # fmt: skip


def _sign_up_page(error: ForumError | None = None, *, token: str = "") -> tuple[str, int]:
    """The form, or the page that says which door is open instead."""
    site = site_settings()
    try:
        is_invited = bool(token and invitation_with(token))
        require(can_sign_up(current_actor(), site.sign_up, is_invited=is_invited))
    except ForumError as shut:
        page = render_template(
            "joining/shut.html", error=shut, mode=site.sign_up, token=token, help=reachable()
        )
        return page, 200 if shut.code == "forbidden" and not error else shut.status
    offered = _offered_before() if error else []
    waits = waits_for_approval(current_actor(), site.sign_up, is_invited=is_invited)
    page = render_template(
        "accounts/sign_up.html", offered=offered or names_on_offer(), form=request.form, error=error,
        question=site.question if waits else "", token=token,
    )  # fmt: skip
    return page, error.status if error else 200


def _offered_before() -> list[str]:
    """The names that this form stood with, so that a slip elsewhere does not take the chosen one away."""
    try:
        return [checked(name) for name in request.form.getlist("offered")[:OFFERED]]
    except Invalid:
        return []


# Signing in and out


@bp.get("/sign-in")
@asks(can_log_in)
def log_in() -> Answer:
    if current_actor().is_authenticated:
        return redirect(own_path(request.args.get("next")))
    return log_in_page(request.args)


@bp.post("/sign-in")
@asks(can_log_in)
def begin() -> Answer:
    name, password = request.form.get("name"), request.form.get("password")
    try:
        user = accounts.check_log_in(
            current_actor(), name=name, password=password, address=request.remote_addr or ""
        )
    except ForumError as refused:
        return log_in_page(request.form, refused), refused.status
    next_one = own_path(request.form.get("next"))
    if user.second_step_at is not None:
        ask_second_step(user)
        return redirect(url_for("factors.second_step", next=next_one), 303)
    sign_in(user, by="passphrase")
    return redirect(next_one, 303)


def log_in_page(form: Mapping[str, str], error: ForumError | None = None) -> str:
    asked = passkeys.to_ask(challenge=challenge().value)
    return render_template("accounts/log_in.html", form=form, error=error, asked=asked)


@bp.post("/sign-out")
@asks(can_log_out)
def log_out() -> Answer:
    sign_out(current_actor())
    answer = redirect(url_for("home.welcome"), 303)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


# Getting back in


@bp.get("/way-back-in")
@public("whoever cannot sign in has to find the way back in")
def recovery() -> Answer:
    return render_template("accounts/recover.html", form={}, error=None)


@bp.post("/way-back-in")
@asks(can_recover)
def recover() -> Answer:
    try:
        user = accounts.recover(
            current_actor(),
            name=request.form.get("name", ""),
            code=request.form.get("code", ""),
            password=request.form.get("password"),
            address=request.remote_addr or "",
        )
    except ForumError as refused:
        return render_template("accounts/recover.html", form=request.form, error=refused), refused.status
    sign_in(user, by="sheet")
    flash("You’re back in. Every other device was signed out.")
    return redirect(url_for("boards.index"), 303)


# Links that we mailed. Their tokens stand in a page's form from then on, and in no further address.


@bp.post("/way-back-in/link")
@asks(can_ask_for_link)
def ask_for_link() -> Answer:
    try:
        accounts.ask_for_link(
            current_actor(), email=request.form.get("email"), address=request.remote_addr or ""
        )
    except ForumError as refused:
        return render_template("accounts/recover.html", form=request.form, error=refused), refused.status
    return redirect(url_for("accounts.link_sent"), 303)


@bp.get("/way-back-in/sent")
@public("whoever asked for a link reads the same, whether or not we know the address")
def link_sent() -> Answer:
    return render_template("accounts/link_sent.html")


@bp.get("/way-back-in/<token>")
@public("whoever holds a link that we mailed may choose a new passphrase with it")
def new_password(token: str) -> Answer:
    return _link_page("accounts/new_password.html", token, Purpose.NEW_PASSWORD)


@bp.post("/way-back-in/new-passphrase")
@asks(can_reset_password)
def reset_password() -> Answer:
    token = request.form.get("token", "")
    try:
        accounts.reset_password(current_actor(), token=token, password=request.form.get("new"))
    except ForumError as refused:
        return _link_page("accounts/new_password.html", token, Purpose.NEW_PASSWORD, refused)
    flash("Your new passphrase is kept, and every device was signed out. You can sign in with it now.")
    return redirect(url_for("accounts.log_in"), 303)


@bp.get("/confirm/<token>")
@public("whoever reads the mail may confirm the address, on whichever device that is")
def confirmation(token: str) -> Answer:
    """Only asks: programs that look through mail open every link in it, and press no button."""
    return _link_page("accounts/confirm.html", token, Purpose.CONFIRM)


@bp.post("/confirm")
@asks(can_confirm_email)
def confirm() -> Answer:
    token = request.form.get("token", "")
    try:
        accounts.confirm_email(current_actor(), token=token)
    except ForumError as refused:
        return _link_page("accounts/confirm.html", token, Purpose.CONFIRM, refused)
    flash("The address is confirmed. A link sent there can let you back in from now on.")
    return redirect(
        url_for("settings.show") if current_actor().is_authenticated else url_for("accounts.log_in"), 303
    )


def _link_page(
    template: str, token: str, purpose: Purpose, error: ForumError | None = None
) -> tuple[str, int]:
    """The page of an open link; of every other token, the same page that says so."""
    try:
        link: MailLink = link_with(token, purpose)
    except Conflict as over:
        return render_template("accounts/link_over.html", purpose=purpose, error=over), over.status
    page = render_template(template, link=link, token=token, error=error)
    return page, error.status if error else 200


# What is said before a first post


@bp.get("/before-you-write")
@asks(can_agree)
def before_writing() -> Answer:
    require(can_agree(current_actor()))
    return _before_page()


@bp.post("/before-you-write")
@asks(can_agree)
def agree() -> Answer:
    require(can_agree(current_actor()))
    read = request.form.get("version", type=whole)
    try:
        for kind in filter(_ticked, accounts.CONSENTS):
            accounts.agree(current_actor(), kind=kind, read=read)
    except Conflict as changed:
        return _before_page(changed), changed.status
    return redirect(own_path(request.form.get("next")), 303)


def _before_page(error: ForumError | None = None) -> str:
    return render_template(
        "accounts/before.html",
        agreement=agreement_now(),
        next=own_path(request.values.get("next")),
        error=error,
    )


def _ticked(name: str) -> bool:
    return request.form.get(name) == "1"
