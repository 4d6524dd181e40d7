"""What every form for words shares: its key, its refusals, and the page after the words are in."""

import secrets
from collections.abc import Callable

from flask import current_app, redirect, render_template, request, url_for
from werkzeug import Response

from forum.errors import ForumError
from forum.helplines import country, for_country
from forum.identity import current_actor
from forum.models import Post, Strategy
from forum.queries.topics import page_of
from forum.text.cards import link_to
from forum.web.numbers import whole


def form_key(error: ForumError | None = None) -> str:
    """The key of a form: the one it came with, or a new one. Sending the same form twice then is one deed."""
    is_spent = error is not None and error.code == "idempotency_conflict"
    given = "" if is_spent else request.form.get("key", "")
    return given or secrets.token_urlsafe(24)


def checked(name: str) -> bool:
    """Whether a form said yes to this."""
    return request.form.get(name) == "1"


def with_card(body: str) -> str:
    """What was typed, with the card that was chosen along with it on a line of its own."""
    chosen = request.form.get("card", type=whole)
    return f"{body.strip()}\n\n{link_to(chosen)}".strip() if chosen else body


def kept(error: ForumError, page: Callable[[ForumError], str]) -> tuple[Response | str, int]:
    """The form again, with its words and what stands in their way. What is not there stays not there."""
    if error.code == "not_found":
        raise error
    return page(error), error.status


def after_writing(post: Post) -> Response | str:
    """On to the words; or first the page that says they wait, or that offers help."""
    if post.is_held:
        return held_page(post)
    if post.shows_help:
        return care_page(post, address=address_of(post))
    return redirect(address_of(post), 303)


def address_of(post: Post) -> str:
    """Where a post can be read in its topic."""
    page = page_of(post)
    return url_for(
        "topics.show", topic_id=post.topic_id, page=page if page > 1 else None, _anchor=f"post-{post.id}"
    )


def care_page(thing: Post | Strategy, *, address: str, what: str = "post") -> str:
    """The words are in; before anything else, who can be reached now in the reader's country."""
    settings = current_app.extensions["hearth"]
    chosen = country(getattr(current_actor(), "country", None) or settings.country)
    lines = for_country(chosen.code)
    return render_template(
        "care/show.html", post=thing, country=chosen, lines=lines, address=address, what=what
    )


def held_page(post: Post, *, error: ForumError | None = None, preview: str = "") -> str:
    """The words are kept and wait; they can be changed here and sent again."""
    return render_template(
        "topics/held.html", post=post, form=request.form if error or preview else {}, error=error, preview=preview,
        version=post.version,
    )  # fmt: skip
