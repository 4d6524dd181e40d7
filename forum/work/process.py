"""`flask work`: promises kept by a process of its own."""

import signal
import threading
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from forum import jobs
from forum.work import keep_on


@click.command("work")
@with_appcontext
def work() -> None:
    """Keep what was promised, until SIGTERM or Ctrl-C; what is under way then is finished first."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()
        jobs.due.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    keep_on(current_app._get_current_object(), ended)  # type: ignore[attr-defined]
