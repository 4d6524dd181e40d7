"""What recurs, whoever is there. It runs inside the server process, once an hour."""

from datetime import timedelta

import structlog
from flask import Flask

from forum.actions.cases import forget_old_cases
from forum.actions.requests import forget_old_requests
from forum.actions.rooms import erase_old_words
from forum.actions.sessions import end_idle_sessions
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


def upkeep(settings: Settings) -> dict[str, int]:
    """One round: forget what is kept no longer. The answer counts lines of rooms and cases."""
    actor = System()
    end_idle_sessions(actor, idle=timedelta(days=settings.session_days))
    forget_old_requests(actor, days=settings.request_days)
    return {
        "lines": erase_old_words(actor, hours=settings.room_hours),
        "cases": forget_old_cases(actor, days=settings.case_days),
    }


def _keep_on(app: Flask) -> None:
    while True:
        with app.app_context():
            try:
                log.info("upkeep", **upkeep(app.extensions["hearth"]))
            except ForumError as busy:
                log.warning("upkeep waits for the next hour", code=busy.code)
        socketio.sleep(HOUR)
