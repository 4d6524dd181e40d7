"""`flask work`: promises kept by a process of its own."""

import signal
import threading

import click
from flask import current_app
from flask.cli import with_appcontext

from forum import jobs
from forum.work import keep_on

ENDINGS = {signal.SIGTERM, signal.SIGINT}


@click.command("work")
@with_appcontext
def work() -> None:
    """Keep what was promised, until SIGTERM or Ctrl-C; what is under way then is finished first."""
    # Waited for, not handled: a handler that sets an event can meet the lock of that event in its own thread.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    ended = threading.Event()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = threading.Thread(target=keep_on, args=(app, lambda: not ended.is_set()))
    worker.start()
    signal.sigwait(ENDINGS)
    ended.set()
    jobs.due.set()
    worker.join()
