"""What a form does with words that are not sent yet."""

import pytest

from forum.actions.drafts import keep_draft
from forum.db import db
from forum.models import Draft, SanctionKind, Scope
from forum.text.cards import link_to
from tests import factories


def kept():
    db.session.expire_all()
    return [(one.place, one.body) for one in db.session.query(Draft).order_by(Draft.id)]


def html(answer):
    return answer.get_data(as_text=True)


def forms(topic, post):
    return {
        "topic": (f"/boards/{topic.board_id}/topics/new", f"/boards/{topic.board_id}/topics"),
        "reply": (f"/topics/{topic.id}", f"/topics/{topic.id}/replies"),
        "edit": (f"/posts/{post.id}/edit", f"/posts/{post.id}/edit"),
    }


@pytest.mark.parametrize("kind", ["topic", "reply", "edit"])
def test_keep_as_a_draft_and_find_it_in_the_form_on_another_device(kind, bob, topic, post, client_as, send):
    page, action = forms(topic, post)[kind]
    answer = send(client_as(bob), action, {"body": "I stopped in the", "keep": "1", "draft": "0"})
    assert answer.status_code == 303
    assert answer.location == "/drafts"
    other = client_as(bob)
    shown = html(other.get(page))
    assert "I stopped in the</textarea>" in shown
    assert "You began this." in shown
    assert "Start anew" in shown
    assert "I stopped in the" in html(other.get("/drafts"))
    draft = db.session.query(Draft).one()
    answer = send(other, f"/drafts/{draft.id}/drop", {"anew": "1"})
    assert answer.location.split("#")[0] == page
    assert kept() == []


@pytest.mark.parametrize("kind", ["topic", "reply", "edit"])
def test_the_words_of_a_refused_form_are_kept_too(kind, bob, topic, post, client_as, send):
    _, action = forms(topic, post)[kind]
    form = {"title": "A", "intent": "listen", "body": "ring 07700 900123", "draft": "0"}
    answer = send(client_as(bob), action, form)
    assert answer.status_code == 422
    assert [body for _, body in kept()] == ["ring 07700 900123"]
    assert 'name="draft" value="1"' in html(answer)


def test_a_card_that_was_chosen_is_kept_along(bob, topic, client_as, send):
    card = factories.make_strategy(bob)
    form = {"body": "It helped me.", "card": str(card.id), "keep": "1", "draft": "0"}
    send(client_as(bob), f"/topics/{topic.id}/replies", form)
    assert kept() == [(f"reply:{topic.id}", f"It helped me.\n\n{link_to(card.id)}")]


def test_what_another_device_kept_is_shown_beside_and_not_written_over(bob, topic, client_as, send):
    keep_draft(bob, topic, body="on the phone")
    form = {"body": "on the desk", "keep": "1", "draft": "0"}
    answer = send(client_as(bob), f"/topics/{topic.id}/replies", form)
    assert answer.status_code == 412
    assert "Kept from another device" in html(answer)
    assert "on the phone" in html(answer)
    assert "on the desk</textarea>" in html(answer)
    assert kept() == [(f"reply:{topic.id}", "on the phone")]
    send(client_as(bob), f"/topics/{topic.id}/replies", form | {"draft": "1"})
    assert kept() == [(f"reply:{topic.id}", "on the desk")]


def test_a_quote_is_added_to_what_was_begun(bob, topic, post, client_as):
    keep_draft(bob, topic, body="I stopped in the")
    shown = html(client_as(bob).get(f"/topics/{topic.id}?quote={post.id}"))
    assert "I stopped in the\n\n&gt; I read all of it." in shown


def test_a_change_begun_from_words_that_changed_since_is_not_sent_over_them(
    bob, topic, post, client_as, send
):
    from forum.actions.topics import edit_post

    keep_draft(bob, post, body="From the phone.", base=post.version)
    edit_post(bob, post, body="Another wording.")
    keep_draft(bob, post, body="From the phone.", base="2026-01-01T00:00:00+00:00")
    shown = html(client_as(bob).get(f"/posts/{post.id}/edit"))
    assert 'name="edited_at" value="2026-01-01T00:00:00+00:00"' in shown


def test_whoever_may_not_write_can_still_keep_words_here(bob, topic, client_as, send):
    factories.sanction(bob, SanctionKind.MUTE, Scope.SITE)
    shown = html(client_as(bob).get(f"/topics/{topic.id}"))
    assert "Keep as a draft" in shown
    assert "Send reply" not in shown
    assert "Keep as a draft" in html(client_as(bob).get(f"/boards/{topic.board_id}/topics/new"))
    send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "For later.", "keep": "1", "draft": "0"})
    assert kept() == [(f"reply:{topic.id}", "For later.")]


def test_nobody_else_meets_a_draft(alice, bob, mo, ada, topic, client_as, send):
    draft = keep_draft(bob, topic, body="Only mine.")
    for other in (alice, mo, ada):
        client = client_as(other)
        for path in (f"/topics/{topic.id}", "/drafts", "/moderation"):
            assert "Only mine." not in html(client.get(path))
        assert client.get(f"/drafts/{draft.id}").status_code == 404
        assert send(client, f"/drafts/{draft.id}/drop").status_code == 404
        assert client.get(f"/api/v1/drafts/{draft.place}").status_code == 404
    assert kept() == [(f"reply:{topic.id}", "Only mine.")]


def test_a_draft_without_its_place_can_still_be_read(alice, bob, mo, topic, client_as):
    from forum.actions.topics import hide_post
    from forum.models import Post

    draft = keep_draft(bob, topic, body="Only mine.")
    hide_post(mo, db.session.query(Post).filter_by(topic_id=topic.id, number=1).one())
    client = client_as(bob)
    assert "Its place is not open to you now" in html(client.get("/drafts"))
    page = html(client.get(f"/drafts/{draft.id}"))
    assert "Only mine." in page
    assert "Go on with it" not in page


def test_markup_in_a_draft_stays_text(bob, topic, client_as):
    keep_draft(bob, topic, body="</textarea><script>alert(1)</script>")
    for path in (f"/topics/{topic.id}", "/drafts"):
        assert "<script>alert(1)" not in html(client_as(bob).get(path))
