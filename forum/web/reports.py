"""Telling moderators, and what became of it. One page to send, and one that says where it stands."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions import reports as deeds
from forum.errors import ForumError, NotFound
from forum.identity import current_actor
from forum.models import Reason, Report
from forum.policy.cases import (
    Reportable,
    can_report,
    can_see_report,
    can_see_reports,
    can_withdraw_report,
    can_worry,
)
from forum.policy.core import require
from forum.queries import cases as asked
from forum.web import casewords
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.writing import kept

bp = Blueprint("reports", __name__)
Page = Response | str | tuple[Response | str, int]

KINDS = ("post", "message", "strategy", "persona")


@bp.get("/report")
@asks(can_report)
def report() -> str:
    require(can_report(current_actor(), thing := _thing()))
    return _form("reports/report.html", thing)


@bp.post("/report")
@asks(can_report)
def send_report() -> Page:
    reason, words = request.form.get("reason"), request.form.get("words", "")
    return _sent(
        "reports/report.html", lambda actor, thing: deeds.report(actor, thing, reason=reason, words=words)
    )


@bp.get("/worry")
@asks(can_worry)
def worry() -> str:
    require(can_worry(current_actor(), thing := _thing()))
    return _form("reports/worry.html", thing)


@bp.post("/worry")
@asks(can_worry)
def send_worry() -> Page:
    words = request.form.get("words", "")
    return _sent("reports/worry.html", lambda actor, thing: deeds.worry(actor, thing, words=words))


@bp.get("/reports")
@asks(can_see_reports)
def index() -> str:
    found = asked.reports_by(current_actor(), before=request.args.get("before", type=whole))
    older = found[-1][0].id if len(found) == asked.PAGE else None
    return render_template("reports/index.html", reports=found, older=older, words=casewords)


@bp.get("/reports/<int:report_id>")
@asks(can_see_report)
def show(report_id: int) -> str:
    report = asked.report_for(current_actor(), report_id)
    decision = asked.decision_of(report.case)
    return render_template(
        "reports/show.html", report=report, decision=decision, words=casewords, aim=_aim(report)
    )


@bp.post("/reports/<int:report_id>/withdraw")
@asks(can_withdraw_report)
def withdraw(report_id: int) -> Response:
    deeds.withdraw_report(_me(), asked.report_for(current_actor(), report_id))
    return redirect(url_for("reports.show", report_id=report_id), 303)


def _me() -> Any:
    return current_actor()


def _thing() -> Reportable:
    """What the address names: ?post=9, ?message=9, ?strategy=9 or ?persona=9."""
    for kind in KINDS:
        if thing_id := request.args.get(kind, type=whole):
            return asked.thing_for(current_actor(), kind, thing_id)
    raise NotFound()


def _form(template: str, thing: Reportable, error: ForumError | None = None) -> str:
    return render_template(
        template, thing=thing, kind=asked.kind_of(thing), byline=asked.byline_of(thing), error=error,
        form=request.form, reasons=casewords.REASONS, words=casewords,
    )  # fmt: skip


def _sent(template: str, deed: Callable[[Any, Reportable], Report]) -> Page:
    try:
        report = deed(_me(), _thing())
    except ForumError as error:
        return kept(error, lambda no: _form(template, _thing(), no))
    return redirect(url_for("reports.show", report_id=report.id), 303)


def _aim(report: Report) -> Any:
    """By when a person looks, judged by what was told alone: a case's own tier says something about its author."""
    return casewords.settings().due_in(deeds.TIERS[Reason(report.reason)])
