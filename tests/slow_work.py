"""The application as it is served, with a promise that takes a while to keep."""

import time
from pathlib import Path

from forum import work
from wsgi import app

SECONDS = 2.0


def _slowly(_settings, job) -> None:
    Path(job.payload["mark"]).touch()
    time.sleep(SECONDS)


work.HANDLERS["slow"] = _slowly

__all__ = ["app"]
