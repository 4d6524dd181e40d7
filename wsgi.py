"""What gunicorn and the flask command load: the application for the settings of the environment."""

import sys
from typing import NoReturn

from forum import create_app
from forum.config import SettingError

BOOT_ERROR = 3
"""The code by which gunicorn knows not to start a worker again. After any other it tries for ever."""


def did_not_start(problem: SettingError) -> NoReturn:
    """End this process with a sentence that says why."""
    print(f"Hearth did not start. {problem}", file=sys.stderr, flush=True)
    sys.exit(BOOT_ERROR)


try:
    app = create_app()
except SettingError as problem:
    did_not_start(problem)
