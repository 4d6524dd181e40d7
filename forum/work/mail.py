"""Mail, written and sent. Plain text; neither sender, subject nor first lines tell what the community is about.

A promise is kept at least once. A worker that is ended between the server's yes and its own note sends the same mail
again, which cannot be helped: it has the same Message-ID, by which mail programs fold the two, and holds the same
links. Neither addresses nor words are logged, nor kept as a problem.
"""

import hashlib
import hmac
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from itertools import groupby
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app

from forum.actions.links import open_link
from forum.config import Settings
from forum.jobs import Dropped, Hopeless
from forum.models import Job, Purpose, System, User
from forum.queries.accounts import user_with_id, users_found_by

UNUSABLE = "an address that cannot be written to"
SECONDS = 20
"""How long a mail server may take for each of its answers."""


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    words: str


def send_mail(settings: Settings, job: Job) -> None:
    """Keep the promise of a mail; to nobody, if there is nobody any more whom it is for."""
    if not settings.sends_mail:
        raise Dropped("mail is not set up")
    write = LETTERS.get(job.payload.get("mail", ""))
    for letter in write(settings, job) if write else ():
        _carry(settings, letter.to, _message(settings, job, letter))


# What is written


def _confirm(settings: Settings, job: Job) -> Iterator[Letter]:
    user = user_with_id(job.payload["user"])
    if user is None or not user.email or user.email_confirmed_at:
        return
    if link := _link(settings, job, user, Purpose.CONFIRM, "accounts.confirmation"):
        yield Letter(user.email, "Confirm your address", _words("confirm", link=link))


def _new_password(settings: Settings, job: Job) -> Iterator[Letter]:
    """One mail with a link for each account of an address. Addresses that differ in their capitals may be two
    people's, so that each spelling is sent its own."""
    for email, users in groupby(users_found_by(job.payload["email"]), key=lambda user: user.email):
        links = [
            (user.name, _link(settings, job, user, Purpose.NEW_PASSWORD, "accounts.new_password"))
            for user in users
        ]
        links = [(name, link) for name, link in links if link]
        if email and links:
            yield Letter(email, "Your link", _words("new_password", links=links))


def _password_reset(settings: Settings, job: Job) -> Iterator[Letter]:
    user = user_with_id(job.payload["user"])
    if user and user.email and user.email_confirmed_at:
        way_back = settings.base_url + _path("accounts.recovery")
        yield Letter(
            user.email, "Your passphrase", _words("password_reset", name=user.name, way_back=way_back)
        )


def _answered(settings: Settings, job: Job) -> Iterator[Letter]:
    """That somebody answered, and not what: the mailbox may have other readers."""
    user = user_with_id(job.payload["user"])
    if user and user.email and user.email_confirmed_at:
        page = settings.base_url + _path("accounts.log_in")
        yield Letter(user.email, "Your request", _words("answered", name=user.name, page=page))


LETTERS = {
    "confirm": _confirm,
    "new_password": _new_password,
    "password_reset": _password_reset,
    "answered": _answered,
}


def _link(settings: Settings, job: Job, user: User, purpose: Purpose, page: str) -> str:
    """The address of a link that is open from now on; nothing, if this promise may open none any more."""
    token = _token(settings, job, user)
    is_open = open_link(System(), user, purpose=purpose, token=token, job_id=job.id)
    return settings.base_url + _path(page, token=token) if is_open else ""


def _token(settings: Settings, job: Job, user: User) -> str:
    """The same each time this promise is kept, and known to nobody who has only the database or only the key."""
    about = f"mailed link {job.payload['seed']} {user.id}"
    return hmac.new(settings.secret_key.encode(), about.encode(), hashlib.sha256).hexdigest()


def _path(page: str, **values: str) -> str:
    return current_app.url_map.bind("").build(page, values)


def _words(kind: str, **told: object) -> str:
    return current_app.jinja_env.get_template(f"mail/{kind}.txt").render(told)


def _message(settings: Settings, job: Job, letter: Letter) -> EmailMessage:
    """The policy refuses line breaks in headers; an address that no header can hold reaches nobody."""
    message = EmailMessage(policy=SMTP)
    try:
        to = Address(addr_spec=letter.to)
    except (ValueError, IndexError, MessageError) as unusable:  # all three, for different oddities
        raise Dropped(UNUSABLE) from unusable
    if to.addr_spec != letter.to:  # it holds a comment or quotes, and would count as another address
        raise Dropped(UNUSABLE)
    message["To"] = to
    message["From"] = settings.sender
    message["Subject"] = letter.subject
    message["Date"] = localtime(job.created_at)
    message["Message-ID"] = _message_id(settings, job, letter)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.words, cte="quoted-printable")
    return message


def _message_id(settings: Settings, job: Job, letter: Letter) -> str:
    told = hashlib.sha256(f"{job.id} {job.created_at.timestamp()} {letter.to}".encode()).hexdigest()
    return f"<{told[:32]}@{settings.sender.domain}>"


# How it is sent


def _carry(settings: Settings, to: str, message: EmailMessage) -> None:
    server = urlsplit(settings.smtp_url)
    if server.scheme == "file":
        _lay_down(Path(unquote(server.path)), message)
        return
    try:
        with _connected(server, settings.sender.domain) as connection:
            _hand_over(connection, settings.sender.addr_spec, to, message)
    except smtplib.SMTPResponseException as refused:
        if refused.smtp_code >= 500:
            raise Hopeless(f"{type(refused).__name__} {refused.smtp_code}") from refused
        raise


def _lay_down(folder: Path, message: EmailMessage) -> None:
    """A file for whoever tries things out; sent again it is the same file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").partition("@")[0]
    handle = os.open(folder / f"{name}.eml", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "wb") as file:
        file.write(message.as_bytes())


@contextmanager
def _connected(server: SplitResult, own_name: str) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted, unless the operator said otherwise, before anybody says who they are."""
    connection = _connect(server, own_name)
    try:
        if server.scheme == "smtp" and server.query != "starttls=no":
            connection.starttls(context=ssl.create_default_context())
        if server.username and server.password:
            connection.login(unquote(server.username), unquote(server.password))
        yield connection
    finally:
        # Whatever it answers to a goodbye, the mail was taken or refused before.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def _connect(server: SplitResult, own_name: str) -> smtplib.SMTP:
    host = server.hostname or ""
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(
            host, server.port or 465, own_name, timeout=SECONDS, context=ssl.create_default_context()
        )
    return smtplib.SMTP(host, server.port or 587, own_name, timeout=SECONDS)


def _hand_over(connection: smtplib.SMTP, sender: str, to: str, message: EmailMessage) -> None:
    """Refused for good for this one address, the mail is dropped: there is nobody to leave it to."""
    try:
        connection.send_message(message, sender, [to])
    except smtplib.SMTPRecipientsRefused as refused:
        code = refused.recipients[to][0]
        if code >= 500:
            raise Dropped(f"the address was refused, {code}") from refused
        raise
    except smtplib.SMTPNotSupportedError as refused:
        raise Dropped("an address that this mail server cannot write to") from refused
