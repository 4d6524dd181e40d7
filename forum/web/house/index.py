"""The first page for those who look after the house: what would like a person, and where everything is."""

from flask import render_template

from forum.identity import current_actor
from forum.policy.house import can_see_house
from forum.queries import house as asked
from forum.web.house.doing import bp
from forum.web.marks import asks


@bp.get("")
@asks(can_see_house)
def index() -> str:
    return render_template("house/index.html", wanted=asked.wanted(current_actor()))
