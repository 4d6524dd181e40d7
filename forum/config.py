"""Settings, from the environment and nowhere else.

Each setting is one line of `Settings`: its name is the variable's (`HEARTH_` + upper case), its default is
safe, and the comment beside it is what the README's table prints. A value that cannot be read stops the
start with a sentence that names the variable.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time, timedelta
from email.headerregistry import Address
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo


class SettingError(Exception):
    """A setting is missing or cannot be read; the message names it and says what works."""


def setting(default: Any, about: str) -> Any:
    """A field of `Settings`, with the sentence that documents it."""
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator can choose. See docs/deploy.md for a worked example."""

    env: str = setting("production", "production, development or test")
    base_url: str = setting(
        "http://localhost:5000", "the address people type; https turns on HSTS and Secure cookies"
    )
    secret_key: str = setting("", "signs cookies and forms; 32 characters or more, required in production")
    secret_key_fallbacks: tuple[str, ...] = setting(
        (), "earlier secret keys, comma separated, still accepted"
    )
    database_url: str = setting("sqlite:///instance/hearth.db", "sqlite:///… or postgresql+psycopg://…")
    data_dir: str = setting(
        "",
        "a folder for what pages must say without the database; empty: beside the SQLite file, or instance/",
    )
    redis_url: str = setting("", "redis://… for limits shared by several processes; empty: in memory")
    smtp_url: str = setting(
        "",
        "the server that carries mail: smtp://user:password@host:587 (STARTTLS unless ?starttls=no), smtps://…, or "
        "file:///a/folder while trying things out; empty: no mail is sent",
    )
    mail_from: str = setting(
        "", "whom mail comes from, such as post@hearth.example; needed with HEARTH_SMTP_URL"
    )
    proxies: int = setting(0, "how many reverse proxies of yours stand in front")
    site_name: str = setting("Hearth", "what the community is called")
    timezone: ZoneInfo = setting(ZoneInfo("Europe/London"), "the zone that times are shown in")
    country: str = setting("GB", "whose helplines are shown first, two letters")
    leave_url: str = setting(
        "https://www.bbc.co.uk/weather", "the neutral page that Leave quickly goes on to"
    )
    contact_email: str = setting("", "where the public can write to the operator; empty: not shown")
    staffed_from: time = setting(time(9), "moderators are here from, HH:MM")
    staffed_until: time = setting(time(23), "moderators are here until, HH:MM")
    due_crisis: timedelta = setting(timedelta(minutes=15), "aim for a case of tier crisis, in minutes")
    due_red: timedelta = setting(timedelta(hours=1), "aim for a case of tier red, in minutes")
    due_amber: timedelta = setting(timedelta(hours=4), "aim for a case of tier amber, in minutes")
    due_green: timedelta = setting(timedelta(hours=24), "aim for a case of tier green, in minutes")
    claim_for: timedelta = setting(timedelta(minutes=15), "how long a claimed case stays claimed, in minutes")
    session_days: int = setting(30, "a log-in ends after this many days without use")
    request_days: int = setting(31, "how long a repeated request is recognised, in days")
    room_hours: int = setting(
        24, "how long words in a room are kept unless the room says otherwise, in hours"
    )
    taken_back_days: int = setting(
        30, "how long moderators can read what its author took back, before its words are erased, in days"
    )
    case_days: int = setting(365, "how long decided cases are kept, in days")
    backup_days: int = setting(30, "how far your backups reach back; only told to people, not enforced")
    new_author_posts: int = setting(3, "an author with fewer published posts counts as new")
    kind_word_minutes: int = setting(
        60, "how long a topic waits before it is offered to those who give kind words, in minutes"
    )
    edit_minutes: int = setting(60, "how long an author may edit a room message, in minutes")
    work_inside: bool = setting(
        True, "the server itself does mail and upkeep, yes or no; no where `flask work` runs beside it"
    )
    staff_second_factor: bool = setting(
        False,
        "moderators, facilitators, leads and admins can act only with a second step (an app or a passkey), yes or no",
    )
    argon2_memory_kib: int = setting(19456, "memory of one password check, in KiB")
    argon2_time: int = setting(2, "passes of one password check")
    log_level: str = setting("INFO", "DEBUG, INFO, WARNING or ERROR")

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    def cookie(self, name: str) -> str:
        """What a cookie of ours is called. With https no other host, also not one beneath ours, can set its like."""
        return f"__Host-{name}" if self.is_https else name

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_url)

    @property
    def sender(self) -> Address:
        """Whom mail comes from."""
        name, _, address = self.mail_from.rpartition("<")
        return Address(name.strip(), addr_spec=address.removesuffix(">"))

    @property
    def socket_origin(self) -> str:
        """The base URL's WebSocket origin, for the content policy: wss://host or ws://host:port."""
        return "ws" + self.base_url.removeprefix("http")

    @property
    def kind_words_after(self) -> timedelta:
        """How long a topic waits before it is offered to those who give kind words."""
        return timedelta(minutes=self.kind_word_minutes)

    def due_in(self, tier: str) -> timedelta:
        """The aim for a case of this tier."""
        return getattr(self, f"due_{tier}")


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read every HEARTH_ variable; raises SettingError with a sentence that names the wrong one."""
    known = {f"HEARTH_{one.name.upper()}": one for one in fields(Settings)}
    given = {name: value for name, value in environ.items() if name in known and value.strip()}
    settings = Settings(
        **{known[name].name: _parsed(name, known[name].default, raw) for name, raw in given.items()}
    )
    _check(settings)
    return settings


def missing(settings: Settings) -> list[str]:
    """What a house open to people should not be without, a sentence each; what would not start is not among it."""
    lacks = {
        "HEARTH_ENV is not production: demo accounts and weaker settings are let through.": not settings.is_production,
        "HEARTH_SECRET_KEY is missing or shorter than 32 characters; log-ins could be forged.": (
            len(settings.secret_key) < 32
        ),
        "HEARTH_BASE_URL is not https: what people write and their cookies could be read on the way.": (
            not settings.is_https
        ),
        "HEARTH_SMTP_URL is empty: no mail is sent, and the recovery sheet is the only way back in.": (
            not settings.sends_mail
        ),
        "HEARTH_CONTACT_EMAIL is empty: the public has nowhere to write to.": not settings.contact_email,
    }
    return [sentence for sentence, is_lacking in lacks.items() if is_lacking]


def _parsed(name: str, default: Any, raw: str) -> Any:
    try:
        return _PARSERS.get(type(default), str)(raw.strip())
    except (ValueError, KeyError, OSError) as error:
        raise SettingError(f"{name} is {raw!r}: {_EXPECTED[type(default)]}.") from error


def _clock(raw: str) -> time:
    hour, minute = raw.split(":")
    return time(int(hour), int(minute))


def _listed(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


_PARSERS: dict[type, Any] = {
    bool: lambda raw: {"yes": True, "no": False}[raw.lower()],
    int: lambda raw: _not_negative(int(raw)),
    time: _clock,
    tuple: _listed,
    timedelta: lambda raw: timedelta(minutes=_not_negative(int(raw))),
    ZoneInfo: ZoneInfo,
}
_EXPECTED = {
    bool: "yes or no is needed",
    int: "a whole number, 0 or more, is needed",
    time: "a time such as 23:00 is needed",
    timedelta: "a whole number of minutes is needed",
    ZoneInfo: "a zone name such as Europe/London is needed",
}


def _not_negative(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return number


def _check(settings: Settings) -> None:
    """Refuse what would start but not hold."""
    if settings.env not in ("production", "development", "test"):
        raise SettingError(f"HEARTH_ENV is {settings.env!r}: production, development or test is needed.")
    for name in ("base_url", "leave_url"):
        _check_url(f"HEARTH_{name.upper()}", getattr(settings, name))
    if urlsplit(settings.base_url).path:
        raise SettingError(
            "HEARTH_BASE_URL has a path or a final slash: only scheme, host and port are needed."
        )
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError("HEARTH_DATABASE_URL is not sqlite:///… or postgresql+psycopg://….")
    if settings.sends_mail:
        _check_mail(settings)
    if settings.is_production and len(settings.secret_key) < 32:
        raise SettingError(
            "HEARTH_SECRET_KEY is missing or shorter than 32 characters, which production needs."
        )
    if settings.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingError(
            f"HEARTH_LOG_LEVEL is {settings.log_level!r}: DEBUG, INFO, WARNING or ERROR is needed."
        )


def _check_url(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingError(f"{name} is {url!r}: an address such as https://hearth.example is needed.")


_PARTS = r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*"
_SENDER = re.compile(rf"(?:{_PARTS}|[^<>@,;:\"\\\x00-\x1f]+ <{_PARTS}>)", re.ASCII | re.IGNORECASE)


def _check_mail(settings: Settings) -> None:
    """None of these sentences repeats the value: it may hold a password."""
    if not _is_mail_server(settings.smtp_url):
        raise SettingError(
            "HEARTH_SMTP_URL cannot be read: smtp://user:password@host:587, smtps://user:password@host "
            "or file:///a/folder is needed."
        )
    server = urlsplit(settings.smtp_url)
    if server.password and server.query == "starttls=no":
        raise SettingError(
            "HEARTH_SMTP_URL has a password and starttls=no, which would send it for all to read."
        )
    if server.scheme == "file" and settings.is_production:
        raise SettingError(
            "HEARTH_SMTP_URL is a folder, which reaches nobody: production needs a mail server."
        )
    if not _SENDER.fullmatch(settings.mail_from):
        raise SettingError("HEARTH_MAIL_FROM is not one mail address, such as post@hearth.example.")


def _is_mail_server(url: str) -> bool:
    try:
        server = urlsplit(url)
        _ = server.port
    except ValueError:
        return False
    if server.scheme == "file":
        return server.path.startswith("/") and len(server.path) > 1 and not server.netloc
    known = {"smtp": ({}, {"starttls": ["yes"]}, {"starttls": ["no"]}), "smtps": ({},)}.get(server.scheme, ())
    is_plain = (
        not server.path.strip("/") and not server.fragment and bool(server.username) == bool(server.password)
    )
    return bool(server.hostname) and is_plain and parse_qs(server.query, keep_blank_values=True) in known
