"""What somebody has begun to write comes back: after a killed tab, after signing out, on a second device."""

import re
import time

from playwright.sync_api import expect

from tests.browser.looking import in_every_theme

WORDS = "I read this twice. The part about the"


def box(page):
    return page.get_by_label("Your words", exact=True)


def begin(somebody, path, words=WORDS):
    """Type, and wait no longer than it takes to be kept."""
    page = somebody.go(path)
    box(page).press_sequentially(words)
    expect(page.locator("[data-draft-said]")).to_have_text("Kept as a draft.", timeout=3_000)
    return page


def test_a_draft_comes_back_after_a_tab_is_killed_and_a_sign_out_and_on_a_second_device(person):
    somebody = person("Quiet Juniper")
    begin(somebody, "/topics/2")
    somebody.page.close()
    somebody.page = page = somebody.context.new_page()
    somebody.go("/topics/2")
    expect(box(page)).to_have_value(WORDS)
    expect(page.get_by_text("You began this.")).to_be_visible()
    somebody.go("/settings")
    page.get_by_role("button", name="Sign out here").click()
    somebody.sign_in("Quiet Juniper").go("/topics/2")
    expect(box(page)).to_have_value(WORDS)
    other = person("Quiet Juniper")
    other.go("/topics/2")
    expect(box(other.page)).to_have_value(WORDS)
    other.page.get_by_role("button", name="Send reply").click()
    expect(other.page.get_by_role("article").filter(has_text=WORDS)).to_be_visible()
    somebody.go("/topics/2")
    expect(box(page)).to_have_value("")


def clashing(person, name, path):
    """Somebody's phone, where words were kept, and their desk, where others are being written."""
    phone, desk = person(name), person(name)
    desk.go(path)
    begin(phone, path, "from the phone")
    box(desk.page).press_sequentially("from the desk")
    expect(desk.page.get_by_text("Other words were kept here meanwhile")).to_be_visible()
    return phone, desk


def test_two_devices_do_not_write_over_each_other(person):
    phone, desk = clashing(person, "Low Meadow", "/topics/2")
    phone.go("/topics/2")
    expect(box(phone.page)).to_have_value("from the phone")
    desk.page.get_by_role("button", name="Keep these instead").click()
    expect(desk.page.locator("[data-draft-said]")).to_have_text("Kept as a draft.")
    phone.go("/topics/2")
    expect(box(phone.page)).to_have_value("from the desk")
    phone.page.get_by_role("button", name="Start anew").click()
    expect(box(phone.page)).to_have_value("")
    desk.problems = [one for one in desk.problems if "412" not in one]


def test_a_late_answer_to_earlier_words_does_not_undo_a_choice(person):
    phone, desk = clashing(person, "Slow Tide", "/topics/4")
    late = iter([1.5])
    desk.page.route("**/api/v1/drafts/**", lambda route: (time.sleep(next(late, 0)), route.continue_()))
    box(desk.page).press_sequentially(", and on")
    with desk.page.expect_request("**/api/v1/drafts/**"):
        pass
    desk.page.get_by_role("button", name="Keep these instead").click()
    expect(desk.page.locator("[data-draft-said]")).to_have_text("Kept as a draft.")
    desk.page.wait_for_timeout(500)
    expect(desk.page.locator("[data-draft-said]")).to_have_text("Kept as a draft.")
    phone.go("/topics/4")
    expect(box(phone.page)).to_have_value("from the desk, and on")
    phone.page.get_by_role("button", name="Start anew").click()
    desk.problems = [one for one in desk.problems if "412" not in one]


def test_without_scripts_a_button_keeps_it(person):
    somebody = person("Amber Fen", java_script_enabled=False)
    page = somebody.go("/topics/2")
    box(page).fill("by the button")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you have begun")
    page.get_by_role("link", name=re.compile("^A reply in")).click()
    expect(box(page)).to_have_value("by the button")
    page.get_by_role("button", name="Start anew").click()
    expect(box(page)).to_have_value("")


def test_a_draft_that_came_back_in_every_theme(person):
    somebody, wrong = (
        person("Second Kettle", viewport={"width": 320, "height": 700}, reduced_motion="reduce"),
        {},
    )
    begin(somebody, "/boards/7/topics/new")
    for path in ("/boards/7/topics/new", "/drafts"):
        if found := in_every_theme(somebody.go(path)):
            wrong[path] = found
    assert not wrong
