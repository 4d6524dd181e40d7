"""axe finds nothing in what a page shows on the way: refused, held, asked about, offered, decided, paused."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import NARROW, look, press


@pytest.mark.slow
def test_a_form_of_the_house_that_is_refused(person):
    maud, wrong = person("Maud", **NARROW), {}
    page = maud.go("/house/lines")
    page.get_by_text("Add a line", exact=True).click()
    press(page.get_by_role("button", name="Show it on the help page"))
    look(page, wrong, "a line with what is missing")
    page = maud.go("/house/people")
    page.get_by_role("main").get_by_label("Their name here").first.fill("Nobody At All")
    press(page.get_by_role("button", name="Let them moderate"))
    look(page, wrong, "a name that nobody has")
    page = maud.go("/house/hours")
    page.get_by_label("Until").first.fill("")
    press(page.get_by_role("button", name="Keep these hours"))
    look(page, wrong, "half a day")
    page = maud.go("/house/boards/1")
    press(page.get_by_role("form", name="What it is").get_by_role("button", name="Keep it like this"))
    look(page, wrong, "a board that was kept")
    maud.problems = [one for one in maud.problems if "422" not in one]
    assert not wrong


def write(page, words, board=7):
    page.goto(page.url.split("/boards")[0] + f"/boards/{board}/topics/new")
    page.get_by_label("Title").fill("A night")
    page.get_by_label("Your words", exact=True).fill(words)
    press(page.get_by_role("button", name="Post it"))


def test_what_a_page_shows_on_a_hard_night(person):
    """Held words, help beside one's own words, private details asked about, a form refused, words being changed."""
    somebody, wrong = person("Low Meadow", **NARROW), {}
    page = somebody.go("/boards")
    write(page, "just kill yourself")
    expect(page.get_by_role("heading", level=1)).to_contain_text("waiting")
    look(page, wrong, "held")
    write(page, "I want to die and I cannot sleep")
    expect(page.get_by_role("main")).to_contain_text("Samaritans")
    look(page, wrong, "care")
    write(page, "ring me on 07700 900123")
    look(page, wrong, "asked about a number")
    write(page, " ")
    look(page, wrong, "no words")
    write(page, "an ordinary evening")
    page.locator(".more > summary").first.click()
    press(page.get_by_role("link", name="Change my words"))
    look(page, wrong, "changing")
    somebody.problems = [one for one in somebody.problems if "422" not in one]
    assert not wrong


def test_what_a_member_chooses_and_keeps(person):
    """Names offered while an @ is typed, a thought before advice, something kept, a feed, and kind words given."""
    somebody, wrong = person("North Orchard", **NARROW), {}
    page = somebody.go("/topics/2")
    page.get_by_label("Your words", exact=True).press_sequentially("@mo")
    expect(page.get_by_role("listbox")).to_be_visible()
    look(page, wrong, "names offered")
    page.get_by_label("Your words", exact=True).fill("You should call her back.")
    press(page.get_by_role("button", name="Send reply"))
    expect(page.get_by_role("button", name="Send it as it is")).to_be_visible()
    look(page, wrong, "a thought")
    page = somebody.go("/topics/2")
    page.locator(".more > summary").first.click()
    press(page.get_by_role("button", name="Keep this In").first)
    look(somebody.go("/bookmarks"), wrong, "kept")
    page = somebody.go("/settings/reach")
    page.get_by_label("Show me what is waiting").check()
    press(page.get_by_role("button", name="Save changes"))
    press(page.get_by_role("button", name="Make an address"))
    look(page, wrong, "a feed")
    look(somebody.go("/kind-words"), wrong, "waiting")
    somebody.problems = [one for one in somebody.problems if "422" not in one]
    assert not wrong


@pytest.mark.slow
def test_a_card_while_it_is_written_waits_and_is_tried(person):
    """A form refused, a number asked about, a card that waits, its change, how it was; and what its author is asked."""
    somebody, wrong = person("Slow Tide", **NARROW), {}
    page = somebody.go("/strategies/new")
    page.get_by_label("Its name").fill("A hand on the wall")
    page.get_by_label("When it fits").fill("On stairs")
    page.get_by_label("The steps").fill("Ring me on 07700 900123")
    page.get_by_label("Where", exact=True).fill("At work")
    press(page.get_by_role("button", name="Put it in the library"))
    look(page, wrong, "card refused")
    page.get_by_label("About how long").select_option("2")
    page.get_by_role("radio", name=re.compile("Lived experience")).check()
    page.get_by_role("checkbox", name="Grounding").check()
    press(page.get_by_role("button", name="Put it in the library"))
    look(page, wrong, "number asked about")
    page.get_by_label("The steps").fill("Stand. Honestly, just kys.")
    press(page.get_by_role("button", name="Put it in the library"))
    expect(page.get_by_role("main")).to_contain_text("waiting for a moderator")
    look(page, wrong, "card that waits")
    press(page.get_by_role("main").get_by_role("link", name="change that part"))
    look(page, wrong, "card being changed")
    page.goto(somebody.server.url + "/strategies/3")
    press(page.get_by_role("button", name="Save for me"))
    look(page, wrong, "how it was, missing")
    page.get_by_role("radio", name="It helped").check()
    press(page.get_by_role("button", name="Save for me"))
    look(page, wrong, "how it was, said")
    somebody.problems = [one for one in somebody.problems if "422" not in one]
    author = person("Quiet Juniper", **NARROW)
    page = author.go("/notices")
    press(page.get_by_role("button", name=re.compile("may become a card")))
    look(page, wrong, "asked for one's words")
    press(page.get_by_role("button", name="I’d rather not"))
    look(page, wrong, "answered")
    page.goto(author.server.url + "/help")
    expect(page.get_by_role("main")).to_contain_text("Your own words first")
    look(page, wrong, "help with a plan")
    page.goto(author.server.url + "/plan")
    page.get_by_label("How I notice it is starting").fill("x" * 201)
    press(page.get_by_role("button", name="Save my plan"))
    look(page, wrong, "plan refused")
    author.problems = [one for one in author.problems if "422" not in one]
    assert not wrong


def open_door(admin, mode):
    admin.go("/house/joining")
    admin.page.get_by_role("radio", name=re.compile(f"^{mode}")).check()
    press(admin.page.get_by_role("button", name="Keep it like this"))


@pytest.mark.slow
def test_every_way_in(person):
    """Each door as a visitor meets it, an invitation, whoever waits, and who answers them."""
    admin, visitor, wrong = person("Maud", **NARROW), person(**NARROW), {}
    try:
        for mode in ("Closed", "By invitation", "By approval"):
            open_door(admin, mode)
            visitor.go("/sign-up")
            look(visitor.page, wrong, mode)
        look(admin.page, wrong, "the house")
        visitor.page.get_by_label("Passphrase").fill("four quiet words here")
        press(visitor.page.get_by_role("button", name="Ask to come in"))
        look(visitor.page, wrong, "what is missing")
        ask_in(visitor.page, "I want to die and I cannot sleep")
        look(visitor.page, wrong, "codes with help")
        press(visitor.page.get_by_role("link", name=re.compile("go on")))
        look(visitor.page, wrong, "waiting")
        admin.go("/moderation/waiting")
        look(admin.page, wrong, "at the door")
        admin.page.locator("details", has_text="Not let in").first.evaluate("one => { one.open = true }")
        admin.page.get_by_label(re.compile("What they will read")).first.fill("We are full until spring.")
        press(admin.page.get_by_role("button", name="Tell them").first)
        look(admin.page, wrong, "answered")
        visitor.go("/waiting")
        look(visitor.page, wrong, "not let in")
        admin.go("/house/joining")
        admin.page.get_by_label("For whom it is").fill("For a quiet group")
        press(admin.page.get_by_role("button", name="Make the link"))
        look(admin.page, wrong, "an invitation")
    finally:
        open_door(admin, "Open")
    for one in (admin, visitor):
        one.problems = [told for told in one.problems if "422" not in told and "403" not in told]
    assert not wrong


def ask_in(page, answer):
    page.get_by_label(re.compile("like us to know")).fill(answer)
    page.get_by_label("Passphrase").fill("four quiet words here")
    page.get_by_label("I’m 18 or older").check()
    press(page.get_by_role("button", name="Ask to come in"))


@pytest.mark.slow
def test_a_profile_and_a_new_version(person):
    """A profile with help beside it, as others see it, and with what stands in its way; and a version before it holds."""
    somebody, admin, wrong = person("North Orchard", **NARROW), person("Maud", **NARROW), {}
    page = somebody.go("/settings")
    page.get_by_label("Pronouns, if you like").fill("she / her")
    page.get_by_label("A few words, if you like").fill("Ring me on 07700 900123")
    press(page.get_by_role("button", name="Keep my profile"))
    look(page, wrong, "asked about a number")
    page.get_by_label("A few words, if you like").fill("I want to die and I cannot sleep")
    press(page.get_by_role("button", name="Keep my profile"))
    look(page, wrong, "care")
    somebody.go("/settings")
    press(page.get_by_role("link", name="See it as others do"))
    look(page, wrong, "as others see it")
    page = admin.go("/house/agreement")
    page.get_by_label("What is new, and why, in a sentence").fill("The first line says what it means.")
    press(page.get_by_role("button", name="See how it reads"))
    look(page, wrong, "preview")
    page.get_by_label("What is new, and why, in a sentence").fill("")
    press(page.get_by_role("button", name="See how it reads"))
    look(page, wrong, "what is missing of a version")
    for one in (somebody, admin):
        one.problems = [told for told in one.problems if "422" not in told]
    assert not wrong


def test_a_report_its_receipt_and_a_decision(person):
    """From a worry to what its author reads, each page of it."""
    author, worried, moderator = (
        person("Amber Fen", **NARROW),
        person("Slow Tide", **NARROW),
        person("Wren", **NARROW),
    )
    wrong = {}
    page = author.go("/boards")
    write(page, "an evening to be looked at", board=6)
    where = page.url
    page = worried.page
    page.goto(where)
    page.locator(".more > summary").first.click()
    press(page.get_by_role("link", name=re.compile("worried")).first)
    press(page.get_by_role("main").get_by_role("button", name=re.compile("Send|Tell")).first)
    look(page, wrong, "receipt")
    desk = moderator.go("/moderation")
    press(desk.locator(".case", has_text="Starting and staying").get_by_role("link").first)
    look(desk, wrong, "case before it is claimed")
    press(desk.get_by_role("button", name="Claim"))
    look(desk, wrong, "case claimed")
    desk.get_by_role("radio", name=re.compile("^Write to its author")).check()
    press(desk.get_by_role("button", name="Decide and tell them"))
    look(desk, wrong, "case with what is missing")
    desk.get_by_role("radio", name=re.compile("^Write to its author")).check()
    desk.get_by_label("Agreement it rests on").select_option("1")
    desk.get_by_label(re.compile("What they will read")).fill("I read it, and I wondered how you are.")
    press(desk.get_by_role("button", name="Decide and tell them"))
    look(desk, wrong, "case decided")
    page = author.go("/notices")
    look(page, wrong, "notices")
    press(page.get_by_role("button", name=re.compile("moderator decided")).first)
    look(page, wrong, "statement")
    for one in (author, worried, moderator):
        one.problems = [told for told in one.problems if "422" not in told]
    assert not wrong


def test_a_room_while_it_is_kept_and_while_it_is_paused(person):
    lead, wrong = person("Tomas", **NARROW), {}
    page = lead.go("/rooms/2")
    look(page, wrong, "keeping the room")
    press(page.get_by_role("button", name="Pause the room"))
    look(page, wrong, "paused, for its keeper")
    member = person("Second Kettle", **NARROW)
    member.go("/rooms/2")
    look(member.page, wrong, "the door of a paused room")
    if member.page.get_by_role("button", name="Go in").count():
        press(member.page.get_by_role("button", name="Go in"))
        look(member.page, wrong, "paused")
    press(page.get_by_role("button", name="Go on").first)
    expect(page.get_by_role("button", name="Pause the room")).to_be_visible()
    assert not wrong
