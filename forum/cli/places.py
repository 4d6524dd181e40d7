"""`flask board`, `flask room` and `flask group`: setting up the house from the command line."""

import click
from flask.cli import AppGroup

from forum.actions import groups, places
from forum.cli.told import json_option, listed, whole
from forum.cli.users import member_called, told
from forum.models import Audience, ReadsFrom, Starters
from forum.queries.boards import board_numbers, group_called

board = AppGroup("board", help="Boards, and the sections that they stand under.")
room = AppGroup("room", help="Live rooms.")
members_group = AppGroup("group", help="Groups, who may see boards and rooms that others may not.")

audiences = click.Choice([one.value for one in Audience])


@board.command("create")
@click.argument("section")
@click.argument("name")
@click.option("--about", default="", help="One line under the name.")
@click.option("--icon", default="text", help="A name from the style guide, such as sprout, house or wave.")
@click.option("--audience", type=audiences, default=Audience.MEMBERS.value, help="Who may see it.")
@click.option("--group", "names", multiple=True, help="A group that may see it, with --audience groups.")
@click.option(
    "--starters", type=click.Choice([one.value for one in Starters]), default=Starters.MEMBERS.value
)
@click.option("--position", type=whole, help="Its place among the boards of the section; last if not given.")
def create_board(
    section: str,
    name: str,
    about: str,
    icon: str,
    audience: str,
    names: tuple[str, ...],
    starters: str,
    position: int | None,
) -> None:
    """Open a board called NAME under SECTION, which is made if it is new."""
    made = told(
        places.make_board,
        section,
        name=name,
        about=about,
        icon=icon,
        audience=Audience(audience),
        starters=Starters(starters),
        groups=[told(group_called, one) for one in names],
        position=position,
    )
    click.echo(f"{made.name} is at /boards/{made.id}.")


@board.command("list")
@json_option
def list_boards(as_json: bool) -> None:
    """Print the number, section and name of every board."""
    boards = [{"id": number, "section": section, "name": name} for number, section, name in board_numbers()]
    listed(as_json, boards, lambda one: f"{one['id']:>4}  {one['section']} / {one['name']}")


@room.command("create")
@click.argument("name")
@click.option("--about", default="", help="One line about what it is like.")
@click.option("--capacity", type=whole, default=12, help="How many people it holds.")
@click.option("--audience", type=audiences, default=Audience.MEMBERS.value, help="Who may see it.")
@click.option("--group", "names", multiple=True, help="A group that may see it, with --audience groups.")
@click.option(
    "--reads-from",
    type=click.Choice([one.value for one in ReadsFrom]),
    default=ReadsFrom.JOINING.value,
    help="From when somebody who comes in may read.",
)
def create_room(
    name: str, about: str, capacity: int, audience: str, names: tuple[str, ...], reads_from: str
) -> None:
    """Set up a room called NAME. Its facilitator opens it: see `flask user appoint`."""
    made = told(
        places.make_room,
        name=name,
        about=about,
        capacity=capacity,
        audience=Audience(audience),
        groups=[told(group_called, one) for one in names],
        reads_from=ReadsFrom(reads_from),
    )
    click.echo(f"{made.name} is at /rooms/{made.id}.")


@members_group.command("create")
@click.argument("name")
def create_group(name: str) -> None:
    """Name a group."""
    made = told(groups.make_group, name=name)
    click.echo(f"There is a group called {made.name} now.")


@members_group.command("add")
@click.argument("group")
@click.argument("member")
def add(group: str, member: str) -> None:
    """Let MEMBER see what GROUP sees."""
    told(groups.add_to_group, told(group_called, group), member_called(member))
    click.echo(f"{member} is in {group} now.")


@members_group.command("remove")
@click.argument("group")
@click.argument("member")
def remove(group: str, member: str) -> None:
    """Close to MEMBER what only GROUP sees."""
    told(groups.take_from_group, told(group_called, group), member_called(member))
    click.echo(f"{member} is not in {group} any more.")
