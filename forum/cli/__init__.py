"""The command line: users, places, seeds, demo log-ins, jobs, keys and invitations."""

from flask import Flask


def init_app(app: Flask) -> None:
    from forum.cli.html import rebuild_html
    from forum.cli.invites import group as invites
    from forum.cli.jobs import group as jobs
    from forum.cli.places import board, members_group, room
    from forum.cli.seeds import demo_logins, seed
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
        invites,
    ):
        app.cli.add_command(command)
