"""A member's own profile, which stands among their settings."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.profile import change_profile
from forum.errors import ForumError
from forum.identity import current_actor
from forum.policy.profile import can_change_profile
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.settings import page
from forum.web.writing import checked, kept, reachable

bp = Blueprint("profile", __name__)


@bp.post("/settings/profile")
@asks(can_change_profile)
def change() -> str | Response | tuple[str | Response, int]:
    """Back to the settings; or first the page that offers help, when the words sound as if it were needed."""
    actor: Any = current_actor()
    form = request.form
    try:
        profile = change_profile(
            actor,
            pronouns=form.get("pronouns"),
            words=form.get("words"),
            figure=form.get("figure"),
            tone=form.get("tone", type=whole),
            version=form.get("version"),
            mask=checked("mask"),
        )
    except ForumError as refused:
        if refused.code == "log_in":
            raise
        return kept(refused, page)
    if profile.shows_help:
        return render_template("profile/care.html", profile=profile, help=reachable())
    flash(
        "Your profile waits for a moderator. You still see it; others do once somebody has read it."
        if profile.is_held
        else "Your profile is kept. Members see it where they see your name."
    )
    return redirect(url_for("settings.show", _anchor="profile"), 303)
