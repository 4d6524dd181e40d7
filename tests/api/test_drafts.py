"""Drafts for programs, and for the script of our own pages."""

from forum.db import db
from forum.models import Draft


def test_a_draft_is_kept_read_changed_and_let_go(ask, bob, topic):
    path = f"/drafts/reply:{topic.id}"
    first = ask(bob, "PUT", path, {"body": "I stopped"}, headers={"If-Match": '"0"'})
    assert first.status_code == 200
    assert ask(bob, "PUT", path, {"body": "other"}, headers={"If-Match": '"0"'}).status_code == 412
    second = ask(bob, "PUT", path, {"body": "I stopped in"}, headers={"If-Match": first.headers["ETag"]})
    assert ask(bob, "GET", path).json["body"] == "I stopped in"
    assert [one["place"] for one in ask(bob, "GET", "/drafts").json["items"]] == [f"reply:{topic.id}"]
    assert ask(bob, "DELETE", path, headers={"If-Match": second.headers["ETag"]}).status_code == 204
    assert ask(bob, "GET", path).status_code == 404


def test_a_page_keeps_with_its_cookie_and_token(bob, topic, client_as):
    from tests.conftest import token_of

    client = client_as(bob)
    headers = {"X-CSRFToken": token_of(client), "If-Match": '"0"'}
    path = f"/api/v1/drafts/reply:{topic.id}"
    assert client.put(path, json={"body": "words"}, headers={"If-Match": '"0"'}).status_code == 403
    assert client.put(path, json={"body": "words"}, headers=headers).status_code == 200
    assert db.session.query(Draft).one().body == "words"
