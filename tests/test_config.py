"""Settings from the environment: documented, safe by default, refused by name."""

from dataclasses import fields
from datetime import time, timedelta
from pathlib import Path

import pytest

from forum.config import SettingError, Settings, read

SECRET = "x" * 32


def test_each_kind_of_setting_is_read():
    settings = read(
        {
            "HEARTH_SECRET_KEY": SECRET,
            "HEARTH_STAFFED_UNTIL": "22:30",
            "HEARTH_DUE_RED": "45",
            "HEARTH_PROXIES": "1",
            "HEARTH_TIMEZONE": "Europe/Vienna",
            "HEARTH_SECRET_KEY_FALLBACKS": "a, b",
            "HEARTH_SITE_NAME": "",
        }
    )
    assert settings.staffed_until == time(22, 30)
    assert settings.due_in("red") == timedelta(minutes=45)
    assert settings.proxies == 1
    assert settings.timezone.key == "Europe/Vienna"
    assert settings.secret_key_fallbacks == ("a", "b")
    assert settings.site_name == "Hearth"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEARTH_PROXIES", "many"),
        ("HEARTH_PROXIES", "-1"),
        ("HEARTH_STAFFED_FROM", "nine"),
        ("HEARTH_STAFFED_FROM", "25:00"),
        ("HEARTH_DUE_RED", "1h"),
        ("HEARTH_TIMEZONE", "Mars/Olympus"),
        ("HEARTH_TIMEZONE", "../etc/passwd"),
        ("HEARTH_BASE_URL", "hearth.example"),
        ("HEARTH_BASE_URL", "https://hearth.example/"),
        ("HEARTH_LEAVE_URL", "javascript:alert(1)"),
        ("HEARTH_DATABASE_URL", "mysql://x"),
        ("HEARTH_ENV", "prod"),
        ("HEARTH_LOG_LEVEL", "LOUD"),
        ("HEARTH_SECRET_KEY", "short"),
        ("HEARTH_WORK_INSIDE", "perhaps"),
        ("HEARTH_SMTP_URL", "mail.example"),
        ("HEARTH_SMTP_URL", "https://mail.example"),
        ("HEARTH_SMTP_URL", "smtp://mail.example:many"),
        ("HEARTH_SMTP_URL", "smtp://[mail.example"),
        ("HEARTH_SMTP_URL", "smtp://somebody@mail.example"),
        ("HEARTH_SMTP_URL", "smtp://mail.example?starttls=perhaps"),
        ("HEARTH_SMTP_URL", "smtp://mail.example/inbox"),
        ("HEARTH_SMTP_URL", "smtps://mail.example?starttls=no"),
        ("HEARTH_SMTP_URL", "smtp://me:secret@mail.example?starttls=no"),
        ("HEARTH_SMTP_URL", "smtp://me:half#secret@mail.example"),
        ("HEARTH_SMTP_URL", "file://here/mail"),
        ("HEARTH_SMTP_URL", "file:///"),
        ("HEARTH_SMTP_URL", "file:///var/mail"),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(SettingError, match=name):
        read({"HEARTH_SECRET_KEY": SECRET, name: value})


@pytest.mark.parametrize(
    "sender",
    ["", "post", "post@", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "ä@b.example"],
)
def test_mail_needs_one_sender(sender):
    with pytest.raises(SettingError, match="HEARTH_MAIL_FROM"):
        read(
            {
                "HEARTH_SECRET_KEY": SECRET,
                "HEARTH_SMTP_URL": "smtp://mail.example",
                "HEARTH_MAIL_FROM": sender,
            }
        )


@pytest.mark.parametrize(
    "url",
    ["smtp://mail.example", "smtp://me:a%40b@mail.example:2525?starttls=yes", "smtps://me:b@[::1]:465",
     "smtp://127.0.0.1:25?starttls=no"],
)  # fmt: skip
def test_mail_servers_are_read(url):
    settings = read(
        {
            "HEARTH_SECRET_KEY": SECRET,
            "HEARTH_SMTP_URL": url,
            "HEARTH_MAIL_FROM": "A house <post@hearth.example>",
        }
    )
    assert settings.sends_mail
    assert (settings.sender.display_name, settings.sender.domain) == ("A house", "hearth.example")


def test_a_wrong_mail_server_is_named_without_its_password():
    with pytest.raises(SettingError) as refused:
        read({"HEARTH_SECRET_KEY": SECRET, "HEARTH_SMTP_URL": "smtp://me:secret@mail.example/inbox"})
    assert "secret" not in str(refused.value)


def test_production_needs_a_secret_key():
    with pytest.raises(SettingError, match="HEARTH_SECRET_KEY"):
        read({})
    assert read({"HEARTH_ENV": "development"}).secret_key == ""


def test_the_socket_origin_follows_the_base_url():
    assert Settings(base_url="https://h.example").socket_origin == "wss://h.example"
    assert Settings(base_url="http://localhost:5000").socket_origin == "ws://localhost:5000"


def test_every_setting_is_in_the_readme():
    readme = Path("README.md").read_text()
    missing = [one.name for one in fields(Settings) if f"`HEARTH_{one.name.upper()}`" not in readme]
    assert not missing
