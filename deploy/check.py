"""A fresh database in a temporary directory: every migration and the seeds, from nothing."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


def main() -> int:
    """0 when a community can be made from nothing."""
    with tempfile.TemporaryDirectory(prefix="hearth-check-") as directory:
        settings = {
            "HEARTH_ENV": "development",
            "HEARTH_BASE_URL": "http://localhost:5000",
            "HEARTH_DATABASE_URL": f"sqlite:///{Path(directory) / 'hearth.db'}",
            "HEARTH_SECRET_KEY": "only-for-a-database-that-is-thrown-away",
        }
        environment = os.environ | settings
        steps = (["db", "upgrade"], ["seed"])
        return next(
            (code for step in steps if (code := subprocess.run([*FLASK, *step], env=environment).returncode)),
            0,
        )


if __name__ == "__main__":
    sys.exit(main())
