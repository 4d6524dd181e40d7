"""Whom an @ may mean, by keyboard and by touch, in a real browser."""

import re

from playwright.sync_api import expect


def box_of(page):
    """The empty box: what an earlier visit began is kept, and comes back."""
    box = page.get_by_label("Your words", exact=True)
    box.fill("")
    return box


def test_a_name_is_chosen_by_keyboard(person):
    page = person("Slow Tide").go("/topics/2")
    box, offered = box_of(page), page.get_by_role("listbox", name="Whom you may mean")
    expect(offered).to_be_hidden()
    box.press_sequentially("Thank you @in")
    expect(offered.get_by_role("option", name="Ines")).to_have_attribute("aria-selected", "true")
    active = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_text("Ines")
    expect(page.get_by_text("One name is offered below.")).to_be_attached()
    box.press("Enter")
    expect(box).to_have_value("Thank you @Ines ")
    expect(offered).to_be_hidden()
    expect(box).to_be_focused()


def test_arrows_move_and_escape_leaves_the_words_as_they_are(person):
    page = person("Slow Tide").go("/topics/2")
    box, offered = box_of(page), page.get_by_role("listbox")
    box.press_sequentially("@qu")
    expect(offered).to_be_visible()
    box.press("ArrowDown")
    expect(offered.locator("[aria-selected=true]")).to_have_count(1)
    box.press("Escape")
    expect(offered).to_be_hidden()
    assert box.get_attribute("aria-activedescendant") is None
    expect(box).to_have_value("@qu")
    box.press("Enter")
    expect(box).to_have_value("@qu\n")


def test_a_name_is_chosen_by_touch_on_the_smallest_screen(person):
    somebody = person("Slow Tide", viewport={"width": 320, "height": 640}, has_touch=True)
    page = somebody.go("/topics/2")
    box = box_of(page)
    box.press_sequentially("@moss")
    option = page.get_by_role("option", name="Moss Lantern")
    expect(option).to_be_visible()
    assert option.bounding_box()["height"] >= 44
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    option.tap()
    expect(box).to_have_value("@Moss Lantern ")


def test_an_address_or_one_letter_offers_nobody(person):
    page = person("Slow Tide").go("/topics/2")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/names" in request.url else None)
    box_of(page).press_sequentially("me@in and @m")
    page.wait_for_timeout(500)
    assert not asked


def test_without_scripts_an_answer_begins_and_names_just_as_well(person):
    page = person("Slow Tide", java_script_enabled=False).go("/topics/4")
    page.get_by_role("link", name=re.compile("^What helped me")).click()
    box = page.get_by_label("Your words", exact=True)
    expect(box).to_have_value("What helped me, a little ")
    box.fill("What helped me, a little @Moss Lantern: soup.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("main")).to_contain_text("@Moss Lantern: soup.")
