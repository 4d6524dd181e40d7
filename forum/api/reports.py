"""Telling moderators, and what became of it; what was decided about oneself, and asking for a second look."""

from typing import Annotated, Any, Literal

from pydantic import Field

from forum import serialize
from forum.actions import reports as deeds
from forum.actions.decisions import LETTER_LIMIT, request_second_look
from forum.api.calls import Api, Asked, Id, Sent
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import Reason, Report, TokenScope
from forum.policy.cases import (
    can_report,
    can_request_second_look,
    can_see_report,
    can_see_reports,
    can_see_statement,
    can_see_statements,
    can_withdraw_report,
    can_worry,
)
from forum.queries import cases as asked
from forum.serialize import DecisionShape, ReportShape

api = Api("reports")
SCOPE = TokenScope.REPORTS

Words = Annotated[str, Field(json_schema_extra={"maxLength": deeds.WORDS_LIMIT})]


class Worry(Sent):
    """Which post, message, card or byline, and what one wants to say about it, if anything."""

    kind: Literal["post", "message", "strategy", "persona"]
    id: Id
    words: Words = ""


class NewReport(Worry):
    """The same, and what it is about."""

    reason: Literal[
        Reason.DANGER, Reason.PRIVATE, Reason.UNKIND, Reason.CONTACT, Reason.MEDICAL, Reason.SELLING,
        Reason.MINOR, Reason.RULE,
    ]  # fmt: skip


class SecondLook(Sent):
    """What one wants the other moderator to know, if anything."""

    words: Annotated[str, Field(json_schema_extra={"maxLength": LETTER_LIMIT})] = ""


class Before(Asked):
    """Which page."""

    before: Id | None = None
    """`next` of the page before."""


@api.call(
    "POST",
    "/reports",
    scope=SCOPE,
    answers=ReportShape,
    status=201,
    codes=("suspended", "idempotency_conflict"),
)
@asks(can_report)
def report(body: NewReport, key: str) -> Any:
    """Tell moderators that something breaks the agreement or could harm someone. Its author never learns who did."""
    actor: Any = current_actor()
    thing = asked.thing_for(actor, body.kind, body.id)
    return _told(deeds.report(actor, thing, reason=body.reason, words=body.words, key=key))


@api.call(
    "POST",
    "/worries",
    scope=SCOPE,
    answers=ReportShape,
    status=201,
    codes=("suspended", "idempotency_conflict"),
)
@asks(can_worry)
def worry(body: Worry, key: str) -> Any:
    """Ask a moderator to look in on somebody, kindly."""
    actor: Any = current_actor()
    return _told(deeds.worry(actor, asked.thing_for(actor, body.kind, body.id), words=body.words, key=key))


@api.call("GET", "/reports", scope=SCOPE, answers=Listed[ReportShape], codes=("suspended",))
@asks(can_see_reports)
def every(query: Before) -> Any:
    """What the member told moderators, the latest first."""
    found = asked.reports_by(current_actor(), before=query.before)
    shapes = [serialize.report(report, is_looked_at=decision is not None) for report, decision in found]
    return listed(shapes, found[-1][0].id if len(found) == asked.PAGE else None)


@api.call("GET", "/reports/<int:report_id>", scope=SCOPE, answers=ReportShape, codes=("suspended",))
@asks(can_see_report)
def one(report_id: int) -> Any:
    """One report of the member's own."""
    return _told(asked.report_for(current_actor(), report_id))


@api.call("PUT", "/reports/<int:report_id>/withdrawn", scope=SCOPE, answers=ReportShape, codes=("suspended",))
@asks(can_withdraw_report)
def withdraw(report_id: int) -> Any:
    """Take a report back. The case stays, because others may have told of it."""
    actor: Any = current_actor()
    return _told(deeds.withdraw_report(actor, asked.report_for(actor, report_id)))


# What was decided about oneself


@api.call("GET", "/decisions", scope=TokenScope.READ_ACCOUNT, answers=Listed[DecisionShape])
@asks(can_see_statements)
def statements() -> Any:
    """What was decided about the member and told to them, the latest thirty, the latest first."""
    return listed([serialize.decision(one) for one in asked.decisions_told(current_actor())])


@api.call("GET", "/decisions/<int:decision_id>", scope=TokenScope.READ_ACCOUNT, answers=DecisionShape)
@asks(can_see_statement)
def statement(decision_id: int) -> Any:
    """One statement of reasons."""
    return serialize.decision(asked.decision_for(current_actor(), decision_id))


@api.call(
    "POST", "/decisions/<int:decision_id>/second-look", scope=SCOPE, answers=DecisionShape, status=201,
    codes=("conflict", "idempotency_conflict"),
)  # fmt: skip
@asks(can_request_second_look)
def look_again(decision_id: int, body: SecondLook, key: str) -> Any:
    """Ask for another moderator to look again, once for each decision."""
    actor: Any = current_actor()
    decision = asked.decision_for(actor, decision_id)
    request_second_look(actor, decision, words=body.words, key=key)
    return serialize.decision(asked.decision_for(actor, decision_id))


def _told(report: Report) -> ReportShape:
    return serialize.report(report, is_looked_at=report.case.is_decided)
