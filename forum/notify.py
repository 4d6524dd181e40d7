"""Telling members that something happened: one row a member and thread, never a word of what was written.

Who is told of a post is one question to the database, however many watch: what a member chose for the topic comes
before what they chose for its board, and that before what they chose for everything. In topics of their own, and where
they replied, they are told of everything, unless they chose to be told nothing of that board or of all boards.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, and_, case, delete, func, literal, or_, select, union
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from forum import broadcast
from forum.db import db, now, on_commit
from forum.models import AT_ONCE, Boundary, Level, Notification, Post, Reach, Topic, User, Watch, zone_of
from forum.policy.boards import who_sees_board

MOST_TOLD = 2_000
"""So many are told of one post; whoever it speaks to comes first."""


def tell(user_id: int | None, kind: str, thread: str, *, by: int | None = None, **place: int | None) -> None:
    """Tell one member, inside the deed that it is about, whatever they watch.

    `thread` groups: what happens again in it before they look makes the same row new again. `by` is the id of
    the persona who did it, `place` the ids (board_id, room_id, topic_id, post_id, decision_id, report_id) whose
    visibility decides whether it is shown at all. What somebody does whom the member keeps away is not told: it would
    make the row of others theirs.
    """
    if user_id is None or _keeps_away(user_id, by):
        return
    _keep([{"user_id": user_id, "kind": kind, "thread": thread, "persona_id": by, **place}])
    chosen = db.session.execute(
        select(Reach, User.timezone).join(User, User.id == Reach.user_id).where(Reach.user_id == user_id)
    ).first()
    if kind in AT_ONCE or chosen is None or not _is_quiet(*chosen):
        on_commit(broadcast.users_told, [user_id])


def about_post(post: Post, *, named: Iterable[int], quoted: int | None) -> None:
    """Tell whoever a post names, quotes or answers, and whoever watches its place; nobody twice, and only whom may
    see it and did not keep its writer away. Of what comes in somebody's quiet hours their open pages hear nothing."""
    if not post.topic.is_public:
        return
    to_them = dict.fromkeys(named, "mention")
    if quoted is not None:
        to_them.setdefault(quoted, "reply")
    to_them.pop(post.author_id or 0, None)
    told = _listeners(post, _candidates(post.topic, to_them), to_them, by=post.persona_id)
    rows = [(row, _kind(post, row.id, to_them)) for row in told if row.id != post.author_id]
    _tell_all(post, rows, by=post.persona_id)


def about_landing(post: Post, *, by: int) -> None:
    """Tell the writer of a reply that it reached whom it was for, unless they want to hear nothing of this topic."""
    writer = [post.author_id] if post.author_id is not None else []
    _tell_all(post, [(row, "landed") for row in _listeners(post, writer, writer, by=by)], by=by)


def take_back(post: Post) -> None:
    """What was told of a landing is told no more."""
    told = Notification.user_id == post.author_id, Notification.thread == _thread(post, "landed")
    db.session.execute(delete(Notification).where(*told).execution_options(synchronize_session=False))


def _kind(post: Post, user_id: int, to_them: dict[int, str]) -> str:
    if user_id in to_them:
        return to_them[user_id]
    if post.is_first:
        return "topic"
    return "reply" if user_id == post.topic.author_id else "watched"


# Who


def _listeners(
    post: Post, among: Any, to_them: Collection[int], *, by: int | None
) -> Sequence[Row[int, Reach, str | None]]:
    """The members among these who are told, with when their day is quiet: in one query, and no more than fit. `by` is
    the byline that did it."""
    topic = post.topic
    on_topic, on_board = aliased(Watch), aliased(Watch)
    involved = or_(User.id == topic.author_id, User.id.in_(_wrote_in(topic)))
    wider = func.coalesce(on_board.level, Reach.level, Level.MENTIONS)
    begins = case((wider == Level.NONE, Level.NONE), (involved, Level.ALL), else_=wider)
    level = func.coalesce(on_topic.level, begins)
    is_to_them = User.id.in_(list(to_them))
    query = (
        select(User.id, Reach, User.timezone)
        .outerjoin(on_topic, and_(on_topic.user_id == User.id, on_topic.topic_id == topic.id))
        .outerjoin(on_board, and_(on_board.user_id == User.id, on_board.board_id == topic.board_id))
        .outerjoin(Reach, Reach.user_id == User.id)
        .where(
            User.id.in_(among),
            who_sees_board(topic.board),
            User.id.not_in(select(Boundary.user_id).where(Boundary.persona_id == by)),
            or_(level == Level.ALL, and_(is_to_them, level == Level.MENTIONS)),
        )
        .order_by(or_(is_to_them, User.id == topic.author_id).desc(), User.id)
        .limit(MOST_TOLD)
    )
    return db.session.execute(query).all()


def _candidates(topic: Topic, to_them: Iterable[int]) -> Any:
    """Everybody whom it could concern, by an index each, so that nobody else is looked at."""
    watches = or_(Watch.topic_id == topic.id, Watch.board_id == topic.board_id)
    return union(
        select(Watch.user_id).where(watches, Watch.level == Level.ALL),
        select(Reach.user_id).where(Reach.level == Level.ALL),
        _wrote_in(topic),
        select(User.id).where(or_(User.id.in_(list(to_them)), User.id == topic.author_id)),
    )


def _wrote_in(topic: Topic) -> Any:
    return select(Post.author_id).where(
        Post.topic_id == topic.id,
        Post.number.is_not(None),
        Post.deleted_at.is_(None),
        Post.author_id.is_not(None),
    )


# What


def _tell_all(post: Post, told: Sequence[tuple[Row[int, Reach, str | None], str]], *, by: int | None) -> None:
    if not told:
        return
    place = {"board_id": post.topic.board_id, "topic_id": post.topic_id, "post_id": post.id}
    rows = [
        {
            "user_id": row.id,
            "kind": kind,
            "thread": _thread(post, kind),
            "persona_id": by,
            **place,
        }
        for row, kind in told
    ]
    _keep(rows)
    on_commit(broadcast.users_told, [row.id for row, _ in told if not _is_quiet(row.Reach, row.timezone)])


def _thread(post: Post, kind: str) -> str:
    if kind == "landed":
        return f"landed:{post.id}"
    return f"mention:{post.topic_id}" if kind == "mention" else f"topic:{post.topic_id}"


def _is_quiet(reach: Reach | None, timezone: str | None) -> bool:
    return reach is not None and reach.quiet_since(now(), zone_of(timezone)) is not None


def _keep(rows: list[dict[str, Any]]) -> None:
    """One statement for all of them. What was not looked at yet is counted on; what was is new again."""
    at = now()
    postgres = db.session.get_bind().dialect.name == "postgresql"
    adding: Any = (postgresql if postgres else sqlite).insert(Notification)
    adding = adding.values([{"count": 1, "at": at, **row} for row in rows])
    renewed = {name: adding.excluded[name] for name in rows[0] if name not in ("user_id", "thread")}
    count = case((Notification.seen_at.is_(None), Notification.count + 1), else_=literal(1))
    db.session.execute(
        adding.on_conflict_do_update(
            index_elements=["user_id", "thread"],
            set_={**renewed, "count": count, "at": at, "seen_at": None},
        ).execution_options(synchronize_session=False)
    )


def _keeps_away(user_id: int, persona_id: int | None) -> bool:
    return persona_id is not None and db.session.get(Boundary, (user_id, persona_id)) is not None
