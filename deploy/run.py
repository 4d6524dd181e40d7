"""`make run`: the whole community on this machine, with embedded SQLite and people to log in as.

What it sets are defaults: any HEARTH_ variable that is already there wins. The data stays in `instance/`.
"""

import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
SERVER = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]


class CannotStart(Exception):
    """Why the community cannot start, in a sentence for whoever typed `make run`."""


def main() -> int:
    """Prepare the data, say where the community is and who may come in, and serve until Ctrl-C."""
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, _end)
    try:
        with _terminal_to_ourselves():
            port = _free_port(os.environ.get("PORT") or "5000")
            _set_defaults(port)
            _flask("db", "upgrade")
            _flask("seed")
            print(f"Hearth is at {os.environ['HEARTH_BASE_URL']}", flush=True)
            _flask("demo-logins")
            return _serve()
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


@contextmanager
def _terminal_to_ourselves() -> Iterator[None]:
    """Let Ctrl-C reach the server and not make, which would call a clean stop an interruption."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
        before = os.tcgetpgrp(terminal)
    except OSError:
        yield
        return
    if before != os.getpgrp():
        yield
        return
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, before)
        os.close(terminal)


def _free_port(wanted: str) -> int:
    """The port, if it is a port and nobody else listens on it."""
    if not wanted.isascii() or not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise CannotStart(
            f"PORT is {wanted!r}: a number from 1 to 65535 is needed, as in: make run PORT=5001"
        )
    port = int(wanted)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStart(_why_not(port, error)) from error
    return port


def _why_not(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; choose another: make run PORT={_another(port)}"
    return f"Port {port} cannot be used ({error.strerror}); choose another: make run PORT={_another(port)}"


def _another(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 5001


def _set_defaults(port: int) -> None:
    INSTANCE.mkdir(exist_ok=True)
    defaults = {
        "PORT": str(port),
        "HEARTH_ENV": "development",
        "HEARTH_BASE_URL": f"http://localhost:{port}",
        "HEARTH_DATABASE_URL": f"sqlite:///{INSTANCE / 'hearth.db'}",
        "HEARTH_SMTP_URL": (INSTANCE / "mail").as_uri(),
        "HEARTH_MAIL_FROM": "hearth@localhost",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    if "HEARTH_SECRET_KEY" not in os.environ:
        os.environ["HEARTH_SECRET_KEY"] = _secret_key(INSTANCE / "secret_key")


def _secret_key(path: Path) -> str:
    """The key of this machine, made on the first run, so that a restart logs nobody out."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with open(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _flask(*command: str) -> None:
    """One command of the community's own; where it fails it has said why."""
    done = subprocess.run([*FLASK, *command])
    if done.returncode == -signal.SIGINT:
        raise KeyboardInterrupt
    if done.returncode:
        raise CannotStart(f"`flask {' '.join(command)}` did not succeed, so Hearth did not start.")


def _serve() -> int:
    """Serve until the server ends.

    The server has a process group of its own, so that Ctrl-C is told to its master alone, by us: a worker that
    hears it twice ends with a traceback.
    """
    with subprocess.Popen(SERVER, process_group=0) as server:
        for asked_to_end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked_to_end, lambda number, frame: server.send_signal(signal.SIGINT))
        return server.wait()


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
