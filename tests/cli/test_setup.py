"""The first day of a house."""

import json

import pytest

from forum import create_app
from forum.actions.accounts import check_log_in, recover
from forum.config import Settings, missing
from forum.db import db
from forum.models import Audience, Board, Guest, User

PASSWORD = "a quiet passphrase\n"


@pytest.fixture
def bare(settings, empty_database):
    """A house without a single table."""
    import dataclasses

    house = create_app(dataclasses.replace(settings, database_url=empty_database))
    with house.app_context():
        yield house
        db.session.remove()
        db.engine.dispose()


def test_a_first_run_makes_tables_an_admin_and_a_board(bare, command):
    result = command("setup", house=bare, input=f"Ada Hearth\n{PASSWORD}{PASSWORD}")
    assert result.exit_code == 0, result.output
    ada = check_log_in(Guest(), name="Ada Hearth", password=PASSWORD.strip(), address="")
    assert ada.is_admin
    board = db.session.query(Board).one()
    assert (board.name, board.audience) == ("Introductions", Audience.GUESTS)
    assert "HEARTH_BASE_URL is not https" in result.stdout
    assert "Times are shown in Europe/London." in result.stdout
    code = next(line.strip() for line in result.stdout.splitlines() if line.startswith("  "))
    assert recover(Guest(), name="Ada Hearth", code=code, password="another passphrase").is_admin


def test_a_program_is_asked_nothing_and_answered_in_json(bare, command):
    options = (
        "setup",
        "--admin",
        "Ada Hearth",
        "--password-stdin",
        "--section",
        "Home",
        "--board",
        "Hello",
        "--json",
    )
    result = command(*options, house=bare, input=PASSWORD)
    told = json.loads(result.stdout)
    assert (told["admin"], told["board"], len(told["recovery_codes"])) == ("Ada Hearth", "/boards/1", 8)
    assert any("HEARTH_ENV" in sentence for sentence in told["missing"])


def test_a_first_board_that_is_refused_makes_no_admin_whose_sheet_nobody_saw(bare, command):
    refused = command(
        "setup", "--admin", "Ada Hearth", "--password-stdin", "--board", " ", house=bare, input=PASSWORD
    )
    assert refused.exit_code == 1
    assert db.session.query(User).count() == 0


def test_a_second_run_changes_nothing(app, ada, board, command):
    result = command("setup", "--json", "--admin", "Somebody Else", "--password-stdin", input=PASSWORD)
    told = json.loads(result.stdout)
    assert (result.exit_code, told["admin"], told["board"], told["recovery_codes"]) == (0, None, None, [])
    assert db.session.query(User).one() == ada
    assert db.session.query(Board).one() == board


def test_json_without_a_name_or_password_is_refused_before_anything_is_made(bare, command):
    result = command("setup", "--json", house=bare)
    assert result.exit_code == 2
    assert "--admin NAME and --password-stdin are needed" in result.stderr


@pytest.mark.once
def test_a_house_with_everything_lacks_nothing():
    whole = {
        "secret_key": "x" * 40,
        "base_url": "https://hearth.example",
        "smtp_url": "smtps://mail.example",
        "mail_from": "post@hearth.example",
        "contact_email": "ask@hearth.example",
    }
    assert missing(Settings(**whole)) == []
    lacks = {
        "env": "test",
        "secret_key": "short",
        "base_url": "http://x",
        "smtp_url": "",
        "contact_email": "",
    }
    for name, value in lacks.items():
        assert [one.split()[0] for one in missing(Settings(**{**whole, name: value}))] == [
            f"HEARTH_{name.upper()}"
        ]
