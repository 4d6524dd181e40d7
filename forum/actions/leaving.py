"""Taking along what is held about one, and leaving."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from forum import limits, notify
from forum.actions.roles import hold_with_other_admins
from forum.actions.rooms import append_event
from forum.actions.sessions import end_all_sessions
from forum.actions.taken_back import CLEARED, UNTITLED
from forum.actions.topics import recount
from forum.db import Base, action, db, locked, now, on_commit, settle_files
from forum.errors import Conflict, Invalid, Retry
from forum.jobs import later
from forum.models import (
    AccountCopy,
    Actor,
    Case,
    CaseNote,
    Decision,
    EventType,
    LogEntry,
    LogWords,
    Message,
    Persona,
    Post,
    Report,
    Revision,
    Room,
    TakenName,
    Topic,
    User,
)
from forum.policy.core import require
from forum.policy.leaving import (
    can_ask_for_copy,
    can_forget_old_copies,
    can_keep_copy,
    can_leave,
)
from forum.text import names


class Wish(StrEnum):
    """What becomes of somebody's words when they leave."""

    TAKE = "take"
    LEAVE = "leave"


COPY_LASTS = timedelta(days=7)
NOBODY = "Somebody who left"
"""Whose words those are that stay after their author went. All share this byline, so that nothing can be put together."""
BYLINES = ("topics", "posts", "messages", "strategies", "notifications", "room_events")
"""Where a byline stands beside something that stays."""
TRACES = ("gestures", "mentions", "memberships", "profiles", "boundaries", "strategy_asks")
"""What goes with its byline."""


# A copy


@action
def ask_for_copy(actor: User) -> AccountCopy:
    """Have a copy made of everything that is held about oneself; asking again while it is made changes nothing."""
    require(can_ask_for_copy(actor))
    user = locked(actor)
    copy = db.session.get(AccountCopy, user.id)
    if copy is not None and copy.made_at is None:
        return copy
    limits.check(actor, "copy")
    if copy is not None:
        db.session.delete(copy)
        db.session.flush()
    copy = AccountCopy(user_id=user.id)
    db.session.add(copy)
    later("copy", user=user.id)
    return copy


@action
def keep_copy(actor: Actor, user: User, *, packed: bytes) -> None:
    """Keep what was made for a member, for a while, and tell them. Twice keeps the later one."""
    require(can_keep_copy(actor))
    user = locked(user)
    copy = db.session.get(AccountCopy, user.id)
    if copy is None:
        return
    copy.packed, copy.made_at, copy.ends_at = packed, now(), now() + COPY_LASTS
    notify.tell(user.id, "copy_ready", "copy")


@action
def forget_old_copies(actor: Actor) -> None:
    """Erase copies that were there long enough to be taken; and what was erased since leaves the files, too."""
    require(can_forget_old_copies(actor))
    db.session.execute(delete(AccountCopy).where(AccountCopy.ends_at < now()))
    on_commit(settle_files)


# Leaving


def _read_wish(actor: User, *, words: Any, is_sure: bool) -> dict[str, Any]:
    require(can_leave(actor))
    fields = {}
    if words not in set(Wish):
        fields["words"] = "One of the two says what happens with what you wrote."
    if not is_sure:
        fields["sure"] = "A tick here says that you know. Until then nothing happens."
    if fields:
        raise Invalid(fields=fields)
    return {"words": Wish(words)}


@action(words=_read_wish)
def leave(actor: User, *, words: Any, is_sure: bool) -> None:
    """End an account for good. Its words go with it, or stay without a name; nothing else of it is left.

    What others typed stays theirs, and so does what a moderator wrote to others. A line of the moderation log keeps a
    number that leads to nobody any more.
    """
    require(can_leave(actor))
    user, other_admins = hold_with_other_admins(actor)
    if user.is_admin and not other_admins:
        raise Conflict(
            "You look after this house alone. Once somebody else can, your account can go; until then nothing is lost."
        )
    mine = [one.id for one in db.session.scalars(select(Persona).where(Persona.user_id == user.id))]
    nobody = _nobody()
    end_all_sessions(user)
    if words == Wish.TAKE:
        _take_words(user, nobody)
    _forget_what_was_decided(user)
    _forget_what_was_told(user)
    _give_names_up(mine)
    _leave_no_byline(mine, nobody)
    db.session.expire_all()
    db.session.execute(delete(User).where(User.id == user.id))
    db.session.execute(delete(Persona).where(Persona.id.in_(mine)))
    on_commit(settle_files)


def _nobody() -> Persona:
    """The one byline of everybody who left; made for the first of them."""
    key = names.key_of(NOBODY)
    held = db.session.get(TakenName, key)
    if held is not None and held.persona_id is not None:
        return db.session.get_one(Persona, held.persona_id)
    nobody = Persona(user_id=None, name=NOBODY, is_main=False, figure="stone", tone=1)
    db.session.add(nobody)
    db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.execute(insert(TakenName).values(key=key, persona_id=nobody.id))
    except IntegrityError as other:
        raise Retry() from other
    return nobody


def _take_words(user: User, nobody: Persona) -> None:
    """Take the words out of everything that they wrote; that there was something stays, so that answers keep their
    sense. A topic in which nobody else wrote goes out of sight."""
    _take_messages(user, nobody)
    topics = _topics_with_words_of(user)
    theirs = select(Post.id).where(Post.author_id == user.id)
    _run(delete(Revision).where(Revision.post_id.in_(theirs)))
    for kind, nothing in CLEARED.items():
        db.session.execute(update(kind).where(kind.author_id == user.id).values(nothing))  # type: ignore[attr-defined]
        _take_back(kind, user)
    for topic in topics:
        if topic.author_id == user.id:
            topic.title, topic.gist = UNTITLED, ""
            topic.deleted_at = topic.deleted_at or (None if _others_wrote(topic, user) else now())
        recount(topic)


def _take_messages(user: User, nobody: Persona) -> None:
    """Whoever is in a room sees its lines go, as if each had been taken back."""
    shown = select(Message).where(
        Message.author_id == user.id, Message.seq.is_not(None), Message.deleted_at.is_(None)
    )
    for message in db.session.scalars(shown.order_by(Message.room_id, Message.id)).all():
        room = locked(db.session.get_one(Room, message.room_id))
        append_event(room, EventType.DELETED, message=message, by=nobody)


def _topics_with_words_of(user: User) -> list[Topic]:
    """Held in the order of their ids, so that two who leave at once do not wait for each other."""
    theirs = select(Post.topic_id).where(Post.author_id == user.id)
    found = select(Topic).where((Topic.author_id == user.id) | Topic.id.in_(theirs)).order_by(Topic.id)
    return [locked(topic) for topic in db.session.scalars(found).all()]


def _take_back(kind: Any, user: User) -> None:
    theirs = update(kind).where(kind.author_id == user.id, kind.deleted_at.is_(None))
    db.session.execute(theirs.values(deleted_at=now()))


def _others_wrote(topic: Topic, user: User) -> bool:
    others = select(Post.id).where(Post.topic_id == topic.id, Post.author_id.is_distinct_from(user.id))
    return db.session.scalar(others.limit(1)) is not None


def _forget_what_was_decided(user: User) -> None:
    """Of cases about them stays that there was one, and what was decided; no words, and nothing that led to them."""
    about = select(Case.id).where(Case.author_id == user.id)
    lines = select(LogEntry.id).where((LogEntry.user_id == user.id) | LogEntry.case_id.in_(about))
    _run(delete(LogWords).where(LogWords.entry_id.in_(lines)))
    _run(delete(CaseNote).where(CaseNote.case_id.in_(about)))
    _run(
        update(Decision)
        .where(Decision.case_id.in_(about))
        .values(letter=None, letter_verdict={}, quoted=None)
    )
    _run(update(Case).where(Case.author_id == user.id).values(words=None, why=[]))


def _forget_what_was_told(user: User) -> None:
    """What they reported is looked at all the same; what they wrote with it is theirs to take."""
    _run(update(Report).where(Report.reporter_id == user.id).values(words=None, verdict={}))


def _give_names_up(mine: Iterable[int]) -> None:
    """Their names are nowhere any more, and nobody else is ever given them."""
    held = db.session.scalars(select(TakenName).where(TakenName.persona_id.in_(mine))).all()
    for name in held:
        db.session.add(TakenName(key=names.kept_for_nobody(name.key), persona_id=None))
        db.session.delete(name)


def _leave_no_byline(mine: list[int], nobody: Persona) -> None:
    db.session.flush()
    for table in map(Base.metadata.tables.__getitem__, TRACES):
        _run(delete(table).where(_byline(table).in_(mine)))
    for table in map(Base.metadata.tables.__getitem__, BYLINES):
        _run(update(table).where(_byline(table).in_(mine)).values({_byline(table): nobody.id}))


def _byline(table: Table) -> Any:
    return table.c.persona_id


def _run(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
