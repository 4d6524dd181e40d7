"""The corpus in a real browser: no script ran, no request left, and nothing was there that a policy had to stop."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from forum.live.ids import new_cid
from tests import serving
from tests.browser.conftest import DESK, enter
from tests.conftest import in_memory
from tests.factories import PASSWORD
from tests.hostile.corpus import PAYLOADS, bundled
from tests.hostile.fill import LEAD, READER, WRITER

WATCH = """
addEventListener("securitypolicyviolation", (event) => {
  __saw(`${event.violatedDirective} would not allow ${event.blockedURI} ${event.sample}`);
});
"""

LOOK = """
() => {
  const wrong = [];
  const never = "style, iframe, frame, object, embed, base, img, video, audio, math, set, animate, foreignObject, svg script, svg a, meta[http-equiv]";
  const words = "p br strong em s a code pre blockquote ul ol li hr h3 h4 h5 h6 details summary div span b".split(" ");
  const attributes = "href title rel start class data-kind open".split(" ");
  const schemes = ["http:", "https:", "mailto:", "tel:", "sms:", ":"];  // the last: it leads nowhere at all
  const say = (one) => wrong.push(one.outerHTML.slice(0, 200));
  document.querySelectorAll(never).forEach(say);
  document.querySelectorAll("template").forEach((one) => one.content.querySelectorAll(never).forEach(say));
  for (const one of document.querySelectorAll("*")) {
    if ([...one.attributes].some(({ name }) => name.startsWith("on") || name === "style" || name === "srcdoc")) say(one);
    if (one.matches("script") && (one.textContent || new URL(one.src).origin !== location.origin)) say(one);
    if (one.matches("[action], [formaction], link[href]")) {
      const to = one.getAttribute("formaction") ?? one.getAttribute("action") ?? one.getAttribute("href");
      if (new URL(to, location).origin !== location.origin) say(one);
    }
    if (one.matches("a[href]") && !schemes.includes(one.protocol)) say(one);
    if (!one.matches("a, script, link, use") && (one.hasAttribute("href") || one.hasAttribute("src"))) say(one);
  }
  for (const one of document.querySelectorAll(".prose *, .say__words *")) {
    if (!words.includes(one.localName) || one.namespaceURI !== "http://www.w3.org/1999/xhtml") say(one);
    if ([...one.attributes].some(({ name }) => !attributes.includes(name))) say(one);
  }
  return wrong;
}
"""


class Watched:
    """A page in which nothing may happen that is not ours; `seen` is whatever did."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url, self.seen = context, url, []
        context.expose_binding(
            "__ran", lambda source, *_: self.seen.append(f"a script ran on {source['page'].url}")
        )
        context.expose_binding(
            "__saw", lambda source, told: self.seen.append(f"{source['page'].url}: {told}")
        )
        context.add_init_script(WATCH)
        context.on("request", self._note_request)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on(
            "dialog", lambda dialog: (self.seen.append(f"a dialog: {dialog.message}"), dialog.dismiss())
        )
        self.page.on("popup", lambda popup: self.seen.append(f"a window: {popup.url}"))
        self.page.on("pageerror", lambda error: self.seen.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._note_complaint)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)
        self.look()

    def look(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        self.seen += [f"{self.page.url}: {one}" for one in self.page.evaluate(LOOK)]

    def _note_request(self, request) -> None:
        if not request.url.startswith((self.url + "/", self.url.replace("http", "ws", 1) + "/")):
            self.seen.append(f"a request to {request.url}")

    def _note_complaint(self, said) -> None:
        if said.type == "error" and "status of 4" not in said.text:
            self.seen.append(f"{self.page.url}: {said.text}")


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[str, dict[str, int]]]:
    """A server that is full of hostile words, and where they are."""
    with (
        tempfile.TemporaryDirectory(prefix="hearth-", dir=in_memory()) as folder,
        serving.running(seeded=False, database_url=f"sqlite:///{folder}/hearth.db") as server,
    ):
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.fill"], cwd=serving.ROOT, env=server.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        yield server.url, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def watched(chromium: Browser, house):
    """Opens pages that are watched; whatever happened in them fails the test."""
    opened: list[Watched] = []

    def open_page(name: str | None = None, **more) -> Watched:
        opened.append(Watched(context := chromium.new_context(viewport=DESK, **more), house[0]))
        if name:
            enter(context, house[0], name, PASSWORD)
        return opened[-1]

    yield open_page
    seen = [one for page in opened for one in page.seen]
    for one in opened:
        one.page.goto("about:blank")
        one.context.close()
    assert not seen


def read_topic(reader: Watched, there: dict[str, int]) -> None:
    """Every page of the topic, one after the other."""
    number = 1
    reader.go(f"/topics/{there['topic']}")
    while reader.page.get_by_role("link", name="Later", exact=True).count():
        number += 1
        reader.go(f"/topics/{there['topic']}?page={number}")
    assert number >= 3


def test_every_payload_as_a_post(watched, house):
    """Without the content policy, which would hide what our own cleaning let through."""
    read_topic(watched(bypass_csp=True), house[1])


@pytest.mark.slow
def test_every_payload_as_a_post_under_the_content_policy(watched, house):
    read_topic(watched(WRITER), house[1])


def test_every_payload_as_a_line_of_a_room(watched, house):
    """The newest from the server, the ones before through the script that puts HTML into the page, and some live."""
    reader, writer = watched(READER), watched(WRITER)
    reader.go(f"/rooms/{house[1]['room']}")
    shown = reader.page.locator(".say")
    older = reader.page.locator("a[data-older]")
    while older.count():
        before = shown.count()
        older.click()
        expect(shown).not_to_have_count(before)
    assert shown.count() > 0.9 * len(bundled())
    reader.look()
    last = say_some(writer, house[1]["room"])
    expect(reader.page.locator(".say__words", has_text=last)).to_be_visible()
    reader.look()


def say_some(writer: Watched, room: int) -> str:
    """As many lines as the pace allows, and a last one to wait for."""
    writer.go("/help")
    token = writer.page.locator("meta[name=csrf-token]").get_attribute("content")
    headers = {"X-CSRFToken": token, "Referer": writer.url}
    for words in [*list(PAYLOADS.values())[::16], "the last of them"]:
        told = {"cid": new_cid(), "body": words[:2000], "mask": True}
        writer.context.request.post(f"{writer.url}/api/v1/rooms/{room}/messages", headers=headers, data=told)
    return "the last of them"


def test_titles_in_lists_and_above_topics(watched, house):
    reader = watched(bypass_csp=True)
    reader.go(f"/boards/{house[1]['board']}")
    topic = reader.page.locator("main a[href^='/topics/']").first.get_attribute("href")
    for _ in range(10):
        link = reader.page.get_by_role("link", name="Older topics", exact=True)
        if not link.count():
            break
        reader.go(link.get_attribute("href"))
    reader.go(topic)
    reader.go("/boards")


@pytest.mark.slow
def test_what_is_told_decided_and_read_by_moderators(watched, house):
    there = house[1]
    lead, writer, reader = watched(LEAD), watched(WRITER), watched(READER)
    for path in (
        "/moderation",
        f"/moderation/cases/{there['case']}",
        f"/moderation/cases/{there['look']}",
        "/moderation/record",
    ):
        lead.go(path)
    lead.go(f"/moderation/cases/{there['open']}")
    lead.page.get_by_role("button", name="Claim").click()
    expect(lead.page.get_by_role("heading", name="Decide")).to_be_visible()
    lead.look()
    for path in (f"/statements/{there['decision']}", "/statements", "/notices", "/settings", f"/posts/{there['post']}/edit",
                 f"/rooms/{there['room']}"):  # fmt: skip
        writer.go(path)
    for path in (f"/reports/{there['report']}", "/reports", f"/report?post={there['post']}",
                 f"/topics/{there['topic']}?quote={there['post']}"):  # fmt: skip
        reader.go(path)


@pytest.mark.slow
def test_words_that_come_back_in_their_form(watched, house):
    """Refused, previewed, and sent from a page that was open for too long."""
    words = "\n\n".join(list(PAYLOADS.values())[::3]).replace("\x00", "")[:19_000]
    writer = watched(WRITER)
    page = writer.page
    for button, begins in (("Send reply", "07700 900123 "), ("Preview", ""), ("Send reply", "stale ")):
        writer.go(f"/topics/{house[1]['quiet']}")
        page.get_by_label("Your words", exact=True).fill(begins + words)
        if begins == "stale ":
            page.evaluate(
                "document.querySelectorAll('[name=csrf_token]').forEach((one) => { one.value = 'stale' })"
            )
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name=button).first.click()
        writer.look()


LIVE = [
    "<img src=x onerror=__ran(1)>",
    "<img src=https://elsewhere.example/x.png>",
    "<a href='java&Tab;script:__ran(1)'>x</a>",
    "<p style='color:red'>x</p>",
    "<svg><set attributeName=onclick to=__ran(1)></svg>",
]


@pytest.mark.parametrize("bypass_csp", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_watching_notices_what_is_planted(chromium, house, bypass_csp):
    planted = iter(LIVE)

    def plant(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<main", f"{next(planted)}<main", 1))

    context = chromium.new_context(bypass_csp=bypass_csp)
    context.route("**/help", plant)
    page, unnoticed = Watched(context, house[0]), []
    for live in LIVE:
        page.seen.clear()
        page.go("/help")
        if not page.seen:
            unnoticed.append(live)
    context.close()
    assert not unnoticed
