"""Help and leaving: they work for everyone, in every state, also when the database is gone."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from forum import create_app
from forum.actions import sessions
from forum.actions.plans import save_plan
from forum.config import Settings
from forum.db import db
from forum.models import Guest, User


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes a connection and never says a word, as one whose disk hangs does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(params=["SQLite unreadable", "PostgreSQL down", "PostgreSQL silent"])
def dark_house(
    settings: Settings, tmp_path: Path, silent_port: int, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application with a database that cannot be asked."""
    urls = {
        "SQLite unreadable": f"sqlite:///{tmp_path}/no such folder/hearth.db",
        "PostgreSQL down": "postgresql+psycopg://hearth@127.0.0.1:1/hearth",
        "PostgreSQL silent": f"postgresql+psycopg://hearth@127.0.0.1:{silent_port}/hearth",
    }
    app = create_app(replace(settings, database_url=urls[request.param]))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["guest", "member"])
def someone(dark_house: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    """A browser that is signed in, as far as it knows, or one that is not."""
    client = dark_house.test_client()
    if request.param == "member":
        with client.session_transaction() as cookie:
            cookie["_user_id"] = "a key from before the database went away"
    return client


def test_help_answers_with_the_database_stopped(someone: FlaskClient) -> None:
    someone.get("/help")  # the first of a process also compiles the template
    began = perf_counter()
    answer = someone.get("/help")
    assert answer.status_code == 200
    assert "116 123" in answer.text
    assert perf_counter() - began < 0.3


def test_an_error_page_stands_with_the_database_stopped(someone: FlaskClient) -> None:
    answer = someone.get("/no-such-page")
    assert answer.status_code == 404
    assert "Get help now" in answer.text


def test_leaving_works_with_the_database_stopped(someone: FlaskClient, settings: Settings) -> None:
    began = perf_counter()
    answer = someone.get("/leave")
    assert (answer.status_code, answer.location) == (303, settings.leave_url)
    assert perf_counter() - began < 1
    assert someone.get_cookie("hearth") is None


@pytest.mark.parametrize("who, connections", [("guest", 0), ("alice", 1)])
def test_help_looks_for_a_members_plan_and_asks_nothing_about_anybody_else(
    who: str, connections: int, client_as, request: pytest.FixtureRequest
) -> None:
    opened: list[object] = []
    browser = client_as(request.getfixturevalue(who))
    db.session.remove()
    event.listen(db.engine, "checkout", lambda *told: opened.append(told))
    assert browser.get("/help").status_code == 200
    assert len(opened) == connections


def test_ones_own_plan_stands_first_and_nobody_elses(client_as, alice: User, mo: User, ada: User) -> None:
    save_plan(alice, parts={"helps": "Cold water, then the kitchen light", "people": "Text D."})
    page = client_as(alice).get("/help").text
    assert page.index("Cold water, then the kitchen light") < page.index("Talk to someone")
    for other in (client_as(mo), client_as(ada), client_as(Guest())):
        assert "kitchen light" not in other.get("/help").text


def test_a_plan_is_no_longer_shown_once_the_log_in_has_ended(client_as, alice: User) -> None:
    save_plan(alice, parts={"helps": "The green chair"})
    browser = client_as(alice)
    assert "The green chair" in browser.get("/help").text
    with browser.session_transaction() as cookie:
        sessions.end_session_quickly(cookie["_user_id"])
    assert "The green chair" not in browser.get("/help").text


def test_a_plan_that_does_not_come_in_time_is_said_to_be_late(dark_house: Flask) -> None:
    browser = dark_house.test_client()
    assert "didn’t come in time" not in browser.get("/help").text
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = "a key from before the database went away"
    assert "didn’t come in time" in browser.get("/help").text


def test_help_shows_the_lines_of_the_country_chosen(app: Flask) -> None:
    german = app.test_client().get("/help?country=de").text
    assert "TelefonSeelsorge" in german
    assert 'href="tel:08001110111"' in german
    assert "116 123" not in german


@pytest.mark.parametrize("asked", ["ZZ", "XX", "%00", "<b>", "9" * 5000])
def test_an_unknown_country_gets_the_directory(app: Flask, asked: str) -> None:
    answer = app.test_client().get("/help", query_string={"country": asked})
    assert answer.status_code == 200
    assert "findahelpline.com" in answer.text


def test_help_remembers_no_country(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/help?country=DE")
    assert "116 123" in browser.get("/help").text


def test_a_line_nobody_tried_says_so(app: Flask) -> None:
    assert "Not yet checked by this community" in app.test_client().get("/help").text


def test_leaving_ends_the_log_in_and_empties_the_browser(client_as, alice: User) -> None:
    browser = client_as(alice)
    with browser.session_transaction() as cookie:
        key = cookie["_user_id"]
    browser.set_cookie("theme", "dark")
    answer = browser.get("/leave")
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert browser.get_cookie("hearth") is browser.get_cookie("theme") is None
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = key
    assert "Sign in" in browser.get("/agreement").text


@pytest.mark.parametrize("header", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_a_prefetch_is_not_leaving(client_as, alice: User, header: dict[str, str]) -> None:
    browser = client_as(alice)
    answer = browser.get("/leave", headers=header)
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Clear-Site-Data" not in answer.headers
    assert "Sign in" not in browser.get("/agreement").text
