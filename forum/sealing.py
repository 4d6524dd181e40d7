"""Small secrets that we have to read again, and that a copy of the database alone must not tell."""

import base64
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_box = MultiFernet([Fernet(Fernet.generate_key())])


def use(keys: Sequence[str]) -> None:
    """Seal with a key made of the first of these from now on; what was sealed with the others still opens."""
    global _box
    _box = MultiFernet([Fernet(_made_of(key)) for key in keys])


def sealed(words: str) -> str:
    return _box.encrypt(words.encode()).decode()


def opened(token: str) -> str | None:
    """What was sealed, or nothing when its key is gone."""
    try:
        return _box.decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def _made_of(key: str) -> bytes:
    """A key of its own, so that nothing that is signed with the secret key tells anything of what is sealed."""
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), b"hearth seals", "sha256"))
