"""How much of a thing one person may do in a while. It sits in the actions, so that every door has it."""

import time
from collections.abc import Callable
from typing import TypeVar

from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from forum.errors import RateLimited
from forum.models import Actor

LIMITS: dict[str, str] = {
    "post": "20 per hour",
    "preview": "30 per minute",
    "topic": "6 per hour",
    "draft": "60 per minute",
    "message": "40 per minute",
    "gesture": "60 per minute",
    "strategy": "10 per hour",
    "ask": "5 per day",
    "outcome": "60 per hour",
    "report": "30 per hour",
    "appeal": "5 per day",
    "log_in": "10 per 15 minutes",
    "log_in_from": "60 per 15 minutes",
    "sign_up": "10 per hour",
    "recover": "10 per hour",
    "second_step": "10 per hour",
    "name": "3 per day",
    "profile": "20 per hour",
    "names": "40 per 10 minutes",
    "token": "10 per day",
    "link": "10 per hour",
    "confirmation": "3 per hour",
    "copy": "3 per day",
    "mail_to": "5 per hour",
}
"""Each limit is for one member, or for one key such as a network address."""

_PARSED: dict[str, RateLimitItem] = {name: parse(text) for name, text in LIMITS.items()}
MOST_KEYS = 50_000
"""How many counters a process keeps before it drops those of windows that are over."""

T = TypeVar("T")


class _InMemory:
    """A sliding window for one process.

    The library's own store runs a timer thread, whose lock lets other greenlets run in the middle of a deed;
    SQLite would then wait for itself. Tried: tests/live/test_hub.py fails with it.
    """

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, int, int]] = {}

    def hit(self, item: RateLimitItem, key: str) -> bool:
        """Count one, unless that is more than fits: this window's, and of the last one what still weighs."""
        window, passed = divmod(time.time(), item.get_expiry())
        last, current = self._seen(key, int(window))
        if last * (1 - passed / item.get_expiry()) + current + 1 > item.amount:
            return False
        if len(self._counts) >= MOST_KEYS:
            self._forget()
        self._counts[key] = (int(window), last, current + 1)
        return True

    def wait(self, item: RateLimitItem, _key: str) -> float:
        """Seconds until this window is over."""
        return item.get_expiry() - time.time() % item.get_expiry()

    def _forget(self) -> None:
        """Drop what is over; of a flood of keys that all still count, drop everything rather than grow."""
        lengths = {name: item.get_expiry() for name, item in _PARSED.items()}
        self._counts = {
            key: seen
            for key, seen in self._counts.items()
            if (seen[0] + 2) * lengths[key.split(":")[0]] > time.time()
        }
        if len(self._counts) >= MOST_KEYS:
            self._counts.clear()

    def _seen(self, key: str, window: int) -> tuple[int, int]:
        at, last, current = self._counts.get(key, (window, 0, 0))
        return {window: (last, current), window - 1: (current, 0)}.get(at, (0, 0))


class _Shared:
    """The same for several processes, in Redis."""

    def __init__(self, url: str) -> None:
        storage = storage_from_string(url.replace("unix://", "redis+unix://", 1), wrap_exceptions=False)
        assert isinstance(storage, Storage)
        self.errors = storage.base_exceptions
        self._counter = SlidingWindowCounterRateLimiter(storage)

    def hit(self, item: RateLimitItem, key: str) -> bool:
        return self._counter.hit(item, key)

    def wait(self, item: RateLimitItem, key: str) -> float:
        return self._counter.get_window_stats(item, key).reset_time - time.time()


class Limits:
    """Counters in Redis when there is one and it answers, in this process's memory otherwise."""

    def __init__(self) -> None:
        self.use("")

    def use(self, redis_url: str) -> None:
        """Count in this Redis from now on; an empty address means in memory."""
        self._memory = _InMemory()
        self._shared = _Shared(redis_url) if redis_url else None

    def check(self, who: Actor | str, name: str) -> None:
        """Count one; RateLimited, with the seconds to wait, when that is more than the limit."""
        item, key = _PARSED[name], f"{name}:{who if isinstance(who, str) else who.id}"
        if not self._ask(lambda counter: counter.hit(item, key)):
            wait = max(1, int(self._ask(lambda counter: counter.wait(item, key))) + 1)
            raise RateLimited(
                f"That was quite a lot in a short while. It opens again in {_said(wait)}. Your words are still here.",
                retry_after=wait,
            )

    def _ask(self, question: Callable[[_InMemory | _Shared], T]) -> T:
        """A limit must not take the site down with Redis: each process then counts for itself."""
        if self._shared is None:
            return question(self._memory)
        try:
            return question(self._shared)
        except self._shared.errors:
            return question(self._memory)


def _said(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"


limits = Limits()
check = limits.check
