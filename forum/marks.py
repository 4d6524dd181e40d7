"""What each route and socket event asks of policy. It only marks; the action checks.

A door that carries neither mark fails tests/test_policy.py: nothing is open by being forgotten.
"""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def asks(policy: Callable[..., Any]) -> Callable[[View], View]:
    """This door's deed or page is decided by that policy function."""
    return _marking("asks", policy)


def public(why: str) -> Callable[[View], View]:
    """This door is open to everyone, for the reason given."""
    return _marking("public", why)


def _marking(name: str, value: Any) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, name, value)
        return view

    return mark
