"""Ids that a client gives its messages before they are sent: UUIDv7, so that each carries the time it was made."""

import secrets
import time
import uuid
from datetime import UTC, datetime


def new_cid() -> str:
    """An id for a message that is about to be sent, made from this machine's clock."""
    made = int(time.time() * 1000) << 80
    marks = (0x7 << 76) | (0b10 << 62)
    return str(uuid.UUID(int=made | marks | (secrets.randbits(12) << 64) | secrets.randbits(62)))


def made_at(cid: object) -> datetime | None:
    """When the id was made; None if it is no UUIDv7."""
    if not isinstance(cid, str) or len(cid) != 36:
        return None
    try:
        known = uuid.UUID(cid)
    except ValueError:
        return None
    if known.version != 7:
        return None
    return datetime.fromtimestamp((known.int >> 80) / 1000, UTC) if known.int >> 80 < 2**42 else None
