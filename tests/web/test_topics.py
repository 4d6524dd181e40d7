"""Topics as pages: what a browser is answered."""

import pytest

from forum.actions import gestures, topics
from forum.db import db
from forum.models import Post
from forum.queries.topics import posts_of
from tests import factories

URGES = "Honestly, just kys."


def text_of(answer):
    return answer.get_data(as_text=True)


def test_a_topic_is_read(client_as, bob, topic, post):
    page = text_of(client_as(bob).get(f"/topics/{topic.id}"))
    for words in (
        "After a hard phone call",
        "I put the phone down.",
        "I read all of it.",
        "Write to Alice Fern",
    ):
        assert words in page


def test_a_reply_leads_to_itself(client_as, send, bob, topic):
    answer = send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "I read this.", "key": "k"})
    post = db.session.scalars(db.select(Post).where(Post.number == 2)).one()
    assert answer.status_code == 303
    assert answer.location.endswith(f"/topics/{topic.id}#post-{post.id}")
    again = send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "I read this.", "key": "k"})
    assert again.location == answer.location


def test_the_same_key_for_other_words_gets_a_fresh_one(client_as, send, bob, topic):
    send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "I read this.", "key": "k"})
    answer = send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "And more.", "key": "k"})
    assert answer.status_code == 409
    assert "And more." in text_of(answer)
    assert 'name="key" value="k"' not in text_of(answer)


@pytest.mark.parametrize("body", ["", "   ", "x" * 20_001])
def test_a_refused_reply_comes_back_with_its_words(client_as, send, bob, topic, body):
    answer = send(client_as(bob), f"/topics/{topic.id}/replies", {"body": body})
    assert answer.status_code == 422
    assert body.strip() in text_of(answer)
    assert 'aria-invalid="true"' in text_of(answer)


def test_words_survive_a_lock(client_as, send, bob, mo, topic):
    topics.lock_topic(mo, topic)
    answer = send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "Too late, but here."})
    assert answer.status_code == 403
    assert "Too late, but here." in text_of(answer)
    assert "A moderator has closed this topic" in text_of(client_as(bob).get(f"/topics/{topic.id}"))


def test_a_preview_writes_nothing(client_as, send, bob, topic):
    answer = send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "*Softly*", "preview": "1"})
    assert "<em>Softly</em>" in text_of(answer)
    assert "*Softly*</textarea>" in text_of(answer)
    assert db.session.query(Post).count() == 1


def test_a_quote_begins_the_answer(client_as, send, charlie, topic, post):
    page = text_of(client_as(charlie).get(f"/topics/{topic.id}?quote={post.id}"))
    assert "&gt; I read all of it." in page
    send(client_as(charlie), f"/topics/{topic.id}/replies", {"body": "> x\n\nYes.", "quotes_id": post.id})
    assert db.session.scalars(db.select(Post).where(Post.number == 3)).one().quotes_id == post.id
    assert client_as(charlie).get(f"/topics/{topic.id}?quote=999").status_code == 404


def test_heavy_words_are_answered_with_help(client_as, send, bob, topic):
    answer = send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "I want to kill myself."})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Your words are posted" in page
    assert "116 123" in page
    post = db.session.scalars(db.select(Post).where(Post.number == 2)).one()
    assert f"#post-{post.id}" in page


def test_a_hold_says_why_and_lets_one_change_it(client_as, send, bob, topic):
    client = client_as(bob)
    page = text_of(send(client, f"/topics/{topic.id}/replies", {"body": URGES}))
    assert "Your post is waiting for a moderator" in page
    assert URGES in page
    post = db.session.scalars(db.select(Post).where(Post.number.is_(None))).one()
    assert "Why it waits" in text_of(client.get(f"/posts/{post.id}/edit"))
    assert "waiting for a moderator" in text_of(client.get(f"/topics/{topic.id}"))
    assert "How it will look" in text_of(
        send(client, f"/posts/{post.id}/edit", {"body": "Softer.", "preview": "1"})
    )
    answer = send(client, f"/posts/{post.id}/edit", {"body": "That sounds hard."})
    assert answer.location.endswith(f"#post-{post.id}")


def test_private_details_come_back_with_two_choices(client_as, send, bob, topic):
    client, body = client_as(bob), "Write to me at river@example.org please."
    answer = send(client, f"/topics/{topic.id}/replies", {"body": body})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Change my words" in page
    assert 'name="mask" value="1"' in page
    assert send(client, f"/topics/{topic.id}/replies", {"body": body, "mask": "1"}).status_code == 303
    assert "river@example.org" not in text_of(client.get(f"/topics/{topic.id}"))


def test_words_are_changed(client_as, send, bob, post):
    client = client_as(bob)
    page = text_of(client.get(f"/posts/{post.id}/edit"))
    version = page.split('name="edited_at" value="')[1].split('"')[0]
    answer = send(client, f"/posts/{post.id}/edit", {"body": "I read it twice.", "edited_at": version})
    assert answer.status_code == 303
    stale = send(client, f"/posts/{post.id}/edit", {"body": "My other version.", "edited_at": version})
    assert stale.status_code == 412
    assert "I read it twice." in text_of(stale)
    assert "My other version." in text_of(stale)
    newer = text_of(stale).split('name="edited_at" value="')[1].split('"')[0]
    assert send(client, f"/posts/{post.id}/edit", {"body": "Mine.", "edited_at": newer}).status_code == 303


def test_nobody_else_is_shown_the_form(client_as, alice, guest, post):
    assert client_as(alice).get(f"/posts/{post.id}/edit").status_code == 403
    assert client_as(guest).get(f"/posts/{post.id}/edit").status_code == 404


def test_words_are_taken_back(client_as, send, alice, bob, topic, post):
    answer = send(client_as(bob), f"/posts/{post.id}/delete")
    assert answer.location.endswith(f"/topics/{topic.id}")
    assert "Its author took it back, which is always all right." in text_of(
        client_as(alice).get(f"/topics/{topic.id}")
    )
    first = db.session.scalars(db.select(Post).where(Post.number == 1)).one()
    assert send(client_as(alice), f"/posts/{first.id}/delete").location.endswith(f"/boards/{topic.board_id}")


def test_gestures_are_given_by_a_plain_form(client_as, send, bob, charlie, alice, topic, post):
    client = client_as(charlie)
    assert send(client, f"/posts/{post.id}/gestures", {"kind": "with"}).status_code == 303
    assert 'value="with" class="response" aria-pressed="true"' in text_of(client.get(f"/topics/{topic.id}"))
    assert "Charlie Moss, with you" in text_of(client_as(bob).get(f"/topics/{topic.id}"))
    page = text_of(client_as(alice).get(f"/topics/{topic.id}"))
    assert "Charlie Moss" not in page
    assert "Someone is sitting with this" in page
    assert send(client, f"/posts/{post.id}/gestures", {"kind": "applause"}).status_code == 422


def test_several_are_not_counted(client_as, alice, mo, charlie, topic, post):
    for actor in (mo, charlie):
        gestures.gesture(actor, post, kind="read")
    assert "Several people are sitting with this" in text_of(client_as(alice).get(f"/topics/{topic.id}"))


def test_a_witness_topic_has_no_composer(client_as, alice, bob, board):
    topic = factories.make_topic(alice, board, intent="witness")
    page = text_of(client_as(bob).get(f"/topics/{topic.id}"))
    assert "No replies are asked for here." in page
    assert 'id="reply"' not in page
    assert "With you" in page


def test_a_post_is_an_address(client_as, bob, topic, post):
    answer = client_as(bob).get(f"/posts/{post.id}")
    assert answer.location.endswith(f"/topics/{topic.id}#post-{post.id}")


def test_a_long_topic_has_pages_and_leads_to_what_is_new(client_as, send, alice, bob, topic):
    for number in range(2, 48):
        db.session.add(
            Post(
                topic_id=topic.id,
                number=number,
                author_id=bob.id,
                persona_id=bob.byline.id,
                source="x",
                html=f"<p>w{number}.</p>",
            )
        )
    topic.last_number = 47
    db.session.commit()
    client = client_as(alice)
    page = text_of(client.get(f"/topics/{topic.id}?page=2"))
    assert "w21." in page
    assert "w20." not in page
    assert "Page 2 of 3" in page
    assert send(client, f"/topics/{topic.id}/read", {"number": 24, "page": 2}).location.endswith("page=2")
    page = text_of(client.get(f"/topics/{topic.id}?page=2"))
    assert 'id="new"' in page
    assert f"/topics/{topic.id}?page=2#new" in page
    last = db.session.scalars(db.select(Post).where(Post.number == 47)).one()
    assert client.get(f"/posts/{last.id}").location.endswith(f"/topics/{topic.id}?page=3#post-{last.id}")
    assert client.get(f"/topics/{topic.id}/newest").json == {"number": 47}


def test_skip_to_what_helped(client_as, alice, bob, topic):
    helped = factories.make_post(bob, topic, ":::helped\nCold water.\n:::")
    page = text_of(client_as(alice).get(f"/topics/{topic.id}"))
    assert f'href="#post-{helped.id}">Skip to what helped' in page


def test_moderators_look_after_a_topic(client_as, send, mo, bob, topic, post):
    client, other = client_as(mo), factories.make_board("The quiet corner")
    for url, data in [
        (f"/topics/{topic.id}/lock", {"on": "1"}),
        (f"/topics/{topic.id}/lock", {"on": "0"}),
        (f"/topics/{topic.id}/pin", {"on": "1"}),
        (f"/topics/{topic.id}/pin", {"on": "0"}),
        (f"/topics/{topic.id}/notes", {"kinds": ["loss"]}),
        (f"/topics/{topic.id}/move", {"board": other.id}),
        (f"/posts/{post.id}/hide", {}),
        (f"/posts/{post.id}/show", {}),
        (f"/posts/{post.id}/release", {}),
    ]:
        assert send(client, url, data).status_code == 303, url
        assert send(client_as(bob), url, data).status_code == 403, url
    for url in (f"/topics/{topic.id}/move", f"/topics/{topic.id}/notes"):
        assert client.get(url).status_code == 200
        assert client_as(bob).get(url).status_code == 403
    db.session.expire_all()
    assert topic.board_id == other.id
    assert topic.note_kinds == ["loss"]


def test_what_is_hidden_reads_so_to_each(client_as, alice, bob, mo, topic, post):
    topics.hide_post(mo, post)
    assert "A moderator has hidden it." in text_of(client_as(alice).get(f"/topics/{topic.id}"))
    page = text_of(client_as(bob).get(f"/topics/{topic.id}"))
    assert "I read all of it." in page
    assert "Hidden by a moderator." in page
    assert "Show again" in text_of(client_as(mo).get(f"/topics/{topic.id}"))
    assert client_as(alice).get(f"/posts/{post.id}").status_code == 404


def test_what_one_does_not_see_is_not_there(client_as, send, guest, topic, post):
    client = client_as(guest)
    for url in (f"/topics/{topic.id}", f"/posts/{post.id}", "/topics/999", "/posts/999"):
        assert client.get(url).status_code == 404
    assert send(client, f"/topics/{topic.id}/replies", {"body": "Hello."}).status_code == 404


def test_a_first_post_is_changed_together_with_its_title(alice, topic, client_as, send):
    client = client_as(alice)
    first = posts_of(alice, topic).lines[0].post
    page = text_of(client.get(f"/posts/{first.id}/edit"))
    assert f'name="title" maxlength="120" value="{topic.title}"' in page
    refused = send(client, f"/posts/{first.id}/edit", {"body": "Kept words.", "title": "", "gist": "kept"})
    assert refused.status_code == 422
    assert "Kept words." in text_of(refused)
    assert 'id="title-problem"' in text_of(refused)
    send(client, f"/posts/{first.id}/edit", {"body": "Words.", "title": "Another title", "gist": ""})
    assert "Another title" in text_of(client.get(f"/topics/{topic.id}"))


def test_a_reply_has_no_title_to_change(bob, post, client_as):
    assert 'name="title"' not in text_of(client_as(bob).get(f"/posts/{post.id}/edit"))
