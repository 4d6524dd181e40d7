"""Notices, as pages."""

from datetime import datetime
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.notifications import mark_notifications_seen, open_notification
from forum.identity import current_actor
from forum.models import Notification, zone_of
from forum.policy.boards import can_mark_notifications_seen, can_open_notification, can_see_notifications
from forum.policy.core import require
from forum.queries.notifications import cursor_of, notification_for, notifications_for
from forum.web.looking import looked_at
from forum.web.marks import asks

bp = Blueprint("notifications", __name__)


@bp.get("/notices")
@asks(can_see_notifications)
def index() -> str:
    require(can_see_notifications(current_actor()))
    notices = notifications_for(current_actor(), before=request.args.get("before", ""))
    days = [(name, list(told)) for name, told in groupby(notices, key=lambda one: _day(one.at))]
    page = render_template("notifications/index.html", days=days, older=cursor_of(notices))
    looked_at([one.id for one in notices if one.seen_at is None])
    return page


@bp.post("/notices/<int:notification_id>/open")
@asks(can_open_notification)
def open_one(notification_id: int) -> Response:
    notification = notification_for(current_actor(), notification_id)
    open_notification(current_actor(), notification)
    return redirect(address_of(notification), 303)


@bp.post("/notices/seen")
@asks(can_mark_notifications_seen)
def seen() -> Response:
    mark_notifications_seen(current_actor())
    return redirect(url_for("notifications.index"), 303)


def _day(at: datetime) -> str:
    """Today, Yesterday, and before that Earlier, in the reader's own day."""
    zone = zone_of(current_actor().timezone)
    passed = (datetime.now(zone).date() - at.astimezone(zone).date()).days
    return ("Today", "Yesterday")[max(passed, 0)] if passed < 2 else "Earlier"


def address_of(notice: Notification) -> str:
    """Where the thing stands that a notice is about."""
    if notice.kind == "password_reset":
        return url_for("settings.show", _anchor="way")
    if notice.kind == "copy_ready":
        return url_for("settings.show", _anchor="held")
    if notice.kind == "second_step":
        return url_for("settings.show", _anchor="second-step")
    if notice.kind in ("let_in", "not_let_in"):
        return url_for("joining.waiting")
    if notice.decision_id:
        return url_for("statements.show", decision_id=notice.decision_id)
    if notice.report_id:
        return url_for("reports.show", report_id=notice.report_id)
    if notice.kind == "strategy_ask":
        return url_for("strategies.asks_about", post_id=notice.post_id)
    if notice.kind == "strategy_yes":
        return url_for("strategies.new", post=notice.post_id)
    if notice.post_id:
        return url_for("topics.post", post_id=notice.post_id)
    if notice.topic_id:
        return url_for("topics.show", topic_id=notice.topic_id)
    return url_for("rooms.show", room_id=notice.room_id) if notice.room_id else url_for("boards.index")
