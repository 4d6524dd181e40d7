"""Topics for a later time."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from forum import serialize
from forum.actions.planned import change_planned, drop_planned, plan_topic
from forum.actions.topics import GIST_LIMIT, TITLE_LIMIT
from forum.api.boards import Body
from forum.api.calls import Answer, Api, Mentions, Sent, text_up_to
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import Intent, Planned, TokenScope
from forum.policy.writing import can_change_planned, can_drop_planned, can_plan_topic, can_see_planned
from forum.queries.boards import board_for
from forum.queries.planned import planned_for, planned_on
from forum.serialize import PlannedShape

api = Api("planned")
KEEP = TokenScope.MODERATE


class PlannedTopic(Sent):
    """A topic and when it is to be published."""

    title: Annotated[str, text_up_to(TITLE_LIMIT)]
    body: Body
    publish_at: Annotated[AwareDatetime, Field(strict=False)]
    intent: Intent = Intent.LISTEN
    mentions: Mentions = []
    gist: Annotated[str, Field(json_schema_extra={"maxLength": GIST_LIMIT})] = ""


@api.call("GET", "/boards/<int:board_id>/planned", scope=KEEP, answers=Listed[PlannedShape])
@asks(can_see_planned)
def every(board_id: int) -> Any:
    """What waits for its time on a board, the soonest first."""
    actor = current_actor()
    return listed([serialize.planned(one) for one in planned_on(actor, board_for(actor, board_id))])


@api.call(
    "POST", "/boards/<int:board_id>/planned", scope=KEEP, answers=PlannedShape, status=201,
    codes=("muted", "suspended", "conflict", "idempotency_conflict"), gives_version=True,
)  # fmt: skip
@asks(can_plan_topic)
def plan(board_id: int, body: PlannedTopic, key: str) -> Answer:
    """Write a topic for a later time."""
    actor: Any = current_actor()
    return _told(plan_topic(actor, board_for(actor, board_id), **_sent(body), key=key))


@api.call(
    "PUT", "/planned/<int:planned_id>", scope=KEEP, answers=PlannedShape, gives_version=True,
    codes=("muted", "suspended", "conflict"),
)  # fmt: skip
@asks(can_change_planned)
def change(planned_id: int, body: PlannedTopic, version: str | None) -> Answer:
    """Change its words or its time."""
    actor: Any = current_actor()
    return _told(change_planned(actor, planned_for(actor, planned_id), **_sent(body), version=version))


@api.call("DELETE", "/planned/<int:planned_id>", scope=KEEP, codes=("conflict",))
@asks(can_drop_planned)
def drop(planned_id: int) -> None:
    """Take it back before its time."""
    actor: Any = current_actor()
    drop_planned(actor, planned_for(actor, planned_id))


def _sent(body: PlannedTopic) -> dict[str, Any]:
    at: datetime = body.publish_at
    return body.model_dump(exclude={"mentions", "publish_at"}) | {"kinds": body.mentions, "publish_at": at}


def _told(planned: Planned) -> Answer:
    return Answer(serialize.planned(planned), version=str(planned.version))
