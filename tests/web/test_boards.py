"""Boards and notices as pages: what a browser is answered."""

import re
from datetime import timedelta

import pytest
import time_machine

from forum.actions import topics, watching
from forum.db import db, now
from forum.models import Audience, ContentChoice, Post, Topic
from tests import factories


def text_of(answer):
    return answer.get_data(as_text=True)


WRITTEN = {"title": "Sunday calls", "intent": "listen", "body": "I put the phone down.", "key": "k1"}


def test_home_shows_the_boards_that_a_reader_sees(client_as, alice, guest, board):
    factories.make_board("Open to everyone", audience=Audience.GUESTS)
    assert f'/boards/{board.id}"' in text_of(client_as(alice).get("/boards"))
    page = text_of(client_as(guest).get("/boards"))
    assert "Open to everyone" in page
    assert f'/boards/{board.id}"' not in page


def test_home_says_what_waits(client_as, alice, bob, topic, post):
    factories.make_post(alice, topic, "Honestly, just kys.")
    page = text_of(client_as(alice).get("/boards"))
    assert "are waiting for a moderator" in page
    assert "Bob Heron answered you" in page
    other = factories.make_topic(alice, topic.board, title="First week without messaging")
    assert other.title not in text_of(client_as(bob).get("/boards"))
    watching.change_reach(bob, gives_kind_words=True)
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert other.title in text_of(client_as(bob).get("/boards"))


def test_home_with_no_board_says_so(client_as, alice):
    assert "No board is open to you yet" in text_of(client_as(alice).get("/boards"))


def test_a_board_lists_its_topics(client_as, alice, bob, mo, board):
    topic = factories.make_topic(alice, board, kinds=["loss"], gist="A phone call, a long one.")
    factories.make_post(bob, topic)
    topics.pin_topic(mo, topic)
    page = text_of(client_as(bob).get(f"/boards/{board.id}"))
    for words in (
        topic.title,
        "A phone call, a long one.",
        "Mentions: death and loss",
        "1 reply",
        "Kept at the top",
    ):
        assert words in page


def test_an_empty_board_offers_to_begin(client_as, alice, board):
    assert "The first words can be few" in text_of(client_as(alice).get(f"/boards/{board.id}"))


def test_what_a_reader_hides_is_said_in_one_line(client_as, alice, bob, board):
    topic = factories.make_topic(alice, board, kinds=["loss"])
    factories.saved(ContentChoice(user_id=bob.id, kind="loss", choice="hide"))
    page = text_of(client_as(bob).get(f"/boards/{board.id}"))
    assert "One topic is" in page
    assert topic.title not in page
    page = text_of(client_as(bob).get(f"/topics/{topic.id}"))
    assert "which you asked not to see" in page
    assert "I put the phone down" not in page
    assert "I put the phone down" in text_of(client_as(bob).get(f"/topics/{topic.id}?show=1"))


def test_what_a_reader_folds_is_folded(client_as, alice, bob, board):
    topic = factories.make_topic(alice, board, kinds=["loss"])
    factories.saved(ContentChoice(user_id=bob.id, kind="loss", choice="fold"))
    assert "folded as you chose" in text_of(client_as(bob).get(f"/boards/{board.id}"))
    assert "folded as you chose" in text_of(client_as(bob).get(f"/topics/{topic.id}"))


def test_a_board_has_older_topics(client_as, alice, board):
    for number in range(22):
        db.session.add(
            Topic(
                board_id=board.id,
                author_id=alice.id,
                persona_id=alice.byline.id,
                title=f"T{number}",
                intent="listen",
            )
        )
    db.session.commit()
    page = text_of(client_as(alice).get(f"/boards/{board.id}"))
    older = page.split("before=")[1].split('"')[0]
    assert "T1<" not in page
    assert "T1<" in text_of(client_as(alice).get(f"/boards/{board.id}?before={older}"))
    assert client_as(alice).get(f"/boards/{board.id}?before=nowhere").status_code == 404


def test_what_one_does_not_see_is_not_there(client_as, charlie, guest):
    closed = factories.make_board("Closed", audience=Audience.GROUPS)
    for actor in (charlie, guest):
        for url in (f"/boards/{closed.id}", f"/boards/{closed.id}/topics/new", "/boards/999"):
            assert client_as(actor).get(url).status_code == 404


def test_a_topic_is_started(client_as, send, alice, board):
    client = client_as(alice)
    assert 'name="key"' in text_of(client.get(f"/boards/{board.id}/topics/new"))
    answer = send(
        client, f"/boards/{board.id}/topics", WRITTEN | {"kinds": ["loss", "abuse"], "gist": "A call."}
    )
    assert answer.status_code == 303
    post = db.session.scalars(db.select(Post)).one()
    assert answer.location.endswith(f"/topics/{post.topic_id}#post-{post.id}")
    assert sorted(post.topic.note_kinds) == ["abuse", "loss"]


def test_a_refused_topic_comes_back_with_its_words(client_as, send, alice, board):
    answer = send(client_as(alice), f"/boards/{board.id}/topics", WRITTEN | {"title": "", "kinds": ["loss"]})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "I put the phone down." in page
    assert "A few words for a title" in page
    assert 'value="k1"' in page
    assert 'value="loss" checked' in page


def test_a_preview_writes_nothing_and_keeps_the_words(client_as, send, alice, board):
    answer = send(
        client_as(alice),
        f"/boards/{board.id}/topics",
        WRITTEN | {"preview": "1", "body": "**Bold** <b>words</b>"},
    )
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<strong>Bold</strong>" in page
    assert "**Bold** &lt;b&gt;" in page
    assert db.session.query(Topic).count() == 0


def test_guests_are_asked_to_sign_in(client_as, guest):
    board = factories.make_board("Open", audience=Audience.GUESTS)
    assert client_as(guest).get(f"/boards/{board.id}").status_code == 200
    assert client_as(guest).get(f"/boards/{board.id}/topics/new").status_code in (302, 303, 401)


def test_boards_are_marked_read(client_as, send, bob, topic, post):
    client = client_as(factories.make_user("Reading Reed"))
    assert "New since you were here" not in text_of(client.get("/boards"))
    factories.make_post(bob, topic)
    assert "New since you were here" in text_of(client.get("/boards"))
    assert "New to you" in text_of(client.get(f"/boards/{topic.board_id}"))
    assert send(client, f"/boards/{topic.board_id}/read").status_code == 303
    assert "New to you" not in text_of(client.get(f"/boards/{topic.board_id}"))
    factories.make_post(bob, topic)
    assert send(client, "/boards/read").location.endswith("/boards")
    assert "New since you were here" not in text_of(client.get("/boards"))


# Notices


def test_notices_are_shown_opened_and_marked(client_as, send, alice, topic, post):
    client = client_as(alice)
    page = text_of(client.get("/notices"))
    assert "Bob Heron answered you" in page
    assert "New to you" in page
    notice = re.search(r"/notices/(\d+)/open", page)[1]
    answer = send(client, f"/notices/{notice}/open")
    assert answer.location.endswith(f"/posts/{post.id}")
    assert "New to you" not in text_of(client.get("/notices"))
    assert send(client, "/notices/seen").location.endswith("/notices")


def test_no_notices_say_so(client_as, bob, topic):
    assert "Nothing is waiting for you" in text_of(client_as(bob).get("/notices"))


def test_notices_of_others_are_not_there(client_as, send, bob, alice, topic, post):
    page = text_of(client_as(alice).get("/notices"))
    notice = re.search(r"/notices/(\d+)/open", page)[1]
    assert send(client_as(bob), f"/notices/{notice}/open").status_code == 404


@pytest.mark.parametrize("place, address", [
    ({"topic_id": 3}, "/topics/3"), ({"room_id": 4}, "/rooms/4"), ({}, "/boards"), ({"post_id": 5}, "/posts/5"),
])  # fmt: skip
def test_a_notice_leads_to_its_place(site, place, address):
    from forum.models import Notification
    from forum.web.notifications import address_of

    with site.test_request_context():
        assert address_of(Notification(**place)).endswith(address)
