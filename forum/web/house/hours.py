"""Staffed hours, as a page for those who look after the house."""

from flask import render_template, request

from forum import hours as told
from forum.actions.house import set_staffed_hours
from forum.errors import ForumError
from forum.identity import current_actor
from forum.policy.house import can_see_house, can_set_staffed_hours
from forum.queries import house as asked
from forum.web.house.doing import Page, bp, done
from forum.web.marks import asks


@bp.get("/hours")
@asks(can_see_house)
def hours() -> str:
    return _hours()


@bp.post("/hours")
@asks(can_set_staffed_hours)
def set_hours() -> Page:
    days = None if "usual" in request.form else _written()
    return done(
        lambda: set_staffed_hours(current_actor(), days=days),
        _hours,
        "Kept. Every page says so now.",
        "hours",
    )


def _written() -> list[tuple[str, str]]:
    form = request.form
    return [
        (form.get(f"since_{day}", "").strip(), form.get(f"until_{day}", "").strip())
        for day in range(len(told.DAYS))
    ]


def _hours(error: ForumError | None = None) -> str:
    actor = current_actor()
    return render_template(
        "house/hours.html",
        days=told.DAYS,
        is_set=bool(asked.staffed_days(actor)),
        written=_written() if error else None,
        is_behind=asked.file_is_behind(actor),
        error=error,
    )
