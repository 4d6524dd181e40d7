"""Topics taken apart and joined. Whoever follows an old link, has read this far or was told of a post finds it again.

Numbers stay without gaps: all of a topic's posts take their new ones in one statement, while their topics are held.
"""

from typing import Any

from sqlalchemy import exists, func, insert, literal, select, true, update
from sqlalchemy.orm import aliased

from forum import broadcast, modlog
from forum.actions.boards import refresh_last_words
from forum.actions.requests import done_before, remember_made
from forum.actions.topics import TITLE_LIMIT, cases_move_along, recount
from forum.db import action, db, locked, now, on_commit
from forum.errors import Invalid
from forum.models import Actor, Bookmark, Draft, Notification, Post, ReadMark, Topic, TopicNote, Watch
from forum.policy.boards import can_merge_topic, can_split_topic
from forum.policy.core import require
from forum.text import clean_line
from forum.words import from_staff

THREADS = ("topic", "mention")
"""What notices of a topic are grouped by, see `forum.notify`."""


def _read_title(actor: Actor, topic: Topic, *, title: Any, **rest: Any) -> dict[str, Any]:
    line = clean_line(
        title, limit=TITLE_LIMIT, field="title", empty="A few words for a title help others find it."
    )
    return {"title": from_staff(line, limit=4 * TITLE_LIMIT, field="title").source}


@action(words=_read_title)
def split_topic(actor: Actor, topic: Topic, *, number: Any, title: Any, key: str = "") -> Topic:
    """Give the posts from this number on a topic of their own, on the same board. What waits without a number stays."""
    topic = locked(topic)
    require(can_split_topic(actor, topic))
    if before := done_before(actor, key, Topic, asked := f"split:{topic.id}:{number}:{title}"):
        return before
    first = _first_of_split(topic, number)
    new = Topic(
        board=topic.board, author_id=first.author_id, persona_id=first.persona_id, title=title, intent=topic.intent,
        notes=[TopicNote(kind=kind) for kind in topic.note_kinds], created_at=first.created_at,
        split_from_id=topic.id, last_number=topic.last_number - number + 1,
    )  # fmt: skip
    db.session.add(new)
    topic.last_number, topic.was_split = number - 1, True
    db.session.flush()
    _renumber(topic, new, Post.number >= number, by=1 - number)
    _split_marks(topic, new, number)
    _watch_as_before(topic, new)
    _move_notices(topic, new)
    _move_bookmarks(new)
    for one in (topic, new):
        recount(one)
        on_commit(broadcast.topic_changed, one.id, one.last_number)
    modlog.write(actor, "topic_split", user=topic.author, subject=f"topic:{topic.id}")
    remember_made(actor, key, new, asked)
    db.session.expire_all()
    return new


@action
def merge_topic(actor: Actor, topic: Topic, into: Topic) -> Topic:
    """Add the posts of one topic to the end of another. The first one's address leads there from then on."""
    held = {one.id: locked(one) for one in sorted((topic, into), key=lambda one: one.id)}
    topic, into = held[topic.id], held[into.id]
    require(can_merge_topic(actor, topic, into))
    if topic.id == into.id:
        raise Invalid(fields={"into": "This is the same topic. The address of another one works."})
    after, left = into.last_number, topic.board_id
    _join_marks(topic, into)
    _renumber(topic, into, Post.topic_id == topic.id, by=after)
    into.last_number = after + topic.last_number
    _join_notes(topic, into)
    _lead_on(topic, into, after)
    db.session.flush()
    _move_notices(topic, into)
    _move_bookmarks(into)
    _hand_on(Bookmark, "topic_id", topic.id, into.id, alike=lambda row: row.post_id.is_(None))
    _hand_on(Watch, "topic_id", topic.id, into.id)
    _hand_on(Draft, "place", f"reply:{topic.id}", f"reply:{into.id}")
    cases_move_along(into)
    recount(into)
    refresh_last_words(left)
    for one in (topic, into):
        on_commit(broadcast.topic_changed, one.id, into.last_number)
    modlog.write(actor, "topic_merged", user=topic.author, subject=f"topic:{topic.id}")
    db.session.expire_all()
    return into


def _first_of_split(topic: Topic, number: Any) -> Post:
    """The post that opens the new topic. It is one that readers see, or they would meet a title and nothing else."""
    first = None
    if isinstance(number, int) and number > 1:
        first = db.session.scalar(select(Post).where(Post.topic_id == topic.id, Post.number == number))
    if first is None or not first.is_public:
        raise Invalid(
            fields={"number": "The number of a reply that readers see works, from the second post on."}
        )
    return first


def _renumber(old: Topic, new: Topic, which: Any, *, by: int) -> None:
    db.session.execute(
        update(Post)
        .where(Post.topic_id == old.id, which)
        .values(topic_id=new.id, number=Post.number + by)
        .execution_options(synchronize_session=False)
    )


def _split_marks(old: Topic, new: Topic, number: int) -> None:
    """Whoever had read beyond the cut has read that far in the new topic."""
    beyond = ReadMark.topic_id == old.id, ReadMark.number >= number
    shifted = select(ReadMark.user_id, literal(new.id), ReadMark.number - number + 1).where(*beyond)
    db.session.execute(insert(ReadMark).from_select(["user_id", "topic_id", "number"], shifted))
    db.session.execute(
        update(ReadMark).where(*beyond).values(number=number - 1).execution_options(synchronize_session=False)
    )


def _join_marks(old: Topic, new: Topic) -> None:
    """Whoever had read the other topic to its end goes on with what they had read here; for everybody else these
    posts are new, because a mark counts without gaps."""
    theirs = aliased(ReadMark)
    reached = (
        select(theirs.number)
        .where(theirs.topic_id == old.id, theirs.user_id == ReadMark.user_id)
        .scalar_subquery()
    )
    db.session.execute(
        update(ReadMark)
        .where(ReadMark.topic_id == new.id, ReadMark.number == new.last_number)
        .values(number=ReadMark.number + func.coalesce(reached, 0))
        .execution_options(synchronize_session=False)
    )


def _join_notes(old: Topic, new: Topic) -> None:
    """What one of them mentions is mentioned now, so that each reader's choice goes on to hold."""
    for kind in old.note_kinds:
        if kind not in new.note_kinds:
            new.notes.append(TopicNote(kind=kind))


def _lead_on(old: Topic, new: Topic, after: int) -> None:
    """Leave nothing of the old topic but the way to the new one, for links to it and to what was joined to it before."""
    old.merged_into_id, old.merged_after, old.deleted_at = new.id, after, now()
    old.last_number = old.reply_count = 0
    new.was_split = new.was_split or old.was_split
    for column, also in (
        (Topic.merged_into_id, {"merged_after": Topic.merged_after + after}),
        (Topic.split_from_id, {}),
    ):
        db.session.execute(
            update(Topic)
            .where(column == old.id, Topic.id != new.id)
            .values({column.key: new.id, **also})
            .execution_options(synchronize_session=False)
        )


def _move_notices(old: Topic, new: Topic) -> None:
    """Notices follow their posts. They go on in the new topic's thread where its reader has none yet, so that no two
    tell of the same."""
    moved = Notification.post_id.in_(select(Post.id).where(Post.topic_id == new.id))
    for name in THREADS:
        _hand_on(Notification, "thread", f"{name}:{old.id}", f"{name}:{new.id}", moved)
    db.session.execute(
        update(Notification)
        .where(Notification.topic_id == old.id, moved)
        .values(topic_id=new.id, board_id=new.board_id)
        .execution_options(synchronize_session=False)
    )


def _watch_as_before(old: Topic, new: Topic) -> None:
    """Whoever chose how much of a topic to be told chose it for what was taken out of it, too."""
    theirs = select(Watch.user_id, literal(new.id), Watch.level).where(Watch.topic_id == old.id)
    db.session.execute(insert(Watch).from_select(["user_id", "topic_id", "level"], theirs))


def _move_bookmarks(new: Topic) -> None:
    """What somebody keeps of a post stays with it."""
    moved = select(Post.id).where(Post.topic_id == new.id)
    db.session.execute(
        update(Bookmark)
        .where(Bookmark.post_id.in_(moved), Bookmark.topic_id != new.id)
        .values(topic_id=new.id)
        .execution_options(synchronize_session=False)
    )


def _hand_on(
    kind: Any, column: str, old: Any, new: Any, *which: Any, alike: Any = lambda row: true()
) -> None:
    """What each member has of the old place, they have of the new one from now on, unless they have it there already.
    `which` says which rows go, `alike` which ones are of a kind (a row, or another one of the same table)."""
    other = aliased(kind)
    has_one = exists().where(other.user_id == kind.user_id, getattr(other, column) == new, alike(other))
    db.session.execute(
        update(kind)
        .where(getattr(kind, column) == old, alike(kind), *which, ~has_one)
        .values({column: new})
        .execution_options(synchronize_session=False)
    )
