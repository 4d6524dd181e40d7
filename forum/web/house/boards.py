"""Sections and boards, as pages for those who look after the house."""

from typing import Any

from flask import render_template, request

from forum.actions import places as deeds
from forum.errors import ForumError, Invalid
from forum.identity import current_actor
from forum.models import Audience, Section, Starters
from forum.policy.boards import can_change_board_settings
from forum.policy.house import (
    can_archive_board,
    can_archive_section,
    can_bring_board_back,
    can_bring_section_back,
    can_change_board,
    can_change_section,
    can_look_after_board,
    can_make_board,
    can_make_section,
    can_see_house,
    can_shift_board,
    can_shift_section,
)
from forum.queries import house as asked
from forum.web.house.doing import Page, bp, chosen_groups, done, goes_up, tried
from forum.web.marks import asks
from forum.web.numbers import whole
from forum.web.writing import checked, form_key

# Sections


@bp.post("/sections")
@asks(can_make_section)
def make_section() -> Page:
    name, key = request.form.get("name"), request.form.get("key", "")
    return done(
        lambda: deeds.make_section(current_actor(), name=name, key=key),
        _shelves,
        "The section stands.",
        "boards",
    )


@bp.post("/sections/<int:section_id>")
@asks(can_change_section)
def change_section(section_id: int) -> Page:
    section, name = _section(section_id), request.form.get("name")
    return done(
        lambda: deeds.change_section(current_actor(), section, name=name), _shelves, "Kept.", "boards"
    )


@bp.post("/sections/<int:section_id>/order")
@asks(can_shift_section)
def shift_section(section_id: int) -> Page:
    section = _section(section_id)
    return done(
        lambda: deeds.shift_section(current_actor(), section, up=goes_up()), _shelves, "Moved.", "boards"
    )


@bp.post("/sections/<int:section_id>/archive")
@asks(can_archive_section)
def archive_section(section_id: int) -> Page:
    section = _section(section_id)
    return done(
        lambda: deeds.archive_section(current_actor(), section),
        _shelves,
        "The section is put away.",
        "boards",
    )


@bp.post("/sections/<int:section_id>/return")
@asks(can_bring_section_back)
def bring_section_back(section_id: int) -> Page:
    section = _section(section_id)
    return done(
        lambda: deeds.bring_section_back(current_actor(), section),
        _shelves,
        "The section stands again.",
        "boards",
    )


# Boards


@bp.get("/boards")
@asks(can_see_house)
def boards() -> str:
    return _shelves()


@bp.post("/boards")
@asks(can_make_board)
def make_board() -> Page:
    return done(
        lambda: deeds.make_board(
            current_actor(), _chosen_section(), **_written(), key=request.form.get("key", "")
        ),
        _shelves,
        "The board is open.",
        "boards",
    )


@bp.get("/boards/<int:board_id>")
@asks(can_look_after_board)
def board(board_id: int) -> str:
    return _board(board_id)


@bp.post("/boards/<int:board_id>")
@asks(can_change_board)
def change_board(board_id: int) -> Page:
    board = asked.board_to_keep(current_actor(), board_id)
    return done(
        lambda: deeds.change_board(current_actor(), board, section=_chosen_section(), **_written()),
        lambda error: _board(board_id, error),
        "Kept. It holds from now on.",
        "board",
        board_id=board_id,
    )


@bp.post("/boards/<int:board_id>/settings")
@asks(can_change_board_settings)
def change_board_settings(board_id: int) -> Page:
    board = asked.board_to_look_after(current_actor(), board_id)
    return tried(
        lambda: deeds.change_board_settings(current_actor(), board, **_settings()),
        lambda error: _board(board_id, error, in_settings=True),
        "Kept. It holds from now on.",
        "board",
        board_id=board_id,
    )


@bp.post("/boards/<int:board_id>/order")
@asks(can_shift_board)
def shift_board(board_id: int) -> Page:
    board = asked.board_to_keep(current_actor(), board_id)
    return done(lambda: deeds.shift_board(current_actor(), board, up=goes_up()), _shelves, "Moved.", "boards")


@bp.post("/boards/<int:board_id>/archive")
@asks(can_archive_board)
def archive_board(board_id: int) -> Page:
    board = asked.board_to_keep(current_actor(), board_id)
    return done(
        lambda: deeds.archive_board(current_actor(), board),
        lambda error: _board(board_id, error),
        "The board is put away.",
        "boards",
    )


@bp.post("/boards/<int:board_id>/return")
@asks(can_bring_board_back)
def bring_board_back(board_id: int) -> Page:
    board = asked.board_to_keep(current_actor(), board_id)
    return done(
        lambda: deeds.bring_board_back(current_actor(), board), _shelves, "The board is open again.", "boards"
    )


# Parts


def _section(section_id: int) -> Section:
    return asked.section_to_keep(current_actor(), section_id)


def _chosen_section() -> Section:
    return _section(request.form.get("section", 0, type=whole))


def _written() -> dict[str, Any]:
    form = request.form
    return {
        "name": form.get("name"),
        "about": form.get("about", ""),
        "icon": form.get("icon", "text"),
        "audience": form.get("audience", Audience.MEMBERS),
        "starters": form.get("starters", Starters.MEMBERS),
        "groups": chosen_groups(),
    }


def _settings() -> dict[str, Any]:
    form = request.form
    return {
        "rules": form.get("rules", ""),
        "template": form.get("template", ""),
        "holds_new_members": checked("holds_new_members"),
        "allows_aliases": checked("allows_aliases"),
        "closes_after_days": _days(form.get("closes_after_days", "").strip()),
        "version": form.get("settings_version"),
    }


def _days(raw: str) -> int | None:
    """A number of days; nothing means never."""
    try:
        return whole(raw) if raw else None
    except ValueError as error:
        raise Invalid(fields={"closes_after_days": "A whole number of days works, or nothing."}) from error


def _choices() -> dict[str, Any]:
    actor = current_actor()
    return {
        "icons": deeds.ICONS,
        "sections": asked.sections_to_choose(actor),
        "groups": [group for group, _ in asked.groups_of_house(actor)],
    }


def _shelves(error: ForumError | None = None) -> str:
    actor = current_actor()
    return render_template(
        "house/boards.html",
        shelves=asked.shelves(actor),
        away=asked.put_away(actor),
        key=form_key(error),
        error=error,
        form=request.form,
        **_choices(),
    )


def _board(board_id: int, error: ForumError | None = None, *, in_settings: bool = False) -> str:
    actor = current_actor()
    board = asked.board_to_look_after(actor, board_id)
    return render_template(
        "house/board.html",
        board=board,
        topics=asked.topics_on(board),
        error=error,
        in_settings=in_settings,
        form=request.form,
        **(_choices() if can_see_house(actor) else {}),
    )
