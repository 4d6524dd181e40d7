"""Topics for a later time: published once, at their time, by somebody who still may."""

from datetime import timedelta

import pytest
import time_machine

from forum import work
from forum.actions import planned, topics
from forum.actions.jobs import claim_job
from forum.db import db, now
from forum.errors import Conflict, Forbidden, Invalid, Stale
from forum.models import Appointment, Job, Planned, SanctionKind, Scope, System, Topic
from tests import factories

TOMORROW = timedelta(days=1)


def plan(mo, board, *, at=TOMORROW, **more):
    more = {"title": "A circle", "body": "On Sunday.", "kinds": ["loss"]} | more
    return planned.plan_topic(mo, board, publish_at=now() + at, **more)


def run(settings):
    while work.work_once(settings, "tests"):
        pass
    db.session.expire_all()
    return db.session.query(Topic).all()


def test_it_is_published_at_its_time_and_once(settings, mo, board):
    plan(mo, board)
    assert run(settings) == []
    with time_machine.travel(now() + TOMORROW):
        (topic,) = run(settings)
        assert (topic.title, topic.author_id, topic.note_kinds, topic.last_number) == (
            "A circle",
            mo.id,
            ["loss"],
            1,
        )
        one = db.session.query(Planned).one()
        for _ in range(2):
            assert planned.publish_planned(System(), one, version=one.version).id == topic.id
        assert len(run(settings)) == 1


def test_a_worker_that_ends_after_publishing_publishes_no_second_one(settings, mo, board):
    one = plan(mo, board)
    with time_machine.travel(now() + TOMORROW) as clock:
        job = claim_job(System(), worker="dies")
        assert job.kind == planned.JOB
        planned.publish_planned(System(), one, version=one.version)
        clock.shift(timedelta(minutes=10))
        assert len(run(settings)) == 1
    assert db.session.query(Job).filter(Job.done_at.is_(None)).count() == 0


def test_another_time_holds_alone(settings, mo, board):
    one = plan(mo, board)
    planned.change_planned(
        mo, one, title="B", body="Other.", publish_at=now() + timedelta(days=3), version="1"
    )
    with time_machine.travel(now() + TOMORROW):
        assert run(settings) == []
    with time_machine.travel(now() + timedelta(days=3)):
        assert [one.title for one in run(settings)] == ["B"]


def test_taken_back_it_is_not_published(settings, mo, board):
    planned.drop_planned(mo, plan(mo, board))
    with time_machine.travel(now() + TOMORROW):
        assert run(settings) == []


@pytest.mark.parametrize("lost", ["appointment", "suspended"])
def test_its_author_s_rights_are_asked_again(settings, mo, ada, board, lost):
    one = plan(mo, board)
    if lost == "suspended":
        factories.sanction(mo, SanctionKind.SUSPENSION, Scope.SITE)
    else:
        db.session.execute(db.delete(Appointment))
        db.session.commit()
    with time_machine.travel(now() + TOMORROW):
        assert run(settings) == []
    assert db.session.query(Planned).one().problem in ("forbidden", "suspended")
    assert db.session.query(Job).one().problem in ("forbidden", "suspended")
    assert one.source == "On Sunday."


def test_what_is_published_cannot_be_changed_here(settings, mo, board):
    one = plan(mo, board)
    with time_machine.travel(now() + TOMORROW):
        run(settings)
        with pytest.raises(Conflict):
            planned.drop_planned(mo, one)
        with pytest.raises(Conflict):
            planned.change_planned(mo, one, title="B", body="B", publish_at=now() + TOMORROW)


@pytest.mark.parametrize("at", [timedelta(days=-1), timedelta(days=400)])
def test_a_time_that_is_over_or_far_away_is_refused(mo, board, at):
    with pytest.raises(Invalid):
        plan(mo, board, at=at)


def test_words_are_read_when_they_are_written(mo, board):
    with pytest.raises(Invalid):
        plan(mo, board, body="ring 07700 900123")
    assert "07700" not in plan(mo, board, body="ring 07700 900123", mask=True).source


def test_two_who_change_it_do_not_write_over_each_other(mo, board):
    one = plan(mo, board)
    planned.change_planned(mo, one, title="B", body="B", publish_at=now() + TOMORROW, version="1")
    with pytest.raises(Stale):
        planned.change_planned(mo, one, title="C", body="C", publish_at=now() + TOMORROW, version="1")


@pytest.mark.parametrize("who", ["guest", "alice", "max", "sam"])
def test_only_moderators_of_the_board_plan(who, request, mo, board):
    actor = request.getfixturevalue(who)
    one = plan(mo, board)
    with pytest.raises(Forbidden):
        plan(actor, board)
    with pytest.raises(Forbidden):
        planned.drop_planned(actor, one)
    with pytest.raises(Forbidden):
        planned.change_planned(actor, one, title="B", body="B", publish_at=now() + TOMORROW)


def test_another_moderator_takes_it_back_but_puts_no_words_into_its_author_s_mouth(mo, ada, board):
    one = plan(mo, board)
    with pytest.raises(Forbidden):
        planned.change_planned(ada, one, title="B", body="B", publish_at=now() + TOMORROW)
    planned.drop_planned(ada, one)
    assert db.session.query(Planned).count() == 0


def test_published_is_a_topic_like_any_other(settings, mo, bob, board):
    plan(mo, board)
    with time_machine.travel(now() + TOMORROW):
        (topic,) = run(settings)
        assert topics.reply_to_topic(bob, topic, body="I will come.").number == 2
