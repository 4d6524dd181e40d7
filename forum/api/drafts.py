"""A member's own drafts. No key and no call leads to somebody else's."""

from typing import Any

from forum import serialize
from forum.actions.drafts import drop_draft, keep_draft, version_of
from forum.api.calls import Answer, Api, Mentions, Sent
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import Draft, Intent, TokenScope
from forum.policy.writing import can_drop_draft, can_keep_draft, can_see_draft, can_see_drafts
from forum.queries.drafts import draft_in, drafts_of, place_for
from forum.serialize import DraftShape

api = Api("drafts")
WRITE = TokenScope.WRITE_BOARDS


class Begun(Sent):
    """What somebody has written so far. It is not rendered and not read for anything before it is sent."""

    body: str = ""
    title: str = ""
    gist: str = ""
    intent: Intent | None = None
    mentions: Mentions = []
    as_alias: bool = False
    base: str = ""
    """Of a change to a post: the ETag that it began from."""


@api.call("GET", "/drafts", scope=WRITE, answers=Listed[DraftShape])
@asks(can_see_drafts)
def every() -> Any:
    """Everything that one has begun."""
    return listed([serialize.draft(line.draft) for line in drafts_of(current_actor())])


@api.call("GET", "/drafts/<place>", scope=WRITE, answers=DraftShape, gives_version=True)
@asks(can_see_draft)
def one(place: str) -> Answer:
    """What one has begun in a place: `topic:` and a board, `reply:` and a topic, or `edit:` and a post."""
    return _told(draft_in(current_actor(), place))


@api.call("PUT", "/drafts/<place>", scope=WRITE, answers=DraftShape, gives_version=True, codes=("conflict",))
@asks(can_keep_draft)
def keep(place: str, body: Begun, version: str | None) -> Answer:
    """Keep what one has written so far. If-Match is "0" where nothing was kept yet."""
    actor: Any = current_actor()
    sent = body.model_dump(exclude={"mentions"})
    return _told(keep_draft(actor, place_for(actor, place), **sent, kinds=body.mentions, version=version))


@api.call("DELETE", "/drafts/<place>", scope=WRITE)
@asks(can_drop_draft)
def drop(place: str, version: str | None) -> None:
    """Let go of a draft."""
    actor: Any = current_actor()
    drop_draft(actor, draft_in(actor, place), version=version)


def _told(draft: Draft) -> Answer:
    return Answer(serialize.draft(draft), version=version_of(draft))
