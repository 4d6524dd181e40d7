"""The doors of an account: coming in, signing in and out, getting back in, settings."""

import hashlib
import re

import pytest
import time_machine
from flask.sessions import session_json_serializer
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from forum.actions import accounts, sessions
from forum.cli.users import group
from forum.db import db
from forum.models import Guest, LoginSession, Role, SanctionKind, Scope, System, User
from forum.policy.core import writing_verdict
from forum.queries.accounts import sessions_of, user_called
from tests import factories
from tests.factories import PASSWORD

COMING_IN = {"name": "Second Kettle", "password": PASSWORD, "adult": "1", "health": "1", "agreement": "1"}


class Browser(FlaskClient):
    """Every request in a context of its own, as in production: in a shared one, `g` keeps whoever was here before."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.rollback()
        return answer


@pytest.fixture(autouse=True)
def browsers(app, monkeypatch):
    monkeypatch.setattr(app, "test_client_class", Browser)


@pytest.fixture
def visitor(client_as):
    return client_as(Guest())


def words_of(answer) -> str:
    return answer.get_data(as_text=True)


def how_many(kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind))


def is_signed_in(client) -> bool:
    return client.get("/settings").status_code == 200


# Coming in


def test_three_names_are_offered_and_three_others_on_asking(visitor):
    offers = [
        re.findall(r'type="radio" name="name" value="([^"]+)"', words_of(visitor.get("/sign-up")))
        for _ in range(2)
    ]
    assert [len(set(names)) for names in offers] == [3, 3]
    assert offers[0] != offers[1]


def test_coming_in_signs_in_and_shows_the_sheet_once(visitor, send):
    answer = send(visitor, "/sign-up", COMING_IN)
    assert answer.status_code == 200
    assert len(re.findall(r"<li>[0-9a-z]{4}(?:-[0-9a-z]{4}){6}</li>", words_of(answer))) == 8
    assert answer.headers["Cache-Control"] == "no-store"
    assert is_signed_in(visitor)


def test_a_name_of_ones_own_goes_before_the_offered_one(visitor, send):
    send(visitor, "/sign-up", {**COMING_IN, "own_name": "Plain Thistle"})
    assert user_called("Plain Thistle")
    assert user_called("Second Kettle") is None


def test_a_form_comes_back_with_everything_but_the_password(visitor, send):
    typed = {"name": "Amber Fen", "offered": ["Slow Tide", "Amber Fen", "Grey Heron"], "own_name": "Plain <b> Thistle",
             "password": "a secret of mine", "email": "k@example.org", "health": "1"}  # fmt: skip
    answer = send(visitor, "/sign-up", typed)
    page = words_of(answer)
    assert answer.status_code == 422
    for kept in (
        'value="Amber Fen" checked',
        "Plain &lt;b&gt; Thistle",
        "k@example.org",
        'name="health" value="1" checked',
    ):
        assert kept in page
    assert "a secret of mine" not in page
    assert 'id="adult-problem"' in page
    assert how_many(User) == 0


def test_names_that_a_form_claims_were_offered_are_checked(visitor, send):
    page = words_of(send(visitor, "/sign-up", {"offered": ["<script>", "x", "y"]}))
    assert "&lt;script&gt;" not in page


def test_whoever_only_wants_to_read_need_not_agree_to_anything_else(visitor, send):
    send(visitor, "/sign-up", {**COMING_IN, "health": "", "agreement": ""})
    assert [one.kind for one in user_called("Second Kettle").consents] == ["adult"]


def test_a_known_address_changes_nothing_that_can_be_seen(app, client_as, send):
    accounts.sign_up(
        System(),
        name="Grey Heron",
        password=PASSWORD,
        email="k@example.org",
        is_adult=True,
        keeps_health=True,
        agrees=True,
    )
    pages = []
    for name, address in (("Slow Tide", "k@example.org"), ("Slow Fern", "new@example.org")):
        browser = client_as(Guest())
        sheet = send(
            browser,
            "/sign-up",
            {**COMING_IN, "name": name, "password": "clouds over the ferry", "email": address},
        )
        mine = words_of(browser.get("/settings"))
        send(browser, "/sign-out")
        again = send(browser, "/sign-in", {"name": address, "password": "clouds over the ferry"})
        pages.append(
            (
                sheet.status_code,
                address in mine,
                again.status_code,
                again.headers["Location"],
                is_signed_in(browser),
            )
        )
    assert pages[0] == pages[1] == (200, True, 303, "/", True)


def test_whoever_is_here_is_not_asked_in_again(client_as, alice):
    assert client_as(alice).get("/sign-up").headers["Location"] == "/boards"


# Signing in and out


def test_signing_in_goes_on_to_where_somebody_was_going(visitor, send, alice):
    answer = send(visitor, "/sign-in", {"name": "Alice Fern", "password": PASSWORD, "next": "/boards?page=2"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/boards?page=2")
    assert is_signed_in(visitor)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:1",
        "",
        "//[",
        "/a\r\nX: y",
    ],
)
def test_signing_in_never_leads_to_another_site(visitor, send, alice, elsewhere):
    answer = send(visitor, "/sign-in", {"name": "Alice Fern", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_a_refused_log_in_keeps_the_name_and_not_the_password(visitor, send, alice):
    answer = send(
        visitor, "/sign-in", {"name": "Alice Fern", "password": "wrong and secret", "next": "/rooms"}
    )
    page = words_of(answer)
    assert answer.status_code == 422
    assert 'value="Alice Fern"' in page
    assert 'value="/rooms"' in page
    assert "wrong and secret" not in page
    assert not is_signed_in(visitor)


def test_too_many_tries_say_when_it_opens_again(visitor, send, alice):
    for _ in range(10):
        send(visitor, "/sign-in", {"name": "Alice Fern", "password": "wrong"})
    answer = send(visitor, "/sign-in", {"name": "Alice Fern", "password": PASSWORD})
    assert answer.status_code == 429
    assert "It opens again in" in words_of(answer)


def test_the_cookie_holds_a_key_and_not_who_it_is(visitor, send, alice):
    send(visitor, "/sign-in", {"name": "Alice Fern", "password": PASSWORD})
    with visitor.session_transaction() as cookie:
        assert len(cookie["_user_id"]) == 43


def test_a_cookie_that_somebody_changed_or_signed_themselves_is_nobody_s(visitor, send, app, alice):
    send(visitor, "/sign-in", {"name": "Alice Fern", "password": PASSWORD})
    value = visitor.get_cookie("hearth").value
    with visitor.session_transaction() as cookie:
        told = dict(cookie)
    weaker = URLSafeTimedSerializer(app.secret_key, salt="cookie-session", serializer=session_json_serializer,
                                    signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1})  # fmt: skip
    for forged in (value[:-2] + "AA", value.rpartition(".")[0], weaker.dumps(told)):
        visitor.set_cookie("hearth", forged)
        assert not is_signed_in(visitor)
    visitor.set_cookie("hearth", value)
    assert is_signed_in(visitor)


def test_every_passphrase_is_masked_and_password_managers_are_helped(visitor, client_as, alice):
    browser = client_as(alice)
    pages = [visitor.get(path) for path in ("/sign-up", "/sign-in", "/way-back-in")] + [
        browser.get("/settings")
    ]
    fields = [one for page in pages for one in re.findall(r"<input[^>]*type=.password[^>]*>", words_of(page))]
    named = {re.search(r'name="(\w+)"', one)[1] for one in fields}
    assert named == {"password", "old", "new", "email_password"}
    assert all(re.search(r'autocomplete="(new|current)-password"', one) for one in fields)
    for page in pages:
        for name in named:
            assert len(re.findall(rf'name="{name}"', words_of(page))) == len(
                re.findall(rf'name="{name}" type="password"', words_of(page))
            )


def test_a_planted_cookie_is_not_taken_over(visitor, send, alice):
    with visitor.session_transaction() as cookie:
        cookie["planted"] = "yes"
    send(visitor, "/sign-in", {"name": "Alice Fern", "password": PASSWORD})
    with visitor.session_transaction() as cookie:
        assert "planted" not in cookie


def test_signing_in_as_somebody_else_ends_the_log_in_before(client_as, send, alice, bob):
    browser = client_as(alice)
    send(browser, "/sign-in", {"name": "Bob Heron", "password": PASSWORD})
    assert not sessions_of(alice)
    assert "Bob Heron" in words_of(browser.get("/settings"))


def test_signing_out_ends_the_row_and_an_old_cookie_opens_nothing(client_as, send, alice):
    browser = client_as(alice)
    with browser.session_transaction() as cookie:
        key = cookie["_user_id"]
    answer = send(browser, "/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert how_many(LoginSession) == 0
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = key
    assert not is_signed_in(browser)


def test_a_guest_who_signs_out_is_simply_out(visitor, send):
    assert send(visitor, "/sign-out").status_code == 303


def test_a_form_without_its_token_changes_nothing(visitor, alice):
    assert visitor.post("/sign-in", data={"name": "Alice Fern", "password": PASSWORD}).status_code == 400
    assert how_many(LoginSession) == 0


def test_somebody_suspended_and_somebody_banned_still_get_in_to_their_settings(client_as, alice, sam):
    factories.sanction(alice, SanctionKind.BAN, Scope.SITE)
    assert is_signed_in(client_as(alice))
    assert is_signed_in(client_as(sam))


# Getting back in


def test_a_code_and_a_new_password_let_somebody_back_in(visitor, client_as, send, app):
    user, codes = accounts.sign_up(
        System(), name="Grey Heron", password=PASSWORD, is_adult=True, keeps_health=True, agrees=True
    )
    elsewhere = client_as(user)
    answer = send(
        visitor, "/way-back-in", {"name": "Grey Heron", "code": codes[0], "password": "clouds over the ferry"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/boards")
    assert is_signed_in(visitor)
    assert not is_signed_in(elsewhere)


def test_a_code_that_does_not_fit_comes_back_with_the_form(visitor, send, alice):
    answer = send(
        visitor,
        "/way-back-in",
        {"name": "Alice Fern", "code": "0000-1111", "password": "clouds over the ferry"},
    )
    page = words_of(answer)
    assert answer.status_code == 422
    assert 'value="0000-1111"' in page
    assert "clouds over the ferry" not in page


# Before writing


def test_what_must_be_said_can_be_said_later(client_as, send, app):
    user, _ = accounts.sign_up(
        System(), name="Grey Heron", password=PASSWORD, is_adult=True, keeps_health=False, agrees=False
    )
    browser = client_as(user)
    assert "You may keep what I write" in words_of(browser.get("/before-you-write?next=/boards"))
    answer = send(browser, "/before-you-write", {"health": "1", "agreement": "1", "next": "/boards"})
    assert answer.headers["Location"] == "/boards"
    db.session.expire_all()
    assert writing_verdict(db.session.get(User, user.id))


# Settings


@pytest.mark.parametrize("page", ["/settings", "/before-you-write"])
def test_a_guest_is_asked_to_sign_in(visitor, page):
    assert visitor.get(page).status_code == 401


@pytest.mark.parametrize(
    "form",
    [
        "",
        "/name",
        "/password",
        "/email",
        "/recovery",
        "/consents/withdrawal",
        "/devices/1/end",
        "/devices/others/end",
    ],
)
def test_a_guest_changes_nothing(visitor, send, form):
    assert send(visitor, f"/settings{form}", {"kind": "health"}).status_code == 401


def test_choices_are_kept_and_shown(client_as, send, alice):
    browser = client_as(alice)
    answer = send(browser, "/settings", {"country": "IE", "shows_presence": "1", "note_loss": "hide"})
    assert answer.status_code == 303
    page = words_of(browser.get("/settings"))
    assert 'name="note_loss" value="hide" checked' in page
    assert 'name="note_abuse" value="fold" checked' in page
    assert 'name="shows_presence" value="1" checked' in page


def test_a_new_name_shows_and_a_taken_one_comes_back(client_as, send, alice, bob):
    browser = client_as(alice)
    send(browser, "/settings/name", {"name": "Clear Thistle"})
    assert "Clear Thistle" in words_of(browser.get("/settings"))
    refused = send(browser, "/settings/name", {"name": "Bob Heron"})
    assert refused.status_code == 422
    assert 'value="Bob Heron"' in words_of(refused)


def test_a_new_password_keeps_this_browser_and_ends_the_others(client_as, send, alice):
    here, elsewhere = client_as(alice), client_as(alice)
    send(here, "/settings/password", {"old": PASSWORD, "new": "clouds over the ferry"})
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_wrong_old_password_says_so_beside_the_field(client_as, send, alice):
    answer = send(client_as(alice), "/settings/password", {"old": "no", "new": "clouds over the ferry"})
    assert answer.status_code == 422
    assert 'id="old-problem"' in words_of(answer)


def test_an_address_is_kept_and_let_go(client_as, send, alice):
    browser = client_as(alice)
    send(browser, "/settings/email", {"email": "a@example.org", "email_password": PASSWORD})
    assert "a@example.org" in words_of(browser.get("/settings"))
    send(browser, "/settings/email", {"email": "", "email_password": PASSWORD})
    assert "a@example.org" not in words_of(browser.get("/settings"))


def test_a_new_sheet_is_shown_once(client_as, send, alice):
    assert words_of(send(client_as(alice), "/settings/recovery")).count("<li>") >= 8


def test_consent_is_taken_back_in_the_settings(client_as, send, alice):
    browser = client_as(alice)
    send(browser, "/settings/consents/withdrawal", {"kind": "health"})
    assert "Read and give it" in words_of(browser.get("/settings"))
    assert send(browser, "/settings/consents/withdrawal", {"kind": "cats"}).status_code == 422


def test_another_device_is_signed_out_from_here(client_as, send, alice):
    here, elsewhere = client_as(alice), client_as(alice)
    page = words_of(here.get("/settings"))
    ends = re.findall(r"/settings/devices/(\d+)/end", page)
    assert len(ends) == 1
    send(here, f"/settings/devices/{ends[0]}/end")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_every_other_device_is_signed_out_at_once(client_as, send, alice):
    here, others = client_as(alice), [client_as(alice) for _ in range(2)]
    send(here, "/settings/devices/others/end")
    assert is_signed_in(here)
    assert not any(is_signed_in(one) for one in others)


def test_a_log_in_in_use_is_noted_every_ten_minutes_and_not_with_each_page(client_as, alice):
    browser = client_as(alice)
    began = sessions_of(alice)[0].used_at
    moments = []
    for minutes in (5, 11, 15):
        with time_machine.travel(began + minutes * sessions.TOUCH_EVERY / 10, tick=False):
            assert is_signed_in(browser)
        db.session.expire_all()
        moments.append(sessions_of(alice)[0].used_at)
    assert moments[0] == began
    assert moments[1] == moments[2] > began


# The command line


def on_command_line(app, *args, typed=""):
    return app.test_cli_runner().invoke(group, list(args), input=typed)


def test_the_first_admin_is_made_on_the_command_line(app):
    made = on_command_line(app, "create", "Maud Ferry", "--admin", "--password-stdin", typed=f"{PASSWORD}\n")
    user = user_called("Maud Ferry")
    assert made.exit_code == 0
    assert len(re.findall(r"^  [0-9a-z-]{34}$", made.output, re.MULTILINE)) == 8
    assert (user.role, user.is_demo, user.has_consent("health")) == (Role.ADMIN, False, False)


def test_the_password_is_asked_for_twice_and_not_shown(app):
    made = on_command_line(app, "create", "Maud Ferry", "--demo", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    assert user_called("Maud Ferry").is_demo


def test_a_refusal_on_the_command_line_is_a_sentence(app, alice):
    refused = on_command_line(app, "create", "Alice Fern", "--password-stdin", typed=f"{PASSWORD}\n")
    assert refused.exit_code == 1
    assert "Another one works" in refused.output


def test_moderators_are_appointed_and_dismissed_on_the_command_line(app, bob, board, room):
    assert on_command_line(app, "appoint", "Bob Heron", "moderator", "--board", str(board.id)).exit_code == 0
    assert on_command_line(app, "appoint", "Bob Heron", "facilitator", "--room", str(room.id)).exit_code == 0
    db.session.expire_all()
    bob_now = db.session.get(User, bob.id)
    assert bob_now.moderates_board(board.id)
    assert bob_now.facilitates(room.id)
    on_command_line(app, "dismiss", "Bob Heron")
    db.session.expire_all()
    assert not db.session.get(User, bob.id).appointments


def test_nobody_and_nowhere_are_said_on_the_command_line(app, bob):
    assert on_command_line(app, "dismiss", "Nobody Here").exit_code == 1
    assert on_command_line(app, "appoint", "Bob Heron", "moderator", "--board", "999").exit_code == 1
