"""The three journeys, each from end to end, in real browsers against a real server."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from forum.live.ids import new_cid
from forum.text.names import FIRST, SECOND
from tests.browser.conftest import PHONE

PASSPHRASE = "four quiet words here"
_names = (f"{first} {second}" for second, first in itertools.product(reversed(SECOND), reversed(FIRST)))


def come_in(person, **context):
    """Somebody new, by the front door: a name, a passphrase, and nothing agreed to yet but their age."""
    somebody = person(**context)
    page = somebody.go("/")
    page.get_by_role("main").get_by_role("link", name="Come in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a name to be here by")
    somebody.name = next(_names)
    page.get_by_label("Or write your own").fill(somebody.name)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_label("I’m 18 or older").check()
    page.get_by_role("main").get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Welcome in, {somebody.name}")
    expect(page.locator(".codes li")).to_have_count(8)
    return somebody


def agree(page: Page) -> None:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/before-you-write")
    page.get_by_label(re.compile("You may keep what I write")).check()
    page.get_by_label("I’d like to be here by this agreement").check()
    page.get_by_role("main").get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_door_to_a_report(person, javascript):
    writer = come_in(person, java_script_enabled=javascript)
    page = writer.go("/boards")
    page.get_by_role("link", name="Attachment and closeness").click()
    board = page.url
    agree(page)

    page.goto(board)
    page.get_by_role("link", name="Start a topic").click()
    title = f"A hard call, told by {writer.name}"
    page.get_by_label("Title").fill(title)
    page.get_by_text("Does it mention something").click()
    page.get_by_label("Family conflict").check()
    page.get_by_label("Your words", exact=True).fill(
        "It was **only** words.\n\n:::mentions family_conflict What was said.\nHe shouted.\n:::"
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview strong")).to_have_text("only")
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".chip--line")).to_have_text("Mentions: family conflict")
    expect(page.get_by_text("He shouted.")).not_to_be_visible()
    topic = page.url

    reader = person("Moss Lantern")
    reader.page.goto(topic)
    reader.page.get_by_role("article").first.get_by_text("Show", exact=True).first.click()
    reader.page.get_by_label("Your words", exact=True).fill("I read all of it. It happened.")
    reader.page.get_by_role("button", name="Send reply").click()
    expect(reader.page.get_by_role("article", name="Reply by Moss Lantern")).to_contain_text("It happened.")

    page.goto(topic)
    page.get_by_role("article", name=f"Post by {writer.name}").locator(".more > summary").click()
    page.get_by_role("link", name="Change my words").click()
    page.get_by_label("Your words", exact=True).fill("It was only words, and it was enough.")
    page.get_by_role("main").get_by_role("button", name=re.compile("Save|Send|Keep")).first.click()
    expect(page.get_by_text("and it was enough.")).to_be_visible()

    page.get_by_role("article", name="Reply by Moss Lantern").locator(".more > summary").click()
    page.get_by_role("link", name=re.compile("^Report")).click()
    page.get_by_role("radio", name=re.compile("unkind", re.IGNORECASE)).check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is with us now")

    reader.go("/notices")
    expect(reader.page.locator("main")).not_to_contain_text(writer.name)


def go_in(somebody, room: str = "/rooms/1") -> Page:
    page = somebody.go(room)
    if page.get_by_role("button", name="Go in").count():
        page.get_by_role("button", name="Go in").click()
    expect(page.get_by_label("Your words to the room")).to_be_visible()
    return page


def say(page: Page, words: str) -> None:
    page.get_by_label("Your words to the room").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def said(page: Page, marker: str) -> list[str]:
    return [
        one.strip() for one in page.locator(".say__words").all_inner_texts() if one.strip().startswith(marker)
    ]


def test_a_room_that_loses_nothing(person):
    one, other = go_in(person("Quiet Juniper")), go_in(person("River Slate"))
    say(one, "first light")
    expect(other.locator(".say__words", has_text="first light")).to_be_visible()
    say(other, "first answer")
    expect(one.locator(".say__words", has_text="first answer")).to_be_visible()

    other.context.set_offline(True)
    for number in range(10):
        say(one, f"missed {number}")
        expect(one.locator(".say__words", has_text=f"missed {number}")).to_be_visible()
    assert said(other, "missed") == []
    other.context.set_offline(False)
    expect(other.locator(".say__words", has_text="missed 9")).to_be_visible(timeout=40_000)
    in_order = [f"missed {number}" for number in range(10)]
    assert said(other, "missed") == in_order

    other.reload()
    expect(other.locator(".say__words", has_text="missed 9")).to_be_visible()
    assert said(other, "missed") == in_order


def test_a_room_works_without_scripts(person):
    page = go_in(person("Slow Tide", java_script_enabled=False))
    say(page, "by form alone")
    expect(page.locator(".say__words", has_text="by form alone")).to_be_visible()


def test_words_that_could_not_be_sent_are_kept_and_are_nobody_elses(person):
    somebody = person("Plain Sparrow")
    page = go_in(somebody)
    somebody.context.set_offline(True)
    say(page, "kept through the night")
    expect(page.locator(".say--waiting", has_text="kept through the night")).to_be_visible()
    somebody.context.set_offline(False)
    expect(page.locator(".say--waiting")).to_have_count(0, timeout=40_000)
    page.reload()
    assert said(page, "kept through") == ["kept through the night"]


def test_from_a_report_to_a_statement_of_reasons(person):
    author = person("Grey Heron")
    in_room = go_in(author, "/rooms/2")
    say(in_room, "you all have the disorganised type")
    expect(in_room.locator(".say__words", has_text="disorganised")).to_be_visible()

    reporter = person("North Orchard")
    page = go_in(reporter, "/rooms/2")
    say(page, "hello")
    expect(page.locator(".say__words", has_text="hello")).to_be_visible()
    say(in_room, "and you should all leave")
    line = page.locator(".say", has_text="and you should all leave")
    line.locator("summary").click()
    line.get_by_role("link", name=re.compile("^Report")).click()
    page.get_by_role("radio", name=re.compile("unkind", re.IGNORECASE)).check()
    page.get_by_role("button", name="Send the report").click()

    moderator = person("Wren")
    desk = moderator.go("/moderation")
    desk.locator(".case", has_text="Quiet company").get_by_role("link").first.click()
    desk.get_by_role("button", name="Claim").click()
    expect(desk.get_by_text("and you should all leave").first).to_be_visible()
    desk.get_by_role("radio", name=re.compile("^Pause everywhere")).check()
    desk.get_by_label("Agreement it rests on").select_option("3")
    desk.get_by_label(re.compile("What they will read")).fill(
        "Telling people to leave hurts. We would like you back in three days."
    )
    desk.get_by_label("For how long").select_option("3")
    desk.get_by_label("Hide the words too").check()
    desk.get_by_role("button", name="Decide and tell them").click()
    expect(desk.get_by_role("heading", name="Decided")).to_be_visible()

    expect(in_room.get_by_label("Your words to the room")).not_to_be_visible(timeout=5_000)
    notices = author.go("/notices")
    notices.locator(
        "main form button, main a", has_text=re.compile("decided|moderator", re.IGNORECASE)
    ).first.click()
    statement = notices.locator("main")
    expect(statement).to_contain_text("By people")
    expect(statement).to_contain_text("Telling people to leave hurts.")
    expect(statement).not_to_contain_text("North Orchard")
    expect(notices.get_by_role("button", name="Send it to a different moderator")).to_be_visible()
    door = author.go("/rooms/2")
    expect(door.get_by_role("main")).to_contain_text("paused for you")
    expect(door.get_by_role("button", name="Go in")).to_have_count(0)


def test_a_room_where_web_sockets_do_not_pass(person):
    """Behind a proxy that lets only plain requests through, words go and come every few seconds, and the page says so."""
    other = go_in(person("Moss Lantern"))
    shut_in = person("Low Meadow")
    shut_in.context.route_web_socket(re.compile("socket.io"), lambda socket: socket.close(code=1011))
    page = go_in(shut_in)
    expect(page.locator("[data-link]")).to_contain_text("every few seconds", timeout=20_000)
    say(page, "by the slow way out")
    expect(other.locator(".say__words", has_text="by the slow way out")).to_be_visible(timeout=10_000)
    say(other, "by the slow way in")
    expect(page.locator(".say__words", has_text="by the slow way in")).to_be_visible(timeout=10_000)
    assert said(page, "by the slow") == ["by the slow way out", "by the slow way in"]


def test_a_topic_offers_new_replies_without_moving(person):
    reader, writer = person("Quiet Juniper"), person("Slow Tide")
    page = reader.go("/topics/11")
    expect(page.get_by_role("link", name="Show new replies")).not_to_be_visible()
    writer.go("/topics/11")
    writer.page.get_by_label("Your words", exact=True).fill("A timer they can hear.")
    writer.page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("link", name="Show new replies")).to_be_visible(timeout=8_000)
    expect(page.get_by_text("A timer they can hear.")).not_to_be_visible()
    page.get_by_role("link", name="Show new replies").click()
    expect(page.get_by_text("A timer they can hear.")).to_be_visible()


def test_the_queue_fills_while_it_is_looked_at(person):
    moderator, worried = person("Wren"), person("Second Kettle")
    desk = moderator.go("/moderation")
    before = desk.locator(".case").count()
    worried.go("/worry?post=5")
    worried.page.get_by_role("main").get_by_role("button", name=re.compile("Send|Tell")).first.click()
    expect(worried.page.get_by_role("heading", level=1)).to_have_text("It is with us now")
    expect(desk.locator(".case")).to_have_count(before + 1, timeout=8_000)


def test_a_reader_holds_new_messages_answers_takes_back_and_reads_what_was_before(person):
    """On a phone, in a room where so much was said that the newest line stands at the end of its box."""
    writer, reader = person("Moss Lantern"), person("Second Kettle", viewport=PHONE)
    talk, page = go_in(writer, "/rooms/2"), go_in(reader, "/rooms/2")
    for number in range(30):
        for somebody in (writer, reader):
            send_by_api(somebody, f"line {number}")
    page.reload()
    expect(page.locator(".say__words", has_text="line 29").last).to_be_visible()

    page.get_by_role("button", name="Hold").click()
    say(talk, "while it is held")
    expect(page.get_by_role("button", name="Show 1 new")).to_be_visible()
    assert said(page, "while it is held") == []
    page.get_by_role("button", name="Show 1 new").click()
    line = page.locator(".say", has_text="while it is held")
    expect(line).to_be_visible()

    line.locator("summary").click()
    line.get_by_role("link", name="Answer this").click()
    expect(page.locator("[data-answering-whom]")).to_have_text("In answer to Moss Lantern")
    say(page, "an answer to it")
    answer = talk.locator(".say", has_text="an answer to it")
    expect(answer).to_contain_text("In answer to Moss Lantern")
    own = page.locator(".say--mine", has_text="an answer to it")
    own.locator("summary").click()
    own.get_by_role("button", name="Take it back").click()
    expect(talk.get_by_text("Its author took this back")).to_be_visible()
    expect(answer).to_have_count(0)

    page.get_by_role("link", name="Earlier messages").click()
    expect(page.locator(".say__words", has_text="line 0").first).to_be_visible()
    assert said(page, "line") == [f"line {number}" for number in range(30) for _ in range(2)]

    say(talk, "the newest of all")
    newest = page.locator(".say", has_text="the newest of all")
    newest.locator("summary").click()
    newest.get_by_role("link", name=re.compile("worried")).click()
    expect(page.get_by_role("button", name="Tell a moderator")).to_be_visible()


def send_by_api(somebody, words):
    token = somebody.page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = somebody.context.request.post(
        f"{somebody.server.url}/api/v1/rooms/2/messages",
        headers={"X-CSRFToken": token, "Referer": somebody.server.url},
        data={"cid": new_cid(), "body": words},
    )
    assert answer.status == 201, answer.text()
