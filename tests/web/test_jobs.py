"""What was left undone, on the admins' page and on the command line."""

import pytest

from forum import jobs, work
from forum.db import action, db, now
from forum.models import Job


@pytest.fixture
def dead(app):
    """A job that failed to the end."""

    @action
    def give_up():
        jobs.later("upkeep")
        db.session.flush()
        job = db.session.query(Job).one()
        job.attempts, job.dead_at, job.problem = 8, now(), "SMTPServerDisconnected"
        return job

    return give_up()


def test_an_admin_sees_it_and_tries_it_again(ada, dead, client_as, send):
    client = client_as(ada)
    page = client.get("/jobs").get_data(as_text=True)
    assert "The hourly upkeep" in page
    assert "SMTPServerDisconnected" in page
    answer = send(client, f"/jobs/{dead.id}/again", follow_redirects=True)
    assert "It is tried again now" in answer.get_data(as_text=True)
    assert "Nothing is left undone" in answer.get_data(as_text=True)
    assert not db.session.get(Job, dead.id, populate_existing=True).is_dead


@pytest.mark.parametrize("kind", work.HANDLERS)
def test_each_kind_of_promise_has_words(kind, ada, dead, client_as):
    dead.kind = kind
    db.session.commit()
    page = client_as(ada).get("/jobs").get_data(as_text=True)
    assert 'class="entry__title"' in page
    assert f'class="entry__title">{kind}<' not in page


def test_to_everybody_else_it_is_not_there(mo, alice, dead, client_as, send):
    for who in (mo, alice):
        client = client_as(who)
        assert client.get("/jobs").status_code == 404
        assert send(client, f"/jobs/{dead.id}/again").status_code == 404
    assert 'href="/jobs"' not in client_as(mo).get("/moderation").get_data(as_text=True)


def test_the_command_line_lists_and_retries(app, dead):
    run = app.test_cli_runner().invoke
    assert "SMTPServerDisconnected" in run(args=["jobs", "list"]).output
    assert run(args=["jobs", "retry", str(dead.id)]).exit_code == 0
    assert "SMTPServerDisconnected" not in run(args=["jobs", "list"]).output
    again = run(args=["jobs", "retry", str(dead.id)])
    assert again.exit_code == 1
    assert "not waiting" in again.output
    assert run(args=["jobs", "retry", "999999"]).exit_code == 1
