"""What the factories make is what the deeds of the community make."""

import pytest

from forum.actions import accounts
from forum.db import Base, db
from tests import factories

OWN = {"id", "user_id", "persona_id", "name", "key", "digest", "figure", "tone", "password_hash"}
"""What is another for each member; times are, too."""


@pytest.mark.parametrize("agrees", [True, False])
def test_a_member_is_as_one_who_signed_up(app, agrees):
    made = _left_by(lambda: factories.make_user("Plain Fern", agrees=agrees))
    signed_up = _left_by(lambda: factories.sign_up("Plain Moss", agrees=agrees))
    assert made == signed_up
    assert "consents" in made


def test_a_made_member_signs_in_and_has_their_name(app, guest):
    made = factories.make_user("Plain Fern")
    found = accounts.check_log_in(guest, name="plain fern", password=factories.PASSWORD, address="a")
    assert (found, found.name, found.proved_at) == (made, "Plain Fern", made.proved_at)


def _left_by(deed):
    """The rows that are there since, by table."""
    before = _everything()
    deed()
    db.session.rollback()
    return {name: rows[len(before[name]) :] for name, rows in _everything().items() if rows != before[name]}


def _everything():
    """All rows of each table, the newest last, without what is another each time."""
    return {
        table.name: [
            {name: value for name, value in row.items() if name not in OWN and not name.endswith("_at")}
            for row in db.session.execute(table.select().order_by(*table.primary_key)).mappings()
        ]
        for table in Base.metadata.sorted_tables
    }
