"""A real Chromium in front of a real server, and people who use it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from forum.seeds import PASSWORD
from tests import serving
from tests.mailing import SENDER
from tests.serving import Server

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server lays its mail down."""
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def server(mail_folder: Path) -> Iterator[Server]:
    with serving.running(HEARTH_SMTP_URL=mail_folder.as_uri(), HEARTH_MAIL_FROM=SENDER) as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no TEST_CHROMIUM and no chromium on the PATH")
    flags = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.getuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def enter(context: BrowserContext, url: str, name: str, password: str = PASSWORD) -> None:
    """Sign this browser in with the form that its page has, without showing the page."""
    page = context.request.get(f"{url}/sign-in").text()
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "name": name, "password": password}
    answer = context.request.post(f"{url}/sign-in", form=form, headers={"Referer": url})
    assert answer.ok
    assert not answer.url.endswith("/sign-in")


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context, self.server = context, server
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("console", self._note_complaint)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", self._note_foreign)

    def go(self, path: str) -> Page:
        self.page.goto(self.server.url + path)
        return self.page

    def sign_in(self, name: str, password: str = PASSWORD) -> "Person":
        """By hand, as most people do."""
        page = self.go("/sign-in")
        page.get_by_label("Your name here, or your e-mail").fill(name)
        page.get_by_label("Passphrase").fill(password)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")
        page.wait_for_load_state()  # its scripts listen from then on
        return self

    def _note_complaint(self, said) -> None:
        """Whatever the console calls an error, except that a browser that a test took offline is offline."""
        if said.type == "error" and "ERR_INTERNET_DISCONNECTED" not in said.text:
            self.problems.append(said.text)

    def _note_foreign(self, request) -> None:
        if not request.url.startswith(
            (self.server.url, self.server.leave_url.rsplit("/", 1)[0], "data:", "blob:")
        ):
            self.problems.append(f"a request to {request.url}")


@pytest.fixture
def person(chromium: Browser, server: Server) -> Iterator[Callable[..., Person]]:
    """Makes people. What their browsers complained of fails the test that they were in."""
    made: list[Person] = []

    def make(name: str | None = None, **context) -> Person:
        context.setdefault("viewport", DESK)
        one = Person(chromium.new_context(**context), server)
        one.page.set_default_timeout(20_000)
        made.append(one)
        if name:
            enter(one.context, server.url, name)
        return one

    yield make
    problems = [problem for one in made for problem in one.problems]
    for one in made:
        one.page.goto("about:blank")  # closing in the middle of a navigation waits for ever
        one.context.close()
    assert not problems
