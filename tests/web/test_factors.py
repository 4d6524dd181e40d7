"""The doors of the second step: its page, the page that asks once more, setting up, and the page that staff meet."""

import html
import json
import re
from datetime import timedelta

import pytest
import time_machine

from forum.actions import accounts
from forum.db import db, now
from forum.models import CodeApp, Guest, LoginSession, Passkey, Token
from tests import factories
from tests.actions.test_factors import fresh, numbers, strict, with_app  # noqa: F401
from tests.device import Device
from tests.factories import PASSWORD
from tests.test_policy import readable


@pytest.fixture
def visitor(client_as):
    return client_as(Guest())


def words_of(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


def how_many(kind) -> int:
    return db.session.query(kind).count()


def is_signed_in(client) -> bool:
    return client.get("/settings").status_code == 200


def asked_on(answer) -> str:
    """What a page asks the browser's passkeys."""
    return html.unescape(re.search(r'data-asked="([^"]*)"', answer.get_data(as_text=True))[1])


def give_passphrase(browser, send, **more):
    return send(browser, "/sign-in", {"name": "Alice Fern", "password": PASSWORD, **more})


def grow_old(browser):
    """Let the proof of every log-in grow older than it lasts."""
    db.session.query(LoginSession).update({"proved_at": now() - timedelta(minutes=11)})
    db.session.commit()


def go_on(browser, send, form):
    """Show who one is, and send the same form on as a browser does when it is answered 307."""
    answer = send(browser, "/sign-in/again", form)
    assert answer.status_code == 307
    return send(browser, answer.headers["Location"], form)


# Signing in


def test_after_the_passphrase_comes_the_second_step_and_no_log_in_before_it(visitor, send, alice):
    secret = with_app(alice)
    answer = give_passphrase(visitor, send, next="/boards?page=2")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/second?next=/boards?page%3D2")
    assert how_many(LoginSession) == 0
    assert not is_signed_in(visitor)
    page = visitor.get(answer.headers["Location"])
    assert page.status_code == 200
    assert 'value="/boards?page=2"' in words_of(page)
    done = send(visitor, "/sign-in/second", {"code": numbers(secret), "next": "/boards?page=2"})
    assert (done.status_code, done.headers["Location"]) == (303, "/boards?page=2")
    assert is_signed_in(visitor)
    with visitor.session_transaction() as cookie:
        assert "second_step" not in cookie


def test_wrong_numbers_come_back_with_the_page_and_without_the_numbers(visitor, send, alice):
    with_app(alice)
    give_passphrase(visitor, send)
    answer = send(visitor, "/sign-in/second", {"code": "314159"})
    assert answer.status_code == 422
    assert "314159" not in words_of(answer)
    assert "New ones come every 30 seconds" in words_of(answer)
    assert not is_signed_in(visitor)


def test_a_line_of_the_sheet_signs_in_as_well(visitor, send, alice):
    with_app(alice)
    lines = accounts.renew_recovery(alice)
    give_passphrase(visitor, send)
    assert send(visitor, "/sign-in/second", {"line": "0000"}).status_code == 422
    assert send(visitor, "/sign-in/second", {"line": lines[0]}).status_code == 303
    assert is_signed_in(visitor)


def test_without_the_passphrase_there_is_no_second_step(visitor, send, alice):
    secret = with_app(alice)
    assert visitor.get("/sign-in/second").headers["Location"].startswith("/sign-in")
    answer = send(visitor, "/sign-in/second", {"code": numbers(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/")
    assert not is_signed_in(visitor)


def test_a_cookie_that_was_kept_passes_no_second_step_twice(app, visitor, client_as, send, alice):
    """Whoever copies the cookie between the steps has nothing once its owner is in."""
    secret = with_app(alice)
    give_passphrase(visitor, send)
    with visitor.session_transaction() as cookie:
        kept = dict(cookie)
    send(visitor, "/sign-in/second", {"code": numbers(secret)})
    with time_machine.travel(now() + timedelta(minutes=1)):
        other = client_as(Guest())
        with other.session_transaction() as cookie:
            cookie.update(kept)
        answer = send(other, "/sign-in/second", {"code": numbers(secret)})
        assert answer.headers["Location"].startswith("/sign-in?")
        assert not is_signed_in(other)


def test_the_second_step_runs_out(visitor, send, alice):
    secret = with_app(alice)
    give_passphrase(visitor, send)
    with time_machine.travel(now() + timedelta(minutes=11)):
        answer = send(visitor, "/sign-in/second", {"code": numbers(secret)})
        assert answer.headers["Location"].startswith("/sign-in?")
        assert "we ask once more" in words_of(visitor.get("/sign-in"))
        assert not is_signed_in(visitor)


def test_a_planted_cookie_does_not_survive_the_passphrase(visitor, client_as, send, alice, bob):
    """Whoever was signed in here before is signed out with the first step, and their log-in ended."""
    with_app(alice)
    browser = client_as(bob)
    give_passphrase(browser, send)
    assert not is_signed_in(browser)
    assert how_many(LoginSession) == 0


def test_a_wrong_passphrase_says_the_same_whether_or_not_there_is_a_second_step(client_as, send, alice, bob):
    with_app(alice)
    pages = []
    for name in ("Alice Fern", "Bob Heron", "Nobody There"):
        answer = send(client_as(Guest()), "/sign-in", {"name": name, "password": "wrong and secret"})
        pages.append((answer.status_code, accounts.NO_MATCH in words_of(answer)))
    assert set(pages) == {(422, True)}


def test_too_many_tries_say_when_it_opens_again(visitor, send, alice):
    with_app(alice)
    give_passphrase(visitor, send)
    statuses = [send(visitor, "/sign-in/second", {"code": "000000"}).status_code for _ in range(11)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_a_passkey_signs_in_alone(visitor, send, alice):
    device = factories.make_passkey(alice)
    asked = asked_on(visitor.get("/sign-in?next=/boards"))
    assert json.loads(asked)["allowCredentials"] == []
    answer = send(visitor, "/sign-in/passkey", {"passkey": device.show(asked), "next": "/boards"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/boards")
    assert is_signed_in(visitor)


def test_an_answer_that_was_listened_to_signs_nobody_else_in(visitor, client_as, send, alice):
    device = factories.make_passkey(alice)
    device.counts = False
    answer = device.show(asked_on(visitor.get("/sign-in")))
    other = client_as(Guest())
    other.get("/sign-in")
    assert send(other, "/sign-in/passkey", {"passkey": answer}).status_code == 422
    assert send(visitor, "/sign-in/passkey", {"passkey": answer}).status_code == 303
    assert send(visitor, "/sign-in/passkey", {"passkey": answer}).status_code == 422
    assert not is_signed_in(other)


def test_a_passkey_is_the_second_step_of_its_member(visitor, send, alice, bob):
    mine, his = factories.make_passkey(alice), factories.make_passkey(bob)
    give_passphrase(visitor, send)
    asked = asked_on(visitor.get("/sign-in/second"))
    assert len(json.loads(asked)["allowCredentials"]) == 1
    again = send(visitor, "/sign-in/second", {"passkey": his.show(asked)})
    assert again.status_code == 422
    assert send(visitor, "/sign-in/second", {"passkey": mine.show(asked_on(again))}).status_code == 303
    assert is_signed_in(visitor)


def test_two_tabs_ask_the_same_for_a_while(visitor):
    first, second = (json.loads(asked_on(visitor.get("/sign-in")))["challenge"] for _ in range(2))
    assert first == second
    with time_machine.travel(now() + timedelta(minutes=6)):
        assert json.loads(asked_on(visitor.get("/sign-in")))["challenge"] != first


# Showing once more who one is


def test_an_old_log_in_is_asked_once_and_the_form_goes_on_with_its_words(client_as, send, alice):
    browser = client_as(alice)
    grow_old(browser)
    form = {"token_name": "The <evening> letter", "scopes": ["read:boards", "reports"], "days": "30"}
    page = send(browser, "/settings/keys", form)
    assert page.status_code == 403
    assert "Is it still you?" in words_of(page)
    assert how_many(Token) == 0
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.get_data(as_text=True))
    kept = [(name, html.unescape(value)) for name, value in hidden if name != "csrf_token"]
    assert ("again_at", "/settings/keys") in kept
    typed = {name: [value for key, value in kept if key == name] for name, _ in kept}
    wrong = send(browser, "/sign-in/again", {**typed, "proof": "not it and secret"})
    assert wrong.status_code == 422
    assert "not it and secret" not in words_of(wrong)
    assert "The <evening> letter" in words_of(wrong)
    right = go_on(browser, send, {**typed, "proof": PASSWORD})
    assert right.status_code == 200
    made = db.session.query(Token).one()
    assert (made.name, made.scopes) == ("The <evening> letter", ["read:boards", "reports"])


@pytest.mark.parametrize(
    "form",
    [
        ("/sign-in/again", {"proof": PASSWORD}),
        ("/settings/password", {"old": PASSWORD, "new": "clouds over the ferry"}),
        ("/settings/email", {"email": "k@example.org", "email_password": PASSWORD}),
    ],
)
def test_a_key_from_before_it_was_shown_opens_nothing_after(client_as, send, alice, form):
    browser, other = client_as(alice), client_as(Guest())
    with browser.session_transaction() as cookie:
        copied = cookie["_user_id"]
    assert send(browser, *form).status_code in (303, 307)
    with other.session_transaction() as cookie:
        cookie["_user_id"] = copied
    assert not is_signed_in(other)
    assert is_signed_in(browser)
    assert how_many(LoginSession) == 1


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "", "javascript:1"])
def test_the_form_never_goes_on_to_another_site(client_as, send, alice, elsewhere):
    answer = send(client_as(alice), "/sign-in/again", {"proof": PASSWORD, "again_at": elsewhere})
    assert (answer.status_code, answer.headers["Location"]) == (307, "/")


def test_a_passkey_shows_it_too(client_as, send, alice):
    device, browser = factories.make_passkey(alice), client_as(alice)
    grow_old(browser)
    page = send(browser, "/settings/recovery")
    form = {"again_at": "/settings/recovery", "passkey": device.show(asked_on(page))}
    assert go_on(browser, send, form).status_code == 200


@pytest.mark.parametrize(
    "form", ["recovery", "keys", "devices/others/end", "devices/1/end", "second-step/app", "second-step/app/confirmation", "second-step/app/end",
             "second-step/passkeys/new", "second-step/passkeys", "second-step/passkeys/1/end"],
)  # fmt: skip
def test_every_such_form_asks(client_as, send, alice, form):
    browser = client_as(alice)
    grow_old(browser)
    assert "Is it still you?" in words_of(send(browser, f"/settings/{form}"))
    assert send(client_as(Guest()), f"/settings/{form}").status_code == 401


def test_a_program_with_a_cookie_is_told_by_a_code(client_as, alice):
    browser = client_as(alice)
    grow_old(browser)
    token = words_of(browser.get("/settings")).split('name="csrf-token" content="')[1].split('"')[0]
    answer = browser.delete("/api/v1/account/sessions", headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json["code"]) == (403, "prove")


# Setting up


def test_an_app_is_set_up_and_its_secret_never_shown_again(client_as, send, alice, caplog):
    browser = client_as(alice)
    page = words_of(send(browser, "/settings/second-step/app"))
    secret = re.search(r'qr__words">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert f"otpauth://totp/Hearth:Alice%20Fern?secret={secret}&issuer=Hearth" in page
    assert 'class="qr"' in page
    again = send(browser, "/settings/second-step/app/confirmation", {"code": "1"})
    assert again.status_code == 422
    assert secret in words_of(again).replace(" ", "")
    done = send(browser, "/settings/second-step/app/confirmation", {"code": numbers(secret)})
    assert (done.status_code, done.headers["Location"]) == (303, "/settings#second-step")
    for answer in (
        browser.get("/settings"),
        send(browser, "/settings/second-step/app"),
        send(browser, "/settings/second-step/app/confirmation", {"code": "1"}),
    ):
        assert secret not in words_of(answer).replace(" ", "")
    assert secret not in caplog.text
    assert fresh(alice).second_step_at
    assert send(browser, "/settings/second-step/app/end").status_code == 303
    assert how_many(CodeApp) == 0


def test_a_passkey_is_made_listed_and_taken_away(client_as, send, alice):
    browser, device = client_as(alice), Device()
    page = send(browser, "/settings/second-step/passkeys/new")
    options = json.loads(asked_on(page))
    assert options["authenticatorSelection"]["userVerification"] == "required"
    form = {"passkey": device.make(asked_on(page))}
    unnamed = send(browser, "/settings/second-step/passkeys", {**form, "passkey_name": ""})
    assert unnamed.status_code == 422
    form = {"passkey": device.make(asked_on(unnamed)), "passkey_name": "On my <phone>"}
    assert send(browser, "/settings/second-step/passkeys", form).status_code == 303
    assert "On my <phone>" in words_of(browser.get("/settings"))
    kept = db.session.query(Passkey).one()
    known = json.loads(asked_on(send(browser, "/settings/second-step/passkeys/new")))["excludeCredentials"]
    assert [one["id"] for one in known] == [kept.credential]
    assert send(browser, f"/settings/second-step/passkeys/{kept.id}/end").status_code == 303
    assert how_many(Passkey) == 0


def test_the_notice_leads_to_the_settings(client_as, alice):
    with_app(alice)
    page = words_of(client_as(alice).get("/notices"))
    assert "Your second step for signing in was changed" in page


# Staff


def test_staff_are_asked_kindly_and_reach_the_page_to_set_one_up(strict, client_as, send, ada):  # noqa: F811
    browser = client_as(ada)
    answer = browser.get("/moderation")
    assert answer.status_code == 403
    assert "Set up a second step" in words_of(answer)
    assert "waits for a second step" in words_of(browser.get("/boards"))
    page = words_of(browser.get("/settings"))
    assert "What you look after here waits for this" in page
    secret = re.search(r'qr__words">([A-Z2-7 ]+)<', words_of(send(browser, "/settings/second-step/app")))[1]
    code = numbers(secret.replace(" ", ""))
    assert send(browser, "/settings/second-step/app/confirmation", {"code": code}).status_code == 303
    assert browser.get("/moderation").status_code == 200
    assert "waits for a second step" not in words_of(browser.get("/boards"))


@pytest.mark.parametrize(
    "who", ["mo", "ada", *(pytest.param(who, marks=pytest.mark.slow) for who in ("max", "fay"))]
)
def test_staff_without_one_see_no_more_than_a_member(strict, who, request, site, world, client_as, charlie):  # noqa: F811
    browser, member = client_as(request.getfixturevalue(who)), client_as(charlie)
    for url, _ in readable(site, world):
        theirs, plain = browser.get(url).status_code, member.get(url).status_code
        assert theirs == plain or theirs == 403, (who, url, theirs, plain)


def test_a_key_and_a_socket_of_staff_wait_too(strict, app, client_as, mo, ada):  # noqa: F811
    from forum.actions import tokens
    from tests.talking import Tab

    secret = tokens.make_token(mo, name="x", scopes=["moderate"], days=7)[1]
    answer = app.test_client().get("/api/v1/cases", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json["code"]) == (403, "second_step")
    tab = Tab(app, client_as(ada))
    assert tab.ask("queue:join", {})["error"]["code"] == "second_step"
    tab.close()
    with_app(ada)
    tab = Tab(app, client_as(ada))
    assert tab.ask("queue:join", {})["ok"]
    tab.close()


def test_a_key_made_before_the_step_ends_when_every_log_in_does(app, alice):
    from forum.actions import sessions, tokens

    secret = tokens.make_token(alice, name="x", scopes=["read:account"], days=7)[1]
    with_app(alice)
    asking = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get("/api/v1/account", headers=asking).status_code == 200
    sessions.end_other_sessions(alice, "")
    assert app.test_client().get("/api/v1/account", headers=asking).status_code == 401
