"""`flask setup`: the first day of a house, and whatever of it is still missing on a later one."""

from typing import Any

import click
from flask import current_app
from flask_migrate import upgrade

from forum.actions import accounts, places
from forum.cli.told import answer, json_option
from forum.cli.users import asked_password, told
from forum.config import Settings, missing
from forum.models import Audience, Role
from forum.queries.accounts import has_admin
from forum.queries.boards import board_numbers


@click.command("setup")
@click.option("--admin", help="The name that the first admin is seen by; asked for if it is not given.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
@click.option("--section", default="Arriving", show_default=True, help="The first section.")
@click.option(
    "--board", default="Introductions", show_default=True, help="The first board, which guests can read."
)
@json_option
def setup(admin: str | None, password_stdin: bool, section: str, board: str, as_json: bool) -> None:
    """Make the tables, a first admin with a recovery sheet, and a first board; say what the settings still lack.

    What is there already is left as it is, so it can be run again at any time. With --json nothing is asked.
    """
    if as_json and not (admin and password_stdin):
        raise click.UsageError("With --json nothing is asked: --admin NAME and --password-stdin are needed.")
    upgrade()
    # The board first: whatever stops it, no recovery sheet is lost that was already made.
    made = _first_board(section, board) | _first_admin(admin, password_stdin)
    lacks = missing(_settings())
    answer(as_json, {**made, "missing": lacks}, *_said(made, lacks))


def _first_admin(name: str | None, from_stdin: bool) -> dict[str, Any]:
    if has_admin():
        return {"admin": None, "recovery_codes": []}
    user, codes = told(
        accounts.sign_up,
        name=name or click.prompt("The name that the first admin is seen by"),
        password=asked_password(from_stdin),
        is_adult=True,
        keeps_health=False,
        agrees=False,
        role=Role.ADMIN,
    )
    return {"admin": user.name, "recovery_codes": codes}


def _first_board(section: str, board: str) -> dict[str, Any]:
    if board_numbers():
        return {"board": None}
    made = told(places.make_board, section, name=board, audience=Audience.GUESTS, icon="sprout")
    return {"board": f"/boards/{made.id}"}


def _said(made: dict[str, Any], lacks: list[str]) -> list[str]:
    said = ["The tables are up to date."]
    if made["admin"]:
        said += [f"{made['admin']} is here as admin. The recovery sheet, shown once:"]
        said += [f"  {code}" for code in made["recovery_codes"]]
    if made["board"]:
        said.append(f"The first board is at {made['board']}.")
    return [*said, f"Times are shown in {_settings().timezone}.", *lacks]


def _settings() -> Settings:
    return current_app.extensions["hearth"]
