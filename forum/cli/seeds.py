"""`flask seed` and `flask demo-logins`: a believable community to look at, small or with many in it."""

import click
from flask import current_app

from forum import crowd, seeds
from forum.cli.told import json_option, listed, progress


@click.command("seed")
@click.option(
    "--size",
    type=click.Choice(["small", *crowd.SIZES]),
    default="small",
    show_default=True,
    help="Medium and large add people and talk by the hundred and thousand, which takes minutes.",
)
def seed(size: str) -> None:
    """Fill an empty database with a community. Does nothing where there are members already."""
    if current_app.extensions["hearth"].is_production:
        raise click.ClickException(
            "Demo accounts are not made in production. `flask user create` makes a first member."
        )
    if seeds.plant() and size in crowd.SIZES:
        with progress("Growing", crowd.SIZES[size].deeds) as passed:
            crowd.grow(crowd.SIZES[size], password=seeds.PASSWORD, told=passed)


@click.command("demo-logins")
@json_option
def demo_logins(as_json: bool) -> None:
    """Print who can be signed in as, while the demo accounts are there."""
    people = [
        {"name": name, "password": password, "about": about} for name, password, about in seeds.logins()
    ]
    listed(as_json, people, lambda one: f"  {one['name']:<16} {one['password']:<22} {one['about']}")
