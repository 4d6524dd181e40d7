"""Migrations: from nothing to now, with the data kept, and the database refusing what it must refuse."""

from datetime import date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.exc import DatabaseError

from forum import create_app, modlog
from forum.config import Settings
from forum.db import Base, action, db, now
from forum.models import Job, LogEntry, LogWords, Report, System

A_CASE = (
    "INSERT INTO cases (id, kind, channel, tier, rank, subject, why, opened_at, due_at) "
    "VALUES (1, 'content', 'board', 'red', 1, 'post:1', '[]', :at, :at)"
)
A_REPORT = (
    "INSERT INTO reports (case_id, reference, reason, verdict, at) VALUES (1, 'ABC', 'rule', '{}', :at)"
)


@action
def write_line(words=None):
    return modlog.write(System(), "tried", subject="site", words=words)


def test_migrations_make_what_the_models_say(app):
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_every_table_has_a_primary_key_and_every_reference_an_index(app):
    seen = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        leading = {index["column_names"][0] for index in seen.get_indexes(table.name)}
        leading |= {unique["column_names"][0] for unique in seen.get_unique_constraints(table.name)}
        leading |= set(seen.get_pk_constraint(table.name)["constrained_columns"][:1])
        for key in seen.get_foreign_keys(table.name):
            assert key["constrained_columns"][0] in leading, (table.name, key["constrained_columns"])


def test_what_stood_at_the_first_revision_is_kept_by_every_later_one(empty_database):
    """Rows, the log's triggers and the tables as the models say, upgraded with words in them."""
    from flask_migrate import upgrade

    house = create_app(Settings(env="test", secret_key="x" * 40, database_url=empty_database))
    with house.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO outbox (kind, payload, created_at, run_at, attempts) "
                    "VALUES ('tell', '{\"what\": \"kept\"}', :at, :at, 2)"
                ),
                {"at": now()},
            )
            connection.execute(text(A_CASE), {"at": now()})
            connection.execute(text(A_REPORT), {"at": now()})
        write_line(words={"letter": "what was said"})
        db.session.remove()
        upgrade()
        with db.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        kept = db.session.query(Job).one()
        assert (kept.kind, kept.payload, kept.attempts, kept.key) == ("tell", {"what": "kept"}, 2, None)
        report = db.session.query(Report).one()
        assert (report.reference, report.case.subject, report.case.strategy_id) == ("ABC", "post:1", None)
        assert db.session.query(LogEntry).one().words.words == {"letter": "what was said"}
        with pytest.raises(DatabaseError), db.engine.begin() as connection:
            connection.execute(text("DELETE FROM moderation_log"))
        db.session.remove()
        db.engine.dispose()


LANDED = ("0001", "0002", "0003", "0004", "0005", "0011")
"""At which revisions a house may stand that was set up from an earlier release."""


@pytest.mark.parametrize(
    "revision",
    [one if one in (LANDED[0], LANDED[-1]) else pytest.param(one, marks=pytest.mark.slow) for one in LANDED],
)
def test_a_row_of_every_table_is_kept_from_every_revision_that_landed(empty_database, revision):
    """Also where SQLite makes a table anew, to which others point and from which they would be deleted."""
    from flask_migrate import upgrade

    house = create_app(Settings(env="test", secret_key="x" * 40, database_url=empty_database))
    with house.app_context():
        upgrade(revision=revision)
        before = _filled()
        upgrade()
        with db.engine.connect() as connection:
            tables = MetaData()
            tables.reflect(connection)
            for name, row in before.items():
                kept = connection.execute(select(tables.tables[name])).mappings().all()
                assert row.items() <= dict(kept[-1]).items(), name
            if db.engine.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        db.session.remove()
        db.engine.dispose()


def _filled() -> dict[str, dict]:
    """One row in every table that has none, as far as its columns say what fits; the answer is the rows."""
    tables = MetaData()
    rows = {}
    with db.engine.begin() as connection:
        tables.reflect(connection)
        stood = (tables.tables.get(table.name) for table in Base.metadata.sorted_tables)
        for table in (one for one in stood if one is not None):
            if connection.execute(select(table).limit(1)).first():
                continue
            connection.execute(table.insert().values({one.name: _value(one) for one in table.columns}))
            rows[table.name] = dict(connection.execute(select(table)).mappings().one())
    return rows


def _value(column):
    """Every row is the first of its table, so whatever points to another points to 1."""
    points = {key.column.table.name for key in column.foreign_keys}
    if column.nullable and (not points or column.table.name in points or column.name == "appeals_id"):
        return None
    known = {
        str: "x",
        int: 1,
        bool: False,
        object: {},
        dict: {},
        bytes: b"x",
        datetime: now(),
        date: now().date(),
    }
    return known[column.type.python_type]


@pytest.mark.parametrize("deed", ["UPDATE moderation_log SET code = 'other'", "DELETE FROM moderation_log"])
def test_the_moderation_log_is_append_only(app, deed):
    write_line()
    with pytest.raises(DatabaseError), db.engine.begin() as connection:
        connection.execute(text(deed))


def test_erasing_the_words_of_the_log_leaves_it_whole(app):
    entry = write_line(words={"letter": "what was said"})
    before = (entry.mark, entry.digest)
    with db.engine.begin() as connection:
        connection.execute(LogWords.__table__.delete())
    after = db.session.get(LogEntry, entry.id, populate_existing=True)
    assert (after.mark, after.digest) == before
    assert after.words is None
