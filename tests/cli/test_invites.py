"""`flask invite`: asking people in by hand."""

from forum.db import db
from forum.models import Invitation
from forum.queries.joining import invitation_with
from tests import factories


def test_a_link_is_printed_once_and_lets_people_in(app):
    told = app.test_cli_runner().invoke(args=["invite", "create", "--for", "a clinic", "--uses", "3"])
    assert told.exit_code == 0
    link = told.stdout.splitlines()[0]
    assert link.startswith("http://localhost")
    assert invitation_with(link.rpartition("/")[2]).uses_left == 3


def test_what_makes_no_sense_is_a_sentence(app):
    for wrong in (["--uses", "0"], ["--group", "Nobody"]):
        told = app.test_cli_runner().invoke(args=["invite", "create", "--for", "a clinic", *wrong])
        assert told.exit_code == 1
        assert told.stderr


def test_they_are_listed_without_their_links_and_can_be_ended(app):
    invitation, token = factories.make_invitation(uses=4)
    told = app.test_cli_runner().invoke(args=["invite", "list"])
    assert "4 of 4" in told.stdout
    assert token not in told.stdout
    assert app.test_cli_runner().invoke(args=["invite", "end", str(invitation.id)]).exit_code == 0
    assert not db.session.get(Invitation, invitation.id, populate_existing=True).is_open
