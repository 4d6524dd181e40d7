"""Help and leaving, at the same place on every page."""

import pytest
from playwright.sync_api import expect


def test_the_first_tabs_are_skip_leave_help_leave(person):
    page = person().go("/")
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert reached == ["Skip to the page", "Leave quickly", "Get help now", "Leave quickly"]


def test_the_button_ends_the_log_in_and_empties_the_browser(person):
    somebody = person("Low Meadow")
    page = somebody.go("/boards")
    page.evaluate("localStorage.setItem('draft', 'words')")
    page.locator(".btn--leave").click()
    expect(page).to_have_url(somebody.server.leave_url)
    assert somebody.context.cookies(somebody.server.url) == []
    assert somebody.context.request.get(somebody.server.url + "/settings").status == 401
    somebody.go("/help")
    assert page.evaluate("localStorage.length") == 0


def test_three_shifts_leave(person):
    somebody = person("Low Meadow")
    somebody.go("/boards")
    for _ in range(3):
        somebody.page.keyboard.press("Shift")
    expect(somebody.page).to_have_url(somebody.server.leave_url)


def test_typing_capitals_never_leaves(person):
    somebody = person()
    page = somebody.go("/sign-in")
    page.get_by_label("Your name here, or your e-mail").press_sequentially("ABC DEF GHI")
    assert page.url.endswith("/sign-in")
    expect(page.get_by_label("Your name here, or your e-mail")).to_have_value("ABC DEF GHI")


@pytest.mark.parametrize("javascript", [True, False])
def test_leaving_works_with_scripts_and_without(person, javascript):
    somebody = person(java_script_enabled=javascript)
    page = somebody.go("/help")
    page.locator(".btn--leave").click()
    expect(page).to_have_url(somebody.server.leave_url)
