"""`flask token`: keys for programs, made by hand."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from forum.actions import tokens as deeds
from forum.cli.told import json_option, listed, whole
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
@json_option
def show(name: str, as_json: bool) -> None:
    """List the keys of the member called NAME."""
    keys = [
        {
            "id": token.id,
            "expires": f"{token.expires_at:%Y-%m-%d}",
            "scopes": token.scopes,
            "name": token.name,
        }
        for token in tokens_of(member_called(name))
    ]
    listed(
        as_json,
        keys,
        lambda key: f"{key['id']}\t{key['expires']}\t{' '.join(key['scopes'])}\t{key['name']}",
    )


@group.command("end")
@click.argument("name")
@click.argument("number", type=whole)
def end(name: str, number: int) -> None:
    """End the key with this NUMBER of the member called NAME."""
    with refusals_told():
        deeds.end_token(member_called(name), token_id=number)
    click.echo(f"Key {number} opens nothing any more.")
