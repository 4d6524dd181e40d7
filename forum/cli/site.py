"""`flask site`: a whole community in one file, to move house with."""

import os
from pathlib import Path

import click
from flask.cli import AppGroup

from forum import archive
from forum.actions.house import write_house_file
from forum.actions.site import import_site
from forum.cli.told import answer, json_option, progress
from forum.cli.users import refusals_told, told
from forum.models import System
from forum.queries.site import LEFT_OUT, site_for_export

group = AppGroup("site", help="The whole community in one file: out of one house, into another.")


def _nothing_there(_context: click.Context, _parameter: click.Parameter, path: Path) -> Path:
    """A site takes nobody's place: neither another file's, nor that of a device."""
    if os.path.lexists(path):
        raise click.BadParameter(
            f"There is something at {click.format_filename(path)} already, and nothing is written over."
        )
    return path


@group.command("export")
@click.argument("file", type=click.Path(path_type=Path), callback=_nothing_there)
@json_option
def export(file: Path, as_json: bool) -> None:
    """Write everything into FILE (.jsonl.gz), which is not there yet, as it stands at this moment.

    The file holds what everybody wrote, and the digests of passwords: keep it like the database itself. Log-ins, keys
    for programs, mailed links and promises that were kept stay behind.
    """
    with refusals_told(), site_for_export(System()) as (head, tables):
        rows = sum(head["tables"].values())
        with progress("Writing", rows) as told_rows:
            try:
                archive.write(file, head, tables, told_rows)
            except OSError as error:
                raise click.ClickException(
                    f"{click.format_filename(file)} cannot be written: {error.strerror}."
                ) from error
    answer(
        as_json,
        {"file": click.format_filename(file), **head},
        f"{rows} rows of {len(head['tables'])} tables are in {click.format_filename(file)}. Left behind: {', '.join(LEFT_OUT)}.",
    )


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
def import_(file: Path, as_json: bool) -> None:
    """Take in a site from FILE, into a house that nobody has used yet: all of it, or nothing."""
    with refusals_told(), progress("Reading", archive.rows_in(file)) as told_rows:
        counts = told(import_site, file, told=told_rows)
    told(write_house_file)
    answer(
        as_json,
        {"tables": counts},
        f"{sum(counts.values())} rows of {len(counts)} tables are here, and are what the file holds.",
    )
