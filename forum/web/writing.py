"""What every form for words shares: its key, its draft, its refusals, and the page after the words are in."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug import Response

from forum import limits
from forum.actions.drafts import DRAFT_DAYS, keep_draft, version_of
from forum.errors import ForumError
from forum.helplines import country, for_country
from forum.identity import current_actor
from forum.models import Draft, Post, Strategy
from forum.policy.core import Verdict, consent_verdict, require
from forum.queries.drafts import Place, draft_at, place_of
from forum.queries.topics import page_of
from forum.text import BODY_LIMIT, plain, render
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


def kept(
    error: ForumError, page: Callable[[ForumError], str], place: Place | None = None
) -> tuple[Response | str, int]:
    """The form again, with its words and what stands in their way; the words are kept as a draft as well, unless
    another device kept others meanwhile. What is not there stays not there."""
    if error.code == "not_found":
        raise error
    if place is not None:
        with suppress(ForumError):
            _keep(place, request.form.get("body", ""))
    return page(error), error.status


def previewed(may: Verdict, raw: str) -> str:
    """How words would look, for somebody who may write them here; what is too long for anybody is cut."""
    require(may)
    limits.check(current_actor(), "preview")
    return render(plain(raw).encode()[:BODY_LIMIT].decode(errors="ignore"))


# Drafts


@dataclass(frozen=True)
class Begun:
    """What a form begins with, and what is kept of it."""

    place: str
    draft: Draft | None
    form: Mapping[str, Any]
    """The words that go into the fields: what was just sent, or what was kept before."""
    chosen: list[str]
    version: str
    days: int = DRAFT_DAYS

    @property
    def is_back(self) -> bool:
        """Whether the words in the form are those that were kept before."""
        return self.draft is not None and request.method == "GET"

    @property
    def other(self) -> Draft | None:
        """What another device kept meanwhile, while other words were being sent from here."""
        if request.method == "GET" or self.draft is None or "draft" not in request.form:
            return None
        is_known = request.form["draft"] == self.version or request.form.get("body") == self.draft.body
        return None if is_known else self.draft


def begun(place: Place) -> Begun:
    """What this reader has begun in this form."""
    draft = draft_at(current_actor(), place)
    form: Mapping[str, Any] = request.form
    chosen = request.form.getlist("kinds")
    if draft is not None and request.method == "GET":
        fields = ("body", "title", "gist", "intent")
        form = {name: getattr(draft, name) for name in fields}
        form |= {"edited_at": draft.base, "as_alias": "1" if draft.as_alias else ""}
        chosen = list(draft.kinds)
    return Begun(place_of(place), draft, form, chosen, version_of(draft))


def drafted(place: Place, page: Callable[[ForumError], str]) -> Response | tuple[Response | str, int]:
    """“Keep as a draft”: on to the list of drafts, or the form again with what stands in the way."""
    try:
        _keep(place, with_card(request.form.get("body", "")))
    except ForumError as error:
        return kept(error, page)
    flash("Kept as a draft. Nobody but you can read it.")
    return redirect(url_for("drafts.index"), 303)


def rests_for(verdict: Any, writes: Any) -> bool:
    """Whether somebody may not send words here now for a reason of their own, so that a draft is what they can keep."""
    return not verdict and not writes and current_actor().is_authenticated


def needs_agreement() -> bool:
    """Whether all it takes to write is a yes of theirs."""
    actor = current_actor()
    return actor.is_authenticated and not consent_verdict(actor)


def _keep(place: Place, body: str) -> None:
    form, actor = request.form, current_actor()
    keep_draft(
        actor, place, body=body, title=form.get("title", ""), gist=form.get("gist", ""),
        intent=form.get("intent", ""), kinds=form.getlist("kinds"), base=form.get("edited_at", ""),
        version=form.get("draft"), as_alias=checked("as_alias"),
    )  # fmt: skip


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
    return render_template("care/show.html", post=thing, help=reachable(), address=address, what=what)


def reachable() -> dict[str, Any]:
    """Who can be reached now, in the reader's country."""
    settings = current_app.extensions["hearth"]
    chosen = country(getattr(current_actor(), "country", None) or settings.country)
    return {"country": chosen, "lines": for_country(chosen.code)}


def held_page(post: Post, *, error: ForumError | None = None, preview: str = "") -> str:
    """The words are kept and wait; they can be changed here and sent again."""
    started = begun(post) if post.author_id == current_actor().id else None
    is_sent = bool(error or preview) or (started is not None and started.is_back)
    return render_template(
        "topics/held.html", post=post, begun=started, form=started.form if started and is_sent else {}, error=error,
        preview=preview, version=post.version,
    )  # fmt: skip
