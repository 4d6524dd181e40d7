"""The whole site, table by table, for whoever moves house.

Every table of the models is on its way by itself; what stays behind is named here, with the reason.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Select,
    String,
    Time,
    collate,
    func,
    select,
)
from sqlalchemy import Table as Model

from forum.archive import Table
from forum.db import Base, Moment, db, now
from forum.models import Actor, Agreement, Job, LogHead, SiteSettings
from forum.models.case import FIRST_MARK
from forum.policy.core import require
from forum.policy.site import can_export_site

LEFT_OUT = {
    "login_sessions": "a log-in belongs to a browser and an address; everybody signs in again",
    "account_copies": "a copy is for a week; its member asks for another",
    "spent_asks": "a question to a browser of the old house that was answered there",
    "mail_links": "a mailed link opens an account of the old house; a new one can be asked for",
    "tokens": "a key for programs was made for the old address; its member makes another",
}
"""What opens something and does not move, by table."""

KEPT_ROWS = {"outbox": Job.done_at.is_(None)}
"""Tables of which some rows move: a promise moves until it is kept."""

BORN_WITH = ("outbox", LogHead.__tablename__, Agreement.__tablename__, SiteSettings.__tablename__)
"""What an empty house has already: upkeep that it promised itself, and how it begins. It makes room for what moves in."""

ROWS_AT_ONCE = 500

KINDS: Mapping[type, str] = {
    Moment: "moment",
    JSON: "json",
    Boolean: "yes or no",
    Integer: "number",
    Date: "day",
    Time: "time of day",
    String: "text",
    LargeBinary: "bytes",
}
_PACKED: Mapping[str, Callable[[Any], Any]] = {
    "moment": lambda at: at.isoformat(timespec="microseconds"),
    "day": date.isoformat,
    "time of day": time.isoformat,
    "bytes": lambda raw: b64encode(raw).decode(),
}
_UNPACKED: Mapping[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time of day": time.fromisoformat,
    "bytes": b64decode,
}


def moving_tables() -> list[Model]:
    """What moves, each table after those that it points to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def kinds_of(table: Model) -> dict[str, str]:
    """What each column holds, in words that are the same on every database."""
    return {column.name: _kind(column) for column in table.columns}


def packed(table: Model, row: Any) -> list[Any]:
    """A row as JSON can hold it."""
    return _each(_PACKED, table, row)


def unpacked(table: Model, row: list[Any]) -> list[Any]:
    """A row as the database takes it."""
    return _each(_UNPACKED, table, row)


def rows_of(connection: Connection, table: Model) -> Iterator[list[Any]]:
    """The rows of a table that move, packed, in the order of their keys: the same on every database."""
    ordered = _moving(table).order_by(*_keys(table))
    rows = connection.execute(ordered, execution_options={"yield_per": ROWS_AT_ONCE})
    return (packed(table, row) for row in rows)


@contextmanager
def site_for_export(actor: Actor) -> Iterator[tuple[dict[str, Any], Iterator[Table]]]:
    """The head of the file and the tables, all as they stood at one moment, whoever writes meanwhile."""
    require(can_export_site(actor))
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield _head(connection), _tables(connection)


def revision(connection: Connection) -> str:
    """Which migration the database stands at; empty for none."""
    return ",".join(MigrationContext.configure(connection).get_current_heads())


def is_empty(connection: Connection) -> bool:
    """Whether nobody has used this house yet. What every new one comes with does not count."""
    others = [table for table in Base.metadata.sorted_tables if table.name not in BORN_WITH]
    heads = connection.execute(select(LogHead.mark)).scalars().all()
    return heads in ([], [FIRST_MARK]) and not any(
        connection.execute(select(table).limit(1)).first() for table in others
    )


def _kind(column: Column[Any]) -> str:
    for kind, word in KINDS.items():
        if isinstance(column.type, kind):
            return word
    raise TypeError(f"{column} is of a type that no file knows how to hold")


def _each(how: Mapping[str, Callable[[Any], Any]], table: Model, row: Any) -> list[Any]:
    kinds = [how.get(kind) for kind in kinds_of(table).values()]
    return [
        value if change is None or value is None else change(value)
        for change, value in zip(kinds, row, strict=True)
    ]


def _moving(table: Model) -> Select[Any]:
    kept = KEPT_ROWS.get(table.name)
    return select(table) if kept is None else select(table).where(kept)


def _keys(table: Model) -> list[Any]:
    """PostgreSQL sorts text by language unless it is told otherwise."""
    is_told = db.engine.dialect.name == "postgresql"
    return [
        collate(column, "C") if is_told and isinstance(column.type, String) else column
        for column in table.primary_key
    ]


def _head(connection: Connection) -> dict[str, Any]:
    return {
        "revision": revision(connection),
        "at": now().isoformat(),
        "tables": {table.name: _count(connection, table) for table in moving_tables()},
        "left_out": LEFT_OUT,
    }


def _count(connection: Connection, table: Model) -> int:
    return connection.scalar(select(func.count()).select_from(_moving(table).subquery())) or 0


def _tables(connection: Connection) -> Iterator[Table]:
    for table in moving_tables():
        yield Table(table.name, kinds_of(table), rows_of(connection, table))
