"""The pages of a copy and of leaving."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from forum.db import db, now
from forum.models import LoginSession, Post, User
from forum.work import work_once
from tests import factories


@pytest.fixture
def browser(client_as, alice):
    return client_as(alice)


def unproved(user):
    db.session.query(LoginSession).filter_by(user_id=user.id).update(
        {"proved_at": now() - timedelta(hours=1)}
    )
    db.session.commit()


def test_a_copy_is_asked_for_made_and_taken(browser, send, settings, alice, topic):
    factories.make_post(alice, topic, "A line of mine.")
    asked = send(browser, "/settings/copy", follow_redirects=True)
    assert "It is being made" in asked.text
    while work_once(settings, "a worker"):
        pass
    assert "Your copy of what is held about you is here" in browser.get("/notices").text
    assert "Take the copy" in browser.get("/settings").text
    taken = send(browser, "/settings/copy/take")
    assert (taken.mimetype, taken.headers["Cache-Control"]) == ("application/zip", "no-store")
    assert "A line of mine." in ZipFile(BytesIO(taken.data)).read("read-me.html").decode()


def test_a_copy_that_is_not_there_is_said_to_be_gone(browser, send):
    assert "There is no copy any more" in send(browser, "/settings/copy/take", follow_redirects=True).text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings/copy", {}),
        ("/settings/copy/take", {}),
        ("/settings/leave", {"words": "take", "sure": "1"}),
    ],
)
def test_an_open_screen_is_asked_who_is_there(browser, send, alice, path, form):
    unproved(alice)
    answer = send(browser, path, form)
    assert answer.status_code == 403
    assert "Is it still you?" in answer.text
    assert db.session.get(User, alice.id) is not None


@pytest.mark.parametrize("form", [{}, {"words": "take"}, {"sure": "1"}, {"words": "burn", "sure": "1"}])
def test_nothing_happens_before_it_is_said_how(browser, send, alice, form):
    answer = send(browser, "/settings/leave", form)
    assert answer.status_code == 422
    assert db.session.get(User, alice.id) is not None


def test_leaving_ends_in_a_goodbye_and_the_browser_is_nobody_s(browser, send, alice, topic):
    factories.make_post(alice, topic, "A line of mine.")
    assert "What goes in any case" in browser.get("/settings/leave").text
    left = send(browser, "/settings/leave", {"words": "leave", "sure": "1"})
    assert (left.status_code, left.location) == (303, "/left")
    assert "Your account is closed" in browser.get("/left").text
    assert browser.get("/settings").status_code in (302, 303, 401)
    assert db.session.query(User).filter_by(id=alice.id).count() == 0


def test_words_that_stay_are_read_by_others(browser, send, client_as, bob, alice, topic):
    factories.make_post(alice, topic, "A line of mine.")
    send(browser, "/settings/leave", {"words": "leave", "sure": "1"})
    page = client_as(bob).get(f"/topics/{topic.id}").text
    assert "A line of mine." in page
    assert "Somebody who left" in page
    assert "Alice Fern" not in page
    assert '<span class="who__name">Somebody who left</span>' in page


def test_words_that_were_taken_leave_a_line(browser, send, client_as, bob, alice, topic):
    factories.make_post(alice, topic, "A line of mine.")
    factories.make_post(bob, topic, "An answer.")
    send(browser, "/settings/leave", {"words": "take", "sure": "1"})
    page = client_as(bob).get(f"/topics/{topic.id}").text
    assert "A line of mine." not in page
    assert "Its author took it back" in page
    assert db.session.query(Post).filter(Post.source.contains("A line of mine")).count() == 0
