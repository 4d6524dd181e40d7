"""`flask explain-access`: why can X see Y, or why not."""

from dataclasses import asdict

import click

from forum.cli.told import answer, json_option
from forum.cli.users import member_called, refusals_told
from forum.queries.access import explain


@click.command("explain-access")
@click.argument("name")
@click.argument("thing")
@json_option
def explain_access(name: str, thing: str, as_json: bool) -> None:
    """Say whether the member called NAME can see THING, which rule decided, and by which grant.

    THING is written as board:3, topic:7, post:9, room:2, card:5 or case:4.
    """
    user = member_called(name)
    with refusals_told():
        answers = explain(user, thing)
    answer(
        as_json,
        [asdict(one) for one in answers],
        *(
            f"{user.name} {'can' if one.is_yes else 'cannot'} {one.question}: {one.why} ({one.rule})."
            for one in answers
        ),
    )
