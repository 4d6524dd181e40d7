"""`flask rebuild-html`: what is stored rendered, rendered again after the renderer changed."""

import click

from forum.actions.html import rebuild_html as rebuild
from forum.models import Message, Post, Strategy, System


@click.command("rebuild-html")
@click.option("--batch", default=200, show_default=True, help="How many texts one transaction renders.")
def rebuild_html(batch: int) -> None:
    """Render every text of an older renderer again. It can be stopped and started at any time."""
    for kind, name in ((Post, "post"), (Message, "message"), (Strategy, "card")):
        after: int | None = 0
        while (after := rebuild(System(), kind, after=after, size=batch)) is not None:
            click.echo(f"Rendered up to {name} {after}.")
    click.echo("Everything is of the present renderer.")
