"""A member's own plan: theirs to write and erase, and nobody else's to see."""

import pytest
from sqlalchemy import func, select

from forum.actions.plans import erase_plan, save_plan
from forum.db import Base, db
from forum.errors import Forbidden, Invalid
from forum.models import Case, Guest, Plan, SanctionKind, Scope
from forum.queries.strategies import plan_of
from tests import factories

HEAVY = "I want to kill myself."


def test_a_plan_is_a_line_each_and_empty_parts_are_left_out(alice):
    save_plan(alice, parts={"helps": "1. Cold water\n\n- The light on  ", "people": "Text D.", "safer": "  "})
    assert plan_of(alice).parts == {"helps": ["Cold water", "The light on"], "people": ["Text D."]}


def test_saving_again_puts_the_new_plan_in_place(alice):
    save_plan(alice, parts={"helps": "Cold water", "signs": "Quiet"})
    save_plan(alice, parts={"helps": "Warm cup"})
    assert plan_of(alice).parts == {"helps": ["Warm cup"]}
    assert db.session.query(Plan).count() == 1


@pytest.mark.parametrize(
    "parts, field",
    [
        ({}, "helps"),
        ({"helps": " \n "}, "helps"),
        ({"places": "x" * 201}, "places"),
        ({"people": "one\n" * 13}, "people"),
        ({"signs": "\u200b\u200b"}, "signs"),
    ],
)
def test_what_cannot_be_a_plan_says_which_part(alice, parts, field):
    with pytest.raises(Invalid) as refusal:
        save_plan(alice, parts=parts)
    assert field in refusal.value.fields
    assert plan_of(alice) is None


def test_nobody_but_its_owner_gets_a_plan(alice, bob, mo, ada, guest):
    save_plan(alice, parts={"helps": "Cold water"})
    assert [plan_of(other) for other in (bob, mo, ada)] == [None, None, None]
    for deed in (lambda: plan_of(guest), lambda: erase_plan(guest)):
        with pytest.raises(Forbidden):
            deed()
    with pytest.raises(Forbidden):
        save_plan(Guest(), parts={"helps": "Cold water"})


def test_words_in_a_plan_come_before_nobody(alice):
    save_plan(alice, parts={"signs": HEAVY})
    assert db.session.query(Case).count() == 0


def test_a_plan_stays_open_to_whoever_is_banned(alice):
    save_plan(alice, parts={"helps": "Cold water"})
    factories.sanction(alice, SanctionKind.BAN, Scope.SITE)
    assert plan_of(alice).parts == {"helps": ["Cold water"]}
    save_plan(alice, parts={"helps": "Warm cup"})
    assert plan_of(alice).parts == {"helps": ["Warm cup"]}


def test_a_plan_needs_leave_to_keep_it(app):
    new = factories.make_user(agrees=False)
    with pytest.raises(Forbidden):
        save_plan(new, parts={"helps": "Cold water"})


def test_an_erased_plan_is_gone(alice):
    save_plan(alice, parts={"helps": "Cold water"})
    erase_plan(alice)
    erase_plan(alice)
    assert plan_of(alice) is None
    assert db.session.scalar(select(func.count()).select_from(Base.metadata.tables["plans"])) == 0
