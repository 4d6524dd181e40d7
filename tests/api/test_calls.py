"""Keys, scopes, versions, keys of deeds and cursors: what every call has in common."""

from datetime import timedelta

import pytest
import time_machine

from forum.actions import accounts, sessions, tokens
from forum.db import db, now
from forum.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from forum.models import NOTE_KINDS, Case, Decision, Post, Report, Token, TokenScope
from forum.queries.accounts import token_for
from tests import factories
from tests.conftest import token_of
from tests.talking import apart

WRITE = {"body": "I read all of it."}
KIND = next(iter(NOTE_KINDS))


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def made(user, *scopes, days=7):
    return tokens.make_token(user, name="a small program", scopes=scopes or tuple(TokenScope), days=days)


# Keys


def test_a_key_is_shown_once_and_kept_as_a_digest(alice):
    token, secret = made(alice)
    assert secret.startswith("hth_")
    assert secret not in str(vars(token))
    assert token.expires_at > now() + timedelta(days=6)


@pytest.mark.parametrize(
    "wrong", [{"scopes": ()}, {"scopes": ("everything",)}, {"days": 8}, {"days": None}, {"name": " "}]
)
def test_a_key_needs_a_name_something_to_open_and_an_end(alice, wrong):
    with pytest.raises(Invalid):
        tokens.make_token(alice, **({"name": "x", "scopes": ["read:boards"], "days": 7} | wrong))


def test_a_member_has_not_too_many_keys_nor_makes_them_too_fast(alice, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 2)
    made(alice), made(alice)
    with pytest.raises(Conflict):
        made(alice)
    monkeypatch.setattr(tokens, "MOST", 100)
    with pytest.raises(RateLimited):
        for _ in range(11):
            made(alice)


def test_a_program_cannot_make_another_key(alice):
    alice.scopes = frozenset(TokenScope)
    with pytest.raises(Forbidden):
        made(alice)


def test_nobody_ends_the_key_of_another(alice, bob):
    token, secret = made(alice)
    with pytest.raises(NotFound):
        tokens.end_token(bob, token_id=token.id)
    assert token_for(token.digest) is not None


def test_a_key_opens_nothing_once_it_is_over_ended_or_unknown(app, alice):
    client = app.test_client()
    ended, ended_secret = made(alice)
    tokens.end_token(alice, token_id=ended.id)
    over, over_secret = made(alice)
    over.expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    for header in (ended_secret, over_secret, "hth_nothing", ""):
        answer = apart(client.get, "/api/v1/account", headers=bearer(header))
        assert (answer.status_code, answer.json["code"]) == (401, "log_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert apart(client.get, "/api/v1/account", headers={"Authorization": "Basic eDp5"}).status_code == 401


@pytest.mark.parametrize("how", ["password", "everywhere else", "recovery"])
def test_keys_end_with_the_log_ins(ask, alice, how):
    assert ask(alice, "GET", "/account").status_code == 200
    if how == "password":
        accounts.change_password(alice, old=factories.PASSWORD, new="another quiet passphrase")
    elif how == "everywhere else":
        sessions.end_other_sessions(alice, "")
    else:
        codes = accounts.renew_recovery(alice)
        accounts.recover(
            factories.System(), name=alice.name, code=codes[0], password="another quiet passphrase"
        )
    assert db.session.query(Token).count() == 0
    assert ask(alice, "GET", "/account").status_code == 401


def test_a_key_opens_no_page_and_a_cookie_beside_it_does_not_count(app, client_as, alice, bob):
    secret = made(alice)[1]
    assert apart(app.test_client().get, "/settings", headers=bearer(secret)).status_code == 401
    both = apart(client_as(bob).get, "/api/v1/account", headers=bearer(secret))
    assert both.json["by"]["name"] == alice.name
    refused = apart(client_as(bob).get, "/api/v1/account", headers=bearer("hth_wrong"))
    assert refused.status_code == 401


def test_a_cookie_needs_the_token_of_a_page(client_as, alice, topic):
    client = client_as(alice)
    address, key = f"/api/v1/topics/{topic.id}/posts", {"Idempotency-Key": "one"}
    refused = apart(client.post, address, json=WRITE, headers=key)
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    headers = key | {"X-CSRFToken": apart(token_of, client)}
    assert apart(client.post, address, json=WRITE, headers=headers).status_code == 201


def test_that_a_key_is_used_is_noted_now_and_then(app, alice):
    token, secret = made(alice)
    client = app.test_client()
    apart(client.get, "/api/v1/account", headers=bearer(secret))
    db.session.refresh(token)
    first = token.used_at
    apart(client.get, "/api/v1/account", headers=bearer(secret))
    db.session.refresh(token)
    assert token.used_at == first is not None


def test_keys_that_ended_long_ago_are_forgotten(alice):
    made(alice, days=7)
    with time_machine.travel(now() + timedelta(days=40), tick=False):
        tokens.forget_ended_tokens(factories.System(), days=31)
    assert db.session.query(Token).count() == 0
    with pytest.raises(Forbidden):
        tokens.forget_ended_tokens(alice, days=31)


# Scopes


def test_a_key_without_the_scope_is_told_which_one(ask, alice, topic):
    refused = ask(alice, "POST", f"/topics/{topic.id}/posts", WRITE, scopes=(TokenScope.READ_BOARDS,))
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert "write:boards" in refused.json["detail"]
    assert db.session.query(Post).count() == 1


# Doing a thing once


def test_the_same_key_is_one_deed(ask, alice, topic):
    for _ in range(3):
        answer = ask(alice, "POST", f"/topics/{topic.id}/posts", WRITE, headers={"Idempotency-Key": "one"})
        assert answer.status_code == 201
    assert db.session.query(Post).count() == 2


def test_the_same_key_for_other_words_or_another_place_is_refused(ask, alice, topic, board):
    other = factories.make_topic(alice, board, title="Another")
    key = {"Idempotency-Key": "one"}
    ask(alice, "POST", f"/topics/{topic.id}/posts", WRITE, headers=key)
    for path, body in (
        (f"/topics/{topic.id}/posts", {"body": "Other words."}),
        (f"/topics/{other.id}/posts", WRITE),
    ):
        refused = ask(alice, "POST", path, body, headers=key)
        assert (refused.status_code, refused.json["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_a_deed_without_a_fitting_key_is_not_done(ask, alice, topic, key):
    refused = ask(alice, "POST", f"/topics/{topic.id}/posts", WRITE, headers={"Idempotency-Key": key})
    assert refused.status_code == 422
    assert "Idempotency-Key" in refused.json["fields"]


def test_a_report_a_note_a_decision_and_a_second_look_are_done_once(ask, alice, bob, mo, max, ada, post):
    for _ in range(2):
        key = {"Idempotency-Key": "same"}
        report = {"kind": "post", "id": post.id, "reason": "rule"}
        assert ask(alice, "POST", "/reports", report, headers=key).status_code == 201
    case = db.session.query(Case).one()
    decision = {"verb": "hide", "rule": 1, "letter": "It could lead somebody to you."}
    for _ in range(2):
        key = {"Idempotency-Key": "note"}
        noted = ask(mo, "POST", f"/cases/{case.id}/notes", {"words": "Seen."}, headers=key)
        assert len(noted.json["items"]) == 1
    for _ in range(2):
        key = {"Idempotency-Key": "decision"}
        assert ask(mo, "POST", f"/cases/{case.id}/decision", decision, headers=key).status_code == 201
    late = ask(ada, "POST", f"/cases/{case.id}/decision", decision, headers={"Idempotency-Key": "late"})
    assert late.status_code == 409
    assert mo.name in late.json["detail"]
    decided = db.session.query(Decision).one()
    for _ in range(2):
        key = {"Idempotency-Key": "look"}
        looked = ask(bob, "POST", f"/decisions/{decided.id}/second-look", {"words": "Please."}, headers=key)
        assert looked.status_code == 201
    assert (db.session.query(Report).count(), db.session.query(Case).count()) == (1, 2)


# Changing a thing


def test_a_change_needs_the_version_that_was_read(ask, bob, post):
    address, words = f"/posts/{post.id}", {"body": "Other words."}
    read = ask(bob, "GET", address)
    assert ask(bob, "PATCH", address, words).status_code == 428
    changed = ask(bob, "PATCH", address, words, headers={"If-Match": read.headers["ETag"]})
    assert changed.status_code == 200
    stale = ask(bob, "PATCH", address, {"body": "Late."}, headers={"If-Match": read.headers["ETag"]})
    assert (stale.status_code, stale.json["code"]) == (412, "stale")
    assert f'"{stale.json["version"]}"' == stale.headers["ETag"] == changed.headers["ETag"]
    assert ask(bob, "GET", address).json["source"] == "Other words."
    assert ask(bob, "PATCH", address, {"body": "Anyway."}, headers={"If-Match": "*"}).status_code == 200
    two = ask(bob, "PATCH", address, words, headers={"If-Match": '"a", "b"'})
    assert two.status_code == 412


def test_settings_and_mentions_have_versions_too(ask, alice, topic):
    before = ask(alice, "GET", "/account").headers["ETag"]
    body = {"country": "DE", "shows_presence": True, "choices": {KIND: "hide"}}
    changed = ask(alice, "PUT", "/account/settings", body, headers={"If-Match": before})
    assert changed.json["country"] == "DE"
    assert ask(alice, "PUT", "/account/settings", {}, headers={"If-Match": before}).status_code == 412
    seen = ask(alice, "GET", f"/topics/{topic.id}").headers["ETag"]
    path = f"/topics/{topic.id}/mentions"
    noted = ask(alice, "PUT", path, {"mentions": [KIND]}, headers={"If-Match": seen})
    assert noted.json["mentions"] == [KIND]
    assert ask(alice, "PUT", path, {"mentions": []}, headers={"If-Match": seen}).status_code == 412


# What cannot be read


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b'{"body": "\xff"}', 400, "malformed"),
        (b"[" * 10_000, 400, "malformed"),
        (b'{"body": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400, "malformed"),
        (b"null", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b'{"body": 7}', 422, "invalid"),
        (b'{"body": "x", "admin": true}', 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b'{"body": "x", "quotes_id": "1"}', 422, "invalid"),
        (b'{"body": "x", "quotes_id": 99999999999999999999}', 422, "invalid"),
        (b'{"body": "x", "mask": 1}', 422, "invalid"),
        (b'{"body": "' + b"a" * 300_000 + b'"}', 413, "too_large"),
    ],
    ids=range(14),
)
def test_what_is_not_a_fitting_object_is_refused(app, alice, topic, contract, sent, status, code):
    secret = made(alice)[1]
    address = f"/api/v1/topics/{topic.id}/posts"
    headers = bearer(secret) | {"Content-Type": "application/json", "Idempotency-Key": "x"}
    answer = apart(app.test_client().post, address, data=sent, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    contract.check("POST", address, answer)
    assert db.session.query(Post).count() == 1


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_read(app, alice, topic, kind):
    headers = bearer(made(alice)[1]) | {"Content-Type": kind, "Idempotency-Key": "x"}
    address = f"/api/v1/topics/{topic.id}/posts"
    answer = apart(app.test_client().post, address, data=b'{"body": "x"}', headers=headers)
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


def test_an_address_or_a_method_that_is_not_there_is_a_problem_document(app):
    client = app.test_client()
    lost, wrong = client.get("/api/v1/nothing"), client.put("/api/v1/boards")
    assert (lost.status_code, lost.json["code"], lost.mimetype) == (
        404,
        "not_found",
        "application/problem+json",
    )
    assert (wrong.status_code, wrong.json["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["Allow"]


@pytest.mark.parametrize("query", ["before=x", "before=1_x_2", "intent=shout", "page=2"])
def test_a_cursor_or_a_question_that_means_nothing_is_refused(ask, alice, board, query):
    assert ask(alice, "GET", f"/boards/{board.id}/topics?{query}").status_code in (404, 422)
