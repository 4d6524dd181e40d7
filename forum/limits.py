"""How much of a thing one person may do in a while. It sits in the actions, so that every door has it."""

import time
from collections.abc import Callable
from typing import TypeVar

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from forum.errors import RateLimited
from forum.models import Actor

LIMITS: dict[str, str] = {
    "post": "20 per hour",
    "topic": "6 per hour",
    "message": "40 per minute",
    "gesture": "60 per minute",
    "report": "30 per hour",
    "appeal": "5 per day",
    "log_in": "10 per 15 minutes",
    "log_in_from": "60 per 15 minutes",
    "sign_up": "10 per hour",
    "recover": "10 per hour",
    "name": "3 per day",
}
"""Each limit is for one member, or for one key such as a network address."""

_PARSED: dict[str, RateLimitItem] = {name: parse(text) for name, text in LIMITS.items()}


T = TypeVar("T")


class Limits:
    """Counters in Redis when there is one and it answers, in this process's memory otherwise."""

    def __init__(self) -> None:
        self.use("")

    def use(self, redis_url: str) -> None:
        """Count in this Redis from now on; an empty address means in memory."""
        self._memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = SlidingWindowCounterRateLimiter(_storage(redis_url)) if redis_url else self._memory

    def check(self, who: Actor | str, name: str) -> None:
        """Count one; RateLimited, with the seconds to wait, when that is more than the limit."""
        key = who if isinstance(who, str) else f"user:{who.id}"
        if not self._ask(lambda counter: counter.hit(_PARSED[name], name, key)):
            stats = self._ask(lambda counter: counter.get_window_stats(_PARSED[name], name, key))
            wait = max(1, int(stats.reset_time - time.time()) + 1)
            raise RateLimited(
                f"That was quite a lot in a short while. It opens again in {_said(wait)}. Your words are still here.",
                retry_after=wait,
            )

    def _ask(self, question: Callable[[SlidingWindowCounterRateLimiter], T]) -> T:
        """A limit must not take the site down with Redis: each process then counts for itself."""
        try:
            return question(self._shared)
        except self._shared.storage.base_exceptions:
            return question(self._memory)


def _storage(url: str) -> Storage:
    storage = storage_from_string(url.replace("unix://", "redis+unix://", 1), wrap_exceptions=False)
    assert isinstance(storage, Storage)
    return storage


def _said(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"


limits = Limits()
check = limits.check
