"""`flask token`: keys for programs, made by hand."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from forum.actions import tokens as deeds
from forum.cli.users import member_called, refusals_told
from forum.models import TokenScope
from forum.queries.accounts import tokens_of

group = AppGroup("token", help="Keys with which a program acts for a member.")


@group.command("create")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([str(scope) for scope in TokenScope]),
    help="What it may do; can be given several times.",
)  # fmt: skip
@click.option(
    "--days", default=90, show_default=True, type=click.Choice(list(deeds.DAYS)), help="When it ends."
)
@click.option(
    "--for", "purpose", default="made on the command line", show_default=True, help="What it is for."
)
def create(name: str, scopes: tuple[str, ...], days: int, purpose: str) -> None:
    """Make a key for the member called NAME and print it, once, on standard output."""
    user = member_called(name)
    with refusals_told():
        user.proved_at = datetime.now(UTC)  # whoever has the command line has the house
        token, secret = deeds.make_token(user, name=purpose, scopes=scopes, days=days)
    click.echo(secret)
    click.echo(
        f"Key {token.id} of {user.name} ends on {token.expires_at:%Y-%m-%d}. It is not shown again.", err=True
    )


@group.command("list")
@click.argument("name")
def show(name: str) -> None:
    """List the keys of the member called NAME."""
    for token in tokens_of(member_called(name)):
        click.echo(f"{token.id}\t{token.expires_at:%Y-%m-%d}\t{' '.join(token.scopes)}\t{token.name}")


@group.command("end")
@click.argument("name")
@click.argument("number", type=int)
def end(name: str, number: int) -> None:
    """End the key with this NUMBER of the member called NAME."""
    with refusals_told():
        deeds.end_token(member_called(name), token_id=number)
    click.echo(f"Key {number} opens nothing any more.")
