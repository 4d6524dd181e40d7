"""How long a first answer takes, as a page for those who look after the house."""

from flask import render_template

from forum.identity import current_actor
from forum.policy.watching import can_see_first_replies
from forum.queries.house import look_after
from forum.queries.kindness import first_replies
from forum.web.house.doing import bp
from forum.web.marks import asks


@bp.get("/first-replies")
@asks(can_see_first_replies)
def replies() -> str:
    look_after(current_actor())
    return render_template("house/replies.html", boards=first_replies(current_actor()))
