"""What gunicorn and the flask command load: the application for the settings of the environment."""

import sys

from forum import create_app
from forum.config import SettingError

try:
    app = create_app()
except SettingError as problem:
    sys.exit(f"Hearth did not start. {problem}")
