"""Telling moderators: fifty people, one case; and nobody ever learns who they were."""

import pytest

from forum.actions import reports, rooms
from forum.actions.cases import open_case_for
from forum.actions.reports import TIERS, withdraw_report
from forum.db import db
from forum.errors import Forbidden, Invalid, NotFound
from forum.models import Case, CaseKind, Channel, LogEntry, Reason, Report, SanctionKind, Scope, Tier
from forum.queries.cases import case_of, reports_by
from forum.triage import read
from tests import factories


def test_fifty_reports_of_one_thing_are_one_case(post):
    for _ in range(50):
        reports.report(factories.make_user(), post, reason="unkind")
    assert db.session.query(Case).count() == 1
    assert db.session.query(Report).count() == 50


def test_one_member_counts_once_in_a_case(alice, post):
    first = reports.report(alice, post, reason="rule")
    again = reports.report(alice, post, reason="private", words="It names a street.")
    assert (again.id, again.reason, again.words) == (first.id, Reason.PRIVATE, "It names a street.")


def test_what_is_told_after_a_decision_is_a_new_case(alice, mo, post):
    from forum.actions.decisions import decide_case

    reports.report(alice, post, reason="rule")
    decide_case(mo, case_of(post), verb="nothing")
    reports.report(alice, post, reason="rule")
    assert db.session.query(Case).count() == 2


@pytest.mark.parametrize("reason", sorted(set(Reason) - {Reason.WORRY}))
def test_the_reason_says_how_soon_somebody_looks(reason, alice, post):
    reports.report(alice, post, reason=reason)
    assert case_of(post).tier == TIERS[reason]


def test_every_reason_has_a_tier():
    assert set(TIERS) == set(Reason)
    assert TIERS[Reason.DANGER] == TIERS[Reason.MINOR] == Tier.RED
    assert TIERS[Reason.RULE] == Tier.GREEN


def test_the_higher_of_text_and_reason_counts(alice, bob, topic):
    heavy = factories.make_post(bob, topic, "I want to kill myself tonight.")
    reports.report(alice, heavy, reason="rule")
    assert case_of(heavy).tier == Tier.CRISIS


def test_what_the_reporter_writes_may_make_it_sooner(alice, post):
    reports.worry(alice, post, words="They told me goodbye forever.")
    assert case_of(post).tier == Tier.CRISIS


def test_a_later_report_makes_a_case_sooner_and_never_later(alice, charlie, post):
    reports.report(alice, post, reason="rule")
    before = case_of(post).due_at
    reports.report(charlie, post, reason="danger")
    assert (case_of(post).tier, case_of(post).rank) == (Tier.RED, Tier.RED.rank)
    assert case_of(post).due_at < before
    reports.report(factories.make_user(), post, reason="rule")
    assert case_of(post).tier == Tier.RED


def test_a_worry_is_a_case_of_its_own_kind_until_something_is_reported(alice, charlie, post):
    reports.worry(alice, post)
    assert case_of(post).kind == CaseKind.WORRY
    reports.report(charlie, post, reason="unkind")
    assert case_of(post).kind == CaseKind.CONTENT


def test_a_person_can_be_reported_too(alice, bob):
    told = reports.report(alice, bob.byline, reason="minor")
    assert (told.case.channel, told.case.author_id, told.case.subject) == (
        Channel.PROFILE, bob.id, f"persona:{bob.byline.id}",
    )  # fmt: skip


def test_a_message_can_be_reported_by_who_can_read_it(alice, bob, charlie, room):
    rooms.join_room(alice, room)
    rooms.join_room(bob, room)
    message = factories.make_message(bob, room)
    assert reports.report(alice, message, reason="unkind").case.room_id == room.id
    with pytest.raises(NotFound):
        reports.report(charlie, message, reason="unkind")


def test_what_somebody_cannot_see_they_cannot_report(charlie, alice):
    from forum.models import Audience

    private = factories.make_board("Private", audience=Audience.GROUPS)
    factories.appoint(alice, "moderator", board=private)
    hidden = factories.make_post(alice, factories.make_topic(alice, private))
    with pytest.raises(NotFound):
        reports.report(charlie, hidden, reason="rule")
    assert db.session.query(Case).count() == 0


def test_own_words_are_not_reported(bob, post):
    with pytest.raises(Forbidden):
        reports.report(bob, post, reason="rule")
    with pytest.raises(Forbidden):
        reports.worry(bob, bob.byline)


@pytest.mark.parametrize("reason", [None, "", "worry", "nonsense"])
def test_a_report_says_what_it_is_about(reason, alice, post):
    with pytest.raises(Invalid) as refusal:
        reports.report(alice, post, reason=reason)
    assert "reason" in refusal.value.fields
    assert case_of(post) is None


def test_too_many_words_are_refused_and_nothing_is_saved(alice, post):
    with pytest.raises(Invalid) as refusal:
        reports.report(alice, post, reason="rule", words="x" * 5_000)
    assert "words" in refusal.value.fields
    assert case_of(post) is None


@pytest.mark.parametrize("kind, scope", [("mute", "site"), ("suspension", "site"), ("ban", "board")])
def test_reports_and_worries_stay_with_all_but_the_site_ban(kind, scope, alice, bob, topic):
    elsewhere = factories.make_board("Elsewhere")
    post = factories.make_post(bob, topic)
    sanctioned = factories.sanction(
        alice, SanctionKind(kind), Scope(scope), board=elsewhere if scope == "board" else None
    )
    assert reports.report(sanctioned, post, reason="rule").reference
    assert reports.worry(sanctioned, bob.byline).reference


def test_the_site_ban_ends_reports_and_worries(alice, bob):
    banned = factories.sanction(alice, SanctionKind.BAN, Scope.SITE)
    with pytest.raises(Forbidden):
        reports.worry(banned, bob.byline)


def test_taking_back_erases_the_words_and_keeps_the_case(alice, post):
    told = withdraw_report(alice, reports.report(alice, post, reason="unkind", words="Twice now."))
    assert told.is_withdrawn
    assert (told.words, told.verdict) == (None, {})
    assert case_of(post) is not None


def test_nobody_takes_back_what_another_told(alice, charlie, post):
    told = reports.report(alice, post, reason="unkind")
    with pytest.raises(Forbidden):
        withdraw_report(charlie, told)


def test_reporting_leaves_no_line_that_names_the_reporter(alice, post):
    reports.report(alice, post, reason="unkind")
    assert not db.session.query(LogEntry).filter_by(actor_id=alice.id).count()


def test_members_see_their_own_reports_only(alice, charlie, post):
    mine = reports.report(alice, post, reason="unkind")
    reports.report(charlie, post, reason="rule")
    assert [report.id for report, _ in reports_by(alice)] == [mine.id]


def test_a_verdict_opens_one_case_however_often_it_comes(bob, topic):
    heavy = factories.make_post(bob, topic, "I don't want to live anymore.")
    case = case_of(heavy)
    assert (case.tier, case.is_automatic, [one["label"] for one in case.why]) == (
        Tier.RED,
        True,
        ["ideation"],
    )
    assert db.session.query(Case).count() == 1


def test_words_that_nothing_was_found_in_open_no_case(post):
    assert open_case_for(post, read("It rained all day.", "board")) is None
    assert case_of(post) is None


def test_words_changed_for_worse_raise_their_case(bob, topic):
    from forum.actions.topics import edit_post

    post = factories.make_post(bob, topic, "I don't want to live anymore.")
    edit_post(bob, post, body="I am going to kill myself tonight.")
    case = case_of(post)
    assert (case.tier, [one["label"] for one in case.why]) == (Tier.CRISIS, ["crisis"])


def test_telling_somebody_to_hurt_themself_waits_for_its_case(bob, topic):
    post = factories.make_post(bob, topic, "Just go and die.")
    assert post.is_held
    assert case_of(post).tier == Tier.RED
