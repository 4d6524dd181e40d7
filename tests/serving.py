"""A real server for tests: gunicorn with its own database, as `make run` starts it, on a free port of 127.0.0.1."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from flask import Flask

from forum import config, create_app, seeds
from forum.db import db

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running community: its address, its process, and the environment that the command line needs to reach it."""

    url: str
    process: subprocess.Popen
    environment: dict[str, str]
    log: Path

    @property
    def leave_url(self) -> str:
        """The neutral page: the same server by another name, so that cookies do not follow there."""
        return self.environment["HEARTH_LEAVE_URL"]

    def flask(self, *arguments: str, given: str | None = None) -> str:
        """Run a `flask` command on the server's database; its output."""
        return run_flask(self.environment, *arguments, given=given)


@contextmanager
def running(
    *, seeded: bool = True, database_url: str | None = None, app: str = "wsgi:app", **more: str
) -> Iterator[Server]:
    """A server for as long as the block lasts. It is ended by its own process id."""
    with tempfile.TemporaryDirectory(prefix="hearth-server-") as folder:
        port = free_port()
        environment = os.environ | {
            "PORT": str(port),
            "HEARTH_ENV": "development",
            "HEARTH_BASE_URL": f"http://localhost:{port}",
            "HEARTH_DATABASE_URL": database_url or f"sqlite:///{folder}/hearth.db",
            "HEARTH_SECRET_KEY": "a key that only tests know, and they may",
            "HEARTH_LEAVE_URL": f"http://127.0.0.1:{port}/healthz",
            "HEARTH_ARGON2_MEMORY_KIB": "64",
            "HEARTH_ARGON2_TIME": "1",
            **more,
        }
        with opened(environment):
            if seeded:
                seeds.plant()
        log = Path(folder) / "server.log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", app],
                cwd=ROOT,
                env=environment,
                stdout=sink,
                stderr=sink,
            )
        try:
            server = Server(f"http://localhost:{port}", process, environment, log)
            _await(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def opened(environment: Mapping[str, str]) -> Iterator[Flask]:
    """The application with these settings in this process, over a database that has its tables; with a context to act in."""
    from flask_migrate import upgrade

    app = create_app(config.read(environment))
    with app.app_context():
        upgrade()
        db.session.remove()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def run_flask(environment: dict[str, str], *arguments: str, given: str | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.process.poll() is None, server.log.read_text()
        try:
            if requests.get(f"{server.url}/readyz", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.05)
    raise AssertionError(f"The server did not answer in {START_SECONDS} s: {server.log.read_text()}")
