"""What goes around every answer: headers, ids, logs that know no words."""

import dataclasses
import json
import logging

import pytest
from flask import request
from structlog.stdlib import ProcessorFormatter

from forum import create_app, limits
from forum.db import db
from forum.marks import public
from forum.models import Guest
from tests.conftest import token_of
from tests.factories import PASSWORD


@pytest.mark.parametrize(
    "path", ["/", "/help", "/boards", "/nowhere", "/static/css/base.css", "/api/v1/rooms/1/messages"]
)
def test_every_answer_carries_the_one_list_of_headers(app, path):
    with app.test_client().get(path) as answer:
        headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self'",
        "object-src": "'none'",
        "connect-src": "'self' ws://localhost:5000",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "hearth",
    }
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in headers["X-Robots-Tag"]
    assert len(headers["X-Request-Id"]) == 16
    assert "Strict-Transport-Security" not in headers


def test_private_pages_leave_no_copy_and_styles_may(client_as, alice):
    client = client_as(alice)
    assert client.get("/settings").headers["Cache-Control"] == "no-store"
    with client.get("/static/css/base.css") as style:
        assert "no-store" not in style.headers.get("Cache-Control", "")


def test_https_turns_on_strict_transport_and_secure_cookies(settings):
    site = create_app(dataclasses.replace(settings, base_url="https://hearth.example"))
    answer = site.test_client().get("/help", base_url="https://hearth.example")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "wss://hearth.example" in answer.headers["Content-Security-Policy"]
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert cookie.startswith("__Host-hearth=")
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_every_cookie_of_an_https_site_is_of_this_host_alone_and_leaves_with_leaving(settings):
    site = create_app(dataclasses.replace(settings, base_url="https://hearth.example"))
    site.config["WTF_CSRF_ENABLED"] = False
    browser, at_home = site.test_client(), {"base_url": "https://hearth.example"}
    kept = browser.post("/theme", data={"theme": "dark", "next": "/help"}, **at_home).headers["Set-Cookie"]
    assert kept.startswith("__Host-theme=dark;")
    assert all(part in kept for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert 'data-theme="dark"' in browser.get("/help", **at_home).text
    gone = browser.get("/leave", **at_home).headers.getlist("Set-Cookie")
    assert any(one.startswith("__Host-theme=;") and "Secure" in one for one in gone)


def test_who_asks_is_what_our_proxy_says_and_nothing_that_a_visitor_adds(settings):
    site = create_app(dataclasses.replace(settings, proxies=1))

    @site.get("/seen")
    @public("made for this test")
    def seen() -> list[str]:
        return [request.remote_addr or "", request.host, request.scheme]

    claimed = {
        "X-Forwarded-For": "9.9.9.9, 192.0.2.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "hearth.example",
        "X-Forwarded-Port": "99",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "9.9.9.9",
    }
    answer = site.test_client().get("/seen", headers=claimed)
    assert answer.json == ["192.0.2.7", "hearth.example", "https"]


def test_a_request_is_never_told_back(app):
    answer = app.test_client().open("/help", method="TRACE", headers={"X-Told": "something private"})
    assert answer.status_code == 405
    assert "something private" not in answer.get_data(as_text=True)


def test_no_other_site_may_read_an_answer(app):
    for path in ("/help", "/api/v1/openapi.json", "/static/css/base.css"):
        with app.test_client().get(path, headers={"Origin": "https://evil.example"}) as answer:
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_folder_is_not_listed(app):
    for path in ("/static/", "/static/js/", "/static/../forum/config.py", "/.git/config"):
        assert app.test_client().get(path).status_code == 404


def test_robots_are_sent_away(app):
    assert app.test_client().get("/robots.txt").get_data(as_text=True) == "User-agent: *\nDisallow: /\n"


def test_ready_while_the_database_answers(app):
    assert app.test_client().get("/readyz").status_code == 200
    assert app.test_client().get("/healthz").get_data(as_text=True) == "ok"


def test_logs_hold_no_words_names_or_addresses(client_as, send, alice, topic, caplog):
    caplog.set_level(logging.INFO)
    client = client_as(alice)
    send(client, f"/topics/{topic.id}/replies", {"body": "what nobody else may read"})
    client.get("/boards?before=what-was-searched")
    client.post("/sign-in", data={"name": alice.name, "password": "a secret", "csrf_token": token_of(client)})
    told = json.dumps([record.getMessage() for record in caplog.records])
    assert "topics.reply" in told
    for private in ("nobody else", "searched", alice.name, "a secret"):
        assert private not in told


def lines_of(caplog) -> list[dict]:
    """What was logged, as the handler of this process writes it."""
    [formatter] = [
        one.formatter for one in logging.getLogger().handlers if isinstance(one.formatter, ProcessorFormatter)
    ]
    return [json.loads(formatter.format(record)) for record in caplog.records if isinstance(record.msg, dict)]


def test_signing_in_and_out_is_logged_by_number_and_kind_and_so_is_what_was_refused(
    client_as, send, alice, caplog
):
    caplog.set_level(logging.INFO)
    browser = client_as(Guest())
    send(browser, "/sign-in", {"name": alice.name, "password": "not hers"})
    send(browser, "/sign-in", {"name": alice.name, "password": PASSWORD})
    browser.get("/moderation")
    browser.get("/boards")
    send(browser, "/sign-out")
    told = lines_of(caplog)
    events = [
        (one["event"], one["member"], one.get("by")) for one in told if one["logger"] == "forum.signing"
    ]
    assert events == [("signed in", alice.id, "passphrase"), ("signed out", alice.id, None)]
    answered = [
        (one["route"], one["status"], one.get("member")) for one in told if one["event"] == "answered"
    ]
    assert ("accounts.begin", 422, None) in answered
    assert ("boards.index", 200, None) in answered
    assert [whose for _, status, whose in answered if status in (403, 404)] == [alice.id]
    assert all(one["timestamp"].endswith("Z") and len(one["request_id"]) == 16 for one in told)


def test_what_somebody_sends_makes_no_line_of_its_own(app, caplog):
    caplog.set_level(logging.INFO)
    app.test_client().get(
        '/%0a{"event":"signed in"}', headers={"User-Agent": "x\\n{}", "X-Request-Id": "forged"}
    )
    [line] = [one for one in lines_of(caplog) if one["event"] == "answered"]
    assert line["route"] is None
    assert line["request_id"] != "forged"


def test_an_error_nobody_foresaw_is_told_without_its_message(app, caplog):
    def breaks() -> str:
        raise ValueError("what somebody wrote")

    view = app.view_functions["pages.healthz"]
    app.view_functions["pages.healthz"] = breaks
    try:
        answer = app.test_client().get("/healthz")
    finally:
        app.view_functions["pages.healthz"] = view
    assert answer.status_code == 500
    lines = [json.dumps(one) for one in lines_of(caplog)]
    assert any("ValueError" in line and "breaks" in line for line in lines)
    assert not any("what somebody wrote" in line for line in lines)
    assert "what somebody wrote" not in answer.get_data(as_text=True)


def test_no_page_breaks_while_redis_is_down(app, settings):
    """The limits of the edge and those of the actions: each process counts for itself then, and still counts."""
    house = create_app(dataclasses.replace(settings, env="development", redis_url="redis://127.0.0.1:1/0"))
    limits.limits.use("redis://127.0.0.1:1/0")
    client = house.test_client()
    try:
        for path in ("/", "/help", "/boards", "/sign-in"):
            assert client.get(path).status_code == 200
        form = {"csrf_token": token_of(client), "name": "Nobody Here", "password": "not their passphrase"}
        answers = [client.post("/sign-in", data=form).status_code for _ in range(11)]
    finally:
        with house.app_context():
            db.engine.dispose()  # the next test replaces the file beneath it
    assert answers == [422] * 10 + [429]
