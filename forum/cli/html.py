"""`flask rebuild-html`: what is stored rendered, rendered again after the renderer changed."""

import click

from forum.actions.html import RENDERED
from forum.actions.html import rebuild_html as rebuild
from forum.cli.told import progress
from forum.models import System
from forum.queries.checks import older_texts


@click.command("rebuild-html")
@click.option(
    "--batch",
    type=click.IntRange(1, 10_000),
    default=200,
    show_default=True,
    help="How many texts one transaction renders.",
)
def rebuild_html(batch: int) -> None:
    """Render every text of an older renderer again. It can be stopped and started at any time."""
    older = older_texts()
    with progress("Rendering", older) as passed:
        for kind in RENDERED:
            after: int | None = 0
            while (after := rebuild(System(), kind, after=after, size=batch)) is not None:
                passed(batch)
    click.echo(f"{older} texts were rendered again. Everything is of the present renderer.")
