"""The pages of the footer, the frame around every page, and the theme."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.models import User
from forum.queries.agreements import agreement_now

PAGES = [
    "/", "/help", "/agreement", "/how-moderation-works", "/what-we-keep",
    "/accessibility", "/leaving-quickly", "/style-guide", "/no-such-page",
]  # fmt: skip
TEMPLATES = sorted(
    path for path in Path(__file__).parents[2].glob("templates/**/*.html") if path.parent.name != "copies"
)
"""All but the copy of an account, which is no page of ours: it is opened from a member's own disk."""


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_help_and_leaving_are_the_same_first_elements_on_every_page(browser: FlaskClient, path: str) -> None:
    page = browser.get(path).text
    first = re.findall(r'<a [^>]*class="(skip|btn btn--help|btn btn--leave)"', page)[:4]
    assert first == ["skip", "skip", "btn btn--help", "btn btn--leave"]
    assert page.count("data-leave>") == 2
    assert len(re.findall(r"<h1[ >]", page)) == 1


def test_the_parts_of_pages_are_shown_to_those_who_change_hearth_alone(
    browser: FlaskClient, app: Flask
) -> None:
    settings = app.extensions["hearth"]
    app.extensions["hearth"] = replace(settings, env="production")
    try:
        assert browser.get("/style-guide").status_code == 404
    finally:
        app.extensions["hearth"] = settings


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_carries_a_script_or_a_style_of_its_own(template: Path) -> None:
    found = re.findall(
        r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)|javascript:", template.read_text("utf-8")
    )
    assert found == []


def test_the_agreement_shows_every_rule_under_its_number(browser: FlaskClient) -> None:
    page = browser.get("/agreement").text
    rules = agreement_now().rules
    assert [rule.number for rule in rules] == list(range(1, 10))
    for rule in rules:
        assert f'id="rule-{rule.number}"' in page
        assert rule.title in page
        assert "!" not in rule.text


def test_a_rule_is_found_by_its_number(app: Flask) -> None:
    assert agreement_now().rule(4).title == "No methods and no amounts"
    with pytest.raises(LookupError):
        agreement_now().rule(10)


def test_what_we_keep_is_told_from_the_settings(browser: FlaskClient, app: Flask) -> None:
    settings = app.extensions["hearth"]
    page = browser.get("/what-we-keep").text
    for kept in (
        f"{settings.room_hours} hours",
        f"{settings.session_days} days",
        f"{settings.case_days} days",
    ):
        assert kept in page


def test_the_leaving_page_names_where_it_goes(browser: FlaskClient) -> None:
    assert "bbc.co.uk" in browser.get("/leaving-quickly").text


def test_a_theme_is_kept_in_a_cookie_and_shown_at_once(browser: FlaskClient, send) -> None:
    answer = send(browser, "/theme", {"theme": "contrast-dark", "next": "/agreement?from=here"})
    assert (answer.status_code, answer.location) == (303, "/agreement?from=here")
    assert 'data-theme="contrast-dark"' in browser.get("/agreement").text


@pytest.mark.parametrize("chosen", ["", "neon", '"><script>'])
def test_an_unknown_theme_is_the_device_s_own(browser: FlaskClient, send, chosen: str) -> None:
    send(browser, "/theme", {"theme": chosen})
    assert 'data-theme="auto"' in browser.get("/agreement").text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example"],
)
def test_the_theme_leads_to_no_other_site(browser: FlaskClient, send, elsewhere: str) -> None:
    assert send(browser, "/theme", {"theme": "dark", "next": elsewhere}).location == "/"


def test_robots_are_refused(browser: FlaskClient) -> None:
    assert browser.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert "noindex" in browser.get("/agreement").headers["X-Robots-Tag"]


def test_the_process_says_that_it_lives(browser: FlaskClient) -> None:
    assert browser.get("/healthz").text == "ok"


def test_the_navigation_of_a_member_leads_to_their_own(client_as, alice: User) -> None:
    page = client_as(alice).get("/agreement").text
    assert "Alice Fern" in page
    assert "Rooms" in page
    assert "Queue" not in page


def test_the_navigation_of_a_moderator_leads_to_the_queue(client_as, mo: User) -> None:
    assert "Queue" in client_as(mo).get("/agreement").text
