"""Groups, as pages for those who look after the house."""

from flask import render_template, request

from forum.actions import groups as deeds
from forum.errors import ForumError
from forum.identity import current_actor
from forum.policy.house import (
    can_add_to_group,
    can_end_group,
    can_make_group,
    can_rename_group,
    can_see_house,
    can_take_from_group,
)
from forum.queries import house as asked
from forum.web.house.doing import Page, bp, done
from forum.web.marks import asks


@bp.get("/groups")
@asks(can_see_house)
def groups() -> str:
    return _groups()


@bp.post("/groups")
@asks(can_make_group)
def make_group() -> Page:
    name = request.form.get("name")
    return done(
        lambda: deeds.make_group(current_actor(), name=name),
        _groups,
        "The group is there. Nobody is in it yet.",
        "groups",
    )


@bp.get("/groups/<int:group_id>")
@asks(can_see_house)
def group(group_id: int) -> str:
    return _group(group_id)


@bp.post("/groups/<int:group_id>")
@asks(can_rename_group)
def rename_group(group_id: int) -> Page:
    group, name = asked.group_to_keep(current_actor(), group_id), request.form.get("name")
    return done(
        lambda: deeds.rename_group(current_actor(), group, name=name),
        lambda error: _group(group_id, error),
        "Kept.",
        "group",
        group_id=group_id,
    )


@bp.post("/groups/<int:group_id>/members")
@asks(can_add_to_group)
def add_to_group(group_id: int) -> Page:
    actor, name = current_actor(), request.form.get("member")
    group = asked.group_to_keep(actor, group_id)
    return done(
        lambda: deeds.add_to_group(actor, group, asked.member_named(actor, name)),
        lambda error: _group(group_id, error),
        "They are in the group.",
        "group",
        group_id=group_id,
    )


@bp.post("/groups/<int:group_id>/members/<int:persona_id>/end")
@asks(can_take_from_group)
def take_from_group(group_id: int, persona_id: int) -> Page:
    actor = current_actor()
    group = asked.group_to_keep(actor, group_id)
    return done(
        lambda: deeds.take_from_group(actor, group, asked.member_behind(actor, persona_id)),
        lambda error: _group(group_id, error),
        "They are not in the group any more.",
        "group",
        group_id=group_id,
    )


@bp.post("/groups/<int:group_id>/end")
@asks(can_end_group)
def end_group(group_id: int) -> Page:
    group = asked.group_to_keep(current_actor(), group_id)
    return done(
        lambda: deeds.end_group(current_actor(), group),
        lambda error: _group(group_id, error),
        "The group is ended.",
        "groups",
    )


def _groups(error: ForumError | None = None) -> str:
    return render_template(
        "house/groups.html", groups=asked.groups_of_house(current_actor()), error=error, form=request.form
    )


def _group(group_id: int, error: ForumError | None = None) -> str:
    actor = current_actor()
    group = asked.group_to_keep(actor, group_id)
    return render_template(
        "house/group.html",
        group=group,
        members=asked.members_of(actor, group),
        closing=asked.closing_with(actor, group),
        error=error,
        form=request.form,
    )
