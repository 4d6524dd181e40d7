"""`flask check`: whether the house is in order."""

from dataclasses import asdict

import click
from flask import current_app

from forum.actions.checks import mend_board, mend_room, mend_topic
from forum.cli.told import answer, json_option, progress
from forum.cli.users import told
from forum.models import System
from forum.queries.boards import board_for
from forum.queries.checks import Finding, findings
from forum.queries.rooms import room_for
from forum.queries.topics import topic_for

MENDS = {
    "replies": (topic_for, mend_topic),
    "numbers": (topic_for, mend_topic),
    "topic_times": (topic_for, mend_topic),
    "board_words": (board_for, mend_board),
    "room_heads": (room_for, mend_room),
}
"""How to find and mend what a finding names, by its code."""


@click.command("check")
@click.option("--mend", is_flag=True, help="Count anew what can be counted anew; the moderation log says so.")
@json_option
@click.pass_context
def check(context: click.Context, mend: bool, as_json: bool) -> None:
    """Look for counters that are off, gaps, rows that point nowhere, a changed log, and whatever waits for a person.

    The exit code is 1 while anything is wrong.
    """
    found = _look()
    if mend and any(one.things for one in found):
        _mend(found)
        found = _look()
    answer(
        as_json,
        {"ok": not found, "findings": [asdict(one) for one in found]},
        *([one.sentence for one in found] or ["Everything is in order."]),
    )
    context.exit(1 if found else 0)


def _look() -> list[Finding]:
    return list(findings(System(), is_production=current_app.extensions["hearth"].is_production))


def _mend(found: list[Finding]) -> None:
    with progress("Mending", sum(len(one.things) for one in found)) as passed:
        for one in found:
            for thing_id in one.things:
                find, mend = MENDS[one.code]
                told(mend, told(find, thing_id))
                passed(1)
