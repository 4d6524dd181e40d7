"""Posts: reading one, changing or taking back one's own, answering without words, and looking after them."""

from typing import Annotated, Any

from forum import serialize
from forum.actions import revisions
from forum.actions import topics as deeds
from forum.actions.gestures import give_gesture, take_gesture_back
from forum.api.calls import Answer, Api, Sent, text_up_to
from forum.api.shapes import Listed, listed
from forum.identity import current_actor
from forum.marks import asks
from forum.models import GestureKind, Post, TokenScope
from forum.policy.boards import (
    can_delete_post,
    can_edit_post,
    can_give_gesture,
    can_hide_post,
    can_release_post,
    can_see_post,
    can_show_post,
    can_take_gesture_back,
)
from forum.policy.writing import can_hide_revision, can_see_history, can_show_revision
from forum.queries.revisions import revision_for, revisions_of
from forum.queries.topics import meets, post_for
from forum.serialize import PostShape, RevisionShape
from forum.text import BODY_LIMIT

api = Api("posts")
READ, WRITE, KEEP = TokenScope.READ_BOARDS, TokenScope.WRITE_BOARDS, TokenScope.MODERATE


class ChangedPost(Sent):
    """New words for a post; of a topic's first post also its title and gist, where they are given."""

    body: Annotated[str, text_up_to(BODY_LIMIT)]
    title: str | None = None
    gist: str | None = None
    mask: bool = False


class OwnGesture(Sent):
    """An answer without words."""

    kind: GestureKind


def told(post: Post, *, new: bool = False) -> Answer:
    """A post for whoever may see its words. One that is new and waits for a moderator is accepted, not created."""
    actor = current_actor()
    own = actor.id is not None and post.author_id == actor.id
    landed = post.landed_at is not None and meets(actor, post.topic)
    shape = serialize.post(post, html=None if post.is_deleted else post.html, own=own, has_landed=landed)
    return Answer(shape, status=202 if new and post.is_held else None, version=post.version)


@api.call("GET", "/posts/<int:post_id>", scope=READ, answers=PostShape, guests=True, gives_version=True)
@asks(can_see_post)
def one(post_id: int) -> Answer:
    """One post, if its words are there for the reader."""
    return told(post_for(current_actor(), post_id))


@api.call(
    "PATCH", "/posts/<int:post_id>", scope=WRITE, answers=PostShape, gives_version=True,
    codes=("muted", "suspended", "conflict"),
)  # fmt: skip
@asks(can_edit_post)
def change(post_id: int, body: ChangedPost, version: str | None) -> Answer:
    """Change one's own words. They are read anew: what waited may be shown, what was shown may wait."""
    actor: Any = current_actor()
    return told(deeds.edit_post(actor, post_for(actor, post_id), **body.model_dump(), version=version))


@api.call("DELETE", "/posts/<int:post_id>", scope=WRITE)
@asks(can_delete_post)
def delete(post_id: int) -> None:
    """Take one's own words back. A line stays in their place, so that the thread stays readable."""
    actor: Any = current_actor()
    deeds.delete_post(actor, post_for(actor, post_id))


@api.call("PUT", "/posts/<int:post_id>/gesture", scope=WRITE, codes=("muted", "suspended"))
@asks(can_give_gesture)
def gesture(post_id: int, body: OwnGesture) -> None:
    """Answer without words; the author alone learns who did."""
    actor: Any = current_actor()
    give_gesture(actor, post_for(actor, post_id), kind=body.kind)


@api.call("DELETE", "/posts/<int:post_id>/gesture", scope=WRITE, codes=("muted", "suspended"))
@asks(can_take_gesture_back)
def take_back(post_id: int) -> None:
    """Take one's gesture back."""
    actor: Any = current_actor()
    take_gesture_back(actor, post_for(actor, post_id))


@api.call("PUT", "/posts/<int:post_id>/hidden", scope=KEEP)
@asks(can_hide_post)
def hide(post_id: int) -> None:
    """Take a post out of sight of everybody but its author and moderators."""
    actor = current_actor()
    deeds.hide_post(actor, post_for(actor, post_id))


@api.call("DELETE", "/posts/<int:post_id>/hidden", scope=KEEP)
@asks(can_show_post)
def show(post_id: int) -> None:
    """Bring a hidden post back."""
    actor = current_actor()
    deeds.show_post(actor, post_for(actor, post_id))


@api.call("PUT", "/posts/<int:post_id>/published", scope=KEEP)
@asks(can_release_post)
def release(post_id: int) -> None:
    """Publish what waited for a moderator."""
    actor = current_actor()
    deeds.release_post(actor, post_for(actor, post_id))


@api.call("GET", "/posts/<int:post_id>/history", scope=READ, answers=Listed[RevisionShape], guests=True)
@asks(can_see_history)
def history(post_id: int) -> Any:
    """How a post read before its author changed it, the latest first; those that are there for the reader."""
    actor, post = current_actor(), post_for(current_actor(), post_id)
    own = actor.id is not None and post.author_id == actor.id
    return listed([serialize.revision(one, own=own) for one in revisions_of(actor, post)])


@api.call("PUT", "/revisions/<int:revision_id>/hidden", scope=WRITE)
@asks(can_hide_revision)
def hide_revision(revision_id: int) -> None:
    """Take one earlier wording out of readers' sight: its author, or a moderator."""
    actor = current_actor()
    revisions.hide_revision(actor, revision_for(actor, revision_id))


@api.call("DELETE", "/revisions/<int:revision_id>/hidden", scope=KEEP)
@asks(can_show_revision)
def show_revision(revision_id: int) -> None:
    """Let readers see an earlier wording again."""
    actor = current_actor()
    revisions.show_revision(actor, revision_for(actor, revision_id))
