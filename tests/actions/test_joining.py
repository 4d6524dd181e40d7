"""Ways in: which door is open, invitations, and whoever waits."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.actions import accounts, gestures, joining, profile, reports, rooms, topics
from forum.db import db, now
from forum.errors import Conflict, Forbidden, ForumError, Invalid, NotFound
from forum.models import (
    Application,
    Audience,
    Board,
    Case,
    Entry,
    Group,
    Guest,
    Invitation,
    LogEntry,
    Notification,
    Role,
    Room,
    SignUp,
    System,
    User,
)
from forum.policy.boards import can_see_board, visible_boards
from forum.policy.cases import can_see_member
from forum.policy.rooms import can_see_room, visible_rooms
from forum.queries import joining as asked
from tests import factories

CLOSED_TO_GUESTS = (SignUp.INVITATION, SignUp.CLOSED)


def come_in(actor=None, name="Second Kettle", **more):
    given = {"is_adult": True, "keeps_health": True, "agrees": True} | more
    return accounts.sign_up(actor or Guest(), name=name, password=factories.PASSWORD, **given)[0]


def fresh(row):
    return db.session.get(type(row), row.id, populate_existing=True)


def log_codes():
    return list(db.session.scalars(select(LogEntry.code).order_by(LogEntry.id)))


# Which door


def test_everybody_can_come_in_until_somebody_says_otherwise(app):
    assert asked.site_settings().sign_up == SignUp.OPEN
    assert come_in().is_member


@pytest.mark.parametrize("mode", CLOSED_TO_GUESTS)
def test_a_door_that_is_not_open_lets_nobody_in(app, mode):
    factories.open_door(mode)
    with pytest.raises(Forbidden):
        come_in()
    assert db.session.scalar(select(User)) is None


@pytest.mark.parametrize("mode", SignUp)
def test_the_command_line_makes_members_whatever_door_is_open(app, mode):
    factories.open_door(mode)
    assert come_in(System()).is_member


def test_choosing_a_door_is_in_the_record_and_choosing_it_again_is_not(ada):
    for _ in range(2):
        joining.change_joining(ada, mode="closed", question="Why here?")
    assert log_codes() == ["joining_changed"]
    assert asked.site_settings().question == "Why here?"


@pytest.mark.parametrize(
    "given, field",
    [
        ({"mode": "ajar", "question": "Why?"}, "mode"),
        ({"mode": "open", "question": " "}, "question"),
        ({"mode": "open", "question": "x" * 201}, "question"),
        ({"mode": "open", "question": "Ring me on 07700 900123?"}, "question"),
    ],
)
def test_what_makes_no_sense_is_not_kept(ada, given, field):
    with pytest.raises(Invalid) as refused:
        joining.change_joining(ada, **given)
    assert field in refused.value.fields


@pytest.mark.parametrize("who", ["guest", "alice", "mo", "wil"])
def test_only_admins_choose_the_door_and_ask_people_in(who, request, app):
    actor = request.getfixturevalue(who)
    invitation, _ = factories.make_invitation()
    for deed in (
        lambda: joining.change_joining(actor, mode="closed", question="Why?"),
        lambda: joining.make_invitation(actor, purpose="mine", uses=1, days=1),
        lambda: joining.end_invitation(actor, invitation),
    ):
        with pytest.raises(Forbidden):
            deed()
    with pytest.raises(NotFound):
        asked.invitations(actor)


# Invitations


@pytest.mark.parametrize("mode", [SignUp.OPEN, SignUp.APPROVAL, SignUp.INVITATION])
def test_an_invitation_lets_in_at_once_and_into_its_groups(app, mode):
    group = factories.saved(Group(name="Autumn circle"))
    invitation, token = factories.make_invitation(groups=[group])
    factories.open_door(mode)
    user = come_in(invitation=token)
    assert user.is_member
    assert [one.name for one in fresh(user).groups] == ["Autumn circle"]
    assert fresh(invitation).uses_left == 0


def test_closed_is_closed_also_to_the_invited(app):
    invitation, token = factories.make_invitation()
    factories.open_door(SignUp.CLOSED)
    with pytest.raises(Forbidden):
        come_in(invitation=token)
    assert fresh(invitation).uses_left == 1


def used_up(invitation, token):
    come_in(name="First Kettle", invitation=token)


def ended(invitation, _token):
    joining.end_invitation(System(), invitation)


def run_out(invitation, _token):
    invitation.expires_at = now() - timedelta(seconds=1)
    db.session.commit()


@pytest.mark.parametrize("over", [used_up, ended, run_out])
def test_an_invitation_that_is_over_lets_nobody_in(app, over):
    invitation, token = factories.make_invitation()
    over(invitation, token)
    with pytest.raises(Conflict) as refused:
        come_in(invitation=token)
    assert refused.value.code == "expired"


def test_one_that_there_never_was_is_told_in_the_same_words(app):
    invitation, token = factories.make_invitation()
    ended(invitation, token)
    said = []
    for tried in (token, "never was"):
        with pytest.raises(Conflict) as refused:
            come_in(invitation=tried)
        said.append(refused.value.message)
    assert said[0] == said[1]


def test_the_last_place_is_taken_once(app):
    """Two hold the link open at once: whoever is second in the deed itself is told that it is over."""
    invitation, token = factories.make_invitation()
    stale = asked.invitation_with(token)
    come_in(invitation=token)

    with pytest.raises(Conflict):
        spend(stale)
    assert fresh(invitation).uses_left == 0


def spend(invitation):
    from forum.db import action

    action(joining.spend_invitation)(invitation)


def test_a_sign_up_that_fails_uses_no_place(alice):
    invitation, token = factories.make_invitation()
    with pytest.raises(Invalid):
        come_in(name=alice.name, invitation=token)
    assert fresh(invitation).uses_left == 1


def test_the_token_of_a_link_lies_nowhere(app):
    invitation, token = factories.make_invitation()
    row = db.session.execute(select(Invitation.__table__)).mappings().one()
    assert token not in str(dict(row))


def test_who_came_by_an_invitation_is_shown_to_admins(ada):
    _, token = factories.make_invitation(uses=2)
    user = come_in(invitation=token)
    (one,) = asked.invitations(ada)
    assert [persona.name for persona in one.came] == [user.name]


@pytest.mark.parametrize(
    "given, field",
    [
        ({"uses": 0}, "uses"),
        ({"uses": 1001}, "uses"),
        ({"uses": "many"}, "uses"),
        ({"days": 366}, "days"),
        ({"days": None}, "days"),
        ({"purpose": " "}, "purpose"),
    ],
)
def test_an_invitation_has_an_end_and_a_purpose(ada, given, field):
    with pytest.raises(Invalid) as refused:
        joining.make_invitation(ada, **({"purpose": "For a group", "uses": 1, "days": 7} | given))
    assert field in refused.value.fields


# By approval


def test_whoever_comes_by_approval_answers_first(app):
    factories.open_door(SignUp.APPROVAL)
    with pytest.raises(Invalid) as refused:
        come_in()
    assert "answer" in refused.value.fields


def test_what_they_answered_is_kept_with_the_question_of_that_day(app):
    factories.open_door(SignUp.APPROVAL, "What brings you here?")
    user = come_in(answer="A friend told me of it.")
    factories.open_door(SignUp.APPROVAL, "Another question?")
    kept = asked.application_of(user.id)
    assert (kept.question, kept.words) == ("What brings you here?", "A friend told me of it.")
    assert user.entry == Entry.WAITING


def test_an_answer_that_sounds_like_danger_opens_a_case(mo):
    user = factories.make_applicant("Low Meadow", "I want to die and there is nobody else to tell.")
    case = db.session.scalars(select(Case)).one()
    assert (case.subject, case.tier, case.is_automatic) == (f"persona:{user.byline.id}", "red", True)
    assert asked.application_of(user.id).shows_help


def test_a_number_in_an_answer_is_neither_asked_about_nor_covered(app):
    user = factories.make_applicant("Low Meadow", "You can ring me on 07700 900123.")
    assert "07700" in asked.application_of(user.id).words


def test_whoever_waits_sees_what_guests_see(wil, guest, ada):
    group = factories.saved(Group(name="Circle"))
    joining_group(group, wil)
    for audience in Audience:
        groups = [group] if audience == Audience.GROUPS else []
        factories.make_board(f"Board {audience}", audience=audience, groups=groups)
        factories.make_room(f"Room {audience}", audience=audience, groups=groups)
    wil = fresh(wil)
    for kind, can_see, visible in (
        (Board, can_see_board, visible_boards),
        (Room, can_see_room, visible_rooms),
    ):
        every = db.session.scalars(select(kind)).all()
        seen = {one.name for one in every if can_see(wil, one)}
        assert seen == {one.name for one in every if can_see(guest, one)}
        assert seen == set(db.session.scalars(select(kind.name).where(visible(wil))))
        assert len(seen) == 1
    assert not can_see_member(wil, ada.byline)


def joining_group(group, user):
    from forum.actions.groups import add_to_group

    add_to_group(System(), group, user)


def test_whoever_waits_writes_nothing(wil, alice, bob):
    board = factories.make_board("Open", audience=Audience.GUESTS)
    room = factories.make_room("Open room", audience=Audience.GUESTS)
    topic = factories.make_topic(alice, board)
    post = factories.make_post(bob, topic)
    for deed in (
        lambda: topics.reply_to_topic(wil, topic, body="Hello."),
        lambda: topics.start_topic(wil, board, title="Hello", body="Hello.", intent="listen"),
        lambda: gestures.gesture(wil, post, kind="with"),
        lambda: rooms.join_room(wil, room),
        lambda: reports.report(wil, post, reason="rule"),
        lambda: profile.change_profile(wil, words="Hello."),
    ):
        with pytest.raises(Forbidden) as refused:
            deed()
        assert "not in yet" in refused.value.message


def test_whoever_is_let_in_is_told_and_can_write(mo, wil, board):
    joining.approve(mo, asked.application_of(wil.id))
    wil = fresh(wil)
    assert wil.is_member
    factories.make_topic(wil, board)
    assert [one.kind for one in db.session.scalars(select(Notification))] == ["let_in"]
    assert log_codes()[-1] == "application_approved"


def test_open_pages_of_whoever_is_let_in_ask_again(mo, wil):
    before = wil.auth_epoch
    joining.approve(mo, asked.application_of(wil.id))
    assert fresh(wil).auth_epoch == before + 1


def test_whoever_is_not_let_in_reads_why(mo, wil):
    joining.decline(mo, asked.application_of(wil.id), letter="We are full until spring.")
    assert fresh(wil).entry == Entry.DECLINED
    assert asked.own_application(wil).letter == "We are full until spring."
    assert [one.kind for one in db.session.scalars(select(Notification))] == ["not_let_in"]
    assert log_codes()[-1] == "application_declined"
    assert not fresh(wil).is_member


@pytest.mark.parametrize("letter", ["", "Ring me on 07700 900123.", None])
def test_a_no_needs_a_sentence_that_can_be_sent(mo, wil, letter):
    with pytest.raises(Invalid) as refused:
        joining.decline(mo, asked.application_of(wil.id), letter=letter)
    assert "letter" in refused.value.fields
    assert fresh(wil).entry == Entry.WAITING


def test_of_two_who_answer_the_second_is_told(mo, ada, wil):
    application = asked.application_of(wil.id)
    joining.approve(mo, application)
    joining.approve(ada, application)
    with pytest.raises(Conflict):
        joining.decline(ada, application, letter="Not this time.")
    assert fresh(wil).is_member
    assert log_codes().count("application_approved") == 1


def test_whoever_was_not_let_in_can_be_later(mo, wil):
    application = asked.application_of(wil.id)
    joining.decline(mo, application, letter="Not this time.")
    assert [one.id for one in asked.applications(mo, declined=True)] == [application.id]
    joining.approve(mo, application)
    assert fresh(wil).is_member
    assert asked.applications(mo, declined=True) == []


@pytest.mark.parametrize("who", ["guest", "alice", "fay", "max", "sam", "wil"])
def test_only_moderators_of_the_whole_site_read_and_answer(who, request, ida):
    actor, application = request.getfixturevalue(who), asked.application_of(ida.id)
    for deed in (
        lambda: asked.applications(actor),
        lambda: asked.application_for(actor, application.id),
        lambda: joining.approve(actor, application),
        lambda: joining.decline(actor, application, letter="Not this time."),
    ):
        with pytest.raises(ForumError) as refused:
            deed()
        assert refused.value.status in (401, 403)


def test_who_waited_longest_is_first(mo, wil, ida):
    assert [one.user_id for one in asked.applications(mo)] == [wil.id, ida.id]


def test_answers_are_forgotten_once_they_are_old_and_answered(mo, wil, ida):
    joining.approve(mo, asked.application_of(wil.id))
    for one in db.session.scalars(select(Application)):
        one.at = now() - timedelta(days=400)
        one.decided_at = one.decided_at and one.at
    db.session.commit()
    joining.forget_old_answers(System(), days=365)
    assert fresh(asked.application_of(wil.id)).words is None
    assert fresh(asked.application_of(ida.id)).words is not None


def test_a_confirmed_address_is_told_that_there_is_an_answer_and_not_which(mo, wil, ida, mailbox):
    for user, is_confirmed in ((wil, True), (ida, False)):
        user.email = f"{user.id}@example.org"
        user.email_confirmed_at = now() if is_confirmed else None
    db.session.commit()
    for user in (wil, ida):
        joining.decline(mo, asked.application_of(user.id), letter="Not this time.")
    (letter,) = mailbox.fetch()
    assert letter["To"] == f"{wil.id}@example.org"
    assert "Not this time" not in letter.get_content()


def test_admins_are_never_made_to_wait(app):
    factories.open_door(SignUp.CLOSED)
    assert factories.make_user("Ada Later", role=Role.ADMIN).is_member
