"""Notices, as pages."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions.notifications import mark_notifications_seen, open_notification
from forum.identity import current_actor
from forum.models import Notification
from forum.policy.boards import can_mark_notifications_seen, can_open_notification, can_see_notifications
from forum.policy.core import require
from forum.queries.notifications import NOTICES_A_PAGE, notification_for, notifications_for
from forum.web.marks import asks

bp = Blueprint("notifications", __name__)


@bp.get("/notices")
@asks(can_see_notifications)
def index() -> str:
    require(can_see_notifications(current_actor()))
    notices = notifications_for(current_actor(), before=request.args.get("before", ""))
    older = notices[-1].at.isoformat() if len(notices) == NOTICES_A_PAGE else ""
    return render_template("notifications/index.html", notices=notices, older=older)


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


def address_of(notice: Notification) -> str:
    """Where the thing stands that a notice is about."""
    if notice.kind == "password_reset":
        return url_for("settings.show", _anchor="way")
    if notice.kind == "second_step":
        return url_for("settings.show", _anchor="second-step")
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
