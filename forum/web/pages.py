"""The pages of the footer, and the theme. What they say is made from settings, never typed in."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for

from forum.errors import NotFound
from forum.queries.accounts import LONGEST
from forum.queries.agreements import agreement_in, agreement_now
from forum.web.context import THEMES
from forum.web.marks import public
from forum.web.signing import own_path

bp = Blueprint("pages", __name__)

YEAR_SECONDS = 31_536_000


@bp.get("/agreement")
@bp.get("/agreement/<int:version>")
@public("what people agree to is for everyone to read first, and what they once agreed to")
def agreement(version: int | None = None) -> str:
    newest = agreement_now()
    shown = newest if version is None else agreement_in(version)
    return render_template("pages/agreement.html", agreement=shown, newest=newest)


@bp.get("/how-moderation-works")
@public("how decisions are made here is for everyone to read")
def moderation() -> str:
    return render_template("pages/moderation.html")


@bp.get("/what-we-keep")
@public("what is kept, and for how long, is for everyone to read")
def keeping() -> str:
    return render_template("pages/keeping.html", longest_days=LONGEST.days)


@bp.get("/accessibility")
@public("how to use this place without a mouse, scripts or colour is for everyone")
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@bp.get("/leaving-quickly")
@public("what leaving quickly can and cannot do is for everyone to read first")
def leaving() -> str:
    goes_to = urlsplit(current_app.extensions["hearth"].leave_url).netloc.removeprefix("www.")
    return render_template("pages/leaving.html", leaves_to=goes_to)


@bp.get("/style-guide")
@public("the parts that pages are made of, shown with invented names to those who change Hearth")
def style_guide() -> str:
    if current_app.extensions["hearth"].is_production:
        raise NotFound()
    return render_template("pages/style_guide.html")


@bp.post("/theme")
@public("light and dark are a choice of whoever reads, signed in or not")
def theme() -> Response:
    chosen = request.form.get("theme")
    answer = make_response(redirect(own_path(request.form.get("next")), 303))
    settings = current_app.extensions["hearth"]
    answer.set_cookie(
        settings.cookie("theme"),
        chosen if chosen in THEMES else "auto",
        max_age=YEAR_SECONDS,
        secure=settings.is_https,
        httponly=True,
        samesite="Lax",
    )
    return answer


@bp.get("/robots.txt")
@public("search engines are told to stay out")
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@bp.get("/favicon.ico")
@public("browsers ask for it by this name beside pages without a head")
def icon() -> Response:
    return make_response(redirect(url_for("static", filename="img/arch.svg")))


@bp.get("/healthz")
@public("a supervisor asks whether the process lives")
def healthz() -> str:
    return "ok"
