"""Short guides to kinds of professional help. They hold nobody’s words, so they are open to everyone."""

from flask import Blueprint, render_template

from forum import guides
from forum.errors import NotFound
from forum.web.marks import public

bp = Blueprint("guides", __name__)


@bp.get("/guides")
@public("whoever wonders about professional help needs no account to read what it is like")
def index() -> str:
    return render_template("guides/index.html", guides=guides.every())


@bp.get("/guides/<slug>")
@public("whoever wonders about professional help needs no account to read what it is like")
def show(slug: str) -> str:
    found = guides.called(slug)
    if found is None:
        raise NotFound()
    return render_template("guides/show.html", guide=found)
