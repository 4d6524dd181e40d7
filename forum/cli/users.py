"""`flask user`: members made by hand, above all the first admin, and whom the house appoints."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup

from forum.actions import accounts, roles
from forum.actions.decisions import decide_about_member
from forum.cli.told import answer, json_option, whole
from forum.errors import ForumError
from forum.models import Duty, Role, System, User
from forum.queries.accounts import user_called
from forum.queries.boards import board_for
from forum.queries.rooms import room_for

group = AppGroup("user", help="Members, made by hand, and what they are appointed to do.")


@group.command("create")
@click.argument("name")
@click.option("--admin", is_flag=True, help="May do everything.")
@click.option(
    "--demo", is_flag=True, help="An invented member, who has agreed to everything; never for production."
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
def create(name: str, admin: bool, demo: bool, password_stdin: bool) -> None:
    """Make a member called NAME and print their recovery sheet.

    What a real person must say for themselves (our keeping their words, the agreement) they are asked before
    their first post.
    """
    made = told(
        accounts.sign_up,
        name=name,
        password=asked_password(password_stdin),
        is_adult=True,
        keeps_health=demo,
        agrees=demo,
        is_demo=demo,
        role=Role.ADMIN if admin else Role.MEMBER,
    )
    user, codes = made
    click.echo(f"{user.name} is here. The recovery sheet, shown once:")
    for code in codes:
        click.echo(f"  {code}")


@group.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def give_role(name: str, role: str) -> None:
    """Make the member called NAME an admin, a lead, or a member again."""
    user = told(roles.give_role, member_called(name), role=Role(role))
    click.echo(f"{user.name} is {'an' if role == Role.ADMIN else 'a'} {role} now.")


@group.command("appoint")
@click.argument("name")
@click.argument("duty", type=click.Choice([duty.value for duty in Duty]))
@click.option("--board", "board_id", type=whole, help="The number in the board's address.")
@click.option("--room", "room_id", type=whole, help="The number in the room's address.")
def appoint(name: str, duty: str, board_id: int | None, room_id: int | None) -> None:
    """Have the member called NAME moderate a board, a room or everything, or facilitate a room."""
    user = member_called(name)
    board = told(board_for, board_id) if board_id is not None else None
    room = told(room_for, room_id) if room_id is not None else None
    told(roles.appoint, user, duty=Duty(duty), board=board, room=room)
    click.echo(f"{user.name} is a {duty} now.")


@group.command("dismiss")
@click.argument("name")
def dismiss(name: str) -> None:
    """End everything that the member called NAME was appointed to do."""
    user = member_called(name)
    for appointment in list(user.appointments):
        told(roles.dismiss, appointment)
    click.echo(f"{user.name} is appointed to nothing now.")


@group.command("suspend")
@click.argument("name")
@click.option("--days", type=whole, required=True, help="For how long.")
@click.option(
    "--rule", type=whole, required=True, help="The number of the line of the agreement that it rests on."
)
@click.option(
    "--letter", required=True, help="A sentence that they will read: what was seen, and how it goes on."
)
def suspend(name: str, days: int, rule: int, letter: str) -> None:
    """Pause writing and rooms for the member called NAME. They read why, and can ask for a second look."""
    user = member_called(name)
    told(decide_about_member, user, verb="suspend", days=days, rule=rule, letter=letter)
    click.echo(f"{user.name} can read along, and write again in {days} days.")


@group.command("reset")
@click.argument("name")
@json_option
def reset(name: str, as_json: bool) -> None:
    """Make a new recovery sheet for the member called NAME; what opened the account before opens nothing any more."""
    user = member_called(name)
    codes = told(accounts.reset_member, user)
    answer(
        as_json,
        {"name": user.name, "recovery_codes": codes},
        f"Every device of {user.name} is signed out, and the old passphrase opens nothing.",
        "The new recovery sheet, shown once:",
        *(f"  {code}" for code in codes),
    )


def asked_password(from_stdin: bool) -> str:
    if not from_stdin:
        return click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.ClickException(
            "Standard input is no text in UTF-8, so no password could be read."
        ) from error


def member_called(name: str) -> User:
    user = user_called(name)
    if user is None:
        raise click.ClickException(f"Nobody here is called {name}.")
    return user


def told(deed: Any, *args: Any, **more: Any) -> Any:
    """Do it as the system."""
    with refusals_told():
        return deed(System(), *args, **more)


@contextmanager
def refusals_told() -> Iterator[None]:
    """A refusal is a sentence on stderr and exit code 1."""
    try:
        yield
    except ForumError as refused:
        raise click.ClickException(" ".join(refused.fields.values()) or refused.message) from refused
    except UnicodeEncodeError as broken:
        raise click.ClickException(
            "What was typed is no text in UTF-8, so nothing was looked for."
        ) from broken
