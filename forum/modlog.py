"""The moderation log: append-only lines of ids, codes and times, each marked with the one before it.

Words (reasons, quoted text, names of the time) lie in a side row that can be erased. The line keeps a digest
of them under a random key that lies in the side row and goes with it, so that erasing is neither tampering
nor guessable.
"""

import secrets
from typing import Any

from forum.db import db, now
from forum.models import Actor, Case, LogEntry, LogHead, LogWords, User

HEAD_ID = 1
"""The one row of the head, which the first migration writes: no two first lines can race for it."""


def write(
    actor: Actor,
    code: str,
    *,
    user: User | None = None,
    subject: str = "",
    case: Case | None = None,
    words: dict[str, Any] | None = None,
) -> LogEntry:
    """Add a line inside the deed that it is about. The head of the log is the last lock that a deed takes."""
    head = db.session.get_one(LogHead, HEAD_ID, with_for_update={"key_share": True}, populate_existing=True)
    beside = LogWords(key=secrets.token_hex(32), words=words) if words else None
    entry = LogEntry(
        at=now(),
        actor_id=actor.id,
        code=code,
        user_id=user.id if user else None,
        subject=subject,
        case_id=case.id if case else None,
        digest=beside.digest if beside else None,
    )
    entry.mark = head.mark = entry.mark_after(head.mark)
    db.session.add(entry)
    db.session.flush()
    if beside:
        beside.entry_id = entry.id
        db.session.add(beside)
    return entry
