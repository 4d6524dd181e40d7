"""Answering without words."""

from sqlalchemy import select

from forum import broadcast, limits
from forum.db import action, db, locked, on_commit
from forum.errors import Invalid
from forum.models import Gesture, GestureKind, Post, User
from forum.policy.boards import can_gesture
from forum.policy.core import require


@action
def gesture(actor: User, post: Post, *, kind: str) -> Gesture | None:
    """Answer a post without words. The same gesture again takes it back; another takes its place. Nobody is told."""
    post = locked(post)
    require(can_gesture(actor, post))
    limits.check(actor, "gesture")
    chosen = _kind(kind)
    given = db.session.scalar(select(Gesture).where(Gesture.post_id == post.id, Gesture.user_id == actor.id))
    on_commit(broadcast.topic_changed, post.topic_id, post.number)
    if given is None:
        given = Gesture(post_id=post.id, user_id=actor.id, persona_id=actor.byline.id, kind=chosen)
        db.session.add(given)
        return given
    if given.kind == chosen:
        db.session.delete(given)
        return None
    given.kind = chosen
    return given


def _kind(raw: str) -> GestureKind:
    try:
        return GestureKind(raw)
    except ValueError as error:
        raise Invalid(fields={"kind": "“I read this”, “With you” or “Been there” work here."}) from error
