"""Topics: their posts, replies, and looking after them."""

from typing import Annotated, Any

from forum import serialize
from forum.actions import moves
from forum.actions import topics as deeds
from forum.actions.boards import mark_read
from forum.actions.topics import TITLE_LIMIT
from forum.api.boards import Body
from forum.api.calls import Answer, Api, Asked, Id, Mentions, Sent, text_up_to
from forum.api.posts import told
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import TokenScope, Topic
from forum.policy.boards import (
    can_lock_topic,
    can_mark_read,
    can_merge_topic,
    can_move_topic,
    can_note_topic,
    can_pin_topic,
    can_reply_to_topic,
    can_see_topic,
    can_split_topic,
    can_unlock_topic,
    can_unpin_topic,
)
from forum.queries.boards import board_for
from forum.queries.topics import POSTS_A_PAGE, PostLine, meets, post_for, posts_of, topic_for
from forum.serialize import PersonaShape, PostShape, TopicShape

api = Api("topics")
READ, WRITE, KEEP = TokenScope.READ_BOARDS, TokenScope.WRITE_BOARDS, TokenScope.MODERATE


class PostLineShape(PostShape):
    """A post in its topic, with the answers that it had without words."""

    gesture: str | None
    """The reader's own."""
    others: int
    """0 nobody, 1 somebody, 2 several: never a count."""
    names: dict[str, list[PersonaShape]]
    """Who answered without words, by gesture; for the post's author alone."""


class NewPost(Sent):
    """A reply."""

    body: Body
    quotes_id: Id | None = None
    mask: bool = False
    """Cover private details that would otherwise be asked about."""
    as_alias: bool = False
    """Under an alias in place of one's name, where the board allows it. Of one member there is one in a topic."""
    sure: bool = False
    """Send it although it opens with advice where somebody asked to be heard. Without, such a reply is refused once in
    a topic, with a thought for its writer under `thought`; the same words sent again are taken."""


class Notes(Sent):
    """What a topic mentions, in place of what was said before."""

    mentions: Mentions


class Place(Sent):
    """Which board."""

    board_id: Id


class Cut(Sent):
    """From which post on, and what the new topic is called."""

    number: Id
    title: Annotated[str, text_up_to(TITLE_LIMIT)]


class Other(Sent):
    """Which topic."""

    topic_id: Id


class Reached(Sent):
    """How far somebody has read."""

    number: Id


class After(Asked):
    """Where to go on."""

    after: int = 0
    """`next` of the page before: the number of its last post."""


@api.call("GET", "/topics/<int:topic_id>", scope=READ, answers=TopicShape, guests=True, gives_version=True)
@asks(can_see_topic)
def one(topic_id: int) -> Answer:
    """One topic. Its ETag is that of what it mentions."""
    actor = current_actor()
    return _topic(topic := topic_for(actor, topic_id), met=meets(actor, topic))


@api.call("GET", "/topics/<int:topic_id>/posts", scope=READ, answers=Listed[PostLineShape], guests=True)
@asks(can_see_topic)
def posts(topic_id: int, query: After) -> Any:
    """A page of posts in their order, at the same cost for the first as for the last."""
    actor = current_actor()
    topic = topic_for(actor, topic_id)
    page = posts_of(actor, topic, page=max(query.after, 0) // POSTS_A_PAGE + 1)
    lines = [_line(line) for line in page.lines if (line.post.number or topic.last_number + 1) > query.after]
    return listed(lines, page.number * POSTS_A_PAGE if page.number < page.count else None)


@api.call(
    "POST", "/topics/<int:topic_id>/posts", scope=WRITE, answers=PostShape, status=201, also=(202,),
    codes=("muted", "suspended", "conflict", "idempotency_conflict"), gives_version=True,
)  # fmt: skip
@asks(can_reply_to_topic)
def reply(topic_id: int, body: NewPost, key: str) -> Answer:
    """Reply. 202: it is kept, and a moderator reads it before others do."""
    actor: Any = current_actor()
    topic = topic_for(actor, topic_id)
    quotes = post_for(actor, body.quotes_id) if body.quotes_id is not None else None
    sent = body.model_dump(exclude={"quotes_id"})
    written = deeds.reply_to_topic(actor, topic, **sent, quotes=quotes, key=key)
    return told(written, new=True)


@api.call("PUT", "/topics/<int:topic_id>/mentions", scope=WRITE, answers=TopicShape, gives_version=True)
@asks(can_note_topic)
def note(topic_id: int, body: Notes, version: str | None) -> Answer:
    """Say what a topic mentions."""
    actor: Any = current_actor()
    return _topic(deeds.note_topic(actor, topic_for(actor, topic_id), kinds=body.mentions, version=version))


@api.call("PUT", "/topics/<int:topic_id>/read", scope=WRITE)
@asks(can_mark_read)
def read(topic_id: int, body: Reached) -> None:
    """Remember how far one has read; a mark never goes back."""
    actor: Any = current_actor()
    mark_read(actor, topic_for(actor, topic_id), number=body.number)


@api.call("PUT", "/topics/<int:topic_id>/locked", scope=KEEP)
@asks(can_lock_topic)
def lock(topic_id: int) -> None:
    """Close a topic to new replies."""
    actor = current_actor()
    deeds.lock_topic(actor, topic_for(actor, topic_id))


@api.call("DELETE", "/topics/<int:topic_id>/locked", scope=KEEP)
@asks(can_unlock_topic)
def unlock(topic_id: int) -> None:
    """Open a topic to replies again."""
    actor = current_actor()
    deeds.unlock_topic(actor, topic_for(actor, topic_id))


@api.call("PUT", "/topics/<int:topic_id>/pinned", scope=KEEP)
@asks(can_pin_topic)
def pin(topic_id: int) -> None:
    """Keep a topic at the top of its board."""
    actor = current_actor()
    deeds.pin_topic(actor, topic_for(actor, topic_id))


@api.call("DELETE", "/topics/<int:topic_id>/pinned", scope=KEEP)
@asks(can_unpin_topic)
def unpin(topic_id: int) -> None:
    """Let a topic take its place by time again."""
    actor = current_actor()
    deeds.unpin_topic(actor, topic_for(actor, topic_id))


@api.call("PUT", "/topics/<int:topic_id>/board", scope=KEEP)
@asks(can_move_topic)
def move(topic_id: int, body: Place) -> None:
    """Move a topic to another board, with everything in it."""
    actor = current_actor()
    deeds.move_topic(actor, topic_for(actor, topic_id), board_for(actor, body.board_id))


@api.call(
    "POST", "/topics/<int:topic_id>/split", scope=KEEP, answers=TopicShape, status=201,
    codes=("conflict", "idempotency_conflict"), gives_version=True,
)  # fmt: skip
@asks(can_split_topic)
def split(topic_id: int, body: Cut, key: str) -> Answer:
    """Give the posts from a number on a topic of their own; the answer is that topic."""
    actor = current_actor()
    cut = {"number": body.number, "title": body.title, "key": key}
    return _topic(moves.split_topic(actor, topic_for(actor, topic_id), **cut))


@api.call("PUT", "/topics/<int:topic_id>/merged", scope=KEEP)
@asks(can_merge_topic)
def merge(topic_id: int, body: Other) -> None:
    """Add the posts of a topic to the end of another; its address leads there from then on."""
    actor = current_actor()
    moves.merge_topic(actor, topic_for(actor, topic_id), topic_for(actor, body.topic_id))


def _topic(topic: Topic, *, met: bool = True) -> Answer:
    """Of whom the reader keeps away, there is the place and not the words."""
    shape = serialize.topic(topic)
    if not met:
        shape |= {"title": "", "gist": ""}
    return Answer(shape, version=topic.notes_version)


def _line(line: PostLine) -> dict[str, Any]:
    actor = current_actor()
    own = actor.id is not None and line.post.author_id == actor.id
    return {
        **serialize.post(
            line.post, html=line.html if line.is_seen else None, own=own, has_landed=line.has_landed
        ),
        "gesture": line.gesture,
        "others": line.sitting,
        "names": {kind: [serialize.persona(one) for one in people] for kind, people in line.names.items()},
    }
