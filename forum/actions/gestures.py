"""Answering without words."""

from sqlalchemy import select

from forum import broadcast, limits
from forum.db import action, db, locked, on_commit
from forum.errors import Invalid
from forum.models import Gesture, GestureKind, Post, User
from forum.policy.boards import can_gesture, can_give_gesture, can_take_gesture_back
from forum.policy.core import require
from forum.queries.aliases import alias_in


@action
def gesture(actor: User, post: Post, *, kind: str) -> Gesture | None:
    """Answer a post without words. The same gesture again takes it back; another takes its place. Nobody is told."""
    require(can_gesture(actor, post := locked(post)))
    given = _given(actor, post)
    if given is not None and given.kind == _kind(kind):
        return take_gesture_back(actor, post)
    return give_gesture(actor, post, kind=kind)


@action
def give_gesture(actor: User, post: Post, *, kind: str) -> Gesture:
    """Answer a post with this gesture, in the place of another that was given before. Twice is once. Whoever writes in
    this topic without their name answers without it, too."""
    post = locked(post)
    require(can_give_gesture(actor, post))
    limits.check(actor, "gesture")
    chosen, given = _kind(kind), _given(actor, post)
    if given is None:
        byline = alias_in(actor, post.topic) or actor.byline
        given = Gesture(post_id=post.id, user_id=actor.id, persona_id=byline.id, kind=chosen)
        db.session.add(given)
    given.kind = chosen
    on_commit(broadcast.topic_changed, post.topic_id, post.number)
    return given


@action
def take_gesture_back(actor: User, post: Post) -> None:
    """Take one's gesture back, if there is one."""
    post = locked(post)
    require(can_take_gesture_back(actor, post))
    limits.check(actor, "gesture")
    if given := _given(actor, post):
        db.session.delete(given)
        on_commit(broadcast.topic_changed, post.topic_id, post.number)


def _given(actor: User, post: Post) -> Gesture | None:
    return db.session.scalar(select(Gesture).where(Gesture.post_id == post.id, Gesture.user_id == actor.id))


def _kind(raw: str) -> GestureKind:
    try:
        return GestureKind(raw)
    except ValueError as error:
        raise Invalid(fields={"kind": "“I read this”, “With you” or “Been there” work here."}) from error
