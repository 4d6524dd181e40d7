"""What a production server refuses to start with: one sentence, one end, no worker tried again and again."""

import os
import subprocess
import sys

import pytest

from tests import factories, serving

pytestmark = [pytest.mark.server, pytest.mark.once]

KEY = "a key that only this server knows, for tests"
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]


def started(environment: dict[str, str]) -> subprocess.CompletedProcess:
    """A server that has ended by itself; one that goes on is an error."""
    return subprocess.run(
        GUNICORN, cwd=serving.ROOT, env=environment, capture_output=True, text=True, timeout=30
    )


@pytest.fixture
def environment(tmp_path):
    return os.environ | {
        "HEARTH_ENV": "production",
        "HEARTH_BASE_URL": "https://hearth.example",
        "HEARTH_DATABASE_URL": f"sqlite:///{tmp_path / 'hearth.db'}",
        "HEARTH_SECRET_KEY": KEY,
        "PORT": str(serving.free_port()),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("HEARTH_SECRET_KEY", ""), ("HEARTH_SECRET_KEY", "short"), ("HEARTH_SESSION_DAYS", "a few")],
)
def test_a_wrong_setting_ends_the_start_with_its_name(environment, name, value):
    ended = started(environment | {name: value})
    assert ended.returncode == 3
    assert ended.stderr.count("Hearth did not start.") == 1
    assert name in ended.stderr


def test_demo_accounts_end_the_start(environment):
    with serving.opened(environment | {"HEARTH_ENV": "development", "HEARTH_ARGON2_MEMORY_KIB": "64"}):
        factories.sign_up("Plain Juniper", is_demo=True)
    ended = started(environment)
    assert ended.returncode == 3
    assert "demo accounts" in ended.stderr
