"""Topics and what people write in them. The life of a reply begins here."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from forum import broadcast, limits, modlog, notify
from forum.actions.aliases import byline_for
from forum.actions.boards import reach_last_words, reach_mark, refresh_last_words, refresh_topic_time
from forum.actions.cases import is_new, open_case_for, waits
from forum.actions.drafts import draft_is_done
from forum.actions.kindness import think_first
from forum.actions.requests import done_before, remember_made
from forum.actions.revisions import keep_wording
from forum.db import action, db, locked, now, on_commit
from forum.errors import Conflict, Invalid, Stale
from forum.models import (
    NOTE_KINDS,
    Actor,
    Board,
    Case,
    Intent,
    Mention,
    Notification,
    Persona,
    Post,
    Topic,
    TopicNote,
    User,
)
from forum.policy.boards import (
    can_delete_post,
    can_edit_post,
    can_hide_post,
    can_lock_topic,
    can_move_topic,
    can_note_topic,
    can_pin_topic,
    can_release_post,
    can_reply_to_topic,
    can_see_post,
    can_show_post,
    can_start_topic,
    can_unlock_topic,
    can_unpin_topic,
    stays_among_readers,
)
from forum.policy.core import require
from forum.queries.aliases import is_named_in
from forum.text import HELPED, clean_line, mentions
from forum.triage import Verdict
from forum.words import Words, line_to_publish, to_publish

TITLE_LIMIT = 120
GIST_LIMIT = 200
CHANNEL = "board"

# Words, read before the transaction opens


def _read(
    actor: User, topic: Topic, *, body: Any, mask: bool = False, sure: bool = False, **rest: Any
) -> dict[str, Any]:
    words = to_publish(body, channel=CHANNEL, mask=mask)
    if not sure:
        think_first(actor, topic, words)
    return {"body": words}


def _read_edit(
    actor: Actor,
    post: Post,
    *,
    body: Any,
    title: Any = None,
    gist: Any = None,
    mask: bool = False,
    **rest: Any,
) -> dict[str, Any]:
    """Read the words again; of a first post with its title and gist, changed or not, or a hold for the sake of a
    title would end with any change of the post beneath it."""
    words = to_publish(body, channel=CHANNEL, mask=mask)
    if not post.is_first:
        return {"body": words, "title": None, "gist": None, "lines": None}
    title = _title(post.topic.title if title is None else title)
    gist = _gist(post.topic.gist if gist is None else gist)
    lines = _read_lines(title, gist)
    return {"title": title, "gist": gist, "lines": lines, "body": _with_lines(words, lines)}


def read_topic(
    actor: Actor, board: Board, *, title: Any, body: Any, gist: Any = "", mask: bool = False, **rest: Any
) -> dict[str, Any]:
    """Clean and read the words of a topic; its title and gist are read with the post, as readers will meet them."""
    title, gist, intent = _title(title), _gist(gist), _intent(rest.get("intent", Intent.LISTEN))
    words = to_publish(body, channel=CHANNEL, mask=mask)
    return {
        "title": title,
        "gist": gist,
        "intent": intent,
        "kinds": _kinds(rest.get("kinds", ())),
        "body": _with_lines(words, _read_lines(title, gist)),
    }


def _read_lines(title: str, gist: str) -> Verdict:
    read = [
        line_to_publish(line, channel=CHANNEL, field=field)
        for field, line in (("title", title), ("gist", gist))
    ]
    return Verdict(tuple(finding for verdict in read for finding in verdict.findings))


def _with_lines(words: Words, lines: Verdict) -> Words:
    return Words(words.source, words.html, Verdict((*words.verdict.findings, *lines.findings)))


def _title(raw: Any) -> str:
    return clean_line(
        raw, limit=TITLE_LIMIT, field="title", empty="A few words for a title help others find it."
    )


def _gist(raw: Any) -> str:
    return clean_line(raw, limit=GIST_LIMIT, field="gist") if raw and str(raw).strip() else ""


def _intent(raw: Any) -> Intent:
    try:
        return Intent(raw)
    except ValueError as error:
        raise Invalid(
            fields={"intent": "Please choose one of the five, so that people know what would help."}
        ) from error


def _kinds(raw: Iterable[str]) -> list[str]:
    kinds = list(dict.fromkeys(raw))
    if any(kind not in NOTE_KINDS for kind in kinds):
        raise Invalid(fields={"kinds": "One of these is not on our list of content notes."})
    return kinds


# Writing


@action(words=read_topic)
def start_topic(
    actor: User,
    board: Board,
    *,
    title: Any,
    body: Any,
    intent: Any = Intent.LISTEN,
    kinds: Sequence[str] = (),
    gist: Any = "",
    key: str = "",
    mask: bool = False,
    as_alias: bool = False,
) -> Post:
    """Open a topic with its first post, which is returned: shown at once, or kept for a moderator when it tells somebody to harm themself."""
    board = locked(board)
    require(can_start_topic(actor, board))
    if before := done_before(actor, key, Post, body.source):
        return _same_place(before, before.topic.board_id == board.id)
    limits.check(actor, "topic")
    byline = byline_for(actor, board, None, as_alias=as_alias)
    return begin_topic(
        actor, board, title=title, body=body, intent=intent, kinds=kinds, gist=gist, key=key, byline=byline
    )


def begin_topic(
    actor: User,
    board: Board,
    *,
    title: str,
    body: Words,
    intent: Intent,
    kinds: Sequence[str],
    gist: str,
    key: str,
    byline: Persona | None = None,
) -> Post:
    """Inside a deed that holds the board and has read the words: the topic with its first post."""
    given, body, byline = body, _for_board(actor, board, body), byline or actor.byline
    topic = Topic(
        board=board, author_id=actor.id, persona_id=byline.id, title=title, gist=gist, intent=intent,
        notes=[TopicNote(kind=kind) for kind in kinds], held_at=_held_at(actor, body),
    )  # fmt: skip
    post = _add_post(actor, topic, body, byline)
    if not post.is_held:
        _publish(post)
    open_case_for(post, body.verdict)
    draft_is_done(actor, board)
    remember_made(actor, key, post, given.source)
    return post


@action(words=_read)
def reply_to_topic(
    actor: User,
    topic: Topic,
    *,
    body: Any,
    quotes: Post | None = None,
    key: str = "",
    mask: bool = False,
    sure: bool = False,
    as_alias: bool = False,
) -> Post:
    """Add a post to the topic, tell whom it answers or names and who watches, and show it to whoever is reading.

    `sure` sends advice without the thought that `think_first` would offer before."""
    topic = _locked_where_it_went(topic)
    require(can_reply_to_topic(actor, topic))
    if before := done_before(actor, key, Post, body.source):
        return _same_place(before, before.topic_id == topic.id)
    limits.check(actor, "post")
    body = _for_board(actor, topic.board, body)
    byline = byline_for(actor, topic.board, topic, as_alias=as_alias)
    post = _add_post(actor, topic, body, byline, quotes=quotes)
    if not post.is_held:
        _publish(post)
    open_case_for(post, body.verdict)
    draft_is_done(actor, topic)
    remember_made(actor, key, post, body.source)
    return post


@action(words=_read_edit)
def edit_post(
    actor: User,
    post: Post,
    *,
    body: Any,
    title: Any = None,
    gist: Any = None,
    lines: Verdict | None = None,
    version: str | None = None,
    mask: bool = False,
) -> Post:
    """Change one's own words, unless they changed meanwhile. They are read anew: what waited may now be shown.

    With a first post its topic's title and gist can be changed; None leaves them. `lines` is what was read in them.
    """
    topic, post = _locked_in_place(post)
    require(can_edit_post(actor, post))
    if version is not None and version != post.version:
        raise Stale(post.version)
    limits.check(actor, "post")
    if body.source != post.source:
        keep_wording(actor, post)
    if post.number is None:
        body = _for_board(actor, topic.board, body)
    _set_words(post, body)
    if lines is not None:
        _set_lines(topic, title, gist, must_wait=waits(actor, lines))
    post.edited_at = now()
    if _held_at(actor, body):
        _hold(post)
    elif post.is_held:
        _release(post)
    open_case_for(post, body.verdict)
    draft_is_done(actor, post)
    on_commit(broadcast.topic_changed, topic.id, post.number)
    return post


@action
def delete_post(actor: User, post: Post) -> Post:
    """Take one's own words back. A line stays in their place, so that the thread stays readable."""
    topic, post = _locked_in_place(post)
    require(can_delete_post(actor, post))
    post.deleted_at = now()
    draft_is_done(actor, post)
    if _stands_alone(post):
        topic.deleted_at = post.deleted_at
    _left(post, topic)
    return post


def _locked_where_it_went(topic: Topic) -> Topic:
    """The topic, held; or the one that it was joined to while somebody was writing."""
    topic = locked(topic)
    while topic.merged_into_id is not None:
        topic = locked(db.session.get_one(Topic, topic.merged_into_id))
    return topic


def _locked_in_place(post: Post) -> tuple[Topic, Post]:
    """The post and the topic in which it stands now, both held: it may be moved until its topic is held."""
    while True:
        topic = locked(post.topic)
        post = locked(post)
        if post.topic_id == topic.id:
            return topic, post
        db.session.expire(post, ["topic"])


def _same_place(post: Post, is_same: bool) -> Post:
    """The post that this key brought before, if it was meant for here."""
    if not is_same:
        raise Conflict(
            "This was already sent to another place. Nothing was changed.", code="idempotency_conflict"
        )
    return post


def _add_post(
    actor: User, topic: Topic, words: Words, byline: Persona, *, quotes: Post | None = None
) -> Post:
    post = Post(topic=topic, author_id=actor.id, persona_id=byline.id, held_at=_held_at(actor, words))
    post.quotes_id = (
        quotes.id if quotes and quotes.topic_id == topic.id and can_see_post(actor, quotes) else None
    )
    _set_words(post, words)
    db.session.add(post)
    db.session.flush()
    return post


def _set_words(post: Post, words: Words) -> None:
    for name, value in words.columns().items():
        setattr(post, name, value)
    post.has_helped = HELPED in words.html


def _set_lines(topic: Topic, title: str, gist: str, *, must_wait: bool) -> None:
    """A topic that waits takes its title along. One that others have answered stays in sight, and its title with it."""
    if must_wait and topic.reply_count:
        raise Invalid(
            fields={
                "title": "People have answered here, so its title can’t wait for a moderator. Other words work."
            }
        )
    topic.title, topic.gist = title, gist


def _for_board(author: User, board: Board, words: Words) -> Words:
    """The words with what their board asks for: some have a person read the first posts of new members."""
    if not board.holds_new_members or author.moderates_board(board.id) or not is_new(author):
        return words
    return replace(words, verdict=words.verdict.of_new_member())


def _held_at(author: User, words: Words) -> Any:
    return now() if waits(author, words.verdict) else None


def _stands_alone(post: Post) -> bool:
    """A first post that nobody answered: with its words gone, nothing is left to read."""
    return post.is_first and post.topic.reply_count == 0


# Publication


def _publish(post: Post) -> None:
    """Give a post its place, and the time of this moment: what waited is said now. The number is taken in the
    database, so that no two posts ever share one."""
    topic, at = post.topic, now()
    post.created_at = at
    post.number = db.session.scalar(
        update(Topic)
        .where(Topic.id == topic.id)
        .values(last_number=Topic.last_number + 1, last_post_at=at)
        .returning(Topic.last_number)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(topic, ["last_number", "last_post_at"])
    topic.reply_count += 0 if post.is_first else 1
    db.session.flush()
    if topic.is_public:
        reach_last_words(topic)
    if post.author_id is not None:
        reach_mark(post.author_id, topic.id, topic.last_number)
    _tell(post)
    on_commit(broadcast.topic_changed, topic.id, post.number)


def _tell(post: Post) -> None:
    """Tell whoever this is an answer to, whoever it names, and whoever watches its place."""
    quoted = db.session.get(Post, post.quotes_id) if post.quotes_id else None
    named = [persona.user_id for persona in _named(post) if persona.user_id is not None]
    notify.about_post(post, named=named, quoted=quoted.author_id if quoted else None)


def _named(post: Post) -> Sequence[Persona]:
    """The bylines that a post names, kept as ids with it. SQLite lowers ASCII alone, so a name is also tried as written."""
    written = mentions.names(post.source)
    if not written:
        return []
    folded = [name.casefold() for name in written]
    named = db.session.scalars(
        select(Persona)
        .where(or_(func.lower(Persona.name).in_(folded), Persona.name.in_(written)), is_named_in(post.topic))
        .limit(mentions.LIMIT)
    ).all()
    db.session.add_all(Mention(post_id=post.id, persona_id=persona.id) for persona in named)
    return named


def _hold(post: Post) -> None:
    if post.is_held:
        return
    post.held_at = now()
    if post.is_first and post.topic.reply_count == 0:
        post.topic.held_at = post.held_at
    _left(post, post.topic)


def _release(post: Post) -> None:
    """Show what waited. A first post brings its topic with it."""
    post.held_at = None
    if post.topic.is_held:
        post.topic.held_at = None
    if post.number is None:
        _publish(post)
    else:
        _came_back(post)


def _left(post: Post, topic: Topic) -> None:
    """A post's words are out of sight: the counts and times of its places follow."""
    recount(topic)
    on_commit(broadcast.topic_changed, topic.id, post.number)


def _came_back(post: Post) -> None:
    _left(post, post.topic)


def recount(topic: Topic) -> None:
    """Inside a deed: count the replies of a topic anew, and say again when its last words came."""
    db.session.flush()
    topic.reply_count = db.session.scalar(
        select(func.count()).where(
            Post.topic_id == topic.id, Post.number > 1,
            Post.held_at.is_(None), Post.hidden_at.is_(None), Post.deleted_at.is_(None),
        )
    ) or 0  # fmt: skip
    refresh_topic_time(topic)
    db.session.flush()
    refresh_last_words(topic.board_id)


# Looking after


@action
def hide_post(actor: Actor, post: Post) -> Post:
    """Take a post's words out of sight of everybody but its author and moderators. Alone in its topic, it takes that along."""
    topic, post = _locked_in_place(post)
    require(can_hide_post(actor, post))
    if post.is_hidden:
        return post
    post.hidden_at = now()
    if post.is_first and topic.reply_count == 0:
        topic.hidden_at = post.hidden_at
    modlog.write(actor, "post_hidden", user=post.author, subject=f"post:{post.id}")
    _left(post, topic)
    return post


@action
def show_post(actor: Actor, post: Post) -> Post:
    """Bring a hidden post back, and its topic if that was hidden with it."""
    topic, post = _locked_in_place(post)
    require(can_show_post(actor, post))
    if not post.is_hidden:
        return post
    post.hidden_at = None
    if post.is_first:
        topic.hidden_at = None
    modlog.write(actor, "post_shown", user=post.author, subject=f"post:{post.id}")
    _came_back(post)
    return post


@action
def release_post(actor: Actor, post: Post) -> Post:
    """Publish what waited for a moderator; it takes its place at the end, and those it answers are told now."""
    _, post = _locked_in_place(post)
    require(can_release_post(actor, post))
    if not post.is_held:
        return post
    _release(post)
    modlog.write(actor, "post_released", user=post.author, subject=f"post:{post.id}")
    return post


@action
def lock_topic(actor: Actor, topic: Topic) -> Topic:
    """Close a topic to new replies; what is written stays."""
    return _set(actor, topic, can_lock_topic, "is_locked", True, "topic_locked")


@action
def unlock_topic(actor: Actor, topic: Topic) -> Topic:
    """Open a topic to replies again, whether somebody closed it or it came to rest."""
    topic = locked(topic)
    require(can_unlock_topic(actor, topic))
    if topic.is_closed:
        topic.is_locked, topic.reopened_at = False, now()
        modlog.write(actor, "topic_unlocked", user=topic.author, subject=f"topic:{topic.id}")
    return topic


@action
def pin_topic(actor: Actor, topic: Topic) -> Topic:
    """Keep a topic at the top of its board."""
    return _set(actor, topic, can_pin_topic, "is_pinned", True, "topic_pinned")


@action
def unpin_topic(actor: Actor, topic: Topic) -> Topic:
    """Let a topic take its place by time again."""
    return _set(actor, topic, can_unpin_topic, "is_pinned", False, "topic_unpinned")


@action
def move_topic(actor: Actor, topic: Topic, board: Board, *, is_return: bool = False) -> Topic:
    """Move a topic to another board that the actor moderates; its links stay good, its notices and cases move along.

    Nobody new comes to see it by that, except where a move is undone: `is_return`.
    """
    topic = locked(topic)
    boards = [locked(one) for one in sorted({topic.board, board}, key=lambda one: one.id)]
    require(can_move_topic(actor, topic, board))
    if not is_return:
        require(stays_among_readers(topic.board, board))
    if topic.board_id == board.id:
        return topic
    topic.board = board
    topic.is_pinned = False
    db.session.flush()
    db.session.execute(
        update(Notification)
        .where(Notification.topic_id == topic.id)
        .values(board_id=board.id)
        .execution_options(synchronize_session=False)
    )
    cases_move_along(topic)
    for one in boards:
        refresh_last_words(one.id)
    modlog.write(actor, "topic_moved", user=topic.author, subject=f"topic:{topic.id}")
    return topic


def cases_move_along(topic: Topic) -> None:
    """Inside a deed that moves posts: open cases about them are for those who moderate where they stand now."""
    posts = select(Post.id).where(Post.topic_id == topic.id)
    db.session.execute(
        update(Case)
        .where(Case.post_id.in_(posts), Case.decided_at.is_(None))
        .values(board_id=topic.board_id)
        .execution_options(synchronize_session="fetch")
    )


@action
def note_topic(actor: Actor, topic: Topic, *, kinds: Iterable[str], version: str | None = None) -> Topic:
    """Say what a topic mentions, in place of what was said before, unless that changed meanwhile."""
    chosen = _kinds(kinds)
    topic = locked(topic)
    require(can_note_topic(actor, topic))
    if version is not None and version != topic.notes_version:
        raise Stale(topic.notes_version)
    db.session.execute(delete(TopicNote).where(TopicNote.topic_id == topic.id))
    db.session.add_all(TopicNote(topic_id=topic.id, kind=kind) for kind in chosen)
    db.session.flush()
    db.session.refresh(topic, ["notes"])
    if topic.author_id != actor.id:
        modlog.write(actor, "topic_noted", user=topic.author, subject=f"topic:{topic.id}")
    return topic


def _set(actor: Actor, topic: Topic, policy: Any, name: str, value: bool, code: str) -> Topic:
    topic = locked(topic)
    require(policy(actor, topic))
    if getattr(topic, name) != value:
        setattr(topic, name, value)
        modlog.write(actor, code, user=topic.author, subject=f"topic:{topic.id}")
    return topic
