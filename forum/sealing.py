"""Small secrets that we have to read again, and that a copy of the database alone must not tell: AES-GCM, NIST SP 800-38D."""

import base64
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes before what is sealed, new each time, as the standard asks for."""

_locks = [AESGCM(AESGCM.generate_key(256))]


def use(keys: Sequence[str]) -> None:
    """Seal with a key made of the first of these from now on; what was sealed with the others still opens."""
    global _locks
    _locks = [AESGCM(_made_of(key)) for key in keys]


def sealed(words: str) -> str:
    nonce = os.urandom(NONCE)
    return base64.urlsafe_b64encode(nonce + _locks[0].encrypt(nonce, words.encode(), None)).decode()


def opened(token: str) -> str | None:
    """What was sealed, or nothing when its key is gone or somebody changed it."""
    try:
        raw = base64.urlsafe_b64decode(token)
    except ValueError:
        return None
    for lock in _locks:
        try:
            return lock.decrypt(raw[:NONCE], raw[NONCE:], None).decode()
        except (InvalidTag, ValueError):
            continue
    return None


def _made_of(key: str) -> bytes:
    """A key of its own, so that nothing that is signed with the secret key tells anything of what is sealed."""
    return hmac.digest(key.encode(), b"hearth seals", "sha256")
