"""Links that are mailed: what they let somebody do, once, for a while, and what nobody learns from them."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine

from forum import passwords, work
from forum.actions import accounts, links, sessions
from forum.actions.accounts import check_log_in
from forum.db import db, now
from forum.errors import Conflict, Forbidden, ForumError, Invalid, RateLimited
from forum.models import Guest, Job, MailLink, Notification, Purpose, System, User
from forum.queries.accounts import sessions_of, users_found_by
from tests.factories import PASSWORD
from tests.mailing import links_in, token_in

ADDRESS = "192.0.2.7"
NEW = "clouds over the ferry"


def join(name="Second Kettle", email="k@example.org", **more):
    given = {"password": PASSWORD, "is_adult": True, "keeps_health": True, "agrees": True, **more}
    return accounts.sign_up(Guest(), name=name, email=email, **given)[0]


def fresh(user):
    db.session.expire_all()
    return db.session.get(User, user.id)


@pytest.fixture
def kettle(mailbox):
    """She has confirmed her address."""
    user = join()
    accounts.confirm_email(Guest(), token=token_in(mailbox.links()[0]))
    return fresh(user)


def ask(email="k@example.org", address=ADDRESS):
    accounts.ask_for_link(Guest(), email=email, address=address)


def token_from(mailbox):
    ask()
    return token_in(mailbox.links()[0])


def reset(token, password=NEW):
    return accounts.reset_password(Guest(), token=token, password=password)


def is_over(refused) -> bool:
    return refused.value.code == "expired"


def after(**span):
    return time_machine.travel(now() + timedelta(**span), tick=False)


# Confirming


def test_an_address_is_unconfirmed_until_its_link_is_used_by_whoever_holds_it(mailbox):
    user = join()
    assert user.email_confirmed_at is None
    accounts.confirm_email(Guest(), token=token_in(mailbox.links()[0]))
    assert fresh(user).email_confirmed_at
    assert users_found_by("K@EXAMPLE.org") == [user]


def test_a_link_lies_as_a_digest_only(mailbox):
    join()
    token = token_in(mailbox.links()[0])
    link = db.session.query(MailLink).one()
    assert token not in str(vars(link))
    assert not any(token in str(job.payload) for job in db.session.query(Job))


def test_a_link_confirms_once(mailbox):
    join()
    token = token_in(mailbox.links()[0])
    accounts.confirm_email(Guest(), token=token)
    with pytest.raises(Conflict) as refused:
        accounts.confirm_email(Guest(), token=token)
    assert is_over(refused)


def test_of_two_who_use_a_link_at_once_one_is_told_that_it_is_over(app, mailbox, kettle):
    token, together, outcomes = token_from(mailbox), Barrier(2), []

    def use():
        with app.app_context():
            together.wait()
            try:
                reset(token)
                outcomes.append("in")
            except ForumError as refused:
                outcomes.append(refused.code)
            finally:
                db.session.remove()

    both = [Thread(target=use) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["expired", "in"]


@pytest.mark.parametrize("purpose, span", links.LASTS.items())
def test_a_link_is_open_for_so_long_and_no_longer(purpose, span, mailbox, kettle):
    user = join("Slow Tide", "s@example.org") if purpose == Purpose.CONFIRM else kettle
    if purpose == Purpose.NEW_PASSWORD:
        ask()
    token = token_in(mailbox.links()[0])
    use = {Purpose.CONFIRM: lambda: accounts.confirm_email(Guest(), token=token),
           Purpose.NEW_PASSWORD: lambda: reset(token)}[purpose]  # fmt: skip
    with (
        time_machine.travel(now() + span + timedelta(seconds=5), tick=False),
        pytest.raises(Conflict) as late,
    ):
        use()
    assert is_over(late)
    with time_machine.travel(now() + span - timedelta(minutes=1), tick=False):
        assert use() == user


def test_a_link_does_nothing_that_it_is_not_for(mailbox, kettle):
    token = token_from(mailbox)
    with pytest.raises(Conflict) as refused:
        accounts.confirm_email(Guest(), token=token)
    assert is_over(refused)
    join("Slow Tide", "s@example.org")
    with pytest.raises(Conflict) as refused:
        reset(token_in(mailbox.links()[0]))
    assert is_over(refused)


def test_a_changed_address_is_unconfirmed_and_its_open_links_are_void(mailbox, kettle):
    token = token_from(mailbox)
    accounts.change_email(kettle, email="new@example.org", password=PASSWORD)
    assert fresh(kettle).email_confirmed_at is None
    assert not users_found_by("k@example.org")
    assert not users_found_by("new@example.org")
    with pytest.raises(Conflict):
        reset(token)
    accounts.confirm_email(Guest(), token=token_in(mailbox.links()[0]))
    assert users_found_by("new@example.org") == [kettle]


def test_the_link_to_an_earlier_address_does_not_confirm_a_later_one(mailbox):
    user = join()
    token = token_in(mailbox.links()[0])
    accounts.change_email(user, email="somebody@else.example", password=PASSWORD)
    with pytest.raises(Conflict):
        accounts.confirm_email(Guest(), token=token)
    assert fresh(user).email_confirmed_at is None


def test_an_address_that_is_changed_back_does_not_bring_its_old_link_back(mailbox):
    user = join()
    token = token_in(mailbox.links()[0])
    accounts.change_email(user, email="new@example.org", password=PASSWORD)
    accounts.change_email(user, email="k@example.org", password=PASSWORD)
    with pytest.raises(Conflict):
        accounts.confirm_email(Guest(), token=token)


def test_keeping_the_same_address_keeps_it_confirmed(mailbox, kettle):
    accounts.change_email(kettle, email="k@example.org", password=PASSWORD)
    assert fresh(kettle).email_confirmed_at
    assert not mailbox.fetch()


def test_an_address_taken_away_is_found_no_more(mailbox, kettle):
    accounts.change_email(kettle, email="", password=PASSWORD)
    user = fresh(kettle)
    assert (user.email, user.email_confirmed_at, user.email_found_by) == (None, None, None)
    assert not mailbox.fetch()


def test_the_link_is_sent_again_in_place_of_the_one_before_a_few_times(mailbox):
    user = join()
    first = token_in(mailbox.links()[0])
    accounts.send_confirmation(user)
    second = token_in(mailbox.links()[0])
    with pytest.raises(Conflict):
        accounts.confirm_email(Guest(), token=first)
    for _ in range(2):
        accounts.send_confirmation(user)
    with pytest.raises(RateLimited):
        accounts.send_confirmation(user)
    assert second != first


def test_what_is_confirmed_or_not_there_is_not_sent_for_again(mailbox, kettle, alice):
    for user in (kettle, alice):
        with pytest.raises(Conflict):
            accounts.send_confirmation(user)
    assert not mailbox.fetch()


def test_a_stranger_is_not_flooded_by_those_who_give_his_address(mailbox):
    for number in range(8):
        join(f"Kettle Number {number}", "stranger@example.org")
    assert len(mailbox.fetch()) == 5


def test_where_mail_is_not_set_up_nothing_is_promised(app):
    join()
    ask()
    assert not db.session.query(Job).count()


# A new password


def test_a_link_lets_somebody_choose_a_new_password_once(mailbox, kettle):
    token = token_from(mailbox)
    assert reset(token) == kettle
    for name in ("Second Kettle", "k@example.org"):
        assert check_log_in(Guest(), name=name, password=NEW, address=ADDRESS) == kettle
    with pytest.raises(Conflict) as refused:
        reset(token, "another quiet passphrase")
    assert is_over(refused)


def test_a_new_password_ends_every_log_in_and_is_told_twice(mailbox, kettle):
    sessions.begin_session(kettle)
    epoch = kettle.auth_epoch
    reset(token_from(mailbox))
    assert not sessions_of(kettle)
    assert fresh(kettle).auth_epoch == epoch + 1
    assert db.session.query(Notification).filter_by(user_id=kettle.id).one().kind == "password_reset"
    told = mailbox.fetch()[0]
    assert told["Subject"] == "Your passphrase"
    assert "Second Kettle" in told.get_content()
    assert not links_in(told)


def test_a_refused_new_password_does_not_use_up_the_link(mailbox, kettle):
    token = token_from(mailbox)
    with pytest.raises(Invalid) as refused:
        reset(token, "password123")
    assert "new" in refused.value.fields
    assert reset(token)


def test_a_link_that_is_over_costs_no_hash(mailbox, monkeypatch):
    monkeypatch.setattr(passwords, "_aside", lambda *_: pytest.fail("hashed for nobody"))
    with pytest.raises(Conflict):
        reset("of no link at all")


@pytest.mark.parametrize("way", ["settings", "sheet"])
def test_another_new_password_voids_an_open_link(way, mailbox, kettle):
    token = token_from(mailbox)
    if way == "settings":
        accounts.change_password(kettle, old=PASSWORD, new="moss on the harbour wall")
    else:
        kettle.proved_at = now()
        code = accounts.renew_recovery(kettle)[0]
        accounts.recover(Guest(), name="Second Kettle", code=code, password="moss on the harbour wall")
    with pytest.raises(Conflict):
        reset(token)


def test_asking_again_replaces_the_link(mailbox, kettle):
    first, second = token_from(mailbox), token_from(mailbox)
    with pytest.raises(Conflict):
        reset(first)
    assert reset(second)


def test_several_accounts_of_one_address_get_one_mail_with_a_link_for_each(mailbox, kettle):
    tide = join("Slow Tide", password="another quiet phrase")
    accounts.confirm_email(Guest(), token=token_in(mailbox.links()[0]))
    ask("K@Example.ORG ")
    mails = mailbox.fetch()
    words = mails[0].get_content()
    assert len(mails) == 1
    assert "Second Kettle" in words
    assert "Slow Tide" in words
    assert [reset(token_in(link)) for link in links_in(mails[0])] == [kettle, tide]


def test_two_spellings_of_an_address_are_each_sent_their_own(mailbox, kettle):
    join("Slow Tide", "K@example.org")
    accounts.confirm_email(Guest(), token=token_in(mailbox.links()[0]))
    ask()
    mails = {mail["To"]: mail for mail in mailbox.fetch()}
    assert set(mails) == {"k@example.org", "K@example.org"}
    assert "Slow Tide" not in mails["k@example.org"].get_content()


@pytest.mark.parametrize(
    "typed", ["\u212a@example.org", "k@example.org.", "nobody@example.org", "%@example.org"]
)
def test_an_address_that_only_looks_alike_is_sent_nothing(typed, mailbox, kettle):
    ask(typed)
    assert not mailbox.fetch()


def test_an_unconfirmed_address_is_sent_nothing_to_get_in_with(mailbox):
    join()
    mailbox.fetch()
    ask()
    assert not mailbox.fetch()


def test_asking_writes_one_line_whoever_it_is_for_and_looks_nobody_up(mailbox, kettle):
    from sqlalchemy import event

    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    kinds = []
    for email in ("k@example.org", "nobody@example.org"):
        del asked[:]
        ask(email)
        kinds.append([statement.split("(")[0] for statement in asked])
    assert kinds[0] == kinds[1]
    assert not any("users" in statement for statement in kinds[0])
    assert [set(job.payload) for job in db.session.query(Job).filter(Job.done_at.is_(None))] == [
        {"mail", "seed", "email"}
    ] * 2


def test_asking_from_one_network_address_has_to_wait(mailbox):
    for number in range(10):
        ask(f"{number}@example.org")
    with pytest.raises(RateLimited):
        ask("another@example.org")


def test_one_address_is_mailed_a_few_times_an_hour_and_nobody_is_told(mailbox, kettle):
    for number in range(8):
        ask(address=f"192.0.2.{number}")
    assert 0 < len(mailbox.fetch()) <= 4


@pytest.mark.parametrize(
    "typed", ["", None, "no address", "a@b.example\nBcc: c@d.example", "a\x00@b.example"]
)
def test_what_is_no_address_is_said_at_once(typed, mailbox):
    with pytest.raises(Invalid) as refused:
        ask(typed)
    assert "email" in refused.value.fields


def test_what_was_mailed_for_is_forgotten_by_the_outbox(mailbox, kettle):
    ask()
    mailbox.fetch()
    assert not any(job.payload for job in db.session.query(Job))


# Promises kept late, or twice


def promise(mailbox):
    """Ask, and have the mail written but not yet sent: its job, its link."""
    ask()
    return db.session.query(Job).filter(Job.done_at.is_(None)).order_by(Job.id.desc()).first()


def test_a_promise_kept_twice_mails_the_same_link(mailbox, kettle):
    job = promise(mailbox)
    work.HANDLERS["mail"](mailbox.settings, job)
    first = sorted(path.name for path in mailbox.folder.glob("*.eml"))
    again = mailbox.links()
    assert len(first) == len(again) == 1
    assert reset(token_in(again[0]))


def test_a_promise_kept_again_after_its_link_was_used_mails_nothing(mailbox, kettle):
    job = promise(mailbox)
    work.HANDLERS["mail"](mailbox.settings, job)
    token = token_in(links_in(mailbox.laid_down()[0])[0])
    reset(token)
    assert [mail["Subject"] for mail in mailbox.fetch()] == ["Your passphrase"]


def test_a_promise_kept_late_does_not_replace_the_link_that_was_asked_for_after_it(mailbox, kettle):
    token = token_from(mailbox)
    earlier = db.session.query(MailLink).filter_by(purpose=Purpose.NEW_PASSWORD).one().job_id - 1
    assert not links.open_link(System(), kettle, purpose=Purpose.NEW_PASSWORD, token="late", job_id=earlier)
    assert reset(token)


# Forgetting


def test_links_that_have_run_out_are_forgotten(settings, mailbox, kettle):
    token_from(mailbox)
    with after(hours=2):
        work.upkeep(settings)
        assert {link.purpose for link in db.session.query(MailLink)} == {Purpose.CONFIRM}
    with after(days=4):
        work.upkeep(settings)
    assert not db.session.query(MailLink).count()


@pytest.mark.parametrize(
    "deed",
    [
        lambda who: links.open_link(who, who, purpose=Purpose.NEW_PASSWORD, token="mine", job_id=1),
        lambda who: links.forget_old_links(who),
    ],
)
def test_members_open_and_forget_no_links(alice, deed):
    with pytest.raises(Forbidden):
        deed(alice)
