"""What the tests of commands share: a way to run them, and houses of their own to move between."""

import dataclasses
from contextlib import contextmanager

import pytest
from flask import Flask

from forum import create_app, limits
from forum.db import db


@pytest.fixture
def command(app):
    """Runs a `flask` command, in this house or another; gives back its result."""

    def invoke(*arguments, house: Flask = app, **more):
        result = house.test_cli_runner().invoke(args=[str(one) for one in arguments], **more)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        db.session.rollback()
        return result

    return invoke


@pytest.fixture
def house(site, settings):
    """Opens another house with a migrated database at this address."""

    @contextmanager
    def opened(url: str, **more):
        from flask_migrate import upgrade

        other = create_app(dataclasses.replace(settings, database_url=url, **more))
        with other.app_context():
            try:
                upgrade()
                db.session.remove()
                yield other
            finally:
                db.session.remove()
                db.engine.dispose()
                limits.limits.use("")

    return opened
