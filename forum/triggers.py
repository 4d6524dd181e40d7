"""What the database itself refuses, whoever asks: nothing in the moderation log is changed or taken out."""

from sqlalchemy import Connection, inspect

APPEND_ONLY = ("moderation_log",)


def make_triggers(connection: Connection) -> None:
    """Make every trigger anew. Called after each migration, because rebuilding a table drops its triggers."""
    there = set(inspect(connection).get_table_names())
    for table in there.intersection(APPEND_ONLY):
        make = _make_on_sqlite if connection.dialect.name == "sqlite" else _make_on_postgresql
        make(connection, table)


def _make_on_sqlite(connection: Connection, table: str) -> None:
    for deed in ("UPDATE", "DELETE"):
        name = f"{table}_no_{deed.lower()}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _make_on_postgresql(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
    )
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
