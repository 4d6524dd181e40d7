"""axe finds nothing on any page in any theme; nothing scrolls sideways at 320 px."""

import pytest

from tests.browser.looking import NARROW, in_every_theme, press, violations

GUEST_PAGES = [
    "/", "/sign-up", "/sign-in", "/way-back-in", "/way-back-in/sent", "/help", "/agreement", "/agreement/1", "/sign-up/never-was", "/how-moderation-works", "/what-we-keep",
    "/accessibility", "/leaving-quickly", "/developers", "/style-guide", "/boards", "/nowhere",
    "/guides", "/guides/couples",
]  # fmt: skip
MEMBER_PAGES = [
    "/boards", "/boards/3", "/topics/2", "/boards/3/topics/new", "/rooms", "/rooms/1", "/rooms/2", "/rooms/3",
    "/notices", "/settings", "/reports", "/statements", "/report?post=2", "/worry?post=2", "/members/5",
    "/before-you-write", "/topics/2?quote=3", "/topics/3?begin=0", "/drafts", "/topics/2/print", "/posts/2/history",
    "/settings/reach", "/settings/leave", "/bookmarks", "/kind-words", "/library", "/library?tag=sleep&minutes=2",
    "/strategies/1", "/strategies/2", "/strategies/new", "/toolkit", "/plan", "/plan/read", "/posts/2/ask",
    "/topics/11", "/report?strategy=1", "/worry?strategy=1",
]  # fmt: skip
STAFF_PAGES = [
    "/moderation",
    "/moderation/cases/1",
    "/moderation/record",
    "/topics/2/move",
    "/topics/2/notes",
    "/topics/2/split",
    "/topics/2/merge",
    "/boards/3/planned",
]


HOUSE_PAGES = [
    "/jobs", "/house", "/house/boards", "/house/boards/3", "/house/groups", "/house/groups/1", "/house/rooms",
    "/house/rooms/1", "/house/people", "/house/lines", "/house/hours", "/house/joining", "/house/agreement", "/moderation/waiting",
    "/house/first-replies",
]  # fmt: skip


def check(somebody, paths):
    wrong = {}
    for path in paths:
        answer = somebody.page.goto(somebody.server.url + path)
        assert answer.status in (200, 404, 410), (path, answer.status)
        if found := in_every_theme(somebody.page):
            wrong[path] = found
    somebody.problems = [one for one in somebody.problems if "404" not in one and "410" not in one]
    assert not wrong


def test_pages_for_everyone(person):
    check(person(**NARROW), GUEST_PAGES)


def test_pages_for_members(person):
    check(person("Quiet Juniper", **NARROW), MEMBER_PAGES)


def test_pages_for_moderators(person):
    check(person("Wren", **NARROW), STAFF_PAGES)


def test_pages_for_those_who_look_after_the_house(person):
    maud = person("Maud", **NARROW)
    page = maud.go("/house/groups")
    page.get_by_label("Name").fill("Autumn circle")
    press(page.get_by_role("button", name="Make it"))
    check(maud, HOUSE_PAGES)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("document.createElement('img')", "image-alt"),
        (
            "Object.assign(document.createElement('div'), {style: 'width: 4000px; height: 1px'})",
            "scrolls sideways",
        ),
    ],
)
def test_looking_notices_a_planted_fault(person, fault, rule):
    somebody = person()
    page = somebody.go("/")
    page.evaluate(f"document.querySelector('main').append({fault})")
    somebody.problems.clear()
    assert any(rule in one for one in violations(page))
