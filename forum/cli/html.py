"""`flask rebuild-html`: what is stored rendered, rendered again after the renderer changed."""

from typing import Any

import click

from forum.actions.html import rebuild_html as rebuild
from forum.models import Message, Post, Revision, Strategy, System


@click.command("rebuild-html")
@click.option("--batch", default=200, show_default=True, help="How many texts one transaction renders.")
def rebuild_html(batch: int) -> None:
    """Render every text of an older renderer again. It can be stopped and started at any time."""
    kinds: tuple[tuple[Any, str], ...] = (
        (Post, "post"),
        (Revision, "earlier wording"),
        (Message, "message"),
        (Strategy, "card"),
    )
    for kind, name in kinds:
        after: int | None = 0
        while (after := rebuild(System(), kind, after=after, size=batch)) is not None:
            click.echo(f"Rendered up to {name} {after}.")
    click.echo("Everything is of the present renderer.")
