"""How commands answer: sentences for people, JSON where a program reads, a bar for whoever waits."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

whole = click.IntRange(0, 2**31 - 1)
"""A number of something, or a length of time: none is larger than a column of ours holds."""

json_option = click.option("--json", "as_json", is_flag=True, help="Answer with JSON, for a program to read.")


def answer(as_json: bool, value: Any, *sentences: str) -> None:
    """Say it in sentences, or as one line of JSON."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, default=str))
        return
    for sentence in sentences:
        click.echo(sentence)


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], object]]:
    """A bar on standard error, where the answer is not; nothing is drawn where nobody looks."""
    bar: Any = click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
    with bar:
        yield bar.update


def listed(as_json: bool, rows: Sequence[dict[str, Any]], line: Callable[[dict[str, Any]], str]) -> None:
    """A list: one line a row, or all of them as JSON."""
    answer(as_json, rows, *map(line, rows))
