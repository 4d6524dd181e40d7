"""A worker that is killed loses nothing and doubles nothing: real processes, ended in the middle of a real job."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from forum import mail
from forum.actions import accounts
from forum.db import action, db, now
from forum.jobs import later
from forum.models import Guest, Job, Request
from tests import factories, serving
from tests.mailing import SENDER, links_in, open_postbox, token_in

pytestmark = pytest.mark.server

# One handler, and one moment at which it ends its own process as if the power had gone.
WORKER = """
import os, signal, sys, threading
from forum import create_app, jobs, work
from forum.actions.requests import answered, remember
from forum.db import action, db
from forum.models import User

moment = sys.argv[1]

def gone(at):
    if at == moment:
        os.kill(os.getpid(), signal.SIGKILL)

@action
def once(job):
    actor, key = db.session.get(User, job.payload["member"]), f"job:{job.id}"
    if answered(actor, key, key) is None:
        remember(actor, key, key, {})
        db.session.flush()
        gone("in the middle of the deed")

def handle(settings, job):
    gone("before the deed")
    once(job)
    gone("after the deed")

work.HANDLERS["once"] = handle
app = create_app()
with app.app_context():
    while work.work_once(app.extensions["hearth"], str(os.getpid())):
        pass
"""


# The worker as it is, ended around the two things that a mail consists of.
POSTMAN = """
import os, signal, sys
from forum import create_app, work
from forum.work import mail

moment, carry, link = sys.argv[1], mail._carry, mail._link

def gone(at):
    if at == moment:
        os.kill(os.getpid(), signal.SIGKILL)

def carried(*given):
    gone("before sending")
    carry(*given)
    gone("after sending")

def linked(*given):
    gone("before the link")
    return link(*given)

mail._carry, mail._link = carried, linked
app = create_app()
with app.app_context():
    while work.work_once(app.extensions["hearth"], str(os.getpid())):
        pass
"""


@pytest.fixture
def environment(empty_database: str) -> dict[str, str]:
    return os.environ | {
        "HEARTH_ENV": "development",
        "HEARTH_SECRET_KEY": "a key that only tests know, and they may",
        "HEARTH_DATABASE_URL": empty_database,
        "HEARTH_ARGON2_MEMORY_KIB": "64",
        "HEARTH_ARGON2_TIME": "1",
        "HEARTH_LOG_LEVEL": "ERROR",
    }


@pytest.fixture
def house(environment: dict[str, str]) -> Iterator[Flask]:
    with serving.opened(environment) as app:
        yield app


@action
def promise_to(member):
    later("once", member=member.id)


@action
def let_the_lease_end():
    db.session.query(Job).update({"claimed_until": now() - timedelta(seconds=1)})


def worker(environment, moment, script=WORKER):
    return subprocess.run(
        [sys.executable, "-c", script, moment], cwd=serving.ROOT, env=environment, check=False
    ).returncode


def test_killed_at_any_point_it_is_still_done_and_seen_once(house, environment):
    promise_to(factories.make_user("Alice Fern"))
    for moment in ("before the deed", "in the middle of the deed", "after the deed"):
        assert worker(environment, moment) == -signal.SIGKILL
        db.session.rollback()
        assert db.session.query(Job).populate_existing().one().done_at is None
        let_the_lease_end()
    assert worker(environment, "never") == 0
    db.session.rollback()
    done = db.session.query(Job).populate_existing().one()
    assert (done.attempts, done.done_at is None) == (4, False)
    assert db.session.query(Request).count() == 1


@pytest.mark.once
def test_a_worker_that_is_killed_loses_no_mail_and_leaves_one_link_that_works(house, environment):
    """What it sent twice, it sent alike: whichever of the two somebody opens, it is the one link there is."""
    mail.use(is_set_up=True)
    join()
    with open_postbox() as box:
        url = f"smtp://127.0.0.1:{box.port}?starttls=no"
        posting = environment | {"HEARTH_SMTP_URL": url, "HEARTH_MAIL_FROM": SENDER}
        for moment in ("before the link", "before sending", "after sending"):
            assert worker(posting, moment, POSTMAN) == -signal.SIGKILL
            let_the_lease_end()
        assert len(box.mails) == 1
        assert worker(posting, "never", POSTMAN) == 0
        (_, first), (_, second) = box.mails
    mail.use(is_set_up=False)
    assert first["Message-ID"] == second["Message-ID"]
    assert links_in(first) == links_in(second)
    assert accounts.confirm_email(Guest(), token=token_in(links_in(first)[0])).email_confirmed_at
    done = db.session.query(Job).populate_existing().one()
    assert (done.attempts, done.done_at is None, done.payload) == (4, False, {})


def join():
    return accounts.sign_up(
        Guest(),
        name="Second Kettle",
        password=factories.PASSWORD,
        email="k@example.org",
        is_adult=True,
        keeps_health=True,
        agrees=True,
    )


def test_flask_work_keeps_promises_and_ends_when_asked(house, environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "work"], cwd=serving.ROOT, env=environment
    )
    try:
        _await_kept()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_the_server_keeps_promises_itself(house, environment):
    with serving.running(seeded=False, database_url=environment["HEARTH_DATABASE_URL"]):
        _await_kept()


def test_the_server_leaves_promises_to_a_process_of_their_own(house, environment):
    address = environment["HEARTH_DATABASE_URL"]
    with serving.running(seeded=False, database_url=address, HEARTH_WORK_INSIDE="no"):
        time.sleep(2)  # it begins with its work as soon as it answers, where it does any
        db.session.rollback()
        assert db.session.query(Job).count() == 0


@action
def promise_slowly(mark):
    later("slow", mark=str(mark))


def begun(mark):
    until = time.monotonic() + 30
    while not mark.exists():
        assert time.monotonic() < until, "it did not begin"
        time.sleep(0.05)


def is_kept():
    db.session.rollback()
    return db.session.query(Job).filter_by(kind="slow").one().done_at is not None


def test_a_server_that_is_asked_to_end_finishes_what_it_promised(house, environment, tmp_path):
    promise_slowly(mark := tmp_path / "begun")
    address = environment["HEARTH_DATABASE_URL"]
    with serving.running(seeded=False, database_url=address, app="tests.slow_work:app") as server:
        begun(mark)
        assert not is_kept()
        server.process.terminate()
        assert server.process.wait(20) == 0
    assert is_kept()


@pytest.mark.once
def test_flask_work_that_is_asked_to_end_finishes_what_it_promised(house, environment, tmp_path):
    promise_slowly(mark := tmp_path / "begun")
    command = [sys.executable, "-m", "flask", "--app", "tests.slow_work", "work"]
    process = subprocess.Popen(command, cwd=serving.ROOT, env=environment)
    begun(mark)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert is_kept()


def _await_kept():
    until = time.monotonic() + 30
    while not db.session.query(Job).filter(Job.done_at.is_not(None)).count():
        db.session.rollback()
        assert time.monotonic() < until, "this hour's upkeep was not done"
        time.sleep(0.1)
