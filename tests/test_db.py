"""What "all or nothing" means: actions, savepoints, follow-ups, locks."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from forum.db import action, db, locked, on_commit
from forum.errors import NotFound, Retry
from forum.models import Section

told: list[str] = []


@pytest.fixture(autouse=True)
def _nobody_told():
    told.clear()


@action
def add_section(name: str, *, fails: bool = False) -> Section:
    section = Section(name=name)
    db.session.add(section)
    db.session.flush()
    on_commit(told.append, name)
    if fails:
        raise ValueError(name)
    return section


@action
def add_both(first: str, second: str) -> None:
    add_section(first)
    try:
        add_section(second, fails=True)
    except ValueError:
        add_section("instead")


def names() -> list[str]:
    return list(db.session.scalars(select(Section.name).order_by(Section.id)))


def test_an_action_commits_and_then_tells(app):
    add_section("Arriving")
    db.session.rollback()
    assert names() == ["Arriving"]
    assert told == ["Arriving"]


def test_an_action_that_fails_leaves_nothing_and_tells_nobody(app):
    with pytest.raises(ValueError):
        add_section("Arriving", fails=True)
    assert names() == []
    assert told == []


def test_an_inner_refusal_takes_its_rows_and_follow_ups_with_it(app):
    add_both("kept", "refused")
    assert names() == ["kept", "instead"]
    assert told == ["kept", "instead"]


def test_a_follow_up_that_fails_is_logged_and_the_next_one_runs(app, caplog):
    def breaks() -> None:
        raise RuntimeError("a bell that does not ring")

    @action
    def deed() -> None:
        on_commit(breaks)
        on_commit(told.append, "after")

    deed()
    assert told == ["after"]
    assert "breaks failed" in caplog.text


def test_a_lock_on_a_row_that_is_gone_is_not_found(app):
    section = add_section("Arriving")
    db.session.execute(Section.__table__.delete())
    db.session.commit()

    @action
    def hold() -> None:
        locked(section)

    with pytest.raises(NotFound):
        hold()


@pytest.mark.parametrize(("failures", "saved"), [(0, 1), (1, 1), (2, 1)])
def test_a_busy_database_is_tried_three_times(app, failures, saved):
    left = [failures]

    @action
    def deed() -> None:
        db.session.add(Section(name="Arriving"))
        db.session.flush()
        if left[0]:
            left[0] -= 1
            raise OperationalError("", {}, Exception("database is locked"))

    deed()
    assert db.session.scalar(select(func.count()).select_from(Section)) == saved


def test_a_database_that_stays_busy_asks_the_person_to_try_again(app):
    @action
    def deed() -> None:
        raise OperationalError("", {}, Exception("database is locked"))

    with pytest.raises(Retry) as refused:
        deed()
    assert refused.value.status == 503
    assert refused.value.retry_after


def test_another_database_error_is_not_tried_again(app):
    tries = []

    @action
    def deed() -> None:
        tries.append(1)
        raise OperationalError("", {}, Exception("disk I/O error"))

    with pytest.raises(OperationalError):
        deed()
    assert tries == [1]
