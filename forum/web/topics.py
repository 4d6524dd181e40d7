"""Topics and posts, as pages."""

import re

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug import Response

from forum.actions import topics as deeds
from forum.actions.boards import mark_read
from forum.actions.gestures import gesture
from forum.actions.moves import merge_topic, split_topic
from forum.actions.revisions import hide_revision, show_revision
from forum.actions.topics import delete_post, edit_post, move_topic, note_topic, reply_to_topic
from forum.errors import ForumError, Invalid, NotFound
from forum.identity import current_actor
from forum.models import NOTE_KINDS, Intent, Post, Strategy, Topic
from forum.policy.boards import (
    can_delete_post,
    can_edit_post,
    can_gesture,
    can_hide_post,
    can_lock_topic,
    can_mark_read,
    can_merge_topic,
    can_move_topic,
    can_note_topic,
    can_pin_topic,
    can_release_post,
    can_reply_to_topic,
    can_see_post,
    can_see_topic,
    can_show_post,
    can_split_topic,
    stays_among_readers,
)
from forum.policy.core import require, writing_verdict
from forum.policy.writing import can_hide_revision, can_see_history, can_show_revision
from forum.queries.aliases import alias_in
from forum.queries.boards import board_for, moderated_boards
from forum.queries.notifications import unseen_in
from forum.queries.revisions import history_of, revision_for
from forum.queries.strategies import cards_in, cards_to_put_in
from forum.queries.topics import (
    POSTS_A_PAGE,
    PostPage,
    began_in,
    meets,
    newest_number,
    page_where_it_went,
    post_for,
    posts_of,
    sheet_of,
    topic_for,
    went_on_in,
)
from forum.web.looking import looked_at
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.starters import STARTERS, starter_chosen
from forum.web.writing import (
    address_of,
    after_writing,
    begun,
    checked,
    drafted,
    form_key,
    held_page,
    kept,
    previewed,
    rests_for,
    with_card,
)

bp = Blueprint("topics", __name__)
Page = Response | str | tuple[Response | str, int]


@bp.get("/topics/<int:topic_id>")
@asks(can_see_topic)
def show(topic_id: int) -> Page:
    actor, topic = current_actor(), topic_for(current_actor(), topic_id)
    if topic.id != topic_id:
        page = page_where_it_went(topic_id, request.args.get("page", 1, type=whole))
        return redirect(url_for("topics.show", topic_id=topic.id, page=page if page > 1 else None), 303)
    shown = _page(topic, quoted=request.args.get("quote", type=whole))
    looked_at(unseen_in(actor, topic, number=_last_shown(topic)))
    return shown


@bp.get("/topics/<int:topic_id>/newest")
@asks(can_see_topic)
def newest(topic_id: int) -> Response:
    return jsonify(number=newest_number(topic_for(current_actor(), topic_id)))


@bp.get("/topics/<int:topic_id>/print")
@asks(can_see_topic)
def sheet(topic_id: int) -> str:
    topic, after = topic_for(current_actor(), topic_id), request.args.get("after", 0, type=whole)
    return render_template(
        "topics/print.html", topic=topic, sheet=sheet_of(current_actor(), topic, after=after), note_kinds=NOTE_KINDS,
        shown_once="show" in request.args,
    )  # fmt: skip


@bp.get("/posts/<int:post_id>")
@asks(can_see_post)
def post(post_id: int) -> Response:
    return redirect(address_of(post_for(current_actor(), post_id)), 303)


# Writing


@bp.post("/topics/<int:topic_id>/replies")
@asks(can_reply_to_topic)
def reply(topic_id: int) -> Page:
    actor, topic = current_actor(), topic_for(current_actor(), topic_id)
    if "keep" in request.form:
        return drafted(topic, lambda no: _page(topic_for(current_actor(), topic_id), error=no))
    try:
        if "preview" in request.form:
            may = can_reply_to_topic(actor, topic)
            return _page(topic, preview=previewed(may, with_card(request.form.get("body", ""))))
        written = reply_to_topic(actor, topic, body=with_card(request.form.get("body", "")), **_said())
    except ForumError as error:
        return kept(error, lambda no: _page(topic_for(current_actor(), topic_id), error=no), topic)
    return after_writing(written)


@bp.get("/posts/<int:post_id>/edit")
@asks(can_edit_post)
def edit(post_id: int) -> str:
    post = post_for(current_actor(), post_id)
    require(can_edit_post(current_actor(), post))
    return _edit_page(post)


@bp.post("/posts/<int:post_id>/edit")
@asks(can_edit_post)
def change(post_id: int) -> Page:
    actor, post = current_actor(), post_for(current_actor(), post_id)
    if "keep" in request.form:
        return drafted(post, lambda no: _edit_page(post_for(current_actor(), post_id), error=no))
    try:
        if "preview" in request.form:
            may = can_edit_post(actor, post)
            return _edit_page(post, preview=previewed(may, request.form.get("body", "")))
        edited = edit_post(
            actor,
            post,
            body=request.form.get("body", ""),
            title=request.form.get("title"),
            gist=request.form.get("gist"),
            version=request.form.get("edited_at"),
            mask=checked("mask"),
        )
    except ForumError as error:
        return kept(error, lambda no: _edit_page(post_for(current_actor(), post_id), error=no), post)
    return after_writing(edited)


@bp.post("/posts/<int:post_id>/delete")
@asks(can_delete_post)
def delete(post_id: int) -> Response:
    gone = delete_post(current_actor(), post_for(current_actor(), post_id))
    if gone.topic.is_deleted:
        return redirect(url_for("boards.show", board_id=gone.topic.board_id), 303)
    return redirect(url_for("topics.show", topic_id=gone.topic_id), 303)


@bp.post("/posts/<int:post_id>/gestures")
@asks(can_gesture)
def answer(post_id: int) -> Response:
    post = post_for(current_actor(), post_id)
    gesture(current_actor(), post, kind=request.form.get("kind", ""))
    return redirect(address_of(post), 303)


@bp.post("/topics/<int:topic_id>/read")
@asks(can_mark_read)
def read(topic_id: int) -> Response:
    number = request.form.get("number", type=whole)
    mark_read(current_actor(), topic_for(current_actor(), topic_id), number=number)
    return redirect(url_for("topics.show", topic_id=topic_id, page=request.form.get("page", type=whole)), 303)


@bp.get("/posts/<int:post_id>/history")
@asks(can_see_history)
def history(post_id: int) -> str:
    actor, post = current_actor(), post_for(current_actor(), post_id)
    told = history_of(actor, post, request.args.get("version", type=whole))
    return render_template(
        "topics/history.html", post=post, topic=post.topic, history=told, note_kinds=NOTE_KINDS,
        shown_once="show" in request.args,
    )  # fmt: skip


@bp.post("/revisions/<int:revision_id>/hide")
@asks(can_hide_revision)
def hide_earlier(revision_id: int) -> Response:
    revision = hide_revision(current_actor(), revision_for(current_actor(), revision_id))
    return redirect(url_for("topics.history", post_id=revision.post_id), 303)


@bp.post("/revisions/<int:revision_id>/show")
@asks(can_show_revision)
def show_earlier(revision_id: int) -> Response:
    revision = show_revision(current_actor(), revision_for(current_actor(), revision_id))
    return redirect(url_for("topics.history", post_id=revision.post_id), 303)


# Looking after


@bp.post("/posts/<int:post_id>/hide")
@asks(can_hide_post)
def hide(post_id: int) -> Response:
    return redirect(address_of(deeds.hide_post(current_actor(), post_for(current_actor(), post_id))), 303)


@bp.post("/posts/<int:post_id>/show")
@asks(can_show_post)
def show_again(post_id: int) -> Response:
    return redirect(address_of(deeds.show_post(current_actor(), post_for(current_actor(), post_id))), 303)


@bp.post("/posts/<int:post_id>/release")
@asks(can_release_post)
def release(post_id: int) -> Response:
    return redirect(address_of(deeds.release_post(current_actor(), post_for(current_actor(), post_id))), 303)


@bp.post("/topics/<int:topic_id>/lock")
@asks(can_lock_topic)
def lock(topic_id: int) -> Response:
    deed = deeds.lock_topic if checked("on") else deeds.unlock_topic
    return _back_to(deed(current_actor(), topic_for(current_actor(), topic_id)))


@bp.post("/topics/<int:topic_id>/pin")
@asks(can_pin_topic)
def pin(topic_id: int) -> Response:
    deed = deeds.pin_topic if checked("on") else deeds.unpin_topic
    return _back_to(deed(current_actor(), topic_for(current_actor(), topic_id)))


@bp.get("/topics/<int:topic_id>/move")
@asks(can_move_topic)
def where_to(topic_id: int) -> str:
    topic = topic_for(current_actor(), topic_id)
    require(can_move_topic(current_actor(), topic))
    boards = [one for one in moderated_boards(current_actor()) if stays_among_readers(topic.board, one)]
    return render_template("topics/move.html", topic=topic, boards=boards)


@bp.post("/topics/<int:topic_id>/move")
@asks(can_move_topic)
def move(topic_id: int) -> Response:
    board = board_for(current_actor(), request.form.get("board", 0, type=whole))
    return _back_to(move_topic(current_actor(), topic_for(current_actor(), topic_id), board))


@bp.get("/topics/<int:topic_id>/split")
@asks(can_split_topic)
def where_to_split(topic_id: int) -> str:
    return _split_page(topic_for(current_actor(), topic_id))


@bp.post("/topics/<int:topic_id>/split")
@asks(can_split_topic)
def split(topic_id: int) -> Page:
    actor, form = current_actor(), request.form
    number, title, key = form.get("number", 0, type=whole), form.get("title", ""), form.get("key", "")
    try:
        return _back_to(split_topic(actor, topic_for(actor, topic_id), number=number, title=title, key=key))
    except ForumError as error:
        return kept(error, lambda no: _split_page(topic_for(current_actor(), topic_id), error=no))


@bp.get("/topics/<int:topic_id>/merge")
@asks(can_merge_topic)
def what_to_merge_into(topic_id: int) -> str:
    return _merge_page(topic_for(current_actor(), topic_id))


@bp.post("/topics/<int:topic_id>/merge")
@asks(can_merge_topic)
def merge(topic_id: int) -> Page:
    actor = current_actor()
    topic = topic_for(actor, topic_id)
    try:
        return _back_to(merge_topic(actor, topic, _named_topic(request.form.get("into", ""))))
    except ForumError as error:
        return kept(error, lambda no: _merge_page(topic_for(current_actor(), topic_id), error=no))


@bp.get("/topics/<int:topic_id>/notes")
@asks(can_note_topic)
def notes(topic_id: int) -> str:
    topic = topic_for(current_actor(), topic_id)
    require(can_note_topic(current_actor(), topic))
    return render_template("topics/notes.html", topic=topic, note_kinds=NOTE_KINDS)


@bp.post("/topics/<int:topic_id>/notes")
@asks(can_note_topic)
def note(topic_id: int) -> Response:
    topic = topic_for(current_actor(), topic_id)
    return _back_to(note_topic(current_actor(), topic, kinds=request.form.getlist("kinds")))


def _split_page(topic: Topic, *, error: ForumError | None = None) -> str:
    require(can_split_topic(current_actor(), topic))
    return render_template(
        "topics/split.html", topic=topic, error=error, form=request.form, key=form_key(error),
        number=request.values.get("number", 2, type=whole),
    )  # fmt: skip


def _merge_page(topic: Topic, *, error: ForumError | None = None) -> str:
    require(can_merge_topic(current_actor(), topic))
    return render_template("topics/merge.html", topic=topic, error=error, form=request.form)


def _named_topic(address: str) -> Topic:
    """The topic that an address, or a number alone, names."""
    named = re.search(r"(?:topics/|^\s*)(\d{1,10})\b", address)
    try:
        return topic_for(current_actor(), whole(named[1]) if named else 0)
    except (NotFound, ValueError) as error:
        raise Invalid(fields={"into": "The address of a topic that you can see works here."}) from error


def _back_to(topic: Topic) -> Response:
    return redirect(url_for("topics.show", topic_id=topic.id), 303)


def _page(
    topic: Topic, *, error: ForumError | None = None, preview: str = "", quoted: int | None = None
) -> str:
    number = request.args.get("page", 1, type=whole) if request.method == "GET" else 10**6
    actor = current_actor()
    parts, origin = went_on_in(actor, topic), began_in(actor, topic)
    page, started = posts_of(actor, topic, page=number), begun(topic)
    can_reply = can_reply_to_topic(actor, topic)
    return render_template(
        "topics/show.html", topic=topic, page=page, begun=started, form=started.form, error=error, preview=preview,
        key=form_key(error), quote=_quote(quoted) or starter_chosen(topic), starters=STARTERS[Intent(topic.intent)],
        shown_once="show" in request.args, note_kinds=NOTE_KINDS, parts=parts, origin=origin, can_reply=can_reply,
        rests=rests_for(can_reply, writing_verdict(actor, board_id=topic.board_id)),
        alias=alias_in(actor, topic) if topic.board.allows_aliases else None, cards=_cards(page), to_put_in=cards_to_put_in(actor),
    )  # fmt: skip


def _last_shown(topic: Topic) -> int:
    """Up to which post the page that was asked for reaches."""
    page = max(request.args.get("page", 1, type=whole), 1)
    return min(page * POSTS_A_PAGE, topic.last_number)


def _cards(page: PostPage) -> dict[int, list[Strategy]]:
    """The cards that stand in the words of this page, as this reader may see them now."""
    sources = {line.post.id: line.post.source for line in page.lines if line.is_seen}
    return cards_in(current_actor(), sources, home=current_app.extensions["hearth"].base_url)


def _quote(post_id: int | None) -> tuple[int | str, str] | None:
    """A post's id and its source as a quotation, to begin an answer with."""
    if post_id is None:
        return None
    post = post_for(current_actor(), post_id)
    return post.id, "".join(f"> {line}\n" for line in post.source.splitlines()) + "\n"


def _said() -> dict[str, object]:
    quotes = request.form.get("quotes_id", type=whole)
    return {
        "quotes": post_for(current_actor(), quotes) if quotes else None,
        "key": request.form.get("key", ""),
        "mask": checked("mask"),
        "sure": checked("sure"),
        "as_alias": checked("as_alias"),
    }


def _edit_page(post: Post, *, error: ForumError | None = None, preview: str = "") -> str:
    if post.is_held:
        return held_page(post, error=error, preview=preview)
    started = begun(post)
    return render_template(
        "topics/edit.html",
        post=post,
        is_kept_away=not meets(current_actor(), post.topic),
        begun=started,
        form=started.form,
        error=error,
        preview=preview,
        version=post.version,
    )
