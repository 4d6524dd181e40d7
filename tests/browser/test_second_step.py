"""A second step in a real browser: an app on a phone, and a passkey of a device that the browser pretends to have."""

import os
import sqlite3
import time
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import in_every_theme

PASSPHRASE = "warm lantern lights"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def come_in(one, name):
    """A new member of their own, and the lines of their sheet."""
    page = one.go("/sign-up")
    page.get_by_label("Or write your own").fill(name)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_label("I’m 18 or older").check()
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome in")
    return page.locator(".codes li").all_text_contents()


def give_passphrase(one, name):
    page = one.go("/sign-in")
    page.get_by_label("Your name here, or your e-mail").fill(name)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(one):
    page = one.go("/settings")
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def with_device(one):
    """A device in this browser that holds passkeys, and whose owner presses yes."""
    devtools = one.context.new_cdp_session(one.page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    return devtools, device


def picture(page, name):
    """Where somebody asked for pictures, one of this page on a phone and on a desk, in light and dark."""
    if not (folder := os.environ.get("TEST_PICTURES")):
        return
    for width, size in ((390, PHONE), (1280, DESK)):
        page.set_viewport_size(size)
        for theme in ("light", "dark"):
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            page.screenshot(path=Path(folder) / f"{name}-{width}-{theme}.png", full_page=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_app_is_set_up_and_asked_for_and_a_sheet_stands_in(person, scripts):
    one = person(viewport=PHONE, reduced_motion="reduce", java_script_enabled=scripts)
    name = "Steady Ferry" if scripts else "Plain Ferry"
    lines = come_in(one, name)
    page, wrong = one.go("/settings"), {}
    page.get_by_role("button", name="Set up an app").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A second step with an app")
    secret = page.locator(".qr__words").inner_text().replace(" ", "")
    if scripts:
        wrong |= in_every_theme(page)
        picture(page, "app")
    # Its first numbers are those of the half minute before, so that the next ones are fresh and nobody has to wait.
    early = pyotp.TOTP(secret)
    page.get_by_label("Type the six numbers it shows").fill(early.at(int(time.time()) - 30))
    page.get_by_role("button", name="Switch it on").press("Enter")
    expect(page.get_by_text("It is on.")).to_be_visible()
    sign_out(one)

    give_passphrase(one, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    if scripts:
        wrong |= in_every_theme(page)
        picture(page, "second-step")
    page.get_by_label("The six numbers it shows").fill(early.at(int(time.time())))
    page.get_by_label("The six numbers it shows").press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("The second step")
    one.go("/settings")
    expect(page.get_by_text("Where I’m signed in").first).to_be_visible()
    if scripts:
        wrong |= in_every_theme(page)
        picture(page, "settings-on")
    sign_out(one)

    give_passphrase(one, name)
    page.get_by_text("I don’t have it with me").click()
    page.get_by_label("A line from the sheet").fill(lines[0])
    page.get_by_role("button", name="Sign in with this line").press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("The second step")
    one.go("/settings")
    page.get_by_text("Take it away").click()
    page.get_by_role("button", name="Take the app away").press("Enter")
    expect(page.get_by_text("Your app is taken away.")).to_be_visible()
    assert not wrong


def test_a_passkey_is_made_signs_in_alone_and_after_a_passphrase(person, server):
    one = person(viewport=PHONE, reduced_motion="reduce")
    come_in(one, "Key Ferry")
    devtools, device = with_device(one)
    page = one.go("/settings")
    page.get_by_role("button", name="Make a passkey").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A passkey")
    wrong = in_every_theme(page)
    picture(page, "passkey")
    page.get_by_label("What you will know it by").fill("On my phone")
    page.get_by_role("button", name="Make it on this device").press("Enter")
    expect(page.get_by_text("Your passkey is kept.")).to_be_visible()
    expect(page.get_by_text("On my phone", exact=True)).to_be_visible()
    held = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert [one["rpId"] for one in held] == ["localhost"]

    page.get_by_role("button", name="Make a passkey").press("Enter")
    page.get_by_label("What you will know it by").fill("Once more")
    page.get_by_role("button", name="Make it on this device").press("Enter")
    expect(page.get_by_text("This device has a passkey for you here already.")).to_be_visible()
    sign_out(one)

    one.go("/sign-in?next=/rooms")
    wrong |= in_every_theme(page)
    picture(page, "sign-in")
    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rooms")
    sign_out(one)

    give_passphrase(one, "Key Ferry")
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_role("button", name="Use a passkey").press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("The second step")

    one.go("/settings")
    page.get_by_text("Take it away").first.click()
    page.locator("details.act[open]").get_by_role("button").press("Enter")
    expect(page.get_by_text("That passkey opens nothing any more.")).to_be_visible()
    sign_out(one)
    one.go("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    expect(page.get_by_text("This passkey didn’t open anything here.").first).to_be_visible()
    one.problems = [problem for problem in one.problems if "422" not in problem]
    assert not wrong


def test_an_old_log_in_is_asked_once_more_and_goes_on_with_what_was_typed(person, server):
    one = person(viewport=PHONE, reduced_motion="reduce")
    come_in(one, "Slow Ferry")
    grow_old(server)
    page = one.go("/settings")
    page.get_by_text("Make a key").click()
    page.get_by_label("What it is for").fill("The evening letter")
    page.get_by_label("Read boards as I do").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it still you?")
    wrong = in_every_theme(page)
    picture(page, "again")
    page.get_by_label("My passphrase").fill(PASSPHRASE)
    page.get_by_label("My passphrase").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your new key")
    expect(page.get_by_text("The evening letter")).to_be_visible()
    one.problems = [problem for problem in one.problems if "403" not in problem]
    assert not wrong


def grow_old(server):
    """Let every log-in have been proved an hour ago."""
    path = server.environment["HEARTH_DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path, timeout=20) as house:
        house.execute("UPDATE login_sessions SET proved_at = datetime('now', '-1 hour')")


def test_without_scripts_a_page_says_what_a_passkey_needs(person):
    one = person(viewport=PHONE, java_script_enabled=False)
    page = one.go("/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_text("with JavaScript switched on")).to_be_visible()
