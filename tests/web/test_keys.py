"""Keys for programs, in the settings."""

from forum.actions import tokens
from forum.db import db
from forum.models import Token
from forum.queries.accounts import digest_of, token_for


def make(send, client, **more):
    form = {"token_name": "The evening letter", "scopes": ["read:boards"], "days": "30"} | more
    return send(client, "/settings/keys", form)


def test_a_key_is_shown_once_and_listed_by_its_name(client_as, send, alice):
    client = client_as(alice)
    page = make(send, client).get_data(as_text=True)
    secret = page.split('aria-label="The key">')[1].split("<")[0]
    assert token_for(digest_of(secret)).user == alice
    settings = client.get("/settings").get_data(as_text=True)
    assert "The evening letter" in settings
    assert secret not in settings


def test_what_is_missing_is_said_where_it_is_and_the_rest_is_kept(client_as, send, alice):
    refused = make(send, client_as(alice), scopes=[])
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "at least one thing" in page
    assert 'value="The evening letter"' in page
    assert db.session.query(Token).count() == 0


def test_a_key_is_ended_by_its_member_alone(client_as, send, alice, bob):
    token, _ = tokens.make_token(alice, name="x", scopes=["reports"], days=7)
    assert send(client_as(bob), f"/settings/keys/{token.id}/end").status_code == 404
    assert send(client_as(alice), f"/settings/keys/{token.id}/end").status_code == 303
    assert db.session.query(Token).count() == 0
