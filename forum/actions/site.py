"""Moving in: a whole site out of one file, into a house that nobody has used yet."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Insert,
    bindparam,
    column,
    delete,
    func,
    select,
    table,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from forum import archive
from forum.actions.html import RENDERED, rebuild_html
from forum.archive import Archive, Told
from forum.db import Base, action, db
from forum.errors import Conflict, Invalid
from forum.models import Actor
from forum.policy.core import require
from forum.policy.site import can_import_site
from forum.queries import site

NOT_EMPTY = "There is a community here already. A site moves only into a house that nobody has used yet."


def _open(actor: Actor, path: Path, *, told: Told) -> dict[str, Any]:
    require(can_import_site(actor))
    return {"whole": archive.opened(path)}


@action(words=_open)
def import_site(actor: Actor, path: Path, *, told: Told, whole: Archive | None = None) -> dict[str, int]:
    """Take in everything that the file holds, or nothing; the answer counts the rows of each table.

    What came of each table is read back and compared with the file's seals before it counts.
    """
    require(can_import_site(actor))
    assert whole is not None
    connection = db.session.connection()
    _check_fits(connection, whole)
    try:
        for name in site.BORN_WITH:
            connection.execute(delete(Base.metadata.tables[name]))
        _insert_all(connection, whole, told)
        _point_back(connection, whole)
    except IntegrityError as error:
        raise Invalid("The rows of this file do not fit together, so nothing was kept.") from error
    _check_seals(connection, whole)
    _go_on_counting(connection)
    _render_anew(actor)
    return {name: seal.rows for name, seal in whole.seals.items()}


def _check_fits(connection: Connection, whole: Archive) -> None:
    here = site.revision(connection)
    if whole.head["revision"] != here:
        raise Conflict(
            f"This file is of schema {whole.head['revision']}, and this house of {here or 'none yet'}. "
            "Both need the same: bring the older one to it with `flask db upgrade`."
        )
    if list(whole.seals) != [moved.name for moved in site.moving_tables()]:
        raise Invalid("This file does not hold the tables of this schema.")
    if not site.is_empty(connection):
        raise Conflict(NOT_EMPTY)


def _insert_all(connection: Connection, whole: Archive, told: Told) -> None:
    """Row after row, each table after those that it points to; what points back stays open for now."""
    for name, rows in _tables(whole):
        later, insert = [back.name for back in _pointing_back(name)], _insert(name)
        for some in _in_batches(rows):
            connection.execute(insert, [row | dict.fromkeys(later) for row in some])
            told(len(some))


def _point_back(connection: Connection, whole: Archive) -> None:
    """Close what was left open: an answered line, a quoted post, the decision that a second look is about."""
    for name, rows in _tables(whole):
        backward = _pointing_back(name)
        for some in _in_batches(rows):
            for back in backward:
                _close(connection, back, [row for row in some if row[back.name] is not None])


def _close(connection: Connection, back: Column[Any], rows: list[dict[str, Any]]) -> None:
    point = update(back.table).where(back.table.c.id == bindparam("key")).values({back: bindparam("to")})
    if rows:
        connection.execute(point, [{"key": row["id"], "to": row[back.name]} for row in rows])


def _check_seals(connection: Connection, whole: Archive) -> None:
    for moved in site.moving_tables():
        if archive.seal_of(site.rows_of(connection, moved)) != whole.seals[moved.name]:
            raise Conflict(
                f"What was read into {moved.name} is not what the file holds, so nothing was kept."
            )


def _go_on_counting(connection: Connection) -> None:
    """PostgreSQL counts ids beside the tables: the next one comes after the last that moved in."""
    if connection.dialect.name != "postgresql":
        return
    for moved in site.moving_tables():
        if "id" in moved.columns and (last := connection.scalar(select(func.max(moved.c.id)))):
            connection.execute(select(func.setval(func.pg_get_serial_sequence(moved.name, "id"), last)))


def _render_anew(actor: Actor) -> None:
    """HTML is shown as it is stored, and a file may come from anybody: what is shown here is made here, of what was written."""
    for kind in RENDERED:
        after: int | None = 0
        while after is not None:
            after = rebuild_html(actor, kind, after=after, every=True)


# Parts


def _tables(whole: Archive) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    for moved in whole.tables():
        yield moved.name, _rows(moved)


def _rows(moved: archive.Table) -> Iterator[dict[str, Any]]:
    model = Base.metadata.tables[moved.name]
    if moved.kinds != site.kinds_of(model):
        raise Invalid(f"The columns of {moved.name} in this file are not those of this schema.")
    return (dict(zip(moved.kinds, site.unpacked(model, row), strict=True)) for row in moved.rows)


def _pointing_back(name: str) -> list[Column[Any]]:
    """The columns that point to rows of the same table, or of one that is filled later."""
    order = [moved.name for moved in site.moving_tables()]
    return [
        key.parent
        for key in Base.metadata.tables[name].foreign_keys
        if order.index(key.column.table.name) >= order.index(name)
    ]


def _insert(name: str) -> Insert:
    """The models' own defaults stay out of it: every value is in the file."""
    columns = Base.metadata.tables[name].columns
    return table(name, *(column(one.name, _as_it_is(one)) for one in columns)).insert()


def _as_it_is(column: Column[Any]) -> TypeEngine[Any]:
    """In a column of JSON that may hold nothing, nothing is not the JSON word for it."""
    is_open = isinstance(column.type, JSON) and column.nullable
    return JSON(none_as_null=True) if is_open else column.type


def _in_batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(rows, site.ROWS_AT_ONCE)):
        yield some
