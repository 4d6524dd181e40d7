"""Who is given a role, who gives it, and what ends with one."""

import threading

import pytest

from forum.actions import cases, reports, roles, rooms
from forum.db import db
from forum.errors import Conflict, Forbidden, Invalid
from forum.models import (
    Audience,
    Case,
    Duty,
    EventType,
    Guest,
    LogEntry,
    Membership,
    Role,
    RoomEvent,
    System,
    User,
)
from forum.queries.cases import case_of
from tests import factories


def last_line() -> LogEntry:
    return db.session.query(LogEntry).order_by(LogEntry.id.desc()).first()


def test_an_admin_makes_a_lead_whose_open_sockets_ask_again(ada, bob):
    epoch = bob.auth_epoch
    roles.give_role(ada, bob, role="lead")
    assert (bob.role, bob.auth_epoch) == (Role.LEAD, epoch + 1)
    assert (last_line().code, last_line().user_id, last_line().actor_id) == ("role_lead", bob.id, ada.id)
    lines = db.session.query(LogEntry).count()
    roles.give_role(ada, bob, role="lead")
    assert db.session.query(LogEntry).count() == lines


def test_the_last_admin_cannot_be_taken_away_by_anybody(ada, bob):
    for actor in (ada, System()):
        with pytest.raises(Conflict, match="Nobody else could look after the house"):
            roles.give_role(actor, ada, role="member")
    roles.give_role(ada, bob, role="admin")
    roles.give_role(ada, ada, role="member")
    assert db.session.get(User, ada.id).role == Role.MEMBER


def test_an_admin_whose_account_is_closed_does_not_count_as_another(ada, bob):
    roles.give_role(ada, bob, role="admin")
    factories.sanction(bob, factories.SanctionKind.BAN, factories.Scope.SITE)
    with pytest.raises(Conflict):
        roles.give_role(ada, ada, role="lead")


def test_of_two_admins_who_end_each_others_role_at_once_one_stays(app, ada, bob):
    roles.give_role(ada, bob, role="admin")
    pairs, start, said = [(ada.id, bob.id), (bob.id, ada.id)], threading.Barrier(2), []

    def end(actor_id, user_id):
        with app.app_context():
            actor, user = db.session.get(User, actor_id), db.session.get(User, user_id)
            start.wait()
            try:
                roles.give_role(actor, user, role="member")
                said.append("done")
            except (Conflict, Forbidden):
                said.append("refused")
            db.session.remove()

    threads = [threading.Thread(target=end, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert sorted(said) == ["done", "refused"]
    assert db.session.query(User).filter_by(role=Role.ADMIN).count() == 1


def test_nobody_makes_themselves_more_than_they_are(alice, mo, fay, board, room):
    lead = factories.make_user("Lee Harbour", role=Role.LEAD)
    for actor in (alice, mo, fay, lead):
        for role in ("lead", "admin"):
            with pytest.raises(Forbidden):
                roles.give_role(actor, actor, role=role)
        with pytest.raises(Forbidden):
            roles.appoint(actor, actor, duty=Duty.MODERATOR, board=board)
    with pytest.raises(Forbidden):
        roles.give_role(Guest(), alice, role="admin")


def test_a_role_that_there_is_not_is_refused(ada, bob):
    for role in ("king", None, 7):
        with pytest.raises(Invalid):
            roles.give_role(ada, bob, role=role)


def test_what_somebody_has_in_hand_goes_back_when_they_may_not_see_it_any_more(ada, mo, alice, post):
    reports.report(alice, post, reason="unkind")
    cases.claim_case(mo, case_of(post))
    roles.dismiss(ada, mo.appointments[0])
    assert db.session.query(Case.claimed_by_id).scalar() is None


def test_a_facilitator_who_is_dismissed_is_out_of_a_room_that_is_not_there_for_them(ada, fay):
    room = factories.make_room("Circle room", audience=Audience.GROUPS)
    appointment = roles.appoint(ada, fay, duty=Duty.FACILITATOR, room=room)
    rooms.join_room(fay, room)
    roles.dismiss(ada, appointment)
    assert not db.session.query(Membership).one().is_open


def test_an_open_room_learns_that_somebody_else_facilitates(ada, bob, room):
    roles.appoint(ada, bob, duty=Duty.FACILITATOR, room=room)
    told = db.session.query(RoomEvent).order_by(RoomEvent.seq.desc()).first()
    assert (told.type, told.data, told.persona_id) == (EventType.CHANGED, {"guides": True}, None)
