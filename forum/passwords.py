"""Passwords: argon2id, off the event loop, and the commonest ones refused."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.low_level import Type, hash_secret_raw

from forum.errors import Invalid

SHORTEST = 8
LONGEST = 200
OURS = frozenset(
    (
        "hearth", "community", "forum", "support", "peersupport", "peer", "member", "moderator", "facilitator", "lead",
        "admin", "administrator", "staff", "password", "passphrase", "welcome", "login", "letmein",
    )
)  # fmt: skip
"""What somebody who guesses would begin with here; the name of the house and of the member come on top."""
LEFT = 5
"""So many letters and digits beside such words make a passphrase of one's own."""

T = TypeVar("T")

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_house: frozenset[str] = frozenset()


def use(*, memory_kib: int, passes: int, house: str = "") -> None:
    """Hash with this much memory and this many passes from now on, for the house of this name; older hashes are still
    read."""
    global _hasher, _house
    _house = _words_of(house)
    _hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
    _nobody.cache_clear()


def checked(raw: Any, *, field: str = "password", name: Any = "") -> str:
    """The password in one normal form; Invalid at `field` when it is too short, too long, too common, or little else
    than its member's name or what this place is called."""
    password = _normal(raw)
    if len(password) < SHORTEST:
        raise Invalid(
            fields={field: f"{SHORTEST} characters or more make this safe. Four words in a row work well."}
        )
    if len(password) > LONGEST:
        raise Invalid(fields={field: f"This has {len(password)} characters; {LONGEST} fit."})
    if is_common(password):
        raise Invalid(
            fields={field: "Many people use this one, so it is tried first. Four words in a row work well."}
        )
    if is_of_here(password, name):
        raise Invalid(
            fields={
                field: "This is close to your name or to this place, so it is tried early. Four words in a row work well."
            }
        )
    return password


def is_of_here(password: str, name: Any) -> bool:
    """Whether little is left of it without the words of this place and of a name."""
    left = "".join(filter(str.isalnum, password.casefold()))
    for word in sorted(OURS | _house | _words_of(name), key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) < LEFT


def is_common(password: str) -> bool:
    """Whether it is among the first that a guessing program tries, also with digits or marks at its end: those that
    leaked most often, and those of our own list."""
    return len(set(password)) < 4 or password.casefold() in _common() or _plain(password) in _common()


def hashed(password: str) -> str:
    """The argon2id hash to store. Takes some tens of milliseconds, during which other greenlets run."""
    return _aside(_hasher.hash, password)


def matches(stored: str | None, raw: Any) -> bool:
    """Whether this is the password. Without a stored hash it takes the same time, and the answer is no."""
    is_right = _aside(_verify, stored or _nobody(), _whole(raw))
    return is_right and stored is not None


def renewed(stored: str, raw: Any) -> str | None:
    """The hash to store instead, of a password that was just found right, when hashing costs more or less since."""
    return hashed(_whole(raw)) if _hasher.check_needs_rehash(stored) else None


def email_key(email: str, raw: Any) -> str:
    """What a mail address and a password make together: an account is found by both at once, or not at all.

    Nothing can then be learned from an address alone, not even by signing up with somebody else's: several
    accounts may give the same one, and each is opened by its own password. It costs what a password check
    costs, with numbers of its own, because a key from other numbers would find nothing.
    """
    return _aside(_email_key, as_looked_up(email), _whole(raw))


def as_looked_up(email: str) -> str:
    """A mail address in the one form in which it finds an account, however it is typed."""
    return " ".join(_normal(email).split()).casefold()


def _email_key(email: str, password: str) -> str:
    salt = hashlib.sha256(f"hearth e-mail {email}".encode()).digest()[:16]
    return hash_secret_raw(
        password.encode(), salt, time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID
    ).hex()


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except VerificationError:
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def _aside(function: Callable[..., T], *args: Any) -> T:
    """Run it in gevent's thread pool when gevent drives this process: argon2 would stop every greenlet."""
    from gevent.monkey import is_module_patched

    if not is_module_patched("threading"):
        return function(*args)
    from gevent import get_hub

    return get_hub().threadpool.apply(function, args)


def _normal(raw: Any) -> str:
    """What was typed, the same from every keyboard; what is no text is nothing."""
    return (
        unicodedata.normalize("NFKC", raw.encode("utf-8", "replace").decode()) if isinstance(raw, str) else ""
    )


def _whole(raw: Any) -> str:
    """What was typed, or nothing when it is longer than any password: its beginning alone must not open anything."""
    password = _normal(raw)
    return password if len(password) <= LONGEST else ""


def _words_of(name: Any) -> frozenset[str]:
    """The words of a name by which somebody would guess."""
    return frozenset(word for word in re.findall(r"\w+", _normal(name).casefold()) if len(word) > 2)


def _plain(password: str) -> str:
    """What guessing programs try with it: no case, no trailing digits or marks."""
    return password.casefold().rstrip("0123456789!?.@#$*_-") or password


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # some megabytes, for the few moments that need them

    ours = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split()
    leaked = FREQUENCY_LISTS["passwords"]
    return frozenset(ours) | {_plain(line) for line in ours} | frozenset(leaked)
