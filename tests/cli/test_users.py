"""Members from the command line: pausing somebody, and letting somebody back in."""

import json

import pytest

from forum.actions import sessions
from forum.actions.accounts import check_log_in, recover
from forum.actions.tokens import make_token
from forum.db import db
from forum.errors import Invalid
from forum.models import (
    Case,
    Decision,
    Guest,
    LogEntry,
    LoginSession,
    Notification,
    Passkey,
    RecoveryCode,
    Token,
)
from forum.policy import can_reply_to_topic, can_request_second_look
from tests import factories

SUSPEND = ("--days", "3", "--rule", "3", "--letter", "A few days of rest for everybody.")


def test_a_suspension_comes_with_its_statement_and_a_second_look(command, bob, topic):
    result = command("user", "suspend", bob.name, *SUSPEND)
    assert (result.exit_code, result.stdout) == (0, "Bob Heron can read along, and write again in 3 days.\n")
    db.session.refresh(bob)
    assert can_reply_to_topic(bob, topic).code == "suspended"
    decision = db.session.query(Decision).one()
    assert (decision.verb, decision.rule, decision.letter) == ("suspend", 3, SUSPEND[-1])
    assert can_request_second_look(bob, decision)
    assert db.session.query(Notification).filter_by(user_id=bob.id, kind="decision").count() == 1
    assert db.session.query(LogEntry).filter_by(user_id=bob.id).one().code == "decided_suspend"
    assert db.session.query(Case).one().is_decided


@pytest.mark.parametrize(
    "wrong",
    [
        ("--days", "0", *SUSPEND[2:]),
        ("--days", "3", "--rule", "99", *SUSPEND[4:]),
        ("--days", "3", "--rule", "3", "--letter", " "),
    ],
    ids=["days", "rule", "letter"],
)
def test_a_suspension_that_lacks_something_leaves_nothing(wrong, command, bob):
    result = command("user", "suspend", bob.name, *wrong)
    assert (result.exit_code, result.stderr[:7]) == (1, "Error: ")
    assert db.session.query(Case).count() == db.session.query(LogEntry).count() == 0


def test_a_reset_gives_a_new_sheet_and_ends_whatever_opened_the_account(command, bob):
    old = db.session.query(RecoveryCode.digest).filter_by(user_id=bob.id).all()
    sessions.begin_session(bob)
    factories.make_passkey(bob)
    make_token(bob, name="A program", scopes=("reports",), days=90)
    told = json.loads(command("user", "reset", bob.name, "--json").stdout)
    with pytest.raises(Invalid):
        check_log_in(Guest(), name=bob.name, password=factories.PASSWORD, address="")
    assert db.session.query(LoginSession).count() == db.session.query(Token).count() == 0
    assert db.session.query(Passkey).count() == 0
    assert bob.second_step_at is None
    assert not set(old) & set(db.session.query(RecoveryCode.digest).filter_by(user_id=bob.id))
    assert db.session.query(LogEntry).one().code == "member_reset"
    recover(Guest(), name=bob.name, code=told["recovery_codes"][0], password="another passphrase")
    assert check_log_in(Guest(), name=bob.name, password="another passphrase", address="") == bob


def test_who_is_not_here_is_said_in_a_sentence(command, app):
    for deed in (("suspend", "Nobody", *SUSPEND), ("reset", "Nobody")):
        assert command("user", *deed).stderr == "Error: Nobody here is called Nobody.\n"
