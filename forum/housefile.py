"""What the house must be able to say without its database: marks on helplines, and when a moderator is here.

One JSON file beside the data. The deeds write it whole and put it in place at once; every process sees by the file's
time that there is a new one. A file that is missing or cannot be read says nothing, and the shipped facts hold.
"""

import fcntl
import json
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

NAME = "house.json"
NOTHING: Mapping[str, Any] = {}

logger = logging.getLogger(__name__)

_path: Path | None = None
_seen: tuple[tuple[int, int, int] | None, Mapping[str, Any]] = (None, NOTHING)
"""Which file was read last, and what it said."""


def use(folder: Path) -> None:
    """Keep the file in this folder."""
    global _path, _seen
    _path, _seen = folder / NAME, (None, NOTHING)


def told() -> Mapping[str, Any]:
    """What the file says: the same object for as long as the file is the same."""
    global _seen
    mark = _mark()
    if mark != _seen[0]:
        _seen = (mark, _read() if mark else NOTHING)
    return _seen[1]


def replace(make: Callable[[], Mapping[str, Any]]) -> None:
    """Write what `make` answers in place of the file. `make` is called while no other process writes, so that of two
    writers the later one knows what the earlier knew."""
    assert _path is not None, "housefile.use comes first"
    _path.parent.mkdir(parents=True, exist_ok=True)
    with open(_path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fresh = _path.with_suffix(".new")
        with open(fresh, "w", encoding="utf-8") as file:
            json.dump(make(), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(_path)


def _mark() -> tuple[int, int, int] | None:
    try:
        found = os.stat(_path) if _path else None
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size) if found else None


def _read() -> Mapping[str, Any]:
    """What cannot be read leaves what was read before: a half-edited file must not take a number off the help page."""
    try:
        raw = json.loads(_path.read_text(encoding="utf-8"))  # type: ignore[union-attr]
    except (OSError, ValueError):
        raw = None
    if isinstance(raw, dict):
        return raw
    logger.warning("%s cannot be read; what it said before holds", _path)
    return _seen[1]
