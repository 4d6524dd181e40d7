"""How migrations run: through the application's engine, in one transaction, on both databases.

SQLite rebuilds a table to change it. With foreign keys on, dropping the old table would cascade into its
children, so they are off while migrations run (a pragma that only works outside a transaction) and every
reference is checked before the commit. Triggers are lost in a rebuild as well, so they are made anew each time.
"""

from alembic import context
from sqlalchemy import Connection

import forum.models  # noqa: F401  (fills the metadata)
from forum.db import Base, Moment, db
from forum.triggers import make_triggers


def run() -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=True,
                compare_type=True,
                transactional_ddl=True,
                render_item=_plainly,
                process_revision_directives=_without_empty,
            )
            with connection.begin():
                context.run_migrations()
                make_triggers(connection)
                _check_references(connection)
        finally:
            if connection.dialect.name == "sqlite":
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(
            f"A migration left {len(broken)} references without their row, first in {broken[0][0]}."
        )


def _plainly(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as what they are in the database: a migration must not change when they do."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def _without_empty(_context: object, _revision: object, directives: list) -> None:
    """`flask db migrate` writes no file when nothing changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


run()
