"""The command line: the house from its first day to its next address, for whoever keeps the server."""

from flask import Flask


def init_app(app: Flask) -> None:
    from forum.cli.access import explain_access
    from forum.cli.checks import check
    from forum.cli.html import rebuild_html
    from forum.cli.invites import group as invites
    from forum.cli.jobs import group as jobs
    from forum.cli.places import board, members_group, room
    from forum.cli.seeds import demo_logins, seed
    from forum.cli.setup import setup
    from forum.cli.site import group as site
    from forum.cli.tokens import group as tokens
    from forum.cli.users import group

    for command in (
        group,
        board,
        room,
        members_group,
        seed,
        demo_logins,
        rebuild_html,
        jobs,
        tokens,
        site,
        check,
        explain_access,
        setup,
        invites,
    ):
        app.cli.add_command(command)
