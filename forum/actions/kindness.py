"""Small things that keep answers kind: a thought before advice, and “this landed”."""

from forum import limits, notify
from forum.db import action, db, locked, now
from forum.errors import Invalid
from forum.models import Intent, Post, Thought, Topic, User
from forum.policy.boards import can_reply_to_topic
from forum.policy.core import require
from forum.policy.watching import can_ask_once, can_mark_landed, can_unmark_landed
from forum.triage.advice import opens_with_advice
from forum.words import Words

THOUGHT = (
    "{name} asked to be heard rather than helped. This begins with advice. It may be just right; it may also land "
    "better after a line that says you heard them."
)


def think_first(actor: User, topic: Topic, words: Words) -> None:
    """Where somebody asked to be heard, offer a writer whose reply opens with advice one thought: Invalid with a field
    `thought`, once for each topic. Sending the same words again always works, and help never waits for it."""
    if topic.intent != Intent.LISTEN or words.verdict.shows_help or topic.author_id == actor.id:
        return
    if can_reply_to_topic(actor, topic) and opens_with_advice(words.source) and ask_once(actor, topic):
        raise Invalid(fields={"thought": THOUGHT.format(name=topic.byline.name)})


@action
def ask_once(actor: User, topic: Topic) -> bool:
    """Remember that a member was asked in this topic; false if they had been asked before."""
    require(can_ask_once(actor, topic))
    member = locked(actor)
    if db.session.get(Thought, (member.id, topic.id)):
        return False
    db.session.add(Thought(user_id=member.id, topic_id=topic.id))
    return True


@action
def mark_landed(actor: User, post: Post) -> Post:
    """Say that a reply reached you. Its writer is told, and a quiet mark stands beside it; nothing is counted."""
    locked(post.topic)
    post = locked(post)
    require(can_mark_landed(actor, post))
    limits.check(actor, "gesture")
    if post.landed_at is None:
        post.landed_at = now()
        notify.about_landing(post, by=post.topic.persona_id)
    return post


@action
def unmark_landed(actor: User, post: Post) -> Post:
    """Take that back; the notice of it goes too."""
    locked(post.topic)
    post = locked(post)
    require(can_unmark_landed(actor, post))
    post.landed_at = None
    notify.take_back(post)
    return post
