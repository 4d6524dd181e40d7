"""A whole site in one file: gzip, and in it JSON, one line a row.

The first line is the head: the form of the file, the schema's revision, when it was written, and how many rows each
table has. Then comes each table: a line that names it and the kind of each column, its rows, and a line with their
count and SHA-256. The last line holds the SHA-256 of everything before it, so that a file that was cut short or changed
is known for one before anything is read from it.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import IO, Any

from forum.errors import Invalid

FORM = 1
"""Raised when the file is laid out in another way; an older house then refuses it in a sentence."""

BROKEN = "This file is cut short or was changed since it was written, so nothing was taken from it."

Told = Callable[[int], object]
"""Is told how many rows have passed, for whoever waits."""


@dataclass(frozen=True)
class Table:
    """One table on its way: what its columns hold, and its rows, which can be gone through once."""

    name: str
    kinds: dict[str, str]
    rows: Iterable[list[Any]]


@dataclass(frozen=True)
class Seal:
    """What a table's rows come to: the same on both sides of a move, or something was lost."""

    rows: int
    sha256: str


class Digest:
    """Counts lines and hashes them as they pass."""

    def __init__(self) -> None:
        self.lines = 0
        self._hash = hashlib.sha256()

    def add(self, line: str) -> str:
        self.lines += 1
        self._hash.update(line.encode())
        return line

    @property
    def seal(self) -> Seal:
        return Seal(self.lines, self._hash.hexdigest())


def seal_of(rows: Iterable[list[Any]]) -> Seal:
    """The seal that these rows have in a file."""
    digest = Digest()
    for row in rows:
        digest.add(_line(row))
    return digest.seal


# Writing


def write(path: Path, head: dict[str, Any], tables: Iterable[Table], told: Told) -> None:
    """Write the file, readable by its owner alone. It has its name only once all of it is there."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8", newline="\n") as file:
            _write_all(file, {"form": FORM, **head}, tables, told)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_all(file: IO[str], head: dict[str, Any], tables: Iterable[Table], told: Told) -> None:
    whole = Digest()
    file.write(whole.add(_line(head)))
    for table in tables:
        file.write(whole.add(_line({"table": table.name, "columns": table.kinds})))
        digest = Digest()
        for row in table.rows:
            file.write(whole.add(digest.add(_line(row))))
            told(1)
        file.write(whole.add(_line({"rows": digest.seal.rows, "sha256": digest.seal.sha256})))
    file.write(_line({"sha256": whole.seal.sha256}))


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


# Reading


@dataclass(frozen=True)
class Archive:
    """A file that was read through once and found whole."""

    path: Path
    head: dict[str, Any]
    seals: dict[str, Seal]

    def tables(self) -> Iterator[Table]:
        """Each table with its rows; they must be gone through before the next is asked for."""
        with _opened(self.path) as file:
            lines = map(json.loads, file)
            next(lines)
            for line in lines:
                if "table" in line:
                    rows = takewhile(lambda row: isinstance(row, list), lines)
                    yield Table(line["table"], line["columns"], rows)


def opened(path: Path) -> Archive:
    """The archive in this file, once it is certain that it is whole; Invalid says what is the matter with it."""
    with _whole(path), _opened(path) as file:
        return _read_through(path, file)


def rows_in(path: Path) -> int:
    """How many rows the file says it holds, so that whoever waits knows how long."""
    with _whole(path), _opened(path) as file:
        return sum(json.loads(next(file, ""))["tables"].values())


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, PermissionError) as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    except (EOFError, OSError, zlib.error, ValueError, LookupError, TypeError) as error:
        raise Invalid(BROKEN) from error


def _opened(path: Path) -> IO[str]:
    return gzip.open(path, "rt", encoding="utf-8", newline="\n")


def _read_through(path: Path, file: IO[str]) -> Archive:
    whole, part, name = Digest(), Digest(), ""
    head = json.loads(whole.add(next(file, "")))
    if head["form"] != FORM:
        raise Invalid(f"This file is of form {head['form']}; this house reads form {FORM}.")
    seals: dict[str, Seal] = {}
    for text in file:
        line = json.loads(text)
        if isinstance(line, list):
            part.add(text)
        elif "table" in line:
            part, name = Digest(), line["table"]
        elif "rows" in line:
            seals[name] = _checked(part.seal, Seal(line["rows"], line["sha256"]))
        else:
            _checked(whole.seal, Seal(whole.lines, line["sha256"]))
            return Archive(path, head, seals)
        whole.add(text)
    raise EOFError


def _checked(found: Seal, said: Seal) -> Seal:
    if found != said:
        raise ValueError("the rows are not those that were sealed")
    return found
