"""Going in and out of rooms, opening and closing them, and looking after who is in."""

from datetime import timedelta

import pytest
import time_machine

from forum.actions import places, reports, rooms
from forum.actions.decisions import decide_case
from forum.db import db, now
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.models import (
    Audience,
    Group,
    LogEntry,
    Membership,
    Message,
    ReadsFrom,
    SanctionKind,
    Scope,
    System,
)
from forum.queries.cases import case_of
from forum.queries.rooms import open_stay_of, rooms_for, talk_in
from tests import factories
from tests.talking import go_in, line, log_of, say


def test_going_in_opens_a_stay_from_here_on(alice, bob, room):
    go_in(room, bob)
    say(bob, room)

    stay = rooms.join_room(alice, room)

    assert stay.is_open
    assert stay.joined_seq == room.last_seq


def test_going_in_twice_is_one_stay(alice, room):
    assert rooms.join_room(alice, room).id == rooms.join_room(alice, room).id


def test_a_full_room_takes_nobody_more(alice, bob):
    room = factories.make_room("Small", capacity=1)
    go_in(room, alice)

    with pytest.raises(Conflict, match="All places"):
        rooms.join_room(bob, room)

    rooms.leave_room(alice, room)
    assert rooms.join_room(bob, room).is_open


def test_its_facilitator_finds_a_place_in_a_full_room(alice, room, fay):
    room.capacity = 1
    db.session.commit()
    go_in(room, alice)

    assert rooms.join_room(fay, room).is_open


def test_a_closed_room_takes_nobody(alice, room):
    rooms.close_room(System(), room)

    with pytest.raises(Conflict) as refused:
        rooms.join_room(alice, room)

    assert refused.value.code == "room_closed"


def test_a_guest_is_asked_to_sign_in(guest, room):
    room.audience = Audience.GUESTS
    db.session.commit()

    with pytest.raises(Forbidden) as refused:
        rooms.join_room(guest, room)

    assert refused.value.code == "log_in"


def test_a_suspended_member_enters_no_room(sam, room):
    with pytest.raises(Forbidden) as refused:
        rooms.join_room(sam, room)

    assert refused.value.code == "suspended"


def test_a_room_that_somebody_is_banned_from_is_not_there(alice, bob, room):
    factories.sanction(alice, SanctionKind.BAN, Scope.ROOM, room=room)

    with pytest.raises(NotFound):
        rooms.join_room(alice, room)

    assert [card.room.id for card in rooms_for(alice)] == []
    assert [card.room.id for card in rooms_for(bob)] == [room.id]


def test_a_muted_member_may_sit_and_read(alice, room):
    factories.sanction(alice, SanctionKind.MUTE, Scope.SITE)

    assert rooms.join_room(alice, room).is_open


def test_leaving_ends_the_stay_and_leaving_again_is_fine(alice, room):
    go_in(room, alice)

    rooms.leave_room(alice, room)
    rooms.leave_room(alice, room)

    assert open_stay_of(alice, room) is None
    assert db.session.query(Membership).one().ended_by == "leaving"


def test_closing_shows_everyone_out(alice, bob, room, fay):
    go_in(room, alice, bob)

    rooms.close_room(fay, room, next_at=now() + timedelta(hours=2))

    assert not room.is_open
    assert room.next_at is not None
    assert open_stay_of(alice, room) is None


def test_opening_again_begins_a_new_session(room):
    rooms.close_room(System(), room)

    rooms.open_room(System(), room)

    assert room.is_open
    assert room.opened_seq > 0
    assert room.next_at is None


def test_opening_an_open_room_changes_nothing(room):
    before = log_of(room)

    rooms.open_room(System(), room)
    rooms.close_room(System(), rooms.close_room(System(), room))

    assert log_of(room)[: len(before)] == before
    assert len(log_of(room)) == len(before) + 1


def test_a_facilitator_asks_somebody_to_step_out_with_a_reason(alice, room, fay):
    go_in(room, alice)

    rooms.remove_member(fay, room, alice, reason="Another evening may be easier.")

    stay = db.session.query(Membership).filter_by(user_id=alice.id).one()
    assert (stay.ended_by, stay.told) == ("removed", "Another evening may be easier.")
    assert log_of(room)[-1] == (stay.left_seq, "member_removed")
    assert db.session.query(LogEntry).filter_by(code="member_removed", user_id=alice.id).count() == 1


def test_who_was_asked_out_comes_back_when_the_room_opens_next(alice, room, fay):
    go_in(room, alice)
    rooms.remove_member(fay, room, alice, reason="Another evening.")

    with pytest.raises(Forbidden, match="step out"):
        rooms.join_room(alice, room)

    rooms.close_room(fay, room)
    rooms.open_room(fay, room)
    assert rooms.join_room(alice, room).is_open


@pytest.mark.parametrize("reason", ["", "  ", None, "x" * 501, 7])
def test_a_reason_is_a_sentence(alice, room, fay, reason):
    go_in(room, alice)

    with pytest.raises(Invalid):
        rooms.remove_member(fay, room, alice, reason=reason)

    assert open_stay_of(alice, room) is not None


def test_only_the_room_s_own_keepers_keep_it(alice, bob, room, max):  # noqa: A002
    go_in(room, alice, bob)

    for other in (alice, max):
        for deed in (
            lambda actor: rooms.remove_member(actor, room, bob, reason="No."),
            lambda actor: rooms.silence_member(actor, room, bob, minutes=10, reason="No."),
            lambda actor: rooms.pause_room(actor, room),
            lambda actor: rooms.resume_room(actor, room),
            lambda actor: rooms.set_slow_mode(actor, room, seconds=20),
            lambda actor: rooms.open_room(actor, room),
            lambda actor: rooms.close_room(actor, room),
            lambda actor: places.make_room(actor, name="Mine"),
        ):
            with pytest.raises(Forbidden):
                deed(other)


def test_keepers_do_not_turn_each_other_out(room, fay, mo):
    go_in(room, fay, mo)

    with pytest.raises(Forbidden):
        rooms.remove_member(fay, room, mo, reason="No.")
    with pytest.raises(Conflict):
        rooms.remove_member(fay, room, fay, reason="Tired.")


def test_who_is_not_in_cannot_be_asked_out(alice, room, fay):
    with pytest.raises(NotFound):
        rooms.remove_member(fay, room, alice, reason="Not here.")


def test_a_silence_ends_by_itself(alice, room, fay):
    go_in(room, alice)
    rooms.silence_member(fay, room, alice, minutes=10, reason="Listening only for now.")

    with pytest.raises(Forbidden, match="Listening only") as refused:
        say(alice, room)
    assert refused.value.code == "muted"

    open_stay_of(alice, room).silent_until = now() - timedelta(seconds=1)
    db.session.commit()
    assert say(alice, room).receipt["seq"]


def test_lengths_and_paces_come_from_the_list(alice, room, fay):
    go_in(room, alice)

    with pytest.raises(Invalid):
        rooms.silence_member(fay, room, alice, minutes=9999, reason="Long.")
    with pytest.raises(Invalid):
        rooms.set_slow_mode(fay, room, seconds=3)
    with pytest.raises(Invalid):
        places.make_room(System(), name="Crowd", capacity=0)


def test_a_pause_stops_the_talk_until_it_goes_on(alice, room, fay):
    go_in(room, alice)
    rooms.pause_room(fay, room)
    rooms.pause_room(fay, room)

    with pytest.raises(Conflict) as refused:
        say(alice, room)
    assert refused.value.code == "room_paused"

    rooms.resume_room(fay, room)
    rooms.resume_room(fay, room)
    assert say(alice, room).receipt["seq"]
    assert [kind for _seq, kind in log_of(room)][-3:] == ["room_paused", "room_resumed", "message_created"]


def test_a_closed_room_is_not_paused(room, fay):
    rooms.close_room(fay, room)

    with pytest.raises(Conflict):
        rooms.pause_room(fay, room)


def test_a_pace_that_is_set_already_is_no_event(room, fay):
    rooms.set_slow_mode(fay, room, seconds=20)
    before = log_of(room)

    rooms.set_slow_mode(fay, room, seconds=20)

    assert log_of(room) == before


def test_a_sanction_ends_every_stay(alice, room, fay):
    other = factories.make_room("Quiet company")
    go_in(room, alice)
    go_in(other, alice)

    rooms.end_stays(System(), alice, room=room)
    assert open_stay_of(alice, room) is None
    assert open_stay_of(alice, other) is not None

    rooms.end_stays(System(), alice)
    assert open_stay_of(alice, other) is None
    assert log_of(other)[-1][1] == "member_removed"


def test_a_room_for_a_group_is_there_for_that_group_only(alice, charlie, mo, ada, room):
    group = factories.saved(Group(name="Sunday circle"))
    alice.groups.append(group)
    db.session.commit()
    hidden = factories.make_room("For a group", audience=Audience.GROUPS, groups=[group])

    assert rooms.join_room(alice, hidden).is_open
    with pytest.raises(NotFound):
        rooms.join_room(charlie, hidden)
    for reader, is_there in ((alice, True), (charlie, False), (mo, True), (ada, True)):
        assert (hidden.id in [card.room.id for card in rooms_for(reader)]) is is_there


def test_the_list_says_who_facilitates_and_how_many_are_in(alice, bob, room, fay):
    later = factories.make_room("Later")
    rooms.close_room(System(), later, next_at=now() + timedelta(hours=1))
    go_in(room, alice, fay)

    first, second = rooms_for(alice)

    assert (first.room.id, first.taken, first.is_mine) == (room.id, 2, True)
    assert [guide.name for guide in first.guides] == [fay.name]
    assert first.left == room.capacity - 2
    assert second.room.id == later.id
    assert not rooms_for(bob)[0].is_mine


def test_a_guest_sees_only_rooms_that_guests_may_see(guest, room):
    shown = factories.make_room("For everyone", audience=Audience.GUESTS)

    assert [card.room.id for card in rooms_for(guest)] == [shown.id]


def test_reading_since_the_opening(alice, bob):
    room = factories.make_room("Since opening", reads_from=ReadsFrom.OPENING)
    go_in(room, bob)
    line(bob, room, "Before you came.")
    go_in(room, alice)

    assert [one.source for one in talk_in(alice, room).lines] == ["Before you came."]


def test_words_are_erased_when_their_time_is_over_and_the_log_begins_later(alice, room):
    go_in(room, alice)
    old = line(alice, room, "an old line")
    with time_machine.travel(now() + timedelta(hours=30), tick=False):
        fresh = line(alice, room, "a fresh line")
        assert rooms.erase_old_words(System(), hours=24) == 1
        assert db.session.get(Message, old.id) is None
        assert db.session.get(Message, fresh.id).source == "a fresh line"
        assert log_of(room)[0][0] == room.floor_seq + 1
        assert rooms.erase_old_words(System(), hours=24) == 0


def test_words_that_an_open_case_is_about_stay_until_it_is_decided(alice, bob, room):
    go_in(room, alice, bob)
    told = line(alice, room, "an old line")
    reports.report(bob, told, reason="unkind")
    with time_machine.travel(now() + timedelta(hours=30), tick=False):
        assert rooms.erase_old_words(System(), hours=24) == 0
        assert db.session.get(Message, told.id).source == "an old line"


def test_members_erase_nothing(alice, room):
    with pytest.raises(Forbidden):
        rooms.erase_old_words(alice, hours=24)


def test_words_that_were_never_shown_are_erased_once_their_case_is_decided(alice, mo, room):
    go_in(room, alice)
    held = line(alice, room, "kys")
    assert held.seq is None
    with time_machine.travel(now() + timedelta(hours=30), tick=False):
        assert rooms.erase_old_words(System(), hours=24) == 0
        decide_case(mo, case_of(held), verb="hide", rule=3, letter="It tells somebody to hurt themself.")
        assert rooms.erase_old_words(System(), hours=24) == 1
        assert db.session.get(Message, held.id) is None
