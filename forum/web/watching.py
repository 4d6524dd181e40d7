"""What a member watches, keeps and wants to be told, as pages; and whom they may name while they write."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug import Response

from forum import serialize
from forum.actions import watching as deeds
from forum.errors import ForumError
from forum.identity import current_actor
from forum.models import KIND_WORDS_A_DAY
from forum.policy.watching import (
    can_change_reach,
    can_drop_bookmark,
    can_end_feed,
    can_keep_bookmark,
    can_make_feed,
    can_offer_names,
    can_see_bookmarks,
    can_watch_board,
    can_watch_topic,
)
from forum.queries.boards import board_for
from forum.queries.topics import post_for, topic_for
from forum.queries.watching import bookmarks_of, has_feed, reach_of, watches_of
from forum.text.mentions import written
from forum.web.feeds import outside
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.writing import address_of, checked

bp = Blueprint("watching", __name__)


@bp.post("/topics/<int:topic_id>/watch")
@asks(can_watch_topic)
def topic(topic_id: int) -> Response:
    deeds.watch_topic(current_actor(), topic_for(current_actor(), topic_id), level=request.form.get("level"))
    flash("Kept.")
    return redirect(url_for("topics.show", topic_id=topic_id), 303)


@bp.post("/boards/<int:board_id>/watch")
@asks(can_watch_board)
def board(board_id: int) -> Response:
    deeds.watch_board(current_actor(), board_for(current_actor(), board_id), level=request.form.get("level"))
    flash("Kept.")
    return redirect(url_for("boards.show", board_id=board_id), 303)


@bp.get("/topics/<int:topic_id>/names")
@asks(can_offer_names)
def names(topic_id: int) -> Response:
    """Whom an answer may name."""
    actor, topic = current_actor(), topic_for(current_actor(), topic_id)
    return _offered(deeds.offer_names(actor, topic.board, prefix=request.args.get("q", ""), topic=topic))


@bp.get("/boards/<int:board_id>/names")
@asks(can_offer_names)
def names_on_board(board_id: int) -> Response:
    """Whom a new topic may name."""
    actor = current_actor()
    return _offered(deeds.offer_names(actor, board_for(actor, board_id), prefix=request.args.get("q", "")))


def _offered(found: list) -> Response:
    return jsonify(items=[{**serialize.persona(one), "written": written(one.name)} for one in found])


# Reach and the feed


@bp.get("/settings/reach")
@asks(can_change_reach)
def reach() -> str:
    return _reach_page()


@bp.post("/settings/reach")
@asks(can_change_reach)
def change_reach() -> Response | tuple[str, int]:
    form = request.form
    try:
        deeds.change_reach(
            current_actor(),
            level=form.get("level"),
            quiet_from=form.get("quiet_from"),
            quiet_until=form.get("quiet_until"),
            gives_kind_words=checked("gives_kind_words"),
            kind_words_a_day=form.get("kind_words_a_day", KIND_WORDS_A_DAY, type=whole),
        )
    except ForumError as refused:
        if refused.code == "log_in":
            raise
        return _reach_page(error=refused), refused.status
    flash("Kept.")
    return redirect(url_for("watching.reach"), 303)


@bp.post("/settings/feed")
@asks(can_make_feed)
def make_feed() -> str:
    """The new address is shown once."""
    secret = deeds.make_feed(current_actor())
    return _reach_page(feed=outside("feeds.show", token=secret))


@bp.post("/settings/feed/end")
@asks(can_end_feed)
def end_feed() -> Response:
    deeds.end_feed(current_actor())
    flash("That address opens nothing any more.")
    return redirect(url_for("watching.reach", _anchor="feed"), 303)


def _reach_page(*, error: ForumError | None = None, feed: str = "") -> str:
    actor = current_actor()
    return render_template(
        "settings/reach.html", reach=reach_of(actor), watches=watches_of(actor), has_feed=has_feed(actor), feed=feed,
        error=error, form=request.form, most=deeds.MOST_KIND_WORDS,
    )  # fmt: skip


# Bookmarks


@bp.get("/bookmarks")
@asks(can_see_bookmarks)
def bookmarks() -> str:
    page = bookmarks_of(current_actor(), before=request.args.get("before", type=whole))
    return render_template("bookmarks/index.html", page=page, limit=deeds.NOTE_LIMIT)


@bp.post("/posts/<int:post_id>/bookmark")
@asks(can_keep_bookmark)
def keep_post(post_id: int) -> Response:
    post = post_for(current_actor(), post_id)
    deeds.keep_bookmark(current_actor(), post, note=request.form.get("note"))
    return _kept(address_of(post))


@bp.post("/posts/<int:post_id>/bookmark/end")
@asks(can_drop_bookmark)
def drop_post(post_id: int) -> Response:
    post = post_for(current_actor(), post_id)
    deeds.drop_bookmark(current_actor(), post)
    return _kept(address_of(post))


@bp.post("/topics/<int:topic_id>/bookmark")
@asks(can_keep_bookmark)
def keep_topic(topic_id: int) -> Response:
    deeds.keep_bookmark(current_actor(), topic_for(current_actor(), topic_id), note=request.form.get("note"))
    return _kept(url_for("topics.show", topic_id=topic_id))


@bp.post("/topics/<int:topic_id>/bookmark/end")
@asks(can_drop_bookmark)
def drop_topic(topic_id: int) -> Response:
    deeds.drop_bookmark(current_actor(), topic_for(current_actor(), topic_id))
    return _kept(url_for("topics.show", topic_id=topic_id))


def _kept(place: str) -> Response:
    """Back to where it was pressed: the list, or the place itself."""
    return redirect(url_for("watching.bookmarks") if checked("listed") else place, 303)
