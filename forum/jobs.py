"""Promises: what must still be done once a deed is certain. This only writes them; `forum/work/` keeps them.

A job is a row of the outbox, written in the transaction of the deed that promised it, so that it is there exactly
if the deed is. It is run at least once: whoever writes a handler makes sure that twice shows nothing to anybody.
"""

import threading
from datetime import datetime
from typing import Any

from forum.db import db, now, on_commit
from forum.models import Job


class Dropped(Exception):
    """Said by a handler: this has come to nothing, and nobody can do anything about it. Its one argument is the
    problem that is kept, a code or a few words of ours, never of anybody else's."""


class Hopeless(Exception):
    """Said by a handler: trying again by ourselves would not help, a person might. Its argument as of `Dropped`."""


due = threading.Event()
"""Set when this process promised something, so that its worker need not wait for its next look."""


def later(kind: str, *, key: str | None = None, at: datetime | None = None, **payload: Any) -> None:
    """Promise a job of this kind, for now or for a moment to come. Of a key there can be one; asking for it again is
    an error of the caller."""
    db.session.add(Job(kind=kind, key=key, run_at=at or now(), payload=payload))
    ring()


def ring() -> None:
    """Have the worker look at once when this deed is certain."""
    on_commit(due.set)
