"""What recurs, and what a server refuses to start with."""

import dataclasses

import pytest

from forum import work
from forum.config import SettingError
from forum.models import System


@pytest.fixture
def in_production(app, settings):
    app.extensions["hearth"] = dataclasses.replace(settings, env="production")
    yield app
    app.extensions["hearth"] = settings


def test_production_refuses_demo_accounts(in_production):
    from forum.actions import accounts

    work.check_members(in_production)
    accounts.sign_up(
        System(),
        name="Quiet Demo",
        password="warm lantern light",
        is_adult=True,
        keeps_health=True,
        agrees=True,
        is_demo=True,
    )
    with pytest.raises(SettingError, match="demo accounts"):
        work.check_members(in_production)


def test_upkeep_runs_on_an_empty_community(app, settings):
    assert work.upkeep(settings) == 0
