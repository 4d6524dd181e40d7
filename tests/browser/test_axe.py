"""axe finds nothing on any page in any theme; nothing scrolls sideways at 320 px; every control can be pressed."""

import pytest
from axe_playwright_python.sync_playwright import Axe

GUEST_PAGES = [
    "/", "/sign-up", "/sign-in", "/way-back-in", "/help", "/agreement", "/how-moderation-works", "/what-we-keep",
    "/accessibility", "/leaving-quickly", "/style-guide", "/boards", "/nowhere",
]  # fmt: skip
MEMBER_PAGES = ["/boards", "/boards/3", "/topics/2", "/boards/3/topics/new", "/rooms", "/rooms/1", "/rooms/2", "/notices", "/settings", "/reports", "/statements", "/report?post=2", "/worry?post=2", "/members/5"]  # fmt: skip
STAFF_PAGES = ["/moderation", "/moderation/cases/1", "/moderation/record"]
THEMES = ["light", "dark", "contrast", "contrast-dark"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

axe = Axe()


def violations(page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = axe.run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def check(somebody, paths, theme):
    page = somebody.page
    somebody.context.add_cookies([{"name": "theme", "value": theme, "url": somebody.server.url}])
    wrong = {}
    for path in paths:
        answer = page.goto(somebody.server.url + path)
        assert answer.status in (200, 404), (path, answer.status)
        if found := violations(page):
            wrong[path] = found
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.setdefault(path, []).append("scrolls sideways")
    somebody.problems = [one for one in somebody.problems if "404" not in one]
    assert not wrong


@pytest.mark.parametrize("theme", THEMES)
def test_pages_for_everyone(person, theme):
    check(person(viewport={"width": 320, "height": 700}), GUEST_PAGES, theme)


@pytest.mark.parametrize("theme", THEMES)
def test_pages_for_members(person, theme):
    check(person("Quiet Juniper", viewport={"width": 320, "height": 700}), MEMBER_PAGES, theme)


@pytest.mark.parametrize("theme", THEMES)
def test_pages_for_moderators(person, theme):
    check(person("Wren", viewport={"width": 390, "height": 844}), STAFF_PAGES, theme)


def test_axe_notices_a_planted_fault(person):
    page = person().go("/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any("image-alt" in one for one in violations(page))
