"""Coming in, as pages: each door, the link of an invitation, whoever waits, and what admins and moderators see."""

import re

import pytest

from forum.actions import accounts, joining
from forum.db import db
from forum.models import Group, SignUp, System
from forum.queries.joining import application_of, site_settings
from tests import factories
from tests.factories import PASSWORD

COMING_IN = {"name": "Second Kettle", "password": PASSWORD, "adult": "1", "health": "1", "agreement": "1"}


@pytest.fixture
def visitor(app):
    return app.test_client()


@pytest.mark.parametrize(
    "mode, said", [("closed", "Nobody new can come in"), ("invitation", "by invitation")]
)
def test_a_page_whose_door_is_shut_says_so_and_offers_lines(visitor, send, mode, said):
    factories.open_door(mode)
    answer = visitor.get("/sign-up")
    assert answer.status_code == 200
    assert said in answer.text
    assert "Samaritans" in answer.text
    assert 'name="password"' not in answer.text
    refused = send(visitor, "/sign-up", COMING_IN)
    assert refused.status_code == 403
    assert said in refused.text


def test_the_link_of_an_invitation_opens_the_form_and_the_door(visitor, send):
    _, token = factories.make_invitation()
    factories.open_door(SignUp.INVITATION)
    page = visitor.get(f"/sign-up/{token}")
    assert f'name="token" value="{token}"' in page.text
    assert "Welcome in" in send(visitor, "/sign-up", {**COMING_IN, "token": token}).text
    assert visitor.get("/settings").status_code == 200


def test_a_slip_elsewhere_keeps_the_invitation(visitor, send):
    _, token = factories.make_invitation()
    factories.open_door(SignUp.INVITATION)
    page = send(visitor, "/sign-up", {**COMING_IN, "password": "", "token": token})
    assert page.status_code == 422
    assert f'name="token" value="{token}"' in page.text


@pytest.mark.parametrize("mode", ["open", "invitation"])
def test_an_invitation_that_is_over_says_so(visitor, send, mode):
    invitation, token = factories.make_invitation()
    joining.end_invitation(System(), invitation)
    factories.open_door(mode)
    for answer in (
        visitor.get(f"/sign-up/{token}"),
        send(visitor, "/sign-up", {**COMING_IN, "token": token}),
    ):
        assert answer.status_code == 410
        assert "This invitation is over" in answer.text
        assert ("You can also come in without it" in answer.text) is (mode == "open")


def test_whoever_comes_by_approval_sees_the_question_then_that_they_wait(visitor, send):
    factories.open_door(SignUp.APPROVAL, "What brings you here?")
    assert "What brings you here?" in visitor.get("/sign-up").text
    page = send(visitor, "/sign-up", {**COMING_IN, "answer": "A friend told me."})
    assert page.status_code == 200
    assert len(re.findall(r"<li>[0-9a-z]{4}-", page.text)) == accounts.CODES
    assert "Samaritans" not in page.text
    answer = visitor.get("/")
    assert (answer.status_code, answer.location) == (302, "/waiting")
    assert "You’re at the door" in visitor.get("/waiting").text


def test_without_an_answer_the_form_comes_back(visitor, send):
    factories.open_door(SignUp.APPROVAL, "What brings you here?")
    page = send(visitor, "/sign-up", COMING_IN)
    assert page.status_code == 422
    assert 'id="answer-problem"' in page.text


def test_an_answer_that_sounds_heavy_is_met_with_help_first(visitor, send):
    factories.open_door(SignUp.APPROVAL)
    page = send(visitor, "/sign-up", {**COMING_IN, "answer": "I want to die and cannot sleep."}).text
    assert "Samaritans" in page
    assert page.index("Samaritans") < page.index("codes")


def test_whoever_waits_is_told_why_they_cannot_write_and_where_to_look(client_as, wil, alice, send):
    topic = factories.make_topic(alice, factories.make_board("Open", audience="guests"))
    browser = client_as(wil)
    page = browser.get(f"/topics/{topic.id}")
    assert "What happens next" in page.text
    assert send(browser, f"/topics/{topic.id}/replies", {"body": "Hello."}).status_code == 403
    for path in ("/help", "/settings", "/notices", "/boards", "/statements"):
        assert browser.get(path).status_code == 200
    for path in (f"/members/{alice.byline.id}", "/reports"):
        assert browser.get(path).status_code == 403


def test_a_moderator_reads_the_answer_and_lets_in(client_as, mo, wil, send):
    browser = client_as(mo)
    page = browser.get("/moderation/waiting").text
    assert "Wil Doorstep" in page
    assert "would like to write" in page
    answer = send(browser, f"/moderation/waiting/{application_of(wil.id).id}/approve")
    assert answer.status_code == 303
    notices = client_as(wil).get("/notices").text
    assert "You were let in" in notices


def test_a_no_without_a_sentence_keeps_the_page_open(client_as, mo, wil, send):
    browser, where = client_as(mo), f"/moderation/waiting/{application_of(wil.id).id}/decline"
    page = send(browser, where, {"letter": " "})
    assert page.status_code == 422
    assert "<details open>" in page.text
    assert send(browser, where, {"letter": "We are full until spring."}).status_code == 303
    theirs = client_as(wil).get("/waiting").text
    assert "We are full until spring." in theirs
    assert "Mo Lantern" in theirs


def test_an_admin_opens_another_door(client_as, ada, send):
    browser = client_as(ada)
    assert "By approval" in browser.get("/house/joining").text
    assert send(browser, "/house/joining", {"mode": "approval", "question": "Why here?"}).status_code == 303
    assert (site_settings().sign_up, site_settings().question) == ("approval", "Why here?")
    assert "Another door" in browser.get("/moderation/record").text


def test_an_admin_asks_people_in_and_sees_the_link_once(client_as, ada, send, visitor):
    group = factories.saved(Group(name="Autumn circle"))
    browser = client_as(ada)
    form = {"purpose": "For a clinic", "uses": "2", "days": "7", "groups": str(group.id)}
    link = re.search(
        r"http://localhost(?::\d+)?(/sign-up/[\w-]+)", send(browser, "/house/invitations", form).text
    )[1]
    send(visitor, "/sign-up", {**COMING_IN, "token": link.rpartition("/")[2]})
    page = browser.get("/house/joining").text
    assert "1 of 2 used" in page
    assert "Autumn circle" in page
    assert "Second Kettle" in page
    assert link not in page


def test_an_invitation_can_be_ended_on_its_page(client_as, ada, send):
    invitation, token = factories.make_invitation()
    assert send(client_as(ada), f"/house/invitations/{invitation.id}/end").status_code == 303
    assert db.session.get(type(invitation), invitation.id, populate_existing=True).ended_at


def test_what_is_missing_of_an_invitation_is_said(client_as, ada, send):
    page = send(client_as(ada), "/house/invitations", {"purpose": "", "uses": "none", "days": "7"})
    assert page.status_code == 422
    assert 'id="uses-problem"' in page.text


def test_an_answer_is_beside_the_case_that_it_opened(client_as, mo, send):
    user = factories.make_applicant("Low Meadow", "I want to die and cannot sleep.")
    browser = client_as(mo)
    from forum.queries.cases import case_of

    case = case_of(user.byline)
    assert "cannot sleep" not in browser.get(f"/moderation/cases/{case.id}").text
    send(browser, f"/moderation/cases/{case.id}/claim")
    assert "cannot sleep" in browser.get(f"/moderation/cases/{case.id}").text
