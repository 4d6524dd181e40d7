"""Cases: who sees which, in what order, and that one moderator at a time has one in hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.actions import reports, rooms
from forum.actions.cases import add_note, claim_case, hand_back_case
from forum.actions.decisions import decide_case
from forum.db import db, now
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.models import Case, Duty, Role, SanctionKind, Scope, System
from forum.policy.cases import can_see_case, visible_cases
from forum.queries import cases as asked
from tests import factories

CAST = ("guest", "alice", "bob", "charlie", "fay", "mo", "max", "ada", "sam", "wil")


@pytest.fixture
def case(alice, post):
    reports.report(alice, post, reason="unkind")
    return asked.case_of(post)


@pytest.fixture
def cases(case, alice, bob, mo, room):
    """One case of each channel, and one about a moderator."""
    for user in (alice, bob):
        rooms.join_room(user, room)
    reports.report(alice, factories.make_message(bob, room), reason="danger")
    reports.worry(alice, bob.byline)
    reports.report(alice, mo.byline, reason="rule")
    return db.session.scalars(select(Case).order_by(Case.id)).all()


@pytest.mark.parametrize("who", CAST)
def test_the_queue_and_its_policy_agree(who, request, cases):
    actor = request.getfixturevalue(who)
    listed = set(db.session.scalars(select(Case.id).where(visible_cases(actor))))
    assert listed == {one.id for one in cases if can_see_case(actor, one)}


def test_the_most_urgent_comes_first_then_what_waited_longest(mo, cases):
    lines = asked.queue_for(mo)
    assert [line.case.tier for line in lines] == ["red", "amber", "amber"]
    assert [line.case.channel for line in lines] == ["room", "board", "profile"]


def test_nobody_sees_a_case_about_themself(mo, ada, cases):
    about_mo = cases[-1]
    assert about_mo.id not in {line.case.id for line in asked.queue_for(mo)}
    with pytest.raises(NotFound):
        asked.case_for(mo, about_mo.id)
    assert asked.case_for(ada, about_mo.id)


def test_a_moderator_of_one_board_sees_its_cases_only(board, cases):
    keeper = factories.appoint(factories.make_user(), Duty.MODERATOR, board=board)
    assert [line.case.channel for line in asked.queue_for(keeper)] == ["board"]


def test_a_moderator_of_one_room_sees_its_cases_only(room, cases):
    keeper = factories.appoint(factories.make_user(), Duty.MODERATOR, room=room)
    assert [line.case.channel for line in asked.queue_for(keeper)] == ["room"]


def test_members_have_no_queue(alice, guest, case):
    for actor in (alice, guest):
        with pytest.raises(Forbidden):
            asked.queue_for(actor)
        with pytest.raises(Forbidden):
            asked.case_for(actor, case.id)


def test_a_suspended_moderator_has_no_queue_for_now(mo, case):
    factories.sanction(mo, SanctionKind.SUSPENSION, Scope.SITE)
    with pytest.raises(Forbidden):
        asked.queue_for(mo)


def test_the_queue_can_be_narrowed(mo, bob, topic, cases):
    factories.make_post(bob, topic, "Just go and die.")
    claim_case(mo, cases[0])
    count = {
        show: len(asked.queue_for(mo, show=show)) for show in ("all", "mine", "held", "worries", "looks", "?")
    }
    assert count == {"all": 4, "mine": 1, "held": 1, "worries": 1, "looks": 0, "?": 4}


def test_a_claim_holds_for_a_while_and_for_one(mo, ada, case):
    claim_case(mo, case)
    assert asked.case_for(ada, case.id).is_claimed_by(mo)
    with pytest.raises(Conflict, match=mo.name):
        claim_case(ada, case)


def test_claiming_again_starts_the_time_anew(mo, case):
    first = claim_case(mo, case).claimed_until
    assert claim_case(mo, case).claimed_until > first


def test_a_claim_that_ran_out_is_free(mo, ada, case):
    claim_case(mo, case)
    case.claimed_until = now() - timedelta(seconds=1)
    db.session.commit()
    assert claim_case(ada, case).is_claimed_by(ada)


def test_another_s_claim_keeps_a_case_from_being_decided(mo, ada, case):
    claim_case(mo, case)
    with pytest.raises(Conflict, match=mo.name):
        decide_case(ada, case, verb="nothing")


def test_handing_back_frees_only_one_s_own(mo, ada, case):
    claim_case(mo, case)
    assert hand_back_case(ada, case).is_claimed_by(mo)
    assert not hand_back_case(mo, case).is_claimed


def test_a_decided_case_is_not_claimed(mo, ada, case):
    decide_case(mo, case, verb="nothing")
    with pytest.raises(Conflict, match=mo.name):
        claim_case(ada, case)


def test_moderators_leave_each_other_notes(mo, charlie, case):
    add_note(mo, case, words="Seen this before.")
    assert [(note.words, byline.id) for note, byline in asked.notes_on(case)] == [
        ("Seen this before.", mo.byline.id)
    ]
    with pytest.raises(Forbidden):
        add_note(charlie, case, words="Hello.")


def test_an_empty_note_is_not_kept(mo, case):
    with pytest.raises(Invalid):
        add_note(mo, case, words="  ")


def test_a_case_shows_two_posts_before_and_two_after(alice, bob, topic):
    posts = [factories.make_post(alice, topic, f"Number {number}.") for number in range(3)]
    middle = factories.make_post(bob, topic, "This one.")
    posts += [factories.make_post(alice, topic, f"Number {number}.") for number in range(3, 6)]
    reports.report(alice, middle, reason="rule")
    around = asked.around(asked.case_of(middle))
    assert [post.id for post in around.before] == [posts[1].id, posts[2].id]
    assert [post.id for post in around.after] == [posts[3].id, posts[4].id]


def test_a_case_shows_what_was_said_around_a_message(alice, bob, room):
    for user in (alice, bob):
        rooms.join_room(user, room)
    before, it, after = (factories.make_message(bob, room, words) for words in ("One.", "Two.", "Three."))
    reports.report(alice, it, reason="rule")
    around = asked.around(asked.case_of(it))
    assert ([one.id for one in around.before], [one.id for one in around.after]) == ([before.id], [after.id])


def test_a_case_about_a_person_has_nothing_around_it(alice, bob):
    reports.worry(alice, bob.byline)
    assert asked.around(asked.case_of(bob.byline)) == asked.Around()


def test_only_leads_see_who_told_us(alice, mo, ada, case):
    assert [one.name for one in asked.told_about(mo, case)] == [None]
    assert [one.name for one in asked.told_about(ada, case)] == [alice.name]


def test_an_author_s_history_holds_no_worries(mo, alice, bob, topic):
    for words, decision in (
        ("One.", {"verb": "nothing"}),
        ("Two.", {"verb": "hide", "rule": 3, "letter": "Hidden."}),
    ):
        reports.report(alice, post := factories.make_post(bob, topic, words), reason="rule")
        decide_case(mo, asked.case_of(post), **decision)
    assert [one.verb for one in asked.standing_of(bob.id).decisions] == ["hide"]
    assert asked.standing_of(None) == asked.Standing((), ())


def test_the_record_is_newest_first_and_for_moderators_of_everything(mo, max, alice, case):
    add_note(mo, case, words="One.")
    decide_case(mo, case, verb="nothing")
    assert [line.entry.code for line in asked.record(mo)][:2] == ["decided_nothing", "case_noted"]
    assert [line.entry.code for line in asked.record(mo, before=asked.record(mo)[0].entry.id)][:1] == [
        "case_noted"
    ]
    for actor in (max, alice):
        with pytest.raises(Forbidden):
            asked.record(actor)


def test_the_chain_is_whole_until_somebody_changes_it(mo, case):
    add_note(mo, case, words="One.")
    decide_case(mo, case, verb="hide", rule=3, letter="A sentence.")
    whole = asked.verify(System())
    assert whole.is_whole
    assert whole.lines >= 3


def test_erased_words_leave_the_chain_whole_and_changed_words_do_not(mo, case):
    from forum.models import LogWords

    decide_case(mo, case, verb="hide", rule=3, letter="A sentence.")
    words = db.session.scalars(select(LogWords)).first()
    words.words = {**words.words, "letter": "Another."}
    db.session.commit()
    assert asked.verify(mo).broken_at == words.entry_id
    db.session.delete(words)
    db.session.commit()
    assert asked.verify(mo).is_whole


def test_a_line_taken_from_the_end_is_missed(mo, case):
    from forum.models import LogHead

    add_note(mo, case, words="One.")
    db.session.scalars(select(LogHead)).one().mark = "f" * 64
    db.session.commit()
    assert not asked.verify(mo).is_whole


def test_a_lead_sees_everything(cases):
    lead = factories.make_user(role=Role.LEAD)
    assert len(asked.queue_for(lead)) == len(cases)
