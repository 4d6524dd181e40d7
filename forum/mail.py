"""Mail, as a promise: written into the outbox inside the deed that it is about. `forum/work/mail.py` sends it.

The outbox holds no words and no token. The worker makes both when it sends, the token from the promise's `seed` and
the secret key, so that a promise which is kept twice mails the same link twice.
"""

import secrets
from typing import Any

from forum import jobs

_is_set_up = False


def use(*, is_set_up: bool) -> None:
    """Whether anybody carries mail from now on."""
    global _is_set_up
    _is_set_up = is_set_up


def later(kind: str, **needs: Any) -> None:
    """Promise a mail of this kind; without anybody to carry it nothing is promised, and the pages say so."""
    if _is_set_up:
        jobs.later("mail", mail=kind, seed=secrets.token_hex(16), **needs)
