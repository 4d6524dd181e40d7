"""Migrations: from nothing to now, with the data kept, and the database refusing what it must refuse."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from forum import modlog
from forum.db import Base, action, db
from forum.models import LogEntry, LogWords, System


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
