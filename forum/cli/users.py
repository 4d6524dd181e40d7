"""`flask user`: members made by hand, above all the first admin, and whom the house appoints."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup

from forum.actions import accounts, roles
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
        password=_password(password_stdin),
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
@click.option("--board", "board_id", type=int, help="The number in the board's address.")
@click.option("--room", "room_id", type=int, help="The number in the room's address.")
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


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt("Password", hide_input=True, confirmation_prompt=True)


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
