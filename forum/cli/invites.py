"""`flask invite`: links that ask people in, made by hand."""

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from forum.actions import joining as deeds
from forum.cli.told import whole
from forum.cli.users import told
from forum.queries import joining as asked
from forum.queries.boards import group_called

group = AppGroup("invite", help="Links that let people in.")


@group.command("create")
@click.option("--for", "purpose", required=True, help="For whom it is, in a few words.")
@click.option("--uses", type=whole, default=1, show_default=True, help="How many people it lets in.")
@click.option("--days", type=whole, default=14, show_default=True, help="After how many days it ends.")
@click.option(
    "--group", "names", multiple=True, help="A group that they are in then; can be given several times."
)
def create(purpose: str, uses: int, days: int, names: tuple[str, ...]) -> None:
    """Make a link and print it, once, on standard output."""
    groups = [told(group_called, one) for one in names]
    made, token = told(deeds.make_invitation, purpose=purpose, uses=uses, days=days, groups=groups)
    with current_app.test_request_context():
        path = url_for("accounts.invited", token=token)
    click.echo(current_app.extensions["hearth"].base_url + path)
    click.echo(f"Invitation {made.id} ends on {made.expires_at:%Y-%m-%d}. It is not shown again.", err=True)


@group.command("list")
def show() -> None:
    """List every invitation: its number, what is left of it, its last day, and for whom it is."""
    for one in (asked_in.invitation for asked_in in told(asked.invitations)):
        state = "open" if one.is_open else "over"
        click.echo(
            f"{one.id}\t{state}\t{one.uses_left} of {one.uses}\t{one.expires_at:%Y-%m-%d}\t{one.purpose}"
        )


@group.command("end")
@click.argument("number", type=whole)
def end(number: int) -> None:
    """Have the invitation with this NUMBER let nobody in any more."""
    told(deeds.end_invitation, told(asked.invitation_for, number))
    click.echo(f"Invitation {number} opens nothing any more.")
