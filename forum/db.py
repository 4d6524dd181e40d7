"""The database, and what "all or nothing" means here.

`@action` is the only way to write. The outermost action is one transaction; an action called inside another
runs in a savepoint, so that a caller may go on after an inner refusal without keeping what it refused.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Float, MetaData, TypeDecorator, event, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.functions import FunctionElement

from forum.errors import NotFound, Retry

logger = logging.getLogger(__name__)

TRIES = 3
"""A deadlock or a lock time-out is tried this often before the person is asked to."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A time in UTC. SQLite forgets zones, so they are put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Base(DeclarativeBase):
    """What every table is made from."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Moment}


class days_between(FunctionElement[float]):
    """Days from the second moment to the first, for conditions; each database has its own way to say it."""

    inherit_cache = True
    type = Float()


@compiles(days_between, "sqlite")
def _julian(element: Any, compiler: Any, **more: Any) -> str:
    later, earlier = (compiler.process(one, **more) for one in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


@compiles(days_between, "postgresql")
def _epoch(element: Any, compiler: Any, **more: Any) -> str:
    later, earlier = (compiler.process(one, **more) for one in element.clauses)
    return f"(extract(epoch from ({later}) - ({earlier})) / 86400)"


db = SQLAlchemy(
    metadata=Base.metadata,
    disable_autonaming=True,
    session_options={"expire_on_commit": False},
    engine_options={"pool_pre_ping": True},
)

F = TypeVar("F", bound=Callable[..., Any])
Row = TypeVar("Row", bound=Base)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


# Actions


class _Deed:
    """The outermost action under way: what to do once it is certain."""

    def __init__(self) -> None:
        self.followups: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []


_writing = threading.Lock()
"""SQLite has one writer. Waiting for it here lets greenlets go on; waiting inside SQLite stops them all."""


def action(function: F | None = None, *, words: Callable[..., dict[str, Any]] | None = None) -> Any:
    """Run a function as one transaction: commit on return, roll back on any error.

    `words` is called first, outside the transaction, with the same arguments; the dict that it returns
    replaces keyword arguments. It is where text is rendered, cleaned and read, and passwords are hashed.
    """
    if function is None:
        return lambda wrapped: action(wrapped, words=words)

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        session = db.session()
        if "deed" in session.info:
            if words:
                kwargs |= words(*args, **kwargs)
            return _inner(function, args, kwargs)
        if words:
            kwargs |= words(*args, **kwargs)
        return _outer(function, args, kwargs)

    run.is_action = True  # type: ignore[attr-defined]
    return run


def on_commit(function: Callable[..., Any], *args: Any) -> None:
    """Call `function(*args)` once the outermost action is committed; never if this part is rolled back."""
    db.session().info["deed"].followups.append((function, args))


def locked(row: Row) -> Row:
    """The row as it is now, held against every other action until this one ends.

    FOR NO KEY UPDATE, not FOR UPDATE: inserting a child takes a key-share lock on its parent, and two
    writers that both then ask for FOR UPDATE wait for each other.
    """
    kind = type(row)
    fresh: Row | None = db.session.scalar(
        select(kind)  # type: ignore[arg-type]
        .where(kind.id == row.id)  # type: ignore[attr-defined]
        .with_for_update(key_share=True, of=kind)
        .execution_options(populate_existing=True)
    )
    if fresh is None:
        raise NotFound()
    return fresh


def _outer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    for left in reversed(range(TRIES)):
        try:
            result, deed = _once(function, args, kwargs)
            break
        except DBAPIError as error:
            if not _passes(error):
                raise
            if not left:
                raise Retry() from error
            time.sleep(random.uniform(0.02, 0.1))
    for followup, given in deed.followups:
        _run_safely(followup, given)
    return result


def _once(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, _Deed]:
    session = db.session()
    # What the door loaded may be stale: end its reading, so that the deed sees the present.
    session.rollback()
    with _one_writer(session.get_bind()):
        deed = session.info["deed"] = _Deed()
        try:
            session.connection(execution_options={"hearth_writes": True})
            result = function(*args, **kwargs)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            del session.info["deed"]
    return result, deed


def _inner(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    session = db.session()
    deed: _Deed = session.info["deed"]
    before = len(deed.followups)
    try:
        with session.begin_nested():
            return function(*args, **kwargs)
    except BaseException:
        del deed.followups[before:]
        raise


@contextmanager
def _one_writer(engine: Engine | Connection) -> Iterator[None]:
    if engine.dialect.name != "sqlite":
        yield
        return
    with _writing:
        yield


def _passes(error: DBAPIError) -> bool:
    """Whether trying again may help: a deadlock, a lock time-out, a busy SQLite; or the same request came in, the
    same job was planned or the same draft begun twice at once, or the same place was read to, and the second time
    round finds what the first one wrote."""
    state = getattr(error.orig, "sqlstate", None)
    told = str(error.orig)
    passing = (
        "database is locked", "uq_requests_", "uq_outbox_key", "uq_drafts_", "pk_read_marks", "pk_board_marks",
    )  # fmt: skip
    return state in ("40P01", "40001", "55P03") or any(one in told for one in passing)


def _run_safely(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """A failed follow-up is logged by name; what it followed has already happened."""
    try:
        function(*args)
    except Exception:
        logger.exception("follow-up %s failed", function.__qualname__)


# Engines


def settle_files() -> None:
    """Have SQLite's files hold nothing that its tables hold no more: what lies in the log is put into the database,
    whose freed pages are overwritten (`secure_delete`), and the log is cut. Elsewhere it is nothing to us."""
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()  # our own reading would hold the log back
    with _writing, closing(db.engine.raw_connection()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def prepare(engine: Engine) -> None:
    """Make an engine keep our promises: SQLite in WAL with foreign keys, one immediate writer, synced commits."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=50",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hearth_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
