"""The pages on which moderators take topics apart, join them, plan them and say how a board is kept; and the print."""

from datetime import timedelta

import pytest

from forum.actions.places import change_board_settings
from forum.actions.topics import delete_post
from forum.db import db, now
from forum.models import Gesture, Planned, Post, Topic
from forum.queries import topics as reading
from tests import factories


def html(answer):
    return answer.get_data(as_text=True)


def test_split_leads_both_ways(mo, topic, post, client_as, send):
    client = client_as(mo)
    assert "Give replies their own topic" in html(client.get(f"/topics/{topic.id}"))
    answer = send(client, f"/topics/{topic.id}/split", {"number": "2", "title": "On its own", "key": "k"})
    new = db.session.query(Topic).filter_by(split_from_id=topic.id).one()
    assert answer.location == f"/topics/{new.id}"
    assert "On its own" in html(client.get(f"/topics/{topic.id}"))
    assert "Began in" in html(client.get(f"/topics/{new.id}"))
    assert client.get(f"/posts/{post.id}").location == f"/topics/{new.id}#post-{post.id}"


def test_a_split_that_cannot_be_says_why_and_keeps_the_title(mo, topic, post, client_as, send):
    answer = send(client_as(mo), f"/topics/{topic.id}/split", {"number": "9", "title": "Kept title"})
    assert answer.status_code == 422
    assert "Kept title" in html(answer)


@pytest.mark.parametrize("address", ["http://localhost/topics/{}?page=1", "/topics/{}#post-3", " {} "])
def test_join_by_address_and_old_links_lead_on(mo, alice, topic, post, client_as, send, address):
    into = factories.make_topic(mo, topic.board, "The other")
    answer = send(client_as(mo), f"/topics/{topic.id}/merge", {"into": address.format(into.id)})
    assert answer.location == f"/topics/{into.id}"
    reader = client_as(alice)
    assert reader.get(f"/topics/{topic.id}").location == f"/topics/{into.id}"
    assert reader.get(f"/posts/{post.id}").location == f"/topics/{into.id}#post-{post.id}"
    answer = send(reader, f"/topics/{topic.id}/replies", {"body": "begun before", "key": "k"})
    assert f"/topics/{into.id}#post-" in answer.location


@pytest.mark.parametrize("into", ["", "999999", "x", "9" * 40, "self"])
def test_an_address_that_names_no_other_topic_is_asked_about(mo, topic, client_as, send, into):
    into = str(topic.id) if into == "self" else into
    answer = send(client_as(mo), f"/topics/{topic.id}/merge", {"into": into})
    assert answer.status_code == 422


def test_a_board_s_rules_and_template_are_where_people_write(mo, bob, topic, client_as, send):
    form = {
        "rules": "Softly here.",
        "template": "What happened:",
        "closes_after_days": "",
        "settings_version": "1",
    }
    board = topic.board_id
    assert send(client_as(mo), f"/house/boards/{board}/settings", form).status_code == 303
    reader = client_as(bob)
    assert "Softly here." in html(reader.get(f"/topics/{topic.id}"))
    new = html(reader.get(f"/boards/{board}/topics/new"))
    assert "Softly here." in new
    assert "What happened:</textarea>" in new
    again = send(client_as(mo), f"/house/boards/{board}/settings", form | {"rules": "Other."})
    assert again.status_code == 412
    assert "Softly here." in html(again)
    assert "Other." in html(again)


def test_first_posts_that_wait_say_that_nothing_is_wrong_with_them(mo, bob, board, client_as, send):
    change_board_settings(mo, board, holds_new_members=True)
    form = {"title": "A", "intent": "listen", "body": "I am new.", "key": "k"}
    page = html(send(client_as(bob), f"/boards/{board.id}/topics", form))
    assert "It has nothing to do with what you wrote" in page
    assert "touches an agreement" not in page


def test_a_planned_topic_is_written_changed_and_taken_back(mo, board, client_as, send):
    client, url = client_as(mo), f"/boards/{board.id}/planned"
    at = f"{now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    form = {"title": "A circle", "intent": "listen", "body": "On Sunday.", "publish_at": at, "key": "k"}
    assert send(client, url, form).status_code == 303
    one = db.session.query(Planned).one()
    assert at in html(client.get(f"/planned/{one.id}"))
    changed = form | {"title": "Another circle", "version": "1"}
    assert send(client, f"/planned/{one.id}", changed).status_code == 303
    assert "Another circle" in html(client.get(url))
    assert send(client, url, form | {"publish_at": "soon", "key": "l"}).status_code == 422
    assert send(client, f"/planned/{one.id}/drop").status_code == 303
    assert "Another circle" not in html(client.get(url))


def test_a_planned_topic_is_timed_as_its_writer_reads_times(mo, board, client_as, send):
    mo.timezone = "Asia/Tokyo"
    db.session.commit()
    client, at = client_as(mo), f"{now() + timedelta(days=2):%Y-%m-%d}T20:00"
    form = {"title": "A circle", "intent": "listen", "body": "On Sunday.", "publish_at": at, "key": "k"}
    send(client, f"/boards/{board.id}/planned", form)
    one = db.session.query(Planned).one()
    assert one.publish_at.hour == 11
    page = html(client.get(f"/planned/{one.id}"))
    assert at in page
    assert "In the time of Tokyo" in page


# Print


def test_all_posts_stand_on_one_page_without_gestures_and_ways_on(alice, bob, topic, post, client_as):
    factories.saved(Gesture(post_id=post.id, user_id=alice.id, persona_id=alice.byline.id, kind="with"))
    gone = factories.make_post(bob, topic, "Gone by then.")
    delete_post(bob, gone)
    page = html(client_as(bob).get(f"/topics/{topic.id}/print"))
    main = page.split("<main")[1].split("</main>")[0]
    assert "I put the phone down." in main
    assert "I read all of it." in main
    assert "Gone by then." not in main
    assert "Their author took them back" in main
    assert "With you" not in main
    assert "with you" not in main
    assert 'aria-label="Main"' not in page


def test_folded_passages_stay_folded_and_what_is_not_wanted_is_asked_about(alice, bob, board, client_as):
    from forum.actions.accounts import change_settings

    topic = factories.make_topic(bob, board, kinds=["loss"], body="Open.\n:::mentions loss\nFolded.\n:::")
    shown = html(client_as(alice).get(f"/topics/{topic.id}/print"))
    assert '<details class="veil" data-kind="loss">' in shown
    change_settings(alice, country="GB", shows_presence=False, choices={"loss": "hide"})
    assert "Open." not in html(client_as(alice).get(f"/topics/{topic.id}/print"))
    shown = html(client_as(alice).get(f"/topics/{topic.id}/print?show=1"))
    assert "Open." in shown
    assert "Folded." not in shown


def test_a_long_topic_is_printed_in_parts(alice, bob, topic, client_as, monkeypatch):
    monkeypatch.setattr(reading, "POSTS_A_SHEET", 2)
    for number in range(3):
        factories.make_post(bob, topic, f"reply {number}")
    client = client_as(alice)
    first = html(client.get(f"/topics/{topic.id}/print"))
    assert "reply 0" in first
    assert "reply 1" not in first
    assert f"/topics/{topic.id}/print?after=2" in first
    second = html(client.get(f"/topics/{topic.id}/print?after=2"))
    assert "reply 1" in second
    assert "reply 2" in second
    assert "The posts after these" not in second


def test_what_waits_is_not_printed(alice, bob, topic, client_as):
    factories.make_post(bob, topic, "just kill yourself")
    assert "kill" not in html(client_as(bob).get(f"/topics/{topic.id}/print"))
    assert db.session.query(Post).filter_by(number=None).count() == 1
