"""The pages for looking after the house: who finds them, and one way through each."""

import pytest

from forum.actions import groups
from forum.db import db
from forum.models import Audience, Board, Duty, Group, Role, Room, User
from tests import factories

PAGES = [
    "",
    "/boards",
    "/boards/1",
    "/groups",
    "/groups/1",
    "/rooms",
    "/rooms/1",
    "/people",
    "/lines",
    "/hours",
]


@pytest.fixture
def circle(ada):
    return groups.make_group(ada, name="Tuesday circle")


@pytest.fixture
def page(ada, client_as):
    return client_as(ada)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_the_pages_are_there_for_admins_only(client_as, ada, mo, alice, guest, board, room, circle):
    for path in PAGES:
        assert client_as(ada).get(f"/house{path}").status_code == 200, path
        for who in (mo, alice, guest):
            assert client_as(who).get(f"/house{path}").status_code == 404, path
    assert 'href="/house"' in text(client_as(ada).get("/boards"))
    assert 'href="/house"' not in text(client_as(mo).get("/boards"))


def test_a_section_and_a_board_are_made_changed_and_ordered(page, send, circle):
    send(page, "/house/sections", {"name": "Arriving"})
    form = {
        "section": 1,
        "name": "Hello",
        "about": "",
        "icon": "sun",
        "audience": "members",
        "starters": "members",
    }
    assert "The board is open" in text(send(page, "/house/boards", form, follow_redirects=True))
    send(page, "/house/boards", form | {"name": "Later"})
    send(page, "/house/boards/2/order", {"way": "up"})
    shown = text(page.get("/house/boards"))
    assert shown.index("Later") < shown.index("Hello")
    send(page, "/house/boards/1", form | {"audience": "groups", "groups": circle.id})
    board = db.session.get(Board, 1, populate_existing=True)
    assert (board.audience, [one.name for one in board.groups]) == (Audience.GROUPS, ["Tuesday circle"])
    assert "For Tuesday circle" in text(page.get("/house/boards"))


def test_a_refused_board_gives_back_what_was_typed(page, send, board):
    form = {
        "section": board.section_id,
        "name": "",
        "about": "A line to keep",
        "icon": "sun",
        "audience": "groups",
    }
    answer = send(page, f"/house/boards/{board.id}", form)
    assert answer.status_code == 422
    assert "A line to keep" in text(answer)
    assert 'id="name-problem"' in text(answer)


def test_a_board_with_topics_says_what_would_work(page, send, topic):
    answer = send(page, f"/house/boards/{topic.board_id}/archive")
    assert answer.status_code == 409
    assert "Moved to another board" in text(answer)


def test_members_are_taken_into_a_group_by_name_and_the_page_says_what_would_close(
    page, send, ada, bob, circle
):
    factories.make_board("Circle board", audience=Audience.GROUPS, groups=[circle])
    shown = text(send(page, "/house/groups/1/members", {"member": bob.name}, follow_redirects=True))
    assert "They are in the group" in shown
    assert bob.name in shown
    assert "Circle board: nobody but moderators meets it then" in shown
    answer = send(page, "/house/groups/1/members", {"member": "Nobody At All"})
    assert answer.status_code == 422
    assert "Nobody here has this name" in text(answer)
    send(page, f"/house/groups/1/members/{bob.byline.id}/end")
    send(page, "/house/groups/1/end")
    assert not db.session.query(Group).count()
    assert "Circle board is there for moderators only" in text(page.get("/house"))


def test_a_room_is_set_up_given_a_facilitator_and_put_away(page, send, ada, bob):
    form = {
        "name": "Quiet company",
        "capacity": "8",
        "keeps_hours": "",
        "audience": "members",
        "reads_from": "opening",
    }
    assert "The room is there" in text(send(page, "/house/rooms", form, follow_redirects=True))
    send(page, "/house/rooms/1/facilitators", {"member": bob.name})
    db.session.refresh(bob)
    assert [one.role for one in bob.appointments] == [Duty.FACILITATOR]
    gone = send(page, f"/house/people/duties/{bob.appointments[0].id}/end", {"from_room": "1"})
    assert gone.location.endswith("/house/rooms/1")
    send(page, "/house/rooms/1/archive")
    assert db.session.get(Room, 1, populate_existing=True).is_archived
    assert "Bring it back" in text(page.get("/house/rooms"))
    answer = send(page, "/house/rooms/1", form | {"keeps_hours": "long"})
    assert answer.status_code == 422


def test_roles_are_given_by_name_and_the_last_admin_stays(page, send, ada, bob, board):
    send(page, "/house/people/role", {"member": bob.name, "role": "lead"})
    assert db.session.get(User, bob.id, populate_existing=True).role == Role.LEAD
    send(page, "/house/people/moderators", {"member": bob.name, "place": f"board:{board.id}"})
    shown = text(page.get("/house/people"))
    assert f"Moderates {board.name}" in shown
    answer = send(page, "/house/people/role", {"member": ada.name, "role": "member"})
    assert answer.status_code == 409
    assert "Nobody else could look after the house" in text(answer)
    for place in ("", "board:", "board:x", "cellar:1"):
        answer = send(page, "/house/people/moderators", {"member": bob.name, "place": place})
        assert answer.status_code in (404, 422)


def test_who_gives_the_role_of_admin_away_is_shown_out_of_the_house(page, send, ada, bob):
    send(page, "/house/people/role", {"member": bob.name, "role": "admin"})
    send(page, "/house/people/role", {"member": ada.name, "role": "member"})
    assert page.get("/house").status_code == 404


def test_a_line_is_checked_hidden_and_added(page, send):
    assert "Thank you" in text(
        send(page, "/house/lines/check", {"line": "GB call 116123"}, follow_redirects=True)
    )
    assert "by Ada Hearth" in text(page.get("/house/lines"))
    assert "Checked" in text(page.get("/help"))
    assert "Ada Hearth" not in text(page.get("/help"))
    send(page, "/house/lines/hide", {"line": "GB call 116123"})
    assert 'href="tel:116123"' not in text(page.get("/help"))
    line = {
        "name": "Night line", "country": "GB", "channel": "call", "number": "020 7946 0000", "hours": "At night",
        "cost": "Free", "about": "Somebody listens at night.", "url": "https://line.example/",
    }  # fmt: skip
    send(page, "/house/lines", line)
    assert "Night line" in text(page.get("/help"))
    answer = send(page, "/house/lines", line | {"number": "a number", "name": "Kept as typed"})
    assert answer.status_code == 422
    assert "Kept as typed" in text(answer)


def test_hours_are_said_at_the_top_of_every_page_also_of_help(page, send, client_as, guest):
    days = {
        f"{edge}_{day}": clock for day in range(7) for edge, clock in (("since", "10:00"), ("until", "09:59"))
    }
    send(page, "/house/hours", days)
    for path in ("/help", "/boards", "/how-moderation-works", "/nowhere"):
        assert "from 10:00 to 09:59" in text(client_as(guest).get(path)), path
    answer = send(page, "/house/hours", days | {"until_0": ""})
    assert answer.status_code == 422
    assert "Monday needs two different times" in text(answer)
    send(page, "/house/hours", {"usual": "1"})
    assert "from 10:00" not in text(page.get("/help"))
