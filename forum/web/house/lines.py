"""Helplines, as a page for those who look after the house."""

from collections.abc import Callable

from flask import render_template, request

from forum import helplines
from forum.actions import house as deeds
from forum.errors import ForumError
from forum.identity import current_actor
from forum.policy.house import (
    can_add_line,
    can_hide_line,
    can_remove_line,
    can_see_house,
    can_show_line,
    can_verify_line,
)
from forum.queries import house as asked
from forum.web.house.doing import Page, bp, done
from forum.web.marks import asks


@bp.get("/lines")
@asks(can_see_house)
def lines() -> str:
    return _lines()


@bp.post("/lines")
@asks(can_add_line)
def add_line() -> Page:
    given = {name: request.form.get(name, "") for name in helplines.WRITTEN}
    return done(
        lambda: deeds.add_line(current_actor(), **given), _lines, "The line is on the help page.", "lines"
    )


@bp.post("/lines/check")
@asks(can_verify_line)
def verify_line() -> Page:
    return _noted(deeds.verify_line, "Thank you. Today’s date is kept with it.")


@bp.post("/lines/hide")
@asks(can_hide_line)
def hide_line() -> Page:
    return _noted(deeds.hide_line, "The line is off the help page.")


@bp.post("/lines/show")
@asks(can_show_line)
def show_line() -> Page:
    return _noted(deeds.show_line, "The line is on the help page again.")


@bp.post("/lines/remove")
@asks(can_remove_line)
def remove_line() -> Page:
    return _noted(deeds.remove_line, "The line is gone from the list.")


def _noted(deed: Callable[..., None], said: str) -> Page:
    key = request.form.get("line", "")
    return done(lambda: deed(current_actor(), key=key), _lines, said, "lines")


def _lines(error: ForumError | None = None) -> str:
    actor = current_actor()
    return render_template(
        "house/lines.html",
        cards=asked.line_cards(actor),
        countries=helplines.countries(),
        channels=helplines.CHANNELS,
        is_behind=asked.file_is_behind(actor),
        error=error,
        form=request.form,
    )
