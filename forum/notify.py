"""Telling members that something happened: one row a member and thread, never a word of what was written."""

from sqlalchemy import select

from forum import broadcast
from forum.db import db, now, on_commit
from forum.models import Boundary, Notification


def tell(user_id: int | None, kind: str, thread: str, *, by: int | None = None, **place: int | None) -> None:
    """Tell one member, inside the deed that it is about.

    `thread` groups: what happens again in it before they look makes the same row new again. `by` is the id of
    the persona who did it, `place` the ids (board_id, room_id, topic_id, post_id, decision_id, report_id) whose
    visibility decides whether it is shown at all. What somebody does whom the member keeps away is not told: it would
    make the row of others theirs.
    """
    if user_id is None or _keeps_away(user_id, by):
        return
    known = db.session.scalar(
        select(Notification)
        .where(Notification.user_id == user_id, Notification.thread == thread)
        .with_for_update()
    )
    if known is None:
        db.session.add(Notification(user_id=user_id, kind=kind, thread=thread, persona_id=by, **place))
    else:
        known.count = known.count + 1 if known.seen_at is None else 1
        known.kind, known.at, known.seen_at, known.persona_id = kind, now(), None, by
        for name, value in place.items():
            setattr(known, name, value)
    on_commit(broadcast.user_told, user_id)


def _keeps_away(user_id: int, persona_id: int | None) -> bool:
    return persona_id is not None and db.session.get(Boundary, (user_id, persona_id)) is not None
