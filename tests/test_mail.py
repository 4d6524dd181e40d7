"""Mail is sent: over real SMTP to a server that takes it, refuses it, or is not there."""

import dataclasses
import shutil
import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from forum import mail, work
from forum.actions import accounts
from forum.actions import jobs as deeds
from forum.db import db, now
from forum.models import Guest, Job, System
from tests.factories import PASSWORD
from tests.mailing import SENDER, Mailbox, links_in, open_postbox


@pytest.fixture
def postbox():
    with open_postbox() as box:
        yield box


@pytest.fixture
def sending(app, settings, postbox):
    """The house sends through the post box, in plain: it is on this machine."""
    mail.use(is_set_up=True)
    yield dataclasses.replace(
        settings, smtp_url=f"smtp://127.0.0.1:{postbox.port}?starttls=no", mail_from=f"Post <{SENDER}>"
    )
    mail.use(is_set_up=False)


def join(name="Second Kettle", email="k@example.org"):
    return accounts.sign_up(
        Guest(), name=name, password=PASSWORD, email=email, is_adult=True, keeps_health=True, agrees=True
    )[0]


def job() -> Job:
    return db.session.query(Job).populate_existing().order_by(Job.id.desc()).first()


def work_all(settings):
    while work.work_once(settings, "the postman"):
        pass


def test_a_mail_arrives_in_plain_text_from_a_discreet_sender(sending, postbox):
    join()
    work_all(sending)
    to, arrived = postbox.mails[0]
    assert to == arrived["To"] == "k@example.org"
    assert (arrived["From"], arrived["Subject"]) == (f"Post <{SENDER}>", "Confirm your address")
    assert arrived.get_content_type() == "text/plain"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"].endswith("@hearth.example>")
    assert len(links_in(arrived)) == 1
    assert postbox.heard[0] == "ehlo hearth.example"
    assert f"FROM:<{SENDER}>" in postbox.heard[1]
    assert (job().problem, job().payload) == (None, {})


def test_nothing_in_a_mail_tells_what_the_community_is_about(sending, postbox):
    user = join()
    work_all(sending)
    accounts.confirm_email(Guest(), token=links_in(postbox.mails[0][1])[0].rsplit("/", 1)[1])
    accounts.ask_for_link(Guest(), email="k@example.org")
    work_all(sending)
    accounts.reset_password(
        Guest(), token=links_in(postbox.mails[1][1])[0].rsplit("/", 1)[1], password="clouds over the ferry"
    )
    work_all(sending)
    assert len(postbox.mails) == 3
    for _, arrived in postbox.mails:
        said = f"{arrived['Subject']} {arrived.get_content()}".replace("hearth.example", "").casefold()
        assert not [
            word for word in ("hearth", "support", "communit", "trauma", "peer", "heal") if word in said
        ]
    assert user.name in postbox.mails[2][1].get_content()


@pytest.mark.parametrize("code", [550, 553])
def test_an_address_that_is_refused_is_tried_once_and_dropped(code, sending, postbox):
    postbox.refuses["RCPT"] = f"{code} nobody here"
    join()
    work_all(sending)
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        work_all(sending)
    assert postbox.tries == 1
    assert (job().attempts, job().is_dead, job().payload) == (1, False, {})
    assert job().problem == f"the address was refused, {code}"


@pytest.mark.parametrize(
    "verb, refusal, problem",
    [
        ("MAIL", "550 not from you", "SMTPSenderRefused 550"),
        ("DATA", "554 not this", "SMTPDataError 554"),
        ("TAKEN", "554 not this", "SMTPDataError 554"),
        ("CONNECT", "554 no service", "SMTPConnectError 554"),
    ],
)
def test_what_is_refused_for_good_is_left_to_a_person_at_once(verb, refusal, problem, sending, postbox):
    postbox.refuses[verb] = refusal
    join()
    work_all(sending)
    assert (job().attempts, job().is_dead, job().problem) == (1, True, problem)
    del postbox.refuses[verb]
    deeds.retry_job(System(), job())
    work_all(sending)
    assert job().problem is None
    assert len(postbox.mails) == (2 if verb == "TAKEN" else 1)


@pytest.mark.parametrize(
    "verb, refusal",
    [("RCPT", "451 later"), ("MAIL", "421 busy"), ("DATA", "452 full"), ("CONNECT", "421 busy")],
)
def test_what_is_refused_for_now_is_tried_again_later(verb, refusal, sending, postbox):
    postbox.refuses[verb] = refusal
    join()
    work_all(sending)
    assert not job().is_dead
    assert job().run_at > now()
    assert "later" not in job().problem
    del postbox.refuses[verb]
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        work_all(sending)
    assert job().done_at
    assert len(postbox.mails) == 1


def test_a_server_that_is_not_there_is_tried_again_later(sending, postbox):
    away = dataclasses.replace(sending, smtp_url="smtp://127.0.0.1:1?starttls=no")
    join()
    work_all(away)
    assert (job().problem, job().is_dead) == ("ConnectionRefusedError", False)


def test_a_server_that_will_not_say_goodbye_has_the_mail_all_the_same(sending, postbox):
    postbox.refuses["QUIT"] = "500 stay"
    join()
    work_all(sending)
    assert job().done_at
    assert len(postbox.mails) == 1


def test_without_encryption_that_was_asked_for_nothing_is_said(sending, postbox):
    strict = dataclasses.replace(sending, smtp_url=f"smtp://me:secret@127.0.0.1:{postbox.port}")
    join()
    work_all(strict)
    assert job().problem == "SMTPNotSupportedError"
    assert not postbox.tries
    assert not any("AUTH" in line for line in postbox.heard)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for localhost that nobody signed but itself, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on the PATH")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


@pytest.mark.parametrize("is_known", [True, False])
def test_names_and_words_go_encrypted_and_only_to_a_server_that_is_who_it_says(
    is_known, sending, certificate, monkeypatch
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.with_suffix(".crt"), certificate)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    with open_postbox(context) as box:
        strict = dataclasses.replace(sending, smtp_url=f"smtp://me:se%40cret@localhost:{box.port}")
        join()
        work_all(strict)
        assert len(box.mails) == is_known
        assert any("AUTH" in line for line in box.heard) is is_known
    assert job().problem == (None if is_known else "SSLCertVerificationError")


@pytest.mark.parametrize(
    "email",
    [
        "a,b@example.org",
        "(x)k@example.org",
        '"k"@example.org',
        "k@exam..ple.org",
        "kö@example.org",
        "<k@example.org>",
    ],
)
def test_an_address_that_no_header_can_hold_is_dropped(email, sending, postbox):
    join(email=email)
    work_all(sending)
    assert not postbox.mails
    assert (job().attempts, job().problem) == (1, "an address that cannot be written to")


@pytest.mark.parametrize(
    "email", ["k@example.org\r\nBcc: c@d.example", "k@example.org\nX: y", "k@x.org\x0bY: z"]
)
def test_a_line_break_in_an_address_reaches_no_header(email, sending, postbox):
    """No door lets one in; if one stood in the database all the same, it would be refused as it is written."""
    user = join()
    user.email = email
    db.session.commit()
    work_all(sending)
    assert not postbox.mails
    assert not postbox.tries
    assert job().problem == "an address that cannot be written to"


def test_a_line_break_in_a_name_stays_in_the_words(sending, postbox):
    user = join()
    work_all(sending)
    accounts.confirm_email(Guest(), token=links_in(postbox.mails[0][1])[0].rsplit("/", 1)[1])
    user.byline.name = "Kettle\r\nBcc: c@d.example\r\n\r\n"
    db.session.commit()
    accounts.ask_for_link(Guest(), email="k@example.org")
    work_all(sending)
    to, arrived = postbox.mails[1]
    assert to == "k@example.org"
    assert arrived["Bcc"] is None


def test_a_mail_that_may_be_sent_twice_is_the_same_both_times(sending, postbox):
    join()
    for _ in range(2):
        work.HANDLERS["mail"](sending, job())
    first, second = (arrived for _, arrived in postbox.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()


def test_no_log_holds_an_address_or_a_link(sending, postbox, caplog):
    caplog.set_level("WARNING")
    postbox.refuses["RCPT"] = "550 <k@example.org> is nobody here"
    join()
    work_all(sending)
    postbox.refuses["RCPT"] = "451 <s@example.org> later"
    join("Slow Tide", "s@example.org")
    work_all(sending)
    assert "job dropped" in caplog.text
    assert not [one for one in caplog.records if "@example.org" in one.getMessage()]


def test_a_promise_from_before_mail_was_taken_away_is_dropped(sending, settings):
    join()
    work_all(settings)
    assert job().problem == "mail is not set up"


def test_of_a_dead_mail_it_is_forgotten_for_whom_it_was(sending, settings, postbox):
    postbox.refuses["MAIL"] = "550 not from you"
    join()
    work_all(sending)
    assert job().payload
    with time_machine.travel(now() + timedelta(days=4), tick=False):
        work.upkeep(settings)
        deeds.retry_job(System(), job())
        work_all(sending)
    assert (job().payload, job().problem) == ({}, None)
    assert not postbox.mails


def test_mail_into_a_folder_is_for_its_owner_alone(mailbox: Mailbox):
    join()
    while work.work_once(mailbox.settings, "the postman"):
        pass
    (laid,) = mailbox.folder.iterdir()
    assert laid.stat().st_mode & 0o077 == 0
    assert mailbox.folder.stat().st_mode & 0o077 == 0
