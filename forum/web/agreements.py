"""The admins' page of the agreement: its versions, and a new one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.agreements import publish_agreement, read_agreement
from forum.agreement import Rule, rules_in
from forum.errors import ForumError
from forum.identity import current_actor
from forum.policy.agreements import can_publish_agreement, can_see_agreements
from forum.queries.agreements import agreements
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.writing import kept

bp = Blueprint("agreements", __name__)
Page = Response | str | tuple[Response | str, int]


@bp.get("/house/agreement")
@asks(can_see_agreements)
def index() -> str:
    return _page()


@bp.post("/house/agreement")
@asks(can_publish_agreement)
def publish() -> Page:
    """Show how it would read, or have it hold, by which button was pressed."""
    actor, form = current_actor(), request.form
    lines, changed = form.get("lines"), form.get("changed")
    try:
        if form.get("publish") != "1":
            return _page(preview=rules_in(read_agreement(actor, lines=lines, changed=changed)["lines"]))
        publish_agreement(actor, lines=lines, changed=changed, before=form.get("version", type=whole) or 0)
    except ForumError as refused:
        return kept(refused, _page)
    flash("It holds from now on. People read on, and are asked before they next write.")
    return redirect(url_for("agreements.index"), 303)


def _page(error: ForumError | None = None, *, preview: tuple[Rule, ...] = ()) -> str:
    versions = agreements(current_actor())
    return render_template(
        "agreements/index.html", versions=versions, newest=versions[0], error=error, form=request.form, preview=preview,
        kept={(rule.title, rule.text) for rule in versions[0].rules},
    )  # fmt: skip
