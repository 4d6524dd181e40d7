"""What recurs, whoever is there. It runs inside the server process, once an hour."""

import structlog
from flask import Flask

from forum.actions.rooms import erase_old_words
from forum.config import SettingError, Settings
from forum.errors import ForumError
from forum.extensions import socketio
from forum.models import System
from forum.queries.accounts import demo_members

log = structlog.get_logger("forum.work")
HOUR = 3600


def check_members(app: Flask) -> None:
    """Refuse to serve a production site with accounts whose passwords everybody can read in the seeds."""
    with app.app_context():
        if app.extensions["hearth"].is_production and demo_members():
            raise SettingError("There are demo accounts in this database, which production does not serve.")


def start(app: Flask) -> None:
    """Do what is due now, and again every hour for as long as the process lives."""
    socketio.start_background_task(_keep_on, app)


def upkeep(settings: Settings) -> int:
    """One round: erase what rooms keep no longer. The answer counts erased lines."""
    return erase_old_words(System(), hours=settings.room_hours)


def _keep_on(app: Flask) -> None:
    while True:
        with app.app_context():
            try:
                log.info("upkeep", erased=upkeep(app.extensions["hearth"]))
            except ForumError as busy:
                log.warning("upkeep waits for the next hour", code=busy.code)
        socketio.sleep(HOUR)
