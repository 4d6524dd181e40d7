"""Pages that stand whatever else does not: they ask nobody who is reading."""

from typing import Any

from flask import current_app, g, request

from forum.models import Guest
from forum.web.context import theme


def plain_page(template: str, **told: Any) -> str:
    """Render a page with the plain navigation and the same few facts for everyone.

    No context processor runs, neither ours nor an extension's: each of them may look up the session, and with
    the database stopped that look-up is what would fail.
    """
    frame = {
        "actor": Guest(),
        "g": g,
        "has_news": False,
        "plain_nav": True,
        "request": request,
        "settings": current_app.extensions["hearth"],
        "theme": theme(),
    }
    return current_app.jinja_env.get_template(template).render(frame | told)
