"""The pages of rooms, by forms and links alone."""

import re

import pytest

from forum.actions import messages, rooms
from forum.db import db
from forum.live.ids import new_cid
from forum.models import Membership, Message, System
from forum.queries.rooms import open_stay_of
from tests import factories
from tests.conftest import token_of
from tests.talking import apart, go_in, line, say


class Browser:
    """A browser of somebody's, apart from the test."""

    def __init__(self, client):
        self.client = client

    def get(self, path):
        return apart(self.client.get, path)

    def page(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def post(self, path, **form):
        token = apart(token_of, self.client)
        return apart(self.client.post, path, data={"csrf_token": token, **form})


@pytest.fixture
def browser(client_as):
    return lambda user: Browser(client_as(user))


def test_the_list_shows_what_is_open_and_what_is_next(browser, alice, bob, room, fay):
    later = factories.make_room("After the visit")
    rooms.close_room(System(), later)
    go_in(room, bob)

    page = browser(alice).page("/rooms")

    assert room.name in page
    assert later.name in page
    assert f"With {fay.name}" in page
    assert f"1 in, room for {room.capacity - 1} more" in page


def test_an_empty_house_says_so(browser, alice):
    assert "No room is open right now" in browser(alice).page("/rooms")


def test_the_door_comes_before_the_room(browser, alice, bob, room):
    go_in(room, bob)
    line(bob, room, "Inside only.")
    hers = browser(alice)

    door = hers.page(f"/rooms/{room.id}")
    entered = hers.post(f"/rooms/{room.id}/membership")
    line(bob, room, "Welcome.")
    inside = hers.page(f"/rooms/{room.id}")

    assert "Go in" in door
    assert "Inside only." not in door
    assert (entered.status_code, entered.location) == (303, f"/rooms/{room.id}")
    assert "Welcome." in inside
    assert "Inside only." not in inside
    assert 'role="log"' in inside


def test_a_full_room_says_so_at_the_door(browser, alice, bob):
    room = factories.make_room("Small", capacity=1)
    go_in(room, bob)

    refused = browser(alice).post(f"/rooms/{room.id}/membership")

    assert refused.status_code == 409
    assert "All places in this room are taken" in refused.get_data(as_text=True)


def test_a_closed_room_shows_its_door_to_everyone(browser, alice, fay, room):
    go_in(room, alice)
    rooms.close_room(System(), room)

    assert "closed for now" in browser(alice).page(f"/rooms/{room.id}")
    assert "Open the room" in browser(fay).page(f"/rooms/{room.id}")


def test_words_reach_the_room_without_a_script(browser, alice, bob, room):
    go_in(room, alice, bob)
    hers = browser(alice)
    cid = re.search(r'name="cid" value="([^"]+)"', hers.page(f"/rooms/{room.id}"))[1]

    first = hers.post(f"/rooms/{room.id}/messages", cid=cid, body="Hello by form.")
    again = hers.post(f"/rooms/{room.id}/messages", cid=cid, body="Hello by form.")

    message = db.session.query(Message).one()
    assert first.location == again.location == f"/rooms/{room.id}#message-{message.id}"
    assert "Hello by form." in browser(bob).page(f"/rooms/{room.id}")


def test_a_refused_message_comes_back_in_the_box(browser, alice, room, fay):
    go_in(room, alice)
    hers = browser(alice)
    rooms.set_slow_mode(fay, room, seconds=20)
    hers.post(f"/rooms/{room.id}/messages", cid=new_cid(), body="One.")

    refused = hers.post(f"/rooms/{room.id}/messages", cid=new_cid(), body="These <words> stay.")

    page = refused.get_data(as_text=True)
    assert refused.status_code == 429
    assert "These &lt;words&gt; stay." in page
    assert "Slow pace" in page


def test_private_details_are_offered_to_be_covered(browser, alice, room):
    go_in(room, alice)
    hers = browser(alice)
    words = "Call me on +44 7911 123456."

    asked = hers.post(f"/rooms/{room.id}/messages", cid=new_cid(), body=words)
    sent = hers.post(f"/rooms/{room.id}/messages", cid=new_cid(), body=words, mask="1")

    assert asked.status_code == 422
    assert "Send it with that part covered" in asked.get_data(as_text=True)
    assert sent.status_code == 303
    assert "7911" not in hers.page(f"/rooms/{room.id}")


def test_someone_in_crisis_is_shown_people_to_reach(browser, alice, bob, room):
    go_in(room, alice, bob)

    answer = browser(alice).post(f"/rooms/{room.id}/messages", cid=new_cid(), body="I want to kill myself.")

    assert answer.status_code == 200
    assert "People you can reach" in answer.get_data(as_text=True)
    assert "I want to kill myself." in browser(bob).page(f"/rooms/{room.id}")


def test_a_kept_message_says_so_to_its_author(browser, alice, bob, room):
    go_in(room, alice, bob)
    browser(alice).post(f"/rooms/{room.id}/messages", cid=new_cid(), body="Go kill yourself.")

    assert "Kept for a moderator to read first" in browser(alice).page(f"/rooms/{room.id}")
    assert "Go kill yourself." not in browser(bob).page(f"/rooms/{room.id}")


def test_changing_and_taking_back_by_form(browser, alice, bob, room):
    go_in(room, alice, bob)
    message = line(alice, room, "Frist.")
    hers, here = browser(alice), f"/rooms/{room.id}/messages/{message.id}"

    assert "Frist." in hers.page(f"{here}/edit")
    assert hers.post(here, body="").status_code == 422
    assert hers.post(here, body="First.").status_code == 303
    assert "First." in browser(bob).page(f"/rooms/{room.id}")
    assert hers.post(f"{here}/delete").status_code == 303
    assert "took this back" in browser(bob).page(f"/rooms/{room.id}")
    assert browser(bob).post(f"{here}/delete").status_code == 403
    assert browser(bob).get(f"{here}/edit").status_code == 403


def test_an_answer_names_its_line(browser, alice, bob, room):
    go_in(room, alice, bob)
    asked = line(bob, room, "Anyone?")
    hers = browser(alice)

    assert f"In answer to {bob.name}" in hers.page(f"/rooms/{room.id}?reply_to={asked.id}")
    hers.post(f"/rooms/{room.id}/messages", cid=new_cid(), body="Me.", reply_to=asked.id)

    assert f'href="#message-{asked.id}"' in browser(bob).page(f"/rooms/{room.id}")


def test_earlier_messages_are_a_link(browser, alice, room, monkeypatch):
    from forum.queries import rooms as queries

    monkeypatch.setattr(queries.talk_of, "__kwdefaults__", {"before": None, "limit": 2})
    go_in(room, alice)
    for number in range(3):
        line(alice, room, f"Line {number}.")
    hers = browser(alice)

    page = hers.page(f"/rooms/{room.id}")
    link = re.search(r'href="(/rooms/\d+\?before=\d+)"', page)[1]

    assert "Line 0." not in page
    assert "Line 0." in hers.page(link)


def test_stepping_out_leads_to_the_list(browser, alice, room):
    go_in(room, alice)

    answer = browser(alice).post(f"/rooms/{room.id}/membership/end")

    assert (answer.status_code, answer.location) == (303, "/rooms")
    db.session.rollback()
    assert open_stay_of(alice, room) is None


def test_a_paused_room_shows_something_steady(browser, alice, room, fay):
    go_in(room, alice, fay)
    line(alice, room, "Before the pause.")
    hers, keeper = browser(alice), browser(fay)

    assert keeper.post(f"/rooms/{room.id}/pause").status_code == 303
    page = hers.page(f"/rooms/{room.id}")
    refused = hers.post(f"/rooms/{room.id}/messages", cid=new_cid(), body="While paused.")

    assert "Nobody is in trouble" in page
    assert "Before the pause." not in page
    assert refused.status_code == 409
    assert "While paused." in refused.get_data(as_text=True)
    assert "Before the pause." in keeper.page(f"/rooms/{room.id}")
    assert keeper.post(f"/rooms/{room.id}/pause/end").status_code == 303
    assert "Before the pause." in hers.page(f"/rooms/{room.id}")


def test_the_keeper_s_forms(browser, alice, bob, room, fay):
    go_in(room, alice, bob, fay)
    keeper, here = browser(fay), f"/rooms/{room.id}"
    persona = alice.byline.id

    page = keeper.page(here)
    assert "Keeping the room" in page
    assert f"Ask {alice.name} to step out" in page
    assert keeper.post(f"{here}/pace", seconds="20").status_code == 303
    assert keeper.post(f"{here}/pace", seconds="soon").status_code == 422
    assert keeper.post(f"{here}/members/{persona}/silence", minutes="10", reason="").status_code == 422
    assert (
        keeper.post(f"{here}/members/{persona}/silence", minutes="10", reason="Listening only.").status_code
        == 303
    )
    assert "Listening only." in browser(alice).page(here)
    assert "Listening only." not in browser(bob).page(here)
    assert keeper.post(f"{here}/members/{persona}/removal", reason="Another evening.").status_code == 303
    assert "Another evening." in browser(alice).page(here)
    assert keeper.post(f"{here}/members/{persona}/removal", reason="Again.").status_code == 404
    assert keeper.post(f"{here}/closing").status_code == 303
    assert keeper.post(f"{here}/opening").status_code == 303
    db.session.rollback()
    assert open_stay_of(fay, room) is not None


def test_members_keep_nothing(browser, alice, bob, room):
    go_in(room, alice, bob)
    message = line(bob, room)
    hers, here = browser(alice), f"/rooms/{room.id}"

    assert "Keeping the room" not in hers.page(here)
    for path in (
        "pause", "pause/end", "pace", "closing", "opening", f"members/{bob.byline.id}/silence",
        f"members/{bob.byline.id}/removal", f"messages/{message.id}/hide", f"messages/{message.id}/show",
    ):  # fmt: skip
        assert hers.post(f"{here}/{path}", seconds="20", minutes="10", reason="No.").status_code == 403
    assert db.session.query(Membership).filter(Membership.left_at.is_not(None)).count() == 0


def test_hiding_a_line_and_showing_it_again(browser, alice, bob, room, fay):
    go_in(room, alice, bob, fay)
    message = line(alice, room, "Out of sight.")
    keeper, here = browser(fay), f"/rooms/{room.id}"

    keeper.post(f"{here}/messages/{message.id}/hide")

    assert "Out of sight." in browser(alice).page(here)
    assert "Out of sight." in keeper.page(here)
    assert "Out of sight." not in browser(bob).page(here).replace("Out of sight for", "")
    keeper.post(f"{here}/messages/{message.id}/show")
    assert "Out of sight." in browser(bob).page(here)


def test_names_are_shown_only_by_choice(browser, alice, bob, charlie, room):
    charlie.shows_presence = True
    db.session.commit()
    go_in(room, alice, bob, charlie)

    page = browser(alice).page(f"/rooms/{room.id}")

    assert charlie.name in page
    assert bob.name not in page


def test_what_is_not_there_is_not_found(browser, alice, room):
    go_in(room, alice)
    hers = browser(alice)

    assert hers.get("/rooms/999999").status_code == 404
    assert hers.get(f"/rooms/{room.id}/messages/999999/edit").status_code == 404
    assert hers.get(f"/rooms/{room.id}?reply_to=999999").status_code == 404


def test_a_message_that_somebody_cannot_read_is_not_there(browser, alice, bob, room):
    go_in(room, bob)
    message = line(bob, room, "Before.")
    go_in(room, alice)

    assert browser(alice).get(f"/rooms/{room.id}?reply_to={message.id}").status_code == 404


def test_suspended_members_read_why_at_the_door(browser, sam, room):
    page = browser(sam).page(f"/rooms/{room.id}")

    assert "Go in" not in page
    assert browser(sam).post(f"/rooms/{room.id}/membership").status_code == 403


def test_an_edit_can_be_read_as_crisis_too(browser, alice, room):
    go_in(room, alice)
    message = line(alice, room)

    answer = browser(alice).post(f"/rooms/{room.id}/messages/{message.id}", body="I want to kill myself.")

    assert "People you can reach" in answer.get_data(as_text=True)


def test_markup_stays_words(browser, alice, bob, room):
    go_in(room, alice, bob)
    say(alice, room, "<script>alert(1)</script> <img src=x onerror=alert(1)>")

    page = browser(bob).page(f"/rooms/{room.id}")

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_deleted_messages_leave_no_words_in_the_page(browser, alice, bob, room):
    go_in(room, alice, bob)
    message = line(alice, room, "Regretted.")
    messages.delete_message(alice, message)

    for reader in (alice, bob):
        assert "Regretted." not in browser(reader).page(f"/rooms/{room.id}")
