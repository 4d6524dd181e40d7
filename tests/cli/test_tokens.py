"""Keys for programs, made on the command line."""

import pytest

from forum.db import db
from forum.models import Token
from forum.queries.accounts import digest_of, token_for


@pytest.fixture
def run(app):
    def invoke(*arguments):
        result = app.test_cli_runner().invoke(args=list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        db.session.rollback()
        return result

    return invoke


def test_a_key_is_printed_alone_on_standard_output(run, alice):
    made = run("token", "create", alice.name, "--scope", "read:boards", "--scope", "reports", "--days", "30")
    assert made.exit_code == 0
    secret = made.stdout.strip()
    token = token_for(digest_of(secret))
    assert token.user == alice
    assert token.scopes == ["read:boards", "reports"]
    assert "not shown again" in made.stderr


@pytest.mark.parametrize(
    "wrong",
    [(), ("--scope", "everything"), ("--scope", "reports", "--days", "8")],
    ids=["none", "unknown", "days"],
)
def test_a_key_without_a_scope_or_an_end_of_ours_is_not_made(run, alice, wrong):
    assert run("token", "create", alice.name, *wrong).exit_code == 2
    assert db.session.query(Token).count() == 0


def test_keys_are_listed_and_ended(run, alice, bob):
    run("token", "create", alice.name, "--scope", "reports", "--for", "the evening letter")
    listed = run("token", "list", alice.name).stdout
    assert "the evening letter" in listed
    assert "hth_" not in listed
    number = listed.split()[0]
    assert run("token", "end", bob.name, number).exit_code == 1
    assert run("token", "end", alice.name, number).exit_code == 0
    assert run("token", "list", alice.name).stdout == ""
