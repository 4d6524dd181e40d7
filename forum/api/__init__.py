"""The JSON routes. For now those that a room falls back on where WebSocket does not pass."""

from flask import Flask

from forum.api import rooms


def init_app(app: Flask) -> None:
    """Every JSON route, under /api/v1. Cookie and the X-CSRFToken header open it; refusals are problem documents."""
    app.register_blueprint(rooms.bp, url_prefix="/api/v1")
