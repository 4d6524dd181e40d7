"""How many rows there are, so that a test can say that nothing was made."""

from functools import cache

from sqlalchemy import CompoundSelect, Table, func, literal, select, union_all

from forum.db import Base, db


def rows() -> dict[str, int]:
    """How many rows each table has; asked in one statement, because it is asked around every request."""
    db.session.rollback()
    return dict(iter(db.session.execute(_counts())))


def grown(before: dict[str, int]) -> set[str]:
    """The tables that have more rows than before."""
    return {name for name, count in rows().items() if count > before[name]}


@cache
def _counts() -> CompoundSelect:
    return union_all(*map(_counted, Base.metadata.sorted_tables))


def _counted(table: Table):
    return select(literal(table.name), func.count()).select_from(table)
