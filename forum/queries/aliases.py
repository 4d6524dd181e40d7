"""The byline that somebody goes by in one topic instead of their own."""

from typing import Any

from sqlalchemy import ColumnElement, select

from forum.db import db
from forum.models import Actor, Persona, Post, Topic


def alias_in(actor: Actor, topic: Topic) -> Persona | None:
    """Under which alias they last wrote in this topic, if they did."""
    if actor.id is None:
        return None
    return db.session.scalar(
        select(Persona)
        .join(Post, Post.persona_id == Persona.id)
        .where(Post.topic_id == topic.id, Persona.user_id == actor.id, Persona.is_main.is_(False))
        .order_by(Post.id.desc())
        .limit(1)
    )


def by_own_name(words: Any) -> ColumnElement[bool]:
    """Whether a topic, post or card (the class, for each row) stands under its member's own name. What looks from words
    to their member asks this first, or it would lead from an alias to a name."""
    return words.persona_id.in_(select(Persona.id).where(Persona.is_main))


def is_named_in(topic: Topic) -> ColumnElement[bool]:
    """Whether a byline can be named in a topic: an alias only where it stands."""
    wrote = select(Post.persona_id).where(Post.topic_id == topic.id)
    return Persona.is_main | Persona.id.in_(wrote)
