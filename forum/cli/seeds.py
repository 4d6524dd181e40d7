"""`flask seed` and `flask demo-logins`: a small believable community to look at."""

import click
from flask import current_app

from forum import seeds


@click.command("seed")
def seed() -> None:
    """Fill an empty database with a small community. Does nothing where there are members already."""
    if current_app.extensions["hearth"].is_production:
        raise click.ClickException(
            "Demo accounts are not made in production. `flask user create` makes a first member."
        )
    seeds.plant()


@click.command("demo-logins")
def demo_logins() -> None:
    """Print who can be signed in as, while the demo accounts are there."""
    for name, password, about in seeds.logins():
        click.echo(f"  {name:<16} {password:<22} {about}")
