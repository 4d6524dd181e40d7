"""Conventions that would otherwise live only in people's heads."""

from importlib import import_module
from inspect import getdoc, getmembers, isfunction
from pkgutil import iter_modules

import forum.actions
from forum import policy
from forum.errors import CODES, ForumError


def actions():
    """Every action by name, wherever it is defined."""
    for module in iter_modules(forum.actions.__path__, "forum.actions."):
        loaded = import_module(module.name)
        for name, value in getmembers(loaded, isfunction):
            if (
                getattr(value, "is_action", False)
                and value.__module__ == module.name
                and not name.startswith("_")
            ):
                yield name, value


def test_every_action_has_a_policy_of_the_same_name():
    missing = {name for name, _ in actions() if not hasattr(policy, f"can_{name}")}
    assert not missing


def test_every_action_says_what_it_does():
    assert not {name for name, value in actions() if not getdoc(value)}


def test_every_error_has_a_code_with_a_status():
    kinds = [ForumError, *ForumError.__subclasses__()]
    assert all(kind.code in CODES for kind in kinds)
    assert not set(CODES.values()) - {400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 428, 429, 503}
