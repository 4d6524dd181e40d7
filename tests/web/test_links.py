"""The doors of mailed links: asking for one, opening it, and what its page says when it is over."""

import dataclasses
import re

import pytest

from forum import work
from forum.actions import accounts
from forum.db import db
from forum.models import Guest, MailLink, System, User
from tests.factories import PASSWORD
from tests.mailing import open_postbox, token_in

NEW = "clouds over the ferry"


@pytest.fixture
def visitor(client_as):
    return client_as(Guest())


@pytest.fixture
def unconfirmed(mailbox):
    """She gave an address and has not confirmed it."""
    return accounts.sign_up(
        System(),
        name="Second Kettle",
        password=PASSWORD,
        email="k@example.org",
        is_adult=True,
        keeps_health=True,
        agrees=True,
    )[0]


@pytest.fixture
def kettle(unconfirmed, mailbox):
    """She has confirmed her address."""
    return accounts.confirm_email(Guest(), token=token_in(mailbox.links()[0]))


@pytest.fixture
def link(kettle, mailbox):
    """A link to a new passphrase, as it came by mail."""
    accounts.ask_for_link(Guest(), email="k@example.org")
    return mailbox.links()[0]


def words_of(answer) -> str:
    return answer.get_data(as_text=True)


def is_confirmed(user) -> bool:
    db.session.expire_all()
    return bool(db.session.get(User, user.id).email_confirmed_at)


def without_tokens(page: str) -> str:
    return re.sub(r'(csrf[-_]token" (?:value|content)=")[^"]+', r"\1", page)


# Confirming


def test_a_link_that_is_followed_by_a_program_confirms_nothing(visitor, unconfirmed, mailbox):
    (path,) = mailbox.links()
    for _ in range(3):
        assert visitor.get(path).status_code == 200
    assert visitor.head(path).status_code == 200
    assert not is_confirmed(unconfirmed)


def test_the_button_confirms_for_whoever_is_signed_in_or_not(visitor, send, unconfirmed, mailbox):
    (path,) = mailbox.links()
    page = words_of(visitor.get(path))
    assert f'name="token" value="{token_in(path)}"' in page
    answer = send(visitor, "/confirm", {"token": token_in(path)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert is_confirmed(unconfirmed)


def test_whoever_is_signed_in_goes_on_to_their_settings(client_as, send, unconfirmed, mailbox):
    browser = client_as(unconfirmed)
    page = words_of(browser.get("/settings"))
    assert "Not confirmed yet" in page
    answer = send(browser, "/confirm", {"token": token_in(mailbox.links()[0])})
    assert answer.headers["Location"] == "/settings"
    page = words_of(browser.get("/settings"))
    assert "Confirmed." in page
    assert "Send the link again" not in page


def test_a_form_without_its_token_confirms_nothing(visitor, unconfirmed, mailbox):
    assert visitor.post("/confirm", data={"token": token_in(mailbox.links()[0])}).status_code == 400
    assert not is_confirmed(unconfirmed)


def test_the_link_is_sent_again_from_the_settings(client_as, send, unconfirmed, mailbox):
    mailbox.fetch()
    browser = client_as(unconfirmed)
    assert send(browser, "/settings/email/confirmation").status_code == 303
    assert len(mailbox.fetch()) == 1
    for _ in range(2):
        send(browser, "/settings/email/confirmation")
    refused = send(browser, "/settings/email/confirmation")
    assert refused.status_code == 429
    assert "It opens again in" in words_of(refused)


def test_a_guest_has_no_link_sent_from_the_settings(visitor, send, mailbox):
    assert send(visitor, "/settings/email/confirmation").status_code == 401


# Asking for a way back in


def test_the_answer_is_the_same_whoever_is_asked_for(client_as, send, kettle, mailbox):
    answers = []
    for email in ("k@example.org", "K@EXAMPLE.ORG", "nobody@example.org"):
        browser = client_as(Guest())
        answer = send(browser, "/way-back-in/link", {"email": email})
        page = browser.get(answer.headers["Location"])
        answers.append((answer.status_code, answer.headers["Location"], without_tokens(words_of(page))))
    assert len(set(answers)) == 1
    assert answers[0][:2] == (303, "/way-back-in/sent")
    assert "k@example.org" not in answers[0][2].casefold()


def test_what_is_no_address_comes_back_with_the_form(visitor, send, mailbox):
    answer = send(visitor, "/way-back-in/link", {"email": "no address"})
    assert answer.status_code == 422
    assert 'value="no address"' in words_of(answer)
    assert 'id="email-problem"' in words_of(answer)


def test_too_many_requests_say_when_it_opens_again(visitor, send, mailbox):
    for number in range(10):
        send(visitor, "/way-back-in/link", {"email": f"{number}@example.org"})
    answer = send(visitor, "/way-back-in/link", {"email": "another@example.org"})
    assert answer.status_code == 429
    assert "It opens again in" in words_of(answer)


@pytest.mark.parametrize("path", ["/way-back-in", "/way-back-in/sent"])
def test_where_mail_is_not_set_up_the_pages_say_so(app, visitor, path):
    page = words_of(visitor.get(path))
    assert "Mail is not set up here" in page
    assert "/way-back-in/link" not in page


def test_where_mail_is_not_set_up_the_settings_say_so(app, client_as):
    user = accounts.sign_up(
        System(), name="Grey Heron", password=PASSWORD, email="g@example.org", is_adult=True, keeps_health=True, agrees=True
    )[0]  # fmt: skip
    page = words_of(client_as(user).get("/settings"))
    assert "Mail is not set up here" in page
    assert "Send the link again" not in page


# Choosing a new passphrase


def test_a_link_leads_to_a_new_passphrase_and_to_signing_in_with_it(visitor, client_as, send, kettle, link):
    elsewhere = client_as(kettle)
    page = words_of(visitor.get(link))
    assert "Second Kettle" in page
    assert f'name="token" value="{token_in(link)}"' in page
    answer = send(visitor, "/way-back-in/new-passphrase", {"token": token_in(link), "new": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert elsewhere.get("/settings").status_code == 401
    assert visitor.get("/settings").status_code == 401
    send(visitor, "/sign-in", {"name": "k@example.org", "password": NEW})
    assert "A new passphrase was chosen for you" in words_of(visitor.get("/notices"))


def test_the_notice_of_it_leads_to_what_can_be_done(client_as, send, kettle, link):
    accounts.reset_password(Guest(), token=token_in(link), password=NEW)
    browser = client_as(kettle)
    (path,) = re.findall(r"/notices/\d+/open", words_of(browser.get("/notices")))
    assert send(browser, path).headers["Location"] == "/settings#way"


def test_following_a_link_uses_nothing_up_and_its_token_stands_in_no_address(visitor, kettle, link):
    for _ in range(3):
        page = words_of(visitor.get(link))
    assert db.session.query(MailLink).filter(MailLink.used_at.is_(None)).count() == 1
    addresses = [part.split('"')[0] for part in page.split('href="')[1:] + page.split('action="')[1:]]
    assert not [address for address in addresses if token_in(link) in address]


def test_a_passphrase_that_is_too_short_comes_back_with_the_link(visitor, send, kettle, link):
    answer = send(visitor, "/way-back-in/new-passphrase", {"token": token_in(link), "new": "short"})
    page = words_of(answer)
    assert answer.status_code == 422
    assert 'id="new-problem"' in page
    assert f'name="token" value="{token_in(link)}"' in page
    assert 'value="short"' not in page


def test_used_expired_foreign_and_unknown_links_get_the_same_kind_page(visitor, send, kettle, link, mailbox):
    accounts.send_confirmation(accounts.sign_up(
        System(), name="Slow Tide", password=PASSWORD, email="s@example.org", is_adult=True, keeps_health=True, agrees=True
    )[0])  # fmt: skip
    foreign = token_in(mailbox.links()[0])
    accounts.reset_password(Guest(), token=token_in(link), password=NEW)
    pages = set()
    for token in (token_in(link), foreign, "0" * 64, "x", "%00", "é"):
        opened = visitor.get(f"/way-back-in/{token}")
        sent = send(visitor, "/way-back-in/new-passphrase", {"token": token, "new": NEW})
        assert (opened.status_code, sent.status_code) == (410, 410)
        pages |= {_main(opened), _main(sent)}
    assert len(pages) == 1
    assert "This link is over" in pages.pop()


def _main(answer) -> str:
    return words_of(answer).split("<main")[1].split("</main>")[0]


def test_a_page_with_a_link_in_its_address_is_not_kept_and_told_to_no_other_site(visitor, kettle, link):
    answer = visitor.get(link)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "http" not in answer.headers["Content-Security-Policy"]


def test_an_admin_reads_of_a_mail_that_was_refused_what_it_was_but_not_for_whom(
    app, client_as, ada, unconfirmed, mailbox
):
    with open_postbox() as box:
        box.refuses["MAIL"] = "550 not from you"
        url = f"smtp://127.0.0.1:{box.port}?starttls=no"
        work.work_once(dataclasses.replace(mailbox.settings, smtp_url=url), "the postman")
    page = words_of(client_as(ada).get("/jobs"))
    assert "A mail" in page
    assert "Tried once" in page
    assert "SMTPSenderRefused 550" in page
    assert "k@example.org" not in page
