"""What must still be done after a deed, however often the process ends: rows of the outbox.

This only writes. What runs the outbox is a door of its own.
"""

from datetime import datetime
from typing import Any

from forum.db import db, now
from forum.models import OutboxRow


def later(kind: str, *, run_at: datetime | None = None, **payload: Any) -> None:
    """Promise a job inside the deed that needs it. `payload` holds ids and codes, never words."""
    db.session.add(OutboxRow(kind=kind, payload=payload, run_at=run_at or now()))
