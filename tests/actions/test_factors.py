"""A second step: what counts as one, what is taken once only, and what nobody can do from an open screen."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pyotp
import pytest
import time_machine

from forum import passkeys, policy, sealing
from forum.actions import accounts, factors, links, sessions, tokens
from forum.actions.accounts import check_log_in
from forum.actions.factors import Asked, asked
from forum.db import db, now
from forum.errors import Conflict, Forbidden, ForumError, Invalid, NotFound, RateLimited
from forum.models import (
    CodeApp,
    Duty,
    Guest,
    LoginSession,
    Notification,
    Passkey,
    Role,
    SpentAsk,
    System,
    User,
)
from forum.queries.accounts import codes_left, digest_of
from tests import factories
from tests.device import Device
from tests.factories import PASSWORD

NOON = datetime(2030, 5, 1, 12, 0, 10, tzinfo=UTC)


def fresh(user):
    db.session.expire_all()
    return db.session.get(User, user.id)


def numbers(secret, at=None):
    return pyotp.TOTP(secret).at(at or now())


def with_app(user):
    """A member whose app counts; the answer is its secret. The half minute of its first numbers is over."""
    user.proved_at = now()
    with time_machine.travel(now() - timedelta(minutes=5)):
        user.proved_at = now()
        secret = factors.add_code_app(user)
        factors.confirm_code_app(user, code=numbers(secret))
    user.proved_at = now()
    return secret


def show(device, *, challenge=None, **changed):
    challenge = challenge or asked()
    answer = device.show(passkeys.to_ask(challenge=challenge.value), **changed)
    return {"answer": answer, "challenge": challenge}


def step(user, **given):
    """Their second step, after the right passphrase."""
    given.setdefault("step", asked(fresh(user)))
    return factors.pass_second_step(Guest(), **given)


# Showing once more who one is


DEEDS = {
    "a new sheet": lambda user: accounts.renew_recovery(user),
    "a key for a program": lambda user: tokens.make_token(user, name="x", scopes=["read:boards"], days=7),
    "signing out everywhere": lambda user: sessions.end_other_sessions(user, ""),
    "an app": lambda user: factors.add_code_app(user),
    "the app's first numbers": lambda user: factors.confirm_code_app(user, code="000000"),
    "taking the app away": lambda user: factors.remove_code_app(user),
    "a passkey": lambda user: factors.add_passkey(user, name="x", answer="{}", challenge=asked()),
    "taking a passkey away": lambda user: factors.remove_passkey(user, passkey_id=1),
}


@pytest.mark.parametrize("what", DEEDS)
@pytest.mark.parametrize("proved", [None, timedelta(minutes=10, seconds=1), timedelta(days=3)])
def test_what_could_keep_its_owner_out_asks_who_is_there(alice, what, proved):
    alice.proved_at = proved and now() - proved
    with pytest.raises(Forbidden) as refused:
        DEEDS[what](alice)
    assert refused.value.code == "prove"


@pytest.mark.parametrize("what", DEEDS)
def test_a_program_adds_and_takes_away_no_way_in(alice, what):
    alice.scopes, alice.proved_at = frozenset({"write:account"}), None
    if what == "signing out everywhere":
        DEEDS[what](alice)  # its scope says so
    else:
        with pytest.raises(Forbidden) as refused:
            DEEDS[what](alice)
        assert refused.value.code == "forbidden"


@pytest.mark.parametrize("what", DEEDS)
def test_a_guest_has_no_second_step(app, guest, what):
    with pytest.raises(Forbidden) as refused:
        DEEDS[what](guest)
    assert refused.value.code == "log_in"


def test_a_passphrase_proves_it_for_the_log_in_that_one_is_here_by_alone(alice):
    here, phone = sessions.begin_session(alice), sessions.begin_session(alice)
    db.session.query(LoginSession).update({"proved_at": now() - timedelta(hours=1)})
    db.session.commit()
    alice.session_key = here
    factors.prove(alice, password=PASSWORD)
    proved = {
        row.digest: row.proved_at > now() - timedelta(minutes=1) for row in db.session.query(LoginSession)
    }
    assert proved == {digest_of(here): True, digest_of(phone): False}


def test_a_wrong_passphrase_proves_nothing_and_trying_has_to_wait(alice):
    alice.session_key = sessions.begin_session(alice)
    db.session.query(LoginSession).update({"proved_at": None})
    db.session.commit()
    for _ in range(10):
        with pytest.raises(Invalid) as refused:
            factors.prove(alice, password="not it")
        assert "proof" in refused.value.fields
    with pytest.raises(RateLimited):
        factors.prove(alice, password=PASSWORD)
    assert db.session.query(LoginSession).one().proved_at is None


def test_a_passkey_of_ones_own_proves_it_and_another_s_does_not(alice, bob):
    mine, his = factories.make_passkey(alice), factories.make_passkey(bob)
    alice.session_key = sessions.begin_session(alice)
    db.session.query(LoginSession).update({"proved_at": None})
    db.session.commit()
    with pytest.raises(Invalid):
        factors.prove(alice, **show(his))
    factors.prove(alice, **show(mine))
    assert db.session.query(LoginSession).one().proved_at


def test_a_program_proves_nothing(alice):
    alice.scopes = frozenset({"write:account"})
    with pytest.raises(Forbidden):
        factors.prove(alice, password=PASSWORD)


# An app


def test_an_app_counts_once_it_has_made_the_right_numbers(alice):
    secret = factors.add_code_app(alice)
    assert fresh(alice).second_step_at is None
    with pytest.raises(Invalid):
        factors.confirm_code_app(alice, code="12 34")
    factors.confirm_code_app(alice, code=f" {numbers(secret)[:3]} {numbers(secret)[3:]} ")
    assert fresh(alice).second_step_at
    assert factors.secret_to_confirm(alice) is None


def test_a_secret_lies_sealed(alice):
    secret = factors.add_code_app(alice)
    kept = db.session.query(CodeApp).one().secret
    assert secret not in kept
    assert sealing.opened(kept) == secret


@pytest.mark.parametrize("changed", ["", "x", "é", "AAAA", "A" * 400])
def test_what_somebody_changed_opens_nothing(changed):
    assert sealing.opened(changed) is None
    kept = sealing.sealed("words")
    assert sealing.opened(kept[:-4] + ("AAAA" if kept[-4:] != "AAAA" else "BBBB")) is None
    assert sealing.sealed("words") != kept


def test_what_was_sealed_with_an_earlier_key_opens_and_with_a_lost_one_does_not(settings):
    sealing.use(["the first key"])
    kept = sealing.sealed("words")
    sealing.use(["the second key", "the first key"])
    assert sealing.opened(kept) == "words"
    sealing.use(["the second key"])
    assert sealing.opened(kept) is None
    sealing.use([settings.secret_key])


def test_taking_numbers_seals_the_secret_with_the_key_of_today(alice, settings):
    secret = with_app(alice)
    sealing.use(["another key", settings.secret_key])
    try:
        step(alice, code=numbers(secret))
        sealing.use(["another key"])
        assert sealing.opened(db.session.query(CodeApp).one().secret) == secret
    finally:
        sealing.use([settings.secret_key])


def test_an_app_whose_key_is_lost_opens_nothing_and_the_sheet_does(alice, settings):
    secret, lines = with_app(alice), accounts.renew_recovery(alice)
    sealing.use(["another key"])
    try:
        with pytest.raises(Invalid):
            step(alice, code=numbers(secret))
        assert step(alice, line=lines[0]) == alice
    finally:
        sealing.use([settings.secret_key])


def test_setting_up_again_makes_another_secret_and_a_working_app_is_not_overwritten(alice):
    first = factors.add_code_app(alice)
    second = factors.add_code_app(alice)
    assert first != second
    with pytest.raises(Invalid):
        factors.confirm_code_app(alice, code=numbers(first))
    factors.confirm_code_app(alice, code=numbers(second))
    with pytest.raises(Conflict):
        factors.add_code_app(alice)
    with pytest.raises(Conflict):
        factors.confirm_code_app(alice, code=numbers(second))


def test_numbers_are_good_for_half_a_minute_around_and_once(alice):
    with time_machine.travel(NOON, tick=False) as clock:
        secret = with_app(alice)
        for away in (-61, 61, 3600):
            with pytest.raises(Invalid):
                step(alice, code=numbers(secret, NOON + timedelta(seconds=away)))
        code = numbers(secret, NOON - timedelta(seconds=30))
        assert step(alice, code=code) == alice
        with pytest.raises(Invalid):
            step(alice, code=code)
        assert step(alice, code=numbers(secret)) == alice
        with pytest.raises(Invalid):
            step(alice, code=code)
        clock.shift(60)
        assert step(alice, code=numbers(secret)) == alice


def test_the_first_numbers_do_not_sign_in_as_well(alice):
    with time_machine.travel(NOON, tick=False):
        alice.proved_at = now()
        secret = factors.add_code_app(alice)
        factors.confirm_code_app(alice, code=numbers(secret))
        with pytest.raises(Invalid):
            step(alice, code=numbers(secret))


def test_of_two_who_give_the_same_numbers_at_once_one_is_refused(app, alice):
    secret = with_app(alice)
    code, both, outcomes = numbers(secret), Barrier(2), []
    steps = [asked(fresh(alice)), asked(fresh(alice))]

    def give(one):
        with app.app_context():
            both.wait()
            try:
                factors.pass_second_step(Guest(), step=one, code=code)
                outcomes.append("in")
            except ForumError:
                outcomes.append("refused")

    threads = [Thread(target=give, args=(one,)) for one in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused"]


@pytest.mark.parametrize("code", [None, "", 7, [], "1234567", "abcdef", "١٢٣٤٥٦", "x" * 10_000, "\x00" * 6])
def test_what_is_no_number_of_the_app_is_refused_in_words(alice, code):
    with_app(alice)
    with pytest.raises(Invalid) as refused:
        step(alice, code=code)
    assert refused.value.fields == {"code": factors.NO_CODE}


def test_an_app_that_does_not_count_yet_opens_nothing(alice):
    secret = factors.add_code_app(alice)
    with pytest.raises(Invalid):
        step(alice, code=numbers(secret))


def test_guessing_numbers_has_to_wait_however_many_browsers_guess(alice):
    with time_machine.travel(NOON, tick=False):
        secret = with_app(alice)  # its first numbers counted as one try
        for _ in range(9):
            with pytest.raises(Invalid):
                step(alice, code="000000")
        with pytest.raises(RateLimited):
            step(alice, code=numbers(secret))


def test_taking_the_app_away_leaves_the_passphrase_and_a_notice(alice):
    secret = with_app(alice)
    factors.remove_code_app(alice)
    assert fresh(alice).second_step_at is None
    with pytest.raises(Invalid):
        step(alice, code=numbers(secret))
    assert db.session.query(Notification).filter_by(user_id=alice.id).one().kind == "second_step"
    with pytest.raises(NotFound):
        factors.remove_code_app(alice)


# The step itself


def test_a_line_of_the_sheet_works_in_its_place_once_and_only_for_its_member(alice, bob):
    with_app(alice)
    mine, his = accounts.renew_recovery(alice), accounts.renew_recovery(bob)
    with pytest.raises(Invalid) as refused:
        step(alice, line=his[0])
    assert refused.value.fields == {"line": factors.NO_LINE}
    assert codes_left(bob) == 8
    assert step(alice, line=mine[0].upper().replace("-", " ")) == alice
    assert codes_left(alice) == 7
    with pytest.raises(Invalid):
        step(alice, line=mine[0])


def test_a_step_is_passed_once(alice):
    with_app(alice)
    lines, one = accounts.renew_recovery(alice), asked(alice)
    step(alice, step=one, line=lines[0])
    with pytest.raises(Conflict) as over:
        step(alice, step=one, line=lines[1])
    assert over.value.code == "expired"
    assert codes_left(alice) == 7


def test_a_step_is_open_for_ten_minutes(alice):
    with time_machine.travel(NOON, tick=False) as clock:
        secret, one = with_app(alice), asked(alice)
        clock.shift(timedelta(minutes=10, seconds=1))
        with pytest.raises(Conflict):
            step(alice, step=one, code=numbers(secret))


def test_a_passphrase_that_was_changed_since_counts_no_more(alice):
    secret, one = with_app(alice), asked(alice)
    accounts.change_password(alice, old=PASSWORD, new="clouds over the ferry")
    with pytest.raises(Conflict):
        step(alice, step=one, code=numbers(secret))


def test_a_step_of_somebody_who_is_gone_is_over(alice):
    with pytest.raises(Conflict):
        step(alice, step=Asked("x", now().timestamp(), 999_999, 0))


def test_a_mailed_link_takes_no_second_step_away(alice):
    with_app(alice)
    alice.email = "a@example.org"
    db.session.commit()
    token = "a" * 64
    links.open_link(System(), alice, purpose="new_password", token=token, job_id=1)
    accounts.reset_password(Guest(), token=token, password="clouds over the ferry")
    assert fresh(alice).second_step_at
    assert (
        check_log_in(Guest(), name="Alice Fern", password="clouds over the ferry", address="192.0.2.7")
        == alice
    )


# Passkeys


def test_a_passkey_signs_in_alone_and_is_a_second_step(alice):
    device = factories.make_passkey(alice)
    assert fresh(alice).second_step_at
    assert factors.check_passkey(Guest(), **show(device)) == alice
    assert step(alice, **show(device)) == alice
    kept = db.session.query(Passkey).one()
    assert (kept.name, kept.sign_count) == ("On my phone", device.count)
    assert kept.used_at


def test_somebody_else_s_passkey_is_no_second_step(alice, bob):
    factories.make_passkey(alice)
    with pytest.raises(Invalid):
        step(alice, **show(factories.make_passkey(bob)))


FOREIGN = {
    "another origin": {"origin": "https://evil.example"},
    "another house": {"host": "evil.example"},
    "a device that did not look who it was": {"verified": False},
    "another challenge": {"says": "another"},
    "a page in a frame, of the wrong kind": {"kind": "webauthn.create"},
    "a key of its own": {"stranger": True},
    "another's account": {"handle": b"member 0"},
    "a counter that stood still": {"count": 0},
}


@pytest.mark.parametrize("what", FOREIGN)
def test_an_answer_that_was_given_elsewhere_opens_nothing(alice, what):
    device = factories.make_passkey(alice)
    factors.check_passkey(Guest(), **show(device))
    with pytest.raises(Invalid) as refused:
        factors.check_passkey(Guest(), **show(device, **FOREIGN[what]))
    assert refused.value.fields == {"passkey": factors.NO_PASSKEY}
    assert factors.check_passkey(Guest(), **show(device)) == alice


@pytest.mark.parametrize(
    "what", ["another origin", "another house", "a device that did not look who it was", "another challenge"]
)
def test_a_passkey_that_was_made_elsewhere_is_not_kept(alice, what):
    challenge = asked()
    options = passkeys.to_make(alice.id, alice.name, challenge=challenge.value, known=())
    with pytest.raises(Invalid) as refused:
        factors.add_passkey(
            alice, name="x", answer=Device().make(options, **FOREIGN[what]), challenge=challenge
        )
    assert refused.value.fields == {"passkey": factors.NOT_MADE}
    assert fresh(alice).second_step_at is None


def test_a_challenge_is_answered_once(alice):
    device = factories.make_passkey(alice)
    device.counts = False
    once = asked()
    assert factors.check_passkey(Guest(), **show(device, challenge=once)) == alice
    with pytest.raises(Conflict):
        factors.check_passkey(Guest(), **show(device, challenge=once))
    other = factories.make_user()
    with pytest.raises((Conflict, Invalid)):
        answer = Device().make(passkeys.to_make(other.id, "x", challenge=once.value, known=()))
        factors.add_passkey(other, name="x", answer=answer, challenge=once)


def test_a_challenge_is_open_for_ten_minutes(alice):
    device = factories.make_passkey(alice)
    with time_machine.travel(now() - timedelta(minutes=11)):
        old = asked()
    with pytest.raises(Invalid):
        factors.check_passkey(Guest(), **show(device, challenge=old))
    with pytest.raises(Invalid):
        factors.check_passkey(Guest(), **{**show(device), "challenge": factors.NOTHING})


@pytest.mark.parametrize(
    "answer", [None, "", "{}", "[]", "null", '{"id": 7}', '{"id": "é"}', "x" * 5000, '{"id": "\\u0000"}']
)
def test_what_is_no_passkey_is_refused_in_words(alice, answer):
    factories.make_passkey(alice)
    with pytest.raises(Invalid):
        factors.check_passkey(Guest(), answer=answer, challenge=asked())
    with pytest.raises(Invalid):
        factors.add_passkey(alice, name="x", answer=answer, challenge=asked())


def test_bytes_that_were_bent_open_nothing(alice):
    device = factories.make_passkey(alice)
    given = show(device)
    for part in ("authenticatorData", "signature", "clientDataJSON"):
        with pytest.raises(Invalid):
            factors.check_passkey(
                Guest(), answer=device.bent(given["answer"], part), challenge=given["challenge"]
            )


def test_one_passkey_is_one_member_s_and_ten_are_enough(alice, bob):
    device, challenge = factories.make_passkey(alice), asked()
    options = passkeys.to_make(bob.id, bob.name, challenge=challenge.value, known=())
    with pytest.raises(Invalid):
        factors.add_passkey(bob, name="x", answer=device.make(options, again=True), challenge=challenge)
    for _ in range(9):
        factories.make_passkey(alice)
    with pytest.raises(Conflict):
        factories.make_passkey(alice)


def test_a_passkey_has_a_name(alice):
    with pytest.raises(Invalid) as refused:
        factories.make_passkey(alice, name=" ")
    assert "passkey_name" in refused.value.fields


def test_a_passkey_that_was_taken_away_opens_nothing(alice, bob):
    device = factories.make_passkey(alice)
    kept = db.session.query(Passkey).one()
    with pytest.raises(NotFound):
        factors.remove_passkey(bob, passkey_id=kept.id)
    factors.remove_passkey(alice, passkey_id=kept.id)
    assert fresh(alice).second_step_at is None
    with pytest.raises(Invalid):
        factors.check_passkey(Guest(), **show(device))


def test_one_of_two_second_steps_stays(alice):
    with_app(alice)
    factories.make_passkey(alice)
    since = fresh(alice).second_step_at
    factors.remove_passkey(alice, passkey_id=db.session.query(Passkey).one().id)
    assert fresh(alice).second_step_at == since


def test_what_was_answered_is_forgotten_once_it_would_have_run_out(alice):
    factories.make_passkey(alice)
    factors.forget_spent_asks(System())
    assert db.session.query(SpentAsk).count() == 1
    with time_machine.travel(now() + timedelta(minutes=11)):
        factors.forget_spent_asks(System())
    assert db.session.query(SpentAsk).count() == 0
    with pytest.raises(Forbidden):
        factors.forget_spent_asks(alice)


# Staff


@pytest.fixture
def strict(app):
    User.staff_needs_second_step = True
    yield
    User.staff_needs_second_step = False


def test_duties_wait_for_a_second_step_and_then_do_not(strict, mo, ada, fay, topic, post, room):
    questions = {
        "queue": lambda who: policy.can_see_queue(who),
        "hide": lambda who: policy.can_hide_post(who, post),
        "lock": lambda who: policy.can_lock_topic(who, topic),
        "room": lambda who: policy.can_keep_room(who, room),
    }
    for name, ask in questions.items():
        assert getattr(ask(mo), "code", None) == "second_step", name
        assert getattr(ask(ada), "code", None) == "second_step", name
    assert policy.can_keep_room(fay, room).code == "second_step"
    assert policy.can_appoint(ada).code == "second_step"
    assert policy.can_add_code_app(ada) is True
    for who in (mo, ada, fay):
        with_app(who)
    assert all(ask(mo) is True for ask in questions.values())
    assert policy.can_keep_room(fay, room) is True
    assert policy.can_appoint(ada) is True


def test_until_then_they_are_members_like_any_other(strict, mo, bob, board, post):
    from forum.queries.boards import boards_for

    factories.make_board("For groups only", audience="groups")
    assert [one.id for one in boards_for(mo)] == [one.id for one in boards_for(bob)]
    assert not policy.can_hide_post(mo, post)
    assert policy.can_see_post(mo, post)
    assert policy.can_start_topic(mo, board)


def test_members_and_the_house_itself_are_not_asked(strict, alice):
    assert not alice.waits_for_second_step
    assert policy.can_appoint(System()) is True


@pytest.mark.parametrize(
    "role, duty",
    [(Role.LEAD, None), (Role.ADMIN, None), (Role.MEMBER, Duty.FACILITATOR), (Role.MEMBER, Duty.MODERATOR)],
)
def test_everybody_with_a_duty_is_asked(strict, room, role, duty):
    user = factories.make_user(role=role)
    if duty:
        factories.appoint(user, duty, room=room)
    assert user.waits_for_second_step
