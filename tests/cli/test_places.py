"""Setting up the house from the command line."""

import pytest

from forum.db import db
from forum.models import Board, Group, GroupMember, LogEntry, Room, Section
from forum.policy.boards import can_see_board
from tests import factories


@pytest.fixture
def run(app):
    """Runs a `flask` command; its exit code and what it printed."""

    def invoke(*arguments):
        result = app.test_cli_runner().invoke(args=list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        db.session.rollback()
        return result.exit_code, result.output

    return invoke


def test_boards_are_opened_under_a_section_that_is_made_once(run):
    assert run("board", "create", "Arriving", "Introductions", "--audience", "guests") == (
        0,
        "Introductions is at /boards/1.\n",
    )
    assert run("board", "create", "Arriving", "Hello again", "--position", "1")[0] == 0
    assert run("board", "list")[1] == "   1  Arriving / Introductions\n   2  Arriving / Hello again\n"
    assert db.session.query(Board).first().section.name == "Arriving"


def test_a_board_that_is_refused_leaves_no_section(run):
    assert run("board", "create", "Arriving", " ")[0] == 1
    assert db.session.query(Section).count() == 0


def test_a_board_for_a_group_is_there_for_its_members_only(run, alice, bob):
    run("group", "create", "Tuesday circle")
    run("board", "create", "Circles", "Tuesday", "--audience", "groups", "--group", "Tuesday circle")
    assert run("group", "add", "Tuesday circle", alice.name)[0] == 0
    board = db.session.query(Board).one()
    db.session.refresh(alice)
    assert can_see_board(alice, board)
    assert not can_see_board(bob, board)
    assert run("group", "remove", "Tuesday circle", alice.name)[0] == 0
    db.session.refresh(alice)
    assert not can_see_board(alice, board)
    assert [entry.code for entry in db.session.query(LogEntry).order_by(LogEntry.id)] == [
        "group_made",
        "section_made",
        "board_made",
        "group_joined",
        "group_left",
    ]


def test_adding_twice_and_removing_who_is_not_there_change_nothing(run, alice):
    run("group", "create", "Tuesday circle")
    for _ in range(2):
        run("group", "add", "Tuesday circle", alice.name)
    assert db.session.query(GroupMember).count() == 1
    for _ in range(2):
        assert run("group", "remove", "Tuesday circle", alice.name)[0] == 0
    assert db.session.query(GroupMember).count() == 0


def test_a_name_is_given_to_one_group_only(run):
    run("group", "create", "Tuesday circle")
    code, said = run("group", "create", "Tuesday circle")
    assert (code, said) == (1, "Error: There is a group of this name already.\n")
    assert db.session.query(Group).count() == 1


def test_rooms_are_set_up_closed(run):
    assert run("room", "create", "Evening circle", "--capacity", "8") == (
        0,
        "Evening circle is at /rooms/1.\n",
    )
    assert not db.session.query(Room).one().is_open
    assert run("room", "create", "Too full", "--capacity", "0")[0] == 1


def test_what_is_not_there_is_said_in_a_sentence(run):
    assert run("board", "create", "A", "B", "--group", "nobody") == (
        1,
        "Error: There is no group called nobody.\n",
    )
    assert run("group", "add", "nobody", "nobody")[0] == 1


def test_the_seeds_are_believable_and_planted_once(run, app):
    assert run("seed") == (0, "")
    posts = factories.db.session.query(Board).count()
    assert run("seed") == (0, "")
    assert factories.db.session.query(Board).count() == posts == 7
    code, said = run("demo-logins")
    assert code == 0
    assert said.splitlines()[0].split()[0] == "Maud"
    assert len(said.splitlines()) == 6


def test_production_makes_no_demo_accounts(run, app, settings):
    import dataclasses

    app.extensions["hearth"] = dataclasses.replace(settings, env="production")
    code, said = run("seed")
    app.extensions["hearth"] = settings
    assert code == 1
    assert "not made in production" in said


def test_an_icon_is_a_name_of_the_style_guide(run):
    code, said = run("board", "create", "Arriving", "Introductions", "--icon", '"><img src=x>')
    assert code == 1
    assert "from the list" in said
    assert not db.session.query(Board).count()


def test_a_role_is_given_from_the_command_line(run, bob):
    assert run("user", "role", bob.name, "admin") == (0, f"{bob.name} is an admin now.\n")
    code, said = run("user", "role", bob.name, "member")
    assert code == 1
    assert "Nobody else could look after the house" in said
    assert run("user", "role", bob.name, "king")[0] == 2
