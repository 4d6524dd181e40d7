"""What every page for looking after the house shares: its blueprint, and how a deed is done from it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug import Response

from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import Group
from forum.queries.house import groups_with, look_after
from forum.web.numbers import whole
from forum.web.writing import kept

bp = Blueprint("house", __name__, url_prefix="/house")

Page = str | Response | tuple[Response | str, int]


def done(
    deed: Callable[[], object], page: Callable[[ForumError | None], str], said: str, to: str, **where: object
) -> Page:
    """On to a page with a word about what is done; or the form again, with its words and what stands in the way."""
    look_after(current_actor())
    try:
        deed()
    except ForumError as error:
        return kept(error, page)
    flash(said)
    return redirect(url_for(f"house.{to}", **where), 303)  # type: ignore[arg-type]


def chosen_groups() -> list[Group]:
    """The groups that a form ticks."""
    return groups_with(current_actor(), request.form.getlist("groups", type=whole))


def goes_up() -> bool:
    """Which way a form moves something in its list."""
    return request.form.get("way") == "up"
