"""`flask rebuild-html`: what is stored rendered, rendered again after the renderer changed."""

import click

from forum.actions.topics import rebuild_posts
from forum.models import System


@click.command("rebuild-html")
@click.option("--batch", default=200, show_default=True, help="How many posts one transaction renders.")
def rebuild_html(batch: int) -> None:
    """Render every post of an older renderer again. It can be stopped and started at any time."""
    after: int | None = 0
    while after is not None:
        done = rebuild_posts(System(), after=after, size=batch)
        if done is not None:
            click.echo(f"Rendered up to post {done}.")
        after = done
    click.echo("Every post is of the present renderer.")
