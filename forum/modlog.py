"""The moderation log: append-only lines of ids, codes and times, each marked with the one before it.

Words (reasons, quoted text, names of the time) lie in a side row that can be erased. The line keeps a digest
of them under a random key that lies in the side row and goes with it, so that erasing is neither tampering
nor guessable.
"""

import hashlib
import json
import secrets
from typing import Any

from forum.db import db, now
from forum.models import Actor, Case, LogEntry, LogHead, LogWords, User

FIRST_MARK = "0" * 64
HEAD_ID = 1


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
    head = db.session.get(LogHead, HEAD_ID, with_for_update={"key_share": True}, populate_existing=True)
    if head is None:
        head = LogHead(id=HEAD_ID, mark=FIRST_MARK)
        db.session.add(head)
    key = secrets.token_hex(32) if words else None
    entry = LogEntry(
        at=now(),
        actor_id=actor.id,
        code=code,
        user_id=user.id if user else None,
        subject=subject,
        case_id=case.id if case else None,
        digest=digest_of(key, words) if key else None,
    )
    entry.mark = head.mark = mark_of(head.mark, entry)
    db.session.add(entry)
    db.session.flush()
    if key:
        db.session.add(LogWords(entry_id=entry.id, key=key, words=words))
    return entry


def mark_of(before: str, entry: LogEntry) -> str:
    """The mark of a line after the line with mark `before`: SHA-256 over that mark and the line's own columns."""
    told = [
        before,
        entry.at.isoformat(),
        entry.actor_id,
        entry.code,
        entry.user_id,
        entry.subject,
        entry.case_id,
        entry.digest,
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def digest_of(key: str, words: dict[str, Any] | None) -> str:
    """What the line keeps of its words: keyed BLAKE2b under the side row's key."""
    return hashlib.blake2b(
        json.dumps(words, sort_keys=True).encode(), key=bytes.fromhex(key), digest_size=32
    ).hexdigest()
