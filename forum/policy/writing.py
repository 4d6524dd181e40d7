"""Who may keep, see and change what stands before and behind published words.

A draft is its member's alone: no moderator, admin or program of somebody else ever reads one.
"""

from sqlalchemy import ColumnElement, or_

from forum.models import Actor, Board, Draft, Planned, Post, Revision, Topic
from forum.policy.boards import (
    NOT_YOURS,
    UNSEEN,
    _is_theirs,
    _keeps,
    _kept,
    _own_words,
    _theirs,
    can_see_board,
    can_see_post,
    can_see_topic,
    can_start_topic,
    visible_posts,
)
from forum.policy.core import LOG_IN, STAFF, Verdict, house_verdict, member_verdict, staff_denial

# Drafts


def can_keep_draft(actor: Actor, place: Board | Topic | Post) -> Verdict:
    """A member, wherever they see the form's place. No mute, suspension or missing agreement stands in the way:
    nobody is told anything by a draft."""
    if not actor.is_authenticated:
        return LOG_IN
    if isinstance(place, Board):
        return can_see_board(actor, place)
    return can_see_topic(actor, place) if isinstance(place, Topic) else _own_words(actor, place)


def can_see_drafts(actor: Actor) -> Verdict:
    """Every member sees their own, whatever else holds for them."""
    return member_verdict(actor)


def can_see_draft(actor: Actor, draft: Draft) -> Verdict:
    """Its member, and nobody else."""
    if not actor.is_authenticated:
        return LOG_IN
    return True if actor.id is not None and draft.user_id == actor.id else UNSEEN


def can_drop_draft(actor: Actor, draft: Draft) -> Verdict:
    return can_see_draft(actor, draft)


def can_forget_old_drafts(actor: Actor) -> Verdict:
    """The house, by itself."""
    return house_verdict(actor)


# Earlier wordings


def can_see_history(actor: Actor, post: Post) -> Verdict:
    """Whoever sees the words as they are now may see that and how they changed."""
    return can_see_post(actor, post)


def can_see_revision(actor: Actor, revision: Revision) -> Verdict:
    """Readers see the wordings that readers once met; the author and moderators of the board see all."""
    if not can_see_post(actor, revision.post):
        return UNSEEN
    if not (revision.is_held or revision.is_hidden):
        return True
    topic = revision.post.topic
    return True if _is_theirs(actor, revision.post) or _keeps(actor, topic) else UNSEEN


def visible_revisions(actor: Actor) -> ColumnElement[bool]:
    """`can_see_revision` as a condition on revisions joined to their posts and topics."""
    met = Revision.held_at.is_(None) & Revision.hidden_at.is_(None)
    return visible_posts(actor) & or_(met, _theirs(actor, Post), _kept(actor))


def can_hide_revision(actor: Actor, revision: Revision) -> Verdict:
    """Moderators of the board; and the author, who may not have meant to leave it to be found."""
    if not (seen := can_see_revision(actor, revision)):
        return seen
    if _keeps(actor, revision.post.topic) or _is_theirs(actor, revision.post):
        return True
    return staff_denial(actor, STAFF)


def can_show_revision(actor: Actor, revision: Revision) -> Verdict:
    """Moderators of the board."""
    if not (seen := can_see_revision(actor, revision)):
        return seen
    return True if _keeps(actor, revision.post.topic) else staff_denial(actor, STAFF)


# Topics for a later time


def can_see_planned(actor: Actor, board: Board) -> Verdict:
    """Whoever moderates the board sees what is planned there."""
    if not (seen := can_see_board(actor, board)):
        return seen
    return True if actor.moderates_board(board.id) else staff_denial(actor, STAFF)


def can_plan_topic(actor: Actor, board: Board) -> Verdict:
    """Moderators of the board who may write there. It is asked again when the time has come."""
    return can_start_topic(actor, board) if (keeps := can_see_planned(actor, board)) else keeps


def can_change_planned(actor: Actor, planned: Planned) -> Verdict:
    """Its author, while they may plan."""
    if not (plans := can_plan_topic(actor, planned.board)):
        return plans
    return True if planned.author_id == actor.id else NOT_YOURS


def can_drop_planned(actor: Actor, planned: Planned) -> Verdict:
    """Whoever moderates the board."""
    return can_see_planned(actor, planned.board)


def can_publish_planned(actor: Actor, planned: Planned) -> Verdict:
    """The house, by itself, when the time has come."""
    return house_verdict(actor)


def can_set_planned_aside(actor: Actor, planned: Planned) -> Verdict:
    """The house, by itself, when its author may not publish it any more."""
    return house_verdict(actor)
