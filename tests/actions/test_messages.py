"""What people say in rooms: once, in order, certain, and kept from whom it is not for."""

import threading
from datetime import timedelta

import pytest

from forum.actions import messages, rooms
from forum.db import db, now
from forum.errors import Conflict, Forbidden, ForumError, Invalid, NotFound, RateLimited
from forum.live import ids
from forum.models import Case, Message, ReadsFrom, Request, RoomEvent, SanctionKind, Scope
from forum.queries.rooms import backfill, open_stay_of, talk_in
from tests import factories
from tests.talking import go_in, line, log_of, say

URGE = "You should just kill yourself."
HEAVY = "I want to kill myself."
PHONE = "Call me on +44 7911 123456 tonight."


def old_cid(days: int, monkeypatch) -> str:
    real = ids.time.time
    monkeypatch.setattr(ids.time, "time", lambda: real() - days * 86_400)
    try:
        return ids.new_cid()
    finally:
        monkeypatch.undo()


def test_a_message_takes_the_next_place(alice, bob, room):
    go_in(room, alice, bob)
    head = room.last_seq

    first, second = say(alice, room, "One."), say(bob, room, "Two.")

    assert (first.receipt["seq"], second.receipt["seq"]) == (head + 1, head + 2)
    assert log_of(room)[-2:] == [(head + 1, "message_created"), (head + 2, "message_created")]
    assert first.message.html.strip() == "<p>One.</p>"


def test_the_same_id_is_one_message(alice, room):
    go_in(room, alice)
    cid = ids.new_cid()

    first = say(alice, room, "Once.", cid=cid)
    again = say(alice, room, "Once.", cid=cid)

    assert again.receipt == first.receipt | {"dup": True}
    assert db.session.query(Message).count() == 1


def test_the_same_id_with_other_words_is_a_conflict(alice, room):
    go_in(room, alice)
    cid = ids.new_cid()
    say(alice, room, "Once.", cid=cid)

    with pytest.raises(Conflict) as refused:
        say(alice, room, "Twice.", cid=cid)

    assert refused.value.code == "idempotency_conflict"


def test_a_resend_is_answered_even_when_the_room_is_closed(alice, room, fay):
    go_in(room, alice)
    cid = ids.new_cid()
    first = say(alice, room, "Last words.", cid=cid)
    rooms.close_room(fay, room)

    assert say(alice, room, "Last words.", cid=cid).receipt == first.receipt | {"dup": True}


def test_an_id_older_than_thirty_days_is_refused(alice, room, monkeypatch):
    go_in(room, alice)

    with pytest.raises(ForumError) as refused:
        say(alice, room, cid=old_cid(31, monkeypatch))

    assert refused.value.code == "expired"
    assert db.session.query(Message).count() == 0


@pytest.mark.parametrize("cid", [7, "", "x" * 36, "f47ac10b-58cc-4372-a567-0e02b2c3d479", [], {}])
def test_an_id_is_a_uuid_of_version_seven(alice, room, cid):
    go_in(room, alice)

    with pytest.raises(Invalid) as refused:
        messages.send_message(alice, room, cid=cid, body="Words.")

    assert "cid" in refused.value.fields


def test_an_id_from_tomorrow_is_refused(alice, room, monkeypatch):
    go_in(room, alice)

    with pytest.raises(Invalid):
        say(alice, room, cid=old_cid(-2, monkeypatch))


@pytest.mark.parametrize("body", ["", "  \n ", None, 7, ["a"], "x" * 2001])
def test_words_are_words(alice, room, body):
    go_in(room, alice)

    with pytest.raises(Invalid) as refused:
        say(alice, room, body)

    assert "body" in refused.value.fields
    assert db.session.query(Message).count() == 0


def test_who_is_not_in_says_nothing(charlie, room):
    with pytest.raises(Forbidden, match="not in this room"):
        say(charlie, room)

    assert db.session.query(Message).count() == 0


def test_a_room_that_is_not_there_takes_no_words(alice, room):
    go_in(room, alice)
    factories.sanction(alice, SanctionKind.BAN, Scope.ROOM, room=room)

    with pytest.raises(NotFound):
        say(alice, room)


def test_a_muted_member_reads_and_says_nothing(alice, room):
    go_in(room, alice)
    factories.sanction(alice, SanctionKind.MUTE, Scope.ROOM, room=room)

    with pytest.raises(Forbidden) as refused:
        say(alice, room)

    assert refused.value.code == "muted"


def test_a_slow_pace_says_how_long(alice, room, fay):
    go_in(room, alice, fay)
    rooms.set_slow_mode(fay, room, seconds=20)
    say(alice, room)

    with pytest.raises(RateLimited) as refused:
        say(alice, room, "Again.")

    assert refused.value.code == "slow_mode"
    assert 1 <= refused.value.retry_after <= 20
    assert say(fay, room, "One.").receipt["seq"] < say(fay, room, "Two.").receipt["seq"]


def test_a_slow_pace_passes(alice, room, fay):
    go_in(room, alice)
    rooms.set_slow_mode(fay, room, seconds=20)
    say(alice, room)
    open_stay_of(alice, room).sent_at = now() - timedelta(seconds=21)
    db.session.commit()

    assert say(alice, room, "Later.").receipt["seq"]


def test_an_answer_names_what_it_answers(alice, bob, room):
    go_in(room, alice, bob)
    asked = line(bob, room, "Anyone?")

    answer = say(alice, room, "Me.", reply_to=asked.id).message

    assert answer.reply_to_id == asked.id


def test_nobody_answers_what_they_cannot_read(alice, bob, room):
    go_in(room, bob)
    before = line(bob, room)
    other = factories.make_room("Elsewhere")
    go_in(other, bob)
    elsewhere = line(bob, other)
    go_in(room, alice)

    for message_id in (before.id, elsewhere.id, 999_999):
        with pytest.raises(Invalid) as refused:
            say(alice, room, reply_to=message_id)
        assert "reply_to" in refused.value.fields


def test_what_urges_harm_is_kept_without_a_place_and_its_sender_is_told(alice, bob, room):
    go_in(room, alice, bob)
    cid, head = ids.new_cid(), room.last_seq

    sent = say(alice, room, URGE, cid=cid)

    assert sent.receipt["held"] is True
    assert sent.receipt["seq"] is None
    assert "moderator" in sent.receipt["why"]
    assert sent.receipt["wait"]
    assert say(alice, room, URGE, cid=cid).receipt == sent.receipt | {"dup": True}
    assert len(log_of(room)) == head
    assert db.session.query(Case).one().tier == "red"
    assert [one.id for one in talk_in(alice, room).lines] == [sent.message.id]
    assert talk_in(bob, room).lines == []


def test_a_released_message_takes_its_place_then(alice, bob, room, fay):
    go_in(room, alice, bob)
    kept = say(alice, room, URGE).message
    after = line(bob, room)

    messages.release_message(fay, kept)
    messages.release_message(fay, kept)

    db.session.refresh(kept)
    assert kept.seq == after.seq + 1
    assert not kept.is_held
    assert [one.id for one in talk_in(bob, room).lines] == [after.id, kept.id]


def test_a_kept_message_that_its_author_changes_goes_in(alice, bob, room):
    go_in(room, alice, bob)
    kept = say(alice, room, URGE).message

    with pytest.raises(Invalid):
        messages.edit_message(alice, kept, body=URGE + " Now.")
    messages.edit_message(alice, kept, body="I was angry. Sorry.")

    assert [one.source for one in talk_in(bob, room).lines] == ["I was angry. Sorry."]


def test_someone_in_crisis_is_heard_and_shown_help(alice, bob, room):
    go_in(room, alice, bob)

    sent = say(alice, room, HEAVY)

    assert sent.receipt["care"] is True
    assert sent.receipt["seq"]
    assert [one.source for one in talk_in(bob, room).lines] == [HEAVY]
    assert db.session.query(Case).one().tier == "crisis"


def test_private_details_are_asked_about_and_covered(alice, room):
    go_in(room, alice)

    with pytest.raises(Invalid) as refused:
        say(alice, room, PHONE)
    assert "mask" in refused.value.fields

    sent = say(alice, room, PHONE, mask=True)
    assert "7911" not in sent.message.source
    assert "7911" not in sent.message.html


def test_edits_are_seen_and_remembered(alice, room):
    go_in(room, alice)
    message, cid = line(alice, room, "Frist."), ids.new_cid()

    first = messages.edit_message(alice, message, body="First.", cid=cid)
    again = messages.edit_message(alice, message, body="First.", cid=cid)

    assert again.receipt == first.receipt | {"dup": True}
    assert log_of(room)[-1][1] == "message_edited"
    assert [kind for _seq, kind in log_of(room)].count("message_edited") == 1
    assert db.session.get(Message, message.id).source == "First."


def test_the_edit_window_closes(alice, room):
    go_in(room, alice)
    message = line(alice, room)
    message.created_at = now() - timedelta(minutes=61)
    db.session.commit()

    with pytest.raises(Conflict, match="time for changing"):
        messages.edit_message(alice, message, body="Later.")


def test_only_its_author_changes_or_takes_back(alice, bob, room, fay):
    go_in(room, alice, bob, fay)
    message = line(alice, room)

    for other in (bob, fay):
        with pytest.raises(Forbidden):
            messages.edit_message(other, message, body="Mine.")
        with pytest.raises(Forbidden):
            messages.delete_message(other, message)


def test_edits_stop_with_the_room(alice, room, fay):
    go_in(room, alice)
    message = line(alice, room)
    rooms.pause_room(fay, room)

    with pytest.raises(Conflict):
        messages.edit_message(alice, message, body="While paused.")

    rooms.close_room(fay, room)
    with pytest.raises(Conflict):
        messages.edit_message(alice, message, body="While closed.")


def test_what_was_taken_back_leaves_a_line_without_words(alice, bob, room):
    go_in(room, alice, bob)
    message = line(alice, room, "Too much.")

    messages.delete_message(alice, message)
    messages.delete_message(alice, message)

    assert [kind for _seq, kind in log_of(room)].count("message_deleted") == 1
    told = backfill(bob, room, epoch=room.epoch, after=open_stay_of(bob, room).joined_seq)
    assert [event["m"]["html"] for event in told["events"] if "m" in event] == [None, None]
    with pytest.raises(Forbidden):
        messages.edit_message(alice, message, body="Back.")


def test_a_kept_message_can_be_taken_back_unseen(alice, room, fay):
    go_in(room, alice)
    kept = say(alice, room, URGE).message
    before = log_of(room)

    messages.delete_message(alice, kept)
    messages.release_message(fay, kept)

    assert log_of(room) == before


def test_hidden_words_stay_with_their_author(alice, bob, room, fay):
    go_in(room, alice, bob)
    message = line(alice, room, "Out of sight.")
    start = open_stay_of(alice, room).joined_seq

    messages.hide_message(fay, message)
    messages.hide_message(fay, message)

    words = {}
    for reader in (alice, bob):
        events = backfill(reader, room, epoch=room.epoch, after=start)["events"]
        words[reader.id] = [event["m"]["html"] for event in events if event["t"] == "message_created"]
    assert words[bob.id] == [None]
    assert "Out of sight." in words[alice.id][0]

    messages.show_message(fay, message)
    messages.show_message(fay, message)
    events = backfill(bob, room, epoch=room.epoch, after=start)["events"]
    assert [event["t"] for event in events if "m" in event] == [
        "message_created",
        "message_hidden",
        "message_shown",
    ]
    assert "Out of sight." in events[-1]["m"]["html"]


def test_members_hide_nothing(alice, bob, room):
    go_in(room, alice, bob)
    message = line(alice, room)

    for deed in (messages.hide_message, messages.show_message, messages.release_message):
        with pytest.raises(Forbidden):
            deed(bob, message)


# What a reader gets


def test_who_joins_reads_from_then_on(alice, bob, room):
    go_in(room, bob)
    line(bob, room, "Before.")
    go_in(room, alice)
    line(bob, room, "After.")

    assert [one.source for one in talk_in(alice, room).lines] == ["After."]


def test_an_earlier_stay_stays_readable_and_the_gap_is_skipped(alice, bob, room):
    go_in(room, alice, bob)
    start = open_stay_of(alice, room).joined_seq
    line(bob, room, "While I was in.")
    rooms.leave_room(alice, room)
    line(bob, room, "While I was out.")
    go_in(room, alice)
    line(bob, room, "Back.")

    told = backfill(alice, room, epoch=room.epoch, after=start)

    assert [event["t"] for event in told["events"]] == ["message_created", "skip", "message_created"]
    assert told["events"][1].keys() == {"s", "t"}
    assert [one.source for one in talk_in(alice, room).lines] == ["While I was in.", "Back."]


def test_an_edit_of_what_one_cannot_read_is_skipped(alice, bob, room):
    go_in(room, bob)
    message = line(bob, room, "Before you came.")
    go_in(room, alice)
    start = room.last_seq

    messages.edit_message(bob, message, body="Still before you came.")

    [event] = backfill(alice, room, epoch=room.epoch, after=start)["events"]
    assert event == {"s": start + 1, "t": "skip"}


def test_a_stay_that_staff_ended_is_not_readable_any_more(alice, bob, room, fay):
    go_in(room, alice, bob)
    line(bob, room, "Before.")
    rooms.remove_member(fay, room, alice, reason="Another evening.")
    rooms.close_room(fay, room)
    rooms.open_room(fay, room)
    go_in(room, alice)

    assert talk_in(alice, room).lines == []


def test_a_room_that_shows_all_shows_all(alice, bob):
    room = factories.make_room("All", reads_from=ReadsFrom.ALL)
    go_in(room, bob)
    line(bob, room, "Long ago.")
    go_in(room, alice)

    assert [one.source for one in talk_in(alice, room).lines] == ["Long ago."]


def test_older_lines_come_page_by_page(alice, room):
    go_in(room, alice)
    for number in range(5):
        line(alice, room, f"Line {number}.")

    newest = talk_in(alice, room, limit=2)
    before = talk_in(alice, room, before=newest.older, limit=2)
    first = talk_in(alice, room, before=before.older, limit=2)

    assert [one.source for one in (*first.lines, *before.lines, *newest.lines)] == [
        f"Line {n}." for n in range(5)
    ]
    assert first.older is None


def test_a_cursor_that_is_too_far_off_is_reset(alice, room):
    go_in(room, alice)
    line(alice, room)

    for epoch, after in ((room.epoch + 1, 0), (room.epoch, room.last_seq + 1)):
        with pytest.raises(ForumError) as refused:
            backfill(alice, room, epoch=epoch, after=after)
        assert refused.value.code == "reset"

    room.floor_seq = 1
    db.session.commit()
    with pytest.raises(ForumError):
        backfill(alice, room, epoch=room.epoch, after=0)


def test_a_long_gap_comes_in_parts(alice, room):
    go_in(room, alice)
    for number in range(3):
        line(alice, room, f"{number}.")
    start = room.last_seq - 3

    first = backfill(alice, room, epoch=room.epoch, after=start, limit=2)
    rest = backfill(alice, room, epoch=room.epoch, after=first["events"][-1]["s"], limit=2)

    assert (len(first["events"]), first["more"]) == (2, True)
    assert (len(rest["events"]), rest["more"]) == (1, False)


def test_who_is_not_in_reads_nothing(charlie, alice, room):
    go_in(room, alice)
    line(alice, room)

    with pytest.raises(Forbidden):
        talk_in(charlie, room)
    with pytest.raises(Forbidden):
        backfill(charlie, room)


def test_places_are_dense_and_requests_are_kept_with_them(app, alice, bob, room):
    """Two people send at once, from two threads; no place is taken twice and none is left out."""
    go_in(room, alice, bob)
    head = room.last_seq
    db.session.commit()
    problems: list[BaseException] = []

    def talk(user_id: int) -> None:
        from forum.models import Room, User

        try:
            with app.app_context():
                for number in range(10):
                    say(
                        db.session.get(User, user_id),
                        db.session.get(Room, room.id),
                        f"{user_id} says {number}.",
                    )
        except BaseException as error:  # noqa: BLE001
            problems.append(error)

    threads = [threading.Thread(target=talk, args=(one.id,)) for one in (alice, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    assert problems == []
    seqs = [
        row.seq for row in db.session.query(RoomEvent).filter(RoomEvent.seq > head).order_by(RoomEvent.seq)
    ]
    assert seqs == list(range(head + 1, head + 21))
    assert db.session.query(Request).count() == 20


def test_lines_of_an_older_renderer_are_rendered_again(app, alice, room):
    go_in(room, alice)
    told = line(alice, room, "A *quiet* line.")
    told.renderer, told.html = 0, "old"
    db.session.commit()
    assert "1 texts were rendered again" in app.test_cli_runner().invoke(args=["rebuild-html"]).output
    assert "<em>quiet</em>" in db.session.get(Message, told.id, populate_existing=True).html
