"""Notices are seen by being looked at: on their own page, or where the thing stands that they speak of."""

from collections.abc import Sequence

from forum.actions.notifications import see_notifications
from forum.errors import ForumError
from forum.identity import current_actor


def looked_at(ids: Sequence[int]) -> None:
    """Count these as seen, after the page that shows them is made. A page is worth more than an exact note of it."""
    if not ids:
        return
    try:
        see_notifications(current_actor(), ids=ids)
    except ForumError:
        return
