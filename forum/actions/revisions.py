"""Earlier wordings of posts: kept with each change, and hidden one by one where that is needed."""

from sqlalchemy import func, select

from forum import modlog
from forum.db import action, db, locked, now
from forum.models import Actor, Post, Revision
from forum.policy.core import require
from forum.policy.writing import can_hide_revision, can_show_revision


@action
def hide_revision(actor: Actor, revision: Revision) -> Revision:
    """Take one earlier wording out of readers' sight. What the post says now is not touched."""
    revision = locked(revision)
    require(can_hide_revision(actor, revision))
    if not revision.is_hidden:
        revision.hidden_at = now()
        _log(actor, revision, "revision_hidden")
    return revision


@action
def show_revision(actor: Actor, revision: Revision) -> Revision:
    """Let readers see an earlier wording again."""
    revision = locked(revision)
    require(can_show_revision(actor, revision))
    if revision.is_hidden:
        revision.hidden_at = None
        _log(actor, revision, "revision_shown")
    return revision


def keep_wording(actor: Actor, post: Post) -> None:
    """Inside the deed that changes them: keep the words as they are now. What waits was never met by readers, and
    stays unmet."""
    last = db.session.scalar(select(func.max(Revision.number)).where(Revision.post_id == post.id)) or 0
    db.session.add(
        Revision(
            post_id=post.id,
            number=last + 1,
            source=post.source,
            html=post.html,
            renderer=post.renderer,
            verdict=post.verdict,
            written_at=post.edited_at or post.created_at,
            user_id=actor.id,
            held_at=post.held_at,
        )
    )


def _log(actor: Actor, revision: Revision, code: str) -> None:
    """What an author does with their own words is nobody's business."""
    if revision.post.author_id != actor.id:
        modlog.write(actor, code, user=revision.post.author, subject=f"post:{revision.post_id}")
