"""Boards and their topics."""

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from forum import serialize
from forum.actions.boards import mark_all_read, mark_board_read
from forum.actions.places import change_board_settings
from forum.actions.topics import GIST_LIMIT, TITLE_LIMIT, start_topic
from forum.api.calls import Answer, Api, Asked, Mentions, Sent, text_up_to
from forum.api.posts import told
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks, public
from forum.models import Board, Intent, TokenScope
from forum.policy.boards import (
    can_change_board_settings,
    can_mark_all_read,
    can_mark_board_read,
    can_see_board,
    can_start_topic,
)
from forum.policy.core import require
from forum.queries.boards import TopicLine, board_for, sections_for, topics_of
from forum.serialize import BoardSettingsShape, BoardShape, PersonaShape, PostShape, TopicShape
from forum.text import BODY_LIMIT

api = Api("boards")
READ, WRITE, KEEP = TokenScope.READ_BOARDS, TokenScope.WRITE_BOARDS, TokenScope.MODERATE

Body = Annotated[str, text_up_to(BODY_LIMIT)]
"""Markdown; its bytes are counted."""


class BoardLineShape(BoardShape):
    """A board in the list of all, with who wrote last and whether that is new to the reader."""

    last_by: PersonaShape | None
    is_new: bool


class TopicLineShape(TopicShape):
    """A topic in a list, as this reader meets it."""

    is_new: bool
    is_folded: bool
    """Whether the reader asked to meet what it mentions folded."""


class TopicsShape(TypedDict):
    """A page of topics. What the reader chose not to see is counted, by what it mentions."""

    items: list[TopicLineShape]
    next: str | None
    hidden_by_choice: dict[str, int]


class NewTopic(Sent):
    """A topic with its first post."""

    title: Annotated[str, text_up_to(TITLE_LIMIT)]
    body: Body
    intent: Intent = Intent.LISTEN
    mentions: Mentions = []
    gist: Annotated[str, Field(json_schema_extra={"maxLength": GIST_LIMIT})] = ""
    as_alias: bool = False
    """Under an alias in place of one's name, where the board allows it."""
    mask: bool = False
    """Cover private details that would otherwise be asked about."""


class BoardSettings(Sent):
    """How a board is kept; what is missing goes back to how it begins."""

    rules: str = ""
    template: str = ""
    holds_new_members: bool = False
    allows_aliases: bool = False
    closes_after_days: int | None = None


class Older(Asked):
    """Which page, and of which topics."""

    before: str = ""
    """`next` of the page before."""
    intent: Intent | None = None


@api.call("GET", "/boards", scope=READ, answers=Listed[BoardLineShape], guests=True)
@public("everyone meets the boards that visible_boards gives them")
def every() -> Any:
    """Every board that the reader may see, in the community's order."""
    sections = sections_for(current_actor())
    return listed(
        [
            serialize.board(line.board)
            | {
                "last_by": serialize.persona(line.last_byline) if line.last_byline else None,
                "is_new": line.is_new,
            }
            for _, lines in sections
            for line in lines
        ]
    )


@api.call("GET", "/boards/<int:board_id>", scope=READ, answers=BoardShape, guests=True)
@asks(can_see_board)
def one(board_id: int) -> Any:
    """One board."""
    return serialize.board(board_for(current_actor(), board_id))


@api.call("GET", "/boards/<int:board_id>/topics", scope=READ, answers=TopicsShape, guests=True)
@asks(can_see_board)
def topics(board_id: int, query: Older) -> Any:
    """A page of topics, those kept at the top first, then the newest words first."""
    actor = current_actor()
    page = topics_of(actor, board_for(actor, board_id), before=query.before, intent=query.intent or "")
    return listed([_line(line) for line in page.lines], page.older) | {"hidden_by_choice": page.hidden}


@api.call(
    "POST", "/boards/<int:board_id>/topics", scope=WRITE, answers=PostShape, status=201, also=(202,),
    codes=("muted", "suspended", "conflict", "idempotency_conflict"), gives_version=True,
)  # fmt: skip
@asks(can_start_topic)
def start(board_id: int, body: NewTopic, key: str) -> Answer:
    """Start a topic; the answer is its first post. 202: it is kept, and a moderator reads it before others do."""
    actor: Any = current_actor()
    sent = body.model_dump(exclude={"mentions"})
    return told(
        start_topic(actor, board_for(actor, board_id), **sent, kinds=body.mentions, key=key), new=True
    )


@api.call("PUT", "/boards/<int:board_id>/read", scope=WRITE)
@asks(can_mark_board_read)
def read(board_id: int) -> None:
    """Count everything on the board up to now as read."""
    actor: Any = current_actor()
    mark_board_read(actor, board_for(actor, board_id))


@api.call("PUT", "/boards/read", scope=WRITE)
@asks(can_mark_all_read)
def read_all() -> None:
    """Count everything on every board up to now as read."""
    actor: Any = current_actor()
    mark_all_read(actor)


@api.call(
    "GET", "/boards/<int:board_id>/settings", scope=KEEP, answers=BoardSettingsShape, gives_version=True
)
@asks(can_change_board_settings)
def settings(board_id: int) -> Answer:
    """How a board is kept."""
    board = board_for(current_actor(), board_id)
    require(can_change_board_settings(current_actor(), board))
    return _settings(board)


@api.call(
    "PUT", "/boards/<int:board_id>/settings", scope=KEEP, answers=BoardSettingsShape, gives_version=True
)
@asks(can_change_board_settings)
def change(board_id: int, body: BoardSettings, version: str | None) -> Answer:
    """Say how a board is kept, all of it."""
    actor = current_actor()
    changed = body.model_dump()
    return _settings(change_board_settings(actor, board_for(actor, board_id), **changed, version=version))


def _settings(board: Board) -> Answer:
    return Answer(serialize.board_settings(board), version=str(board.settings_version))


def _line(line: TopicLine) -> dict[str, Any]:
    return {**serialize.topic(line.topic), "is_new": line.is_new, "is_folded": line.is_folded}
