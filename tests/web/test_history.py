"""How a post changed, as a page."""

import pytest

from forum.actions.accounts import change_settings
from forum.actions.topics import edit_post
from forum.db import db
from forum.models import Revision
from tests import factories


@pytest.fixture
def changed(bob, post):
    edit_post(bob, post, body="I read some of it.")
    return post


def html(answer):
    return answer.get_data(as_text=True)


def test_a_reader_finds_how_it_changed(alice, changed, client_as):
    client = client_as(alice)
    assert f"/posts/{changed.id}/history" in html(client.get(f"/topics/{changed.topic_id}"))
    shown = html(client.get(f"/posts/{changed.id}/history"))
    assert '<ins><span class="hush">added: </span>some</ins>' in shown
    assert '<del><span class="hush">taken out: </span>all</del>' in shown
    assert "Hide it from readers" not in shown
    first = html(client.get(f"/posts/{changed.id}/history?version=1"))
    assert "I read all of it." in first
    assert "<ins>" not in first.split("All versions")[0].split("words added")[0]


def test_a_moderator_hides_one_and_shows_it_again(alice, mo, changed, client_as, send):
    one = db.session.query(Revision).one()
    client = client_as(mo)
    assert "Hide it from readers" in html(client.get(f"/posts/{changed.id}/history"))
    assert send(client, f"/revisions/{one.id}/hide").status_code == 303
    assert "<del>" not in html(client_as(alice).get(f"/posts/{changed.id}/history"))
    assert send(client, f"/revisions/{one.id}/show").status_code == 303
    assert "<del>" in html(client_as(alice).get(f"/posts/{changed.id}/history"))


def test_a_reader_who_asked_not_to_meet_it_is_asked_first(alice, bob, board, client_as):
    topic = factories.make_topic(bob, board, kinds=["loss"], body="Hard words.")
    post = (
        db.session.query(type(factories.make_post(bob, topic))).filter_by(topic_id=topic.id, number=1).one()
    )
    edit_post(bob, post, body="Hard words, softer.")
    change_settings(alice, country="GB", shows_presence=False, choices={"loss": "hide"})
    client = client_as(alice)
    assert "softer" not in html(client.get(f"/posts/{post.id}/history"))
    assert "softer" in html(client.get(f"/posts/{post.id}/history?show=1"))
