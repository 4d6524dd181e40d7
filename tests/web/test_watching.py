"""What reaches a member, what they keep and how they answer, as pages: what a browser is answered."""

import re
from datetime import timedelta

import pytest

from forum.actions import watching
from forum.actions.kindness import mark_landed
from forum.db import db, now
from forum.models import Level
from forum.queries.notifications import has_news
from forum.queries.watching import bookmarks_of, level_on
from tests import factories

ADVICE = "You should call her back."


def text_of(answer):
    return answer.get_data(as_text=True)


def test_a_board_is_watched_from_its_page(client_as, send, bob, board):
    client = client_as(bob)
    answer = send(client, f"/boards/{board.id}/watch", {"level": "all"})
    assert answer.location.endswith(f"/boards/{board.id}")
    assert level_on(bob, board) == Level.ALL
    assert re.search(r'value="all" checked', text_of(client.get(f"/boards/{board.id}")))
    assert board.name in text_of(client.get("/settings/reach"))


def test_a_topic_is_watched_from_its_page(client_as, send, bob, topic):
    client = client_as(bob)
    send(client, f"/topics/{topic.id}/watch", {"level": "none"})
    assert re.search(r'value="none" checked', text_of(client.get(f"/topics/{topic.id}")))


def test_looking_at_the_notices_makes_them_seen(client_as, alice, topic, post):
    client = client_as(alice)
    assert "New to you" in text_of(client.get("/notices"))
    assert not has_news(alice)


def test_looking_at_the_place_makes_its_notices_seen(client_as, alice, topic, post):
    client_as(alice).get(f"/topics/{topic.id}")
    assert not has_news(alice)


def test_what_is_asked_of_somebody_is_not_seen_by_looking_at_the_words(client_as, mo, bob, topic, post):
    from forum.actions.strategies import ask_for_strategy

    ask_for_strategy(mo, post)
    client_as(bob).get(f"/topics/{topic.id}")
    assert has_news(bob)


def test_what_stands_on_a_later_page_is_not_seen_yet(client_as, alice, bob, topic):
    watching.watch_topic(alice, topic, level="mentions")
    for _ in range(19):
        factories.make_post(bob, topic)
    factories.make_post(bob, topic, "@Alice Fern, here.")
    client = client_as(alice)
    client.get(f"/topics/{topic.id}")
    assert has_news(alice)
    client.get(f"/topics/{topic.id}?page=2")
    assert not has_news(alice)


def test_notices_stand_under_their_day(client_as, alice, topic, post):
    assert ">Today</h2>" in text_of(client_as(alice).get("/notices"))


def test_wishes_are_kept_and_refused_in_the_form(client_as, send, bob):
    client = client_as(bob)
    wishes = {"level": "all", "quiet_from": "22:00", "quiet_until": "07:00",
              "gives_kind_words": "1", "kind_words_a_day": "2"}  # fmt: skip
    assert send(client, "/settings/reach", wishes).status_code == 303
    page = text_of(client.get("/settings/reach"))
    for kept in ('value="22:00"', 'value="07:00"', 'value="2"'):
        assert kept in page
    refused = send(client, "/settings/reach", wishes | {"quiet_from": "late"})
    assert refused.status_code == 422
    assert 'value="late"' in text_of(refused)
    assert re.search(r'name="gives_kind_words" value="1" checked', text_of(refused))


def test_the_address_of_a_feed_is_shown_once_and_opens_it(client_as, send, app, bob, topic):
    client = client_as(bob)
    watching.watch_topic(bob, topic, level="all")
    page = text_of(send(client, "/settings/feed"))
    (path,) = re.findall(re.escape(app.extensions["hearth"].base_url) + r"(/feeds/[\w-]+)<", page)
    feed = text_of(app.test_client().get(path, headers={"Host": "elsewhere.example"}))
    assert topic.title in feed
    assert "elsewhere" not in feed
    assert "/feeds/" not in text_of(client.get("/settings/reach"))
    send(client, "/settings/feed/end")
    assert app.test_client().get(path).status_code == 404


def test_names_are_offered_as_they_are_written(client_as, bob, alice, topic):
    answer = client_as(bob).get(f"/topics/{topic.id}/names?q=al")
    assert [(one["name"], one["written"]) for one in answer.json["items"]] == [("Alice Fern", "@Alice Fern")]
    assert client_as(bob).get(f"/boards/{topic.board_id}/names?q=a").json == {"items": []}


def test_a_post_is_kept_from_its_menu_and_let_go_from_the_list(client_as, send, bob, topic, post):
    client = client_as(bob)
    assert "post-" in send(client, f"/posts/{post.id}/bookmark").location
    assert "No longer keep this" in text_of(client.get(f"/topics/{topic.id}"))
    send(client, f"/posts/{post.id}/bookmark", {"note": "for a hard evening", "listed": "1"})
    assert "for a hard evening" in text_of(client.get("/bookmarks"))
    answer = send(client, f"/posts/{post.id}/bookmark/end", {"listed": "1"})
    assert answer.location.endswith("/bookmarks")
    assert bookmarks_of(bob).kept == []


def test_advice_comes_back_with_one_thought_and_two_ways_on(client_as, send, bob, topic):
    client = client_as(bob)
    asked = send(client, f"/topics/{topic.id}/replies", {"body": ADVICE, "key": "k"})
    assert asked.status_code == 422
    page = text_of(asked)
    assert "A thought before you send" in page
    assert ADVICE in page
    assert 'name="sure" value="1"' in page
    sent = send(client, f"/topics/{topic.id}/replies", {"body": ADVICE, "key": "k", "sure": "1"})
    assert sent.status_code == 303


@pytest.mark.parametrize(
    "intent, words", [("listen", "I read this, and"), ("ideas", "What helped me, a little")]
)
def test_a_starter_is_a_link_that_puts_its_words_into_the_box(intent, words, client_as, alice, bob, board):
    topic = factories.make_topic(alice, board, intent=intent)
    client = client_as(bob)
    assert words in text_of(client.get(f"/topics/{topic.id}"))
    assert re.search(
        rf"<textarea[^>]*>{words} </textarea>", text_of(client.get(f"/topics/{topic.id}?begin=0"))
    )
    assert client.get(f"/topics/{topic.id}?begin=9").status_code == 200


def test_the_list_of_what_waits_says_whether_it_is_on(client_as, bob, topic):
    client = client_as(bob)
    assert "This list is off" in text_of(client.get("/kind-words"))
    watching.change_reach(bob, gives_kind_words=True)
    assert "Nothing is waiting for you just now" in text_of(client.get("/kind-words"))


def test_what_landed_has_a_quiet_mark_without_a_count(client_as, send, alice, bob, charlie, topic, post):
    send(client_as(alice), f"/posts/{post.id}/landed", {"on": "1"})
    assert "This landed</span>" in text_of(client_as(charlie).get(f"/topics/{topic.id}"))
    assert "landed with Alice Fern" in text_of(client_as(bob).get("/notices"))
    send(client_as(alice), f"/posts/{post.id}/landed", {"on": "0"})
    assert "This landed</span>" not in text_of(client_as(charlie).get(f"/topics/{topic.id}"))


def test_how_long_first_answers_take_names_nobody(client_as, ada, alice, bob, topic, post):
    mark_landed(alice, post)
    page = text_of(client_as(ada).get("/house/first-replies"))
    assert topic.board.name in page
    for name in ("Alice Fern", "Bob Heron", topic.title):
        assert name not in page


def test_home_offers_what_waits_to_those_who_asked_for_it(client_as, alice, bob, board):
    topic = factories.make_topic(alice, board, "A long evening")
    topic.created_at = now() - timedelta(hours=2)
    db.session.commit()
    client = client_as(bob)
    assert topic.title not in text_of(client.get("/boards"))
    watching.change_reach(bob, gives_kind_words=True)
    assert topic.title in text_of(client.get("/boards"))
