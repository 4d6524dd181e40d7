"""The library: cards, what one keeps of them, and asking somebody for their words."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions import strategies as deeds
from forum.actions import toolkit as own
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import MINUTES, SITUATIONS, TAGS, Evidence, Post, Strategy
from forum.policy.boards import can_see_post
from forum.policy.core import consent_verdict, require
from forum.policy.strategies import (
    can_answer_strategy_ask,
    can_ask_for_strategy,
    can_delete_strategy,
    can_edit_strategy,
    can_forget_outcome,
    can_hide_strategy,
    can_keep_strategy,
    can_put_strategy_back,
    can_release_strategy,
    can_say_how_it_was,
    can_see_library,
    can_see_strategy,
    can_see_strategy_asks,
    can_see_toolkit,
    can_share_strategy,
    can_show_strategy,
)
from forum.queries import strategies as asked
from forum.queries.strategies import Wanted, strategy_for
from forum.queries.topics import meets, post_for
from forum.text.lists import as_typed
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.writing import care_page, checked, form_key, kept

bp = Blueprint("strategies", __name__)
Page = Response | str | tuple[Response | str, int]

WORDS_LOOKED_FOR = 80
PARTS = ("name", "fits", "minutes", "place", "steps", "changes", "cautions", "evidence", "cites", "cites_url")


# The library


@bp.get("/library")
@asks(can_see_library)
def index() -> str:
    wanted, after = _wanted(), request.args.get("after", 0, type=whole)
    page = asked.library_for(current_actor(), wanted, after=after)
    return render_template("strategies/index.html", page=page, wanted=wanted, after=after, **_lists())


@bp.get("/strategies/<int:strategy_id>")
@asks(can_see_strategy)
def show(strategy_id: int) -> str:
    return _page(strategy_for(current_actor(), strategy_id))


# Writing


@bp.get("/strategies/new")
@asks(can_share_strategy)
def new() -> Page:
    actor, post = current_actor(), _origin(request.args.get("post", type=whole))
    if actor.is_authenticated and not consent_verdict(actor):
        return redirect(url_for("accounts.before_writing", next=request.full_path), 303)
    require(can_share_strategy(actor, post, _granted(post)))
    return _form(post=post)


@bp.post("/strategies")
@asks(can_share_strategy)
def share() -> Page:
    actor, post_id = current_actor(), request.form.get("post", type=whole)
    try:
        key, mask = request.form.get("key", ""), checked("mask")
        card = deeds.share_strategy(actor, _origin(post_id), card=_written(), key=key, mask=mask)
    except ForumError as error:
        return kept(error, lambda no: _form(post=_origin(post_id), error=no))
    return _after_writing(card)


@bp.get("/strategies/<int:strategy_id>/edit")
@asks(can_edit_strategy)
def edit(strategy_id: int) -> str:
    card = strategy_for(current_actor(), strategy_id)
    require(can_edit_strategy(current_actor(), card))
    return _form(card=card)


@bp.post("/strategies/<int:strategy_id>/edit")
@asks(can_edit_strategy)
def change(strategy_id: int) -> Page:
    actor, card = current_actor(), strategy_for(current_actor(), strategy_id)
    try:
        version, mask = request.form.get("edited_at"), checked("mask")
        edited = deeds.edit_strategy(actor, card, card=_written(), version=version, mask=mask)
    except ForumError as error:
        return kept(error, lambda no: _form(card=strategy_for(current_actor(), strategy_id), error=no))
    return _after_writing(edited)


@bp.post("/strategies/<int:strategy_id>/delete")
@asks(can_delete_strategy)
def delete(strategy_id: int) -> Response:
    deeds.delete_strategy(current_actor(), strategy_for(current_actor(), strategy_id))
    return redirect(url_for("strategies.index"), 303)


# Asking somebody for their words


@bp.get("/posts/<int:post_id>/ask")
@asks(can_ask_for_strategy)
def before_asking(post_id: int) -> str:
    actor, post = current_actor(), post_for(current_actor(), post_id)
    require(can_ask_for_strategy(actor, post))
    return render_template(
        "strategies/ask.html",
        post=post,
        ask=asked.ask_by(actor, post),
        is_kept_away=not meets(actor, post.topic),
    )


@bp.post("/posts/<int:post_id>/ask")
@asks(can_ask_for_strategy)
def ask(post_id: int) -> Response:
    deeds.ask_for_strategy(current_actor(), post_for(current_actor(), post_id))
    return redirect(url_for("strategies.before_asking", post_id=post_id), 303)


@bp.get("/posts/<int:post_id>/asks")
@asks(can_see_strategy_asks)
def asks_about(post_id: int) -> str:
    actor, post = current_actor(), post_for(current_actor(), post_id)
    found = asked.asks_about(actor, post)
    return render_template(
        "strategies/asks.html", post=post, found=found, is_kept_away=not meets(actor, post.topic)
    )


@bp.post("/strategy-asks/<int:ask_id>")
@asks(can_answer_strategy_ask)
def answer(ask_id: int) -> Response:
    ask = asked.ask_for(current_actor(), ask_id)
    deeds.answer_strategy_ask(current_actor(), ask, answer=request.form.get("answer"))
    return redirect(url_for("strategies.asks_about", post_id=ask.post_id), 303)


# One's own


@bp.get("/toolkit")
@asks(can_see_toolkit)
def toolkit() -> str:
    actor = current_actor()
    return render_template(
        "strategies/toolkit.html", cards=asked.toolkit_for(actor), plan=asked.plan_of(actor), **_lists()
    )


@bp.post("/strategies/<int:strategy_id>/keep")
@asks(can_keep_strategy)
def keep(strategy_id: int) -> Response:
    own.keep_strategy(current_actor(), strategy_for(current_actor(), strategy_id))
    return _back_to(strategy_id)


@bp.post("/strategies/<int:strategy_id>/put-back")
@asks(can_put_strategy_back)
def put_back(strategy_id: int) -> Response:
    own.put_strategy_back(current_actor(), strategy_for(current_actor(), strategy_id))
    return redirect(url_for("strategies.toolkit"), 303) if checked("toolkit") else _back_to(strategy_id)


@bp.post("/strategies/<int:strategy_id>/outcomes")
@asks(can_say_how_it_was)
def say_how_it_was(strategy_id: int) -> Page:
    told = {name: request.form.get(name) for name in ("how", "situation", "before", "after")}
    try:
        own.say_how_it_was(current_actor(), strategy_for(current_actor(), strategy_id), **told)
    except ForumError as error:
        return kept(error, lambda no: _page(strategy_for(current_actor(), strategy_id), error=no))
    return _back_to(strategy_id, "how")


@bp.post("/outcomes/<int:outcome_id>/forget")
@asks(can_forget_outcome)
def forget(outcome_id: int) -> Response:
    outcome = asked.outcome_for(current_actor(), outcome_id)
    own.forget_outcome(current_actor(), outcome)
    return _back_to(outcome.strategy_id, "how")


# Looking after


@bp.post("/strategies/<int:strategy_id>/hide")
@asks(can_hide_strategy)
def hide(strategy_id: int) -> Response:
    return _back_to(deeds.hide_strategy(current_actor(), strategy_for(current_actor(), strategy_id)).id)


@bp.post("/strategies/<int:strategy_id>/show")
@asks(can_show_strategy)
def show_again(strategy_id: int) -> Response:
    return _back_to(deeds.show_strategy(current_actor(), strategy_for(current_actor(), strategy_id)).id)


@bp.post("/strategies/<int:strategy_id>/release")
@asks(can_release_strategy)
def release(strategy_id: int) -> Response:
    return _back_to(deeds.release_strategy(current_actor(), strategy_for(current_actor(), strategy_id)).id)


def _back_to(strategy_id: int, anchor: str | None = None) -> Response:
    return redirect(url_for("strategies.show", strategy_id=strategy_id, _anchor=anchor), 303)


def _wanted() -> Wanted:
    given = request.args
    return Wanted(
        words=" ".join(given.get("words", "").split())[:WORDS_LOOKED_FOR],
        tag=given.get("tag", ""),
        situation=given.get("situation", ""),
        minutes=given.get("minutes", type=whole),
        without_breath=given.get("without_breath") == "1",
        discreet=given.get("discreet") == "1",
    )


def _lists() -> dict[str, Any]:
    return {"tags": TAGS, "situations": SITUATIONS, "lengths": MINUTES}


def _page(card: Strategy, *, error: ForumError | None = None) -> str:
    actor = current_actor()
    return render_template(
        "strategies/show.html", card=card, found=asked.found_with(card), is_kept=asked.is_kept(actor, card),
        outcomes=asked.own_outcomes(actor, card), origin=asked.origin_of(actor, card), error=error, form=request.form,
        **_lists(),
    )  # fmt: skip


def _origin(post_id: int | None) -> Post | None:
    """The post that a card is made from, if this person can see it."""
    return post_for(current_actor(), post_id) if post_id else None


def _granted(post: Post | None) -> Any:
    return asked.ask_by(current_actor(), post) if post is not None else None


def _written() -> dict[str, Any]:
    form = request.form
    written: dict[str, Any] = {part: form.get(part, "") for part in PARTS}
    return written | {"is_discreet": checked("is_discreet"), "tags": form.getlist("tags")}


def _form(*, card: Strategy | None = None, post: Post | None = None, error: ForumError | None = None) -> str:
    """The form as it came back, or as the card is, or with a post’s words to begin with."""
    return render_template(
        "strategies/edit.html", card=card, post=post, error=error, key=form_key(error), evidences=list(Evidence),
        words=_written() if error else _as_it_is(card) if card else _from_post(post),
        version=card.version if card else "", **_lists(),
    )  # fmt: skip


def _as_it_is(card: Strategy) -> dict[str, Any]:
    typed: dict[str, Any] = {part: getattr(card, part, "") for part in PARTS}
    listed = {"steps": as_typed(card.source), "changes": as_typed(card.changes)}
    return typed | listed | {"is_discreet": card.is_discreet, "tags": [one.tag for one in card.marks]}


def _from_post(post: Post | None) -> dict[str, Any]:
    """A post’s words as first steps, a line each, for its author or whoever was told yes."""
    if post is None or not can_see_post(current_actor(), post):
        return {}
    return {
        "name": post.topic.title if post.is_first else "",
        "steps": as_typed(post.source),
        "evidence": "lived",
    }


def _after_writing(card: Strategy) -> Response | str:
    """On to the card, which says itself when it waits; or first the page that offers help."""
    address = url_for("strategies.show", strategy_id=card.id)
    if card.shows_help and not card.is_held:
        return care_page(card, address=address, what="card")
    return redirect(address, 303)
