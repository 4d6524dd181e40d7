"""What every template may use: who reads, the settings, policy, the theme, and whether there is news."""

from typing import Any

from flask import Flask, current_app, request

from forum import policy
from forum.identity import current_actor
from forum.queries.notifications import has_news

THEMES = ("auto", "light", "dark", "contrast", "contrast-dark")


def init_app(app: Flask) -> None:
    app.context_processor(_around)


def _around() -> dict[str, Any]:
    actor = current_actor()
    return {
        "actor": actor,
        "settings": current_app.extensions["hearth"],
        "policy": policy,
        "theme": theme(),
        "has_news": actor.is_authenticated and has_news(actor),
    }


def theme() -> str:
    """The reader's theme from their cookie, or auto."""
    chosen = request.cookies.get(current_app.extensions["hearth"].cookie("theme"), "auto")
    return chosen if chosen in THEMES else "auto"
