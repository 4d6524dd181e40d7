"""Who is asking. Flask-Login is unwrapped here and nowhere else."""

from typing import cast

from flask_login import current_user

from forum.models import Actor


def current_actor() -> Actor:
    """The member who is signed in, or a Guest; always a real object."""
    return cast(Actor, current_user._get_current_object())
