"""Profiles, time zones and versions of the agreement, as pages."""

from datetime import UTC, datetime

import pytest

from forum.actions import accounts, reports
from forum.actions.cases import claim_case
from forum.actions.decisions import decide_case
from forum.actions.profile import change_profile
from forum.db import db
from forum.models import User
from forum.queries.agreements import agreement_now
from forum.queries.cases import case_of
from forum.queries.profile import own_profile
from tests import factories

SAID = {"pronouns": "they", "words": "Nights, mostly.", "figure": "moon", "tone": "4"}


def test_a_profile_is_kept_and_read_by_members(client_as, alice, bob, guest, send):
    answer = send(client_as(alice), "/settings/profile", SAID)
    assert (answer.status_code, answer.location) == (303, "/settings#profile")
    where = f"/members/{alice.byline.id}"
    page = client_as(bob).get(where).text
    assert "Nights, mostly." in page
    assert "they" in page
    assert client_as(guest).get(where).status_code == 401


def test_what_stands_in_the_way_is_said_with_the_words_kept(client_as, alice, send):
    form = {**SAID, "words": "Ring me on 07700 900123", "version": "x"}
    page = send(client_as(alice), "/settings/profile", {**SAID, "words": "Ring me on 07700 900123"})
    assert page.status_code == 422
    assert "Send it with that part covered" in page.text
    stale = send(client_as(alice), "/settings/profile", {**form, "mask": "1"})
    assert stale.status_code == 412
    assert "07700 900123" in stale.text


def test_heavy_words_are_kept_and_met_with_help(client_as, alice, send):
    page = send(client_as(alice), "/settings/profile", {"words": "I want to die and cannot sleep"})
    assert page.status_code == 200
    assert "Samaritans" in page.text
    assert own_profile(alice).is_public


def test_words_that_wait_are_told_to_wait(client_as, alice, bob, send):
    browser = client_as(alice)
    send(browser, "/settings/profile", {"words": "just kill yourself"})
    assert "waits for a moderator" in browser.get("/settings").text
    assert "kill" not in client_as(bob).get(f"/members/{alice.byline.id}").text


def test_a_hidden_profile_leads_to_its_reasons(client_as, alice, bob, mo):
    change_profile(alice, words="Everybody here is a fool.")
    reports.report(bob, alice.byline, reason="unkind")
    case = case_of(alice.byline)
    moderator = client_as(mo)
    claim_case(mo, case)
    assert "Everybody here is a fool." in moderator.get(f"/moderation/cases/{case.id}").text
    decision = decide_case(mo, case, verb="hide", rule=3, letter="I read it, and it could hurt somebody.")
    theirs = client_as(alice)
    assert "A moderator has hidden this" in theirs.get("/settings").text
    assert "Everybody here is a fool." in theirs.get(f"/statements/{decision.id}").text
    assert "fool" not in client_as(bob).get(f"/members/{alice.byline.id}").text


# Time zones


@pytest.mark.parametrize(
    "zone, hour", [(None, "12:00"), ("Asia/Tokyo", "21:00"), ("America/New_York", "07:00")]
)
def test_times_are_told_in_the_reader_s_zone(client_as, alice, bob, topic, zone, hour):
    topic_post = factories.make_post(bob, topic)
    topic_post.created_at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    db.session.commit()
    accounts.change_settings(alice, timezone=zone)
    assert f", {hour}</time>" in client_as(alice).get(f"/topics/{topic.id}").text


def test_a_zone_is_one_of_the_list(client_as, alice, send):
    browser = client_as(alice)
    page = send(browser, "/settings", {"timezone": "Moon/Crater"})
    assert page.status_code == 422
    assert "gives your times their zone" in page.text
    send(browser, "/settings", {"timezone": "Asia/Tokyo"})
    assert '<option value="Asia/Tokyo" selected>' in browser.get("/settings").text


def test_a_zone_that_the_world_has_lost_is_the_community_s(client_as, alice):
    alice.timezone = "Europe/Atlantis"
    db.session.commit()
    assert client_as(alice).get("/settings").status_code == 200


# Agreement


def test_an_admin_sees_how_a_version_reads_before_it_holds(client_as, ada, send, alice):
    browser = client_as(ada)
    form = {"lines": "Be kind: Always.", "changed": "Shorter.", "version": "1"}
    page = send(browser, "/house/agreement", form).text
    assert "How version 2 would read" in page
    assert "New or changed" in page
    assert agreement_now().version == 1
    assert send(browser, "/house/agreement", {**form, "publish": "1"}).status_code == 303
    assert agreement_now().version == 2
    late = send(browser, "/house/agreement", {**form, "publish": "1"})
    assert late.status_code == 409
    assert "Be kind: Always." in late.text


def test_a_member_is_told_what_is_new_and_goes_on(client_as, alice, topic, send):
    factories.make_agreement()
    browser = client_as(alice)
    assert "Our agreement has changed" in browser.get(f"/topics/{topic.id}").text
    refused = send(browser, f"/topics/{topic.id}/replies", {"body": "kept words"})
    assert refused.status_code == 403
    assert "kept words" in refused.text
    page = browser.get("/before-you-write").text
    assert "It is shorter now." in page
    assert 'name="version" value="2"' in page
    assert send(browser, "/before-you-write", {"agreement": "1", "version": "1"}).status_code == 409
    send(browser, "/before-you-write", {"agreement": "1", "version": "2"})
    assert send(browser, f"/topics/{topic.id}/replies", {"body": "kept words"}).status_code == 303


def test_an_older_version_stays_readable_and_a_statement_leads_to_it(client_as, alice, bob, mo, post, guest):
    reports.report(alice, post, reason="unkind")
    case = case_of(post)
    claim_case(mo, case)
    decision = decide_case(mo, case, verb="hide", rule=4, letter="It says how much.")
    factories.make_agreement()
    page = client_as(db.session.get(User, bob.id)).get(f"/statements/{decision.id}").text
    assert "No methods and no amounts" in page
    assert "/agreement/1#rule-4" in page
    old = client_as(guest).get("/agreement/1").text
    assert "This is how it read in version 1" in old
    assert "No methods" not in client_as(guest).get("/agreement").text
    assert client_as(guest).get("/agreement/9").status_code == 404
