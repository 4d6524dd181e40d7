"""What its author took back: out of sight at once, and its words erased some days later."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from forum.db import Base, action, db, now
from forum.models import Actor, Case, Message, Post, Revision, Strategy, Topic
from forum.policy.boards import can_erase_taken_back
from forum.policy.core import require

UNTITLED = "A topic that its author took back"
CLEARED: dict[type[Base], dict[str, Any]] = {
    Post: {"source": "", "html": "", "verdict": {}, "edited_at": None, "has_helped": False},
    Message: {"source": "", "html": "", "verdict": {}, "edited_at": None},
    Strategy: {
        "name": "", "fits": "", "place": "", "source": "", "html": "", "verdict": {}, "edited_at": None,
        "changes": "", "changes_html": "", "cautions": "", "cautions_html": "", "cites": "", "cites_url": "",
    },
}  # fmt: skip
"""What is left of words that their author took back, or took along: that there were some."""
ERASED_AT_ONCE = 1_000


@action
def erase_taken_back(actor: Actor, *, days: int) -> int:
    """Erase posts and cards that were taken back so long ago, with their earlier wordings; the answer counts them.

    Until then moderators can read them, and what an open case is about stays until it is decided: nobody can say
    something and be out of reach a moment later. Lines of rooms go with their room's hours.
    """
    require(can_erase_taken_back(actor))
    posts = _taken_back(Post, Case.post_id, days)
    db.session.execute(delete(Revision).where(Revision.post_id.in_(posts)))
    _clear(Post, posts)
    _leave_untitled(posts)
    cards = _taken_back(Strategy, Case.strategy_id, days)
    _clear(Strategy, cards)
    return len(posts) + len(cards)


def _taken_back(kind: Any, in_case: Any, days: int) -> Sequence[int]:
    """The ids of what was taken back so long ago and still has words, but for what an open case is about."""
    is_open = select(in_case).where(in_case.is_not(None), Case.decided_at.is_(None))
    is_old = kind.deleted_at < now() - timedelta(days=days)
    found = select(kind.id).where(is_old, kind.source != "", kind.id.not_in(is_open))
    return db.session.scalars(found.limit(ERASED_AT_ONCE)).all()


def _clear(kind: Any, ids: Sequence[int]) -> None:
    db.session.execute(update(kind).where(kind.id.in_(ids)).values(CLEARED[kind]))


def _leave_untitled(post_ids: Sequence[int]) -> None:
    """A topic goes with the words that it began with; one that was joined to another leads there and keeps its name."""
    of_these = select(Post.topic_id).where(Post.id.in_(post_ids))
    is_gone = (Topic.deleted_at.is_not(None), Topic.merged_into_id.is_(None))
    db.session.execute(update(Topic).where(Topic.id.in_(of_these), *is_gone).values(title=UNTITLED, gist=""))
