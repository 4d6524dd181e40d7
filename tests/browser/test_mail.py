"""From a mailed link to a confirmed address, and from another to a new passphrase, on a phone and without a mouse."""

import re
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.looking import in_every_theme

SECONDS = 30


def test_somebody_confirms_an_address_and_comes_back_in_with_it(person, mail_folder):
    one = person(viewport=PHONE)
    page = one.go("/sign-up")
    page.get_by_label("Or write your own").fill("Second Ferry")
    page.get_by_label("Passphrase").fill("warm lantern lights")
    page.get_by_label("E-mail, if you want one").fill("k@example.org")
    page.get_by_label("I’m 18 or older").check()
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome in")
    one.go("/settings")
    expect(page.get_by_text("Not confirmed yet.")).to_be_visible()

    elsewhere = person(viewport=PHONE, reduced_motion="reduce")
    page = elsewhere.page
    page.goto(link_from(mail_folder, "Confirm your address"))
    wrong = in_every_theme(page)
    page.get_by_role("button", name="Yes, it’s mine").press("Enter")
    expect(page.get_by_text("The address is confirmed.")).to_be_visible()

    elsewhere.go("/way-back-in")
    page.get_by_label("Your e-mail", exact=True).fill("K@example.org")
    page.get_by_role("button", name="Send me a link").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")
    link = link_from(mail_folder, "Your link")
    page.goto(link)
    expect(page.get_by_text("For Second Ferry.")).to_be_visible()
    wrong |= in_every_theme(page)
    page.get_by_label("Your new passphrase").fill("clouds over the ferry")
    page.get_by_label("Your new passphrase").press("Enter")
    expect(page.get_by_text("Your new passphrase is kept")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is over")
    wrong |= in_every_theme(page)
    elsewhere.problems = [one for one in elsewhere.problems if "410" not in one]
    elsewhere.sign_in("k@example.org", "clouds over the ferry")
    elsewhere.go("/notices")
    expect(page.get_by_text("A new passphrase was chosen for you")).to_be_visible()
    assert not wrong


def link_from(folder: Path, subject: str) -> str:
    """The link in the mail of this subject, once it is there."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for path in folder.glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=default)
            if mail["Subject"] == subject and (
                found := re.search(r"http://\S+/[0-9a-f]{64}", mail.get_content())
            ):
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no mail called {subject!r} in {SECONDS} s")
