"""The table of docs/asvs.md is whole, names tests that there are, and rests on what the guide says."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

TABLE = Path("docs/asvs.md").read_text()
GUIDE = Path("docs/security.md").read_text()
LEVELS = dict(line.split() for line in Path("tests/asvs.txt").read_text().splitlines())
"""Each requirement of level 1 and 2 of ASVS 5.0.0, and its level."""
ROWS = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]*) ?\|$", TABLE, re.MULTILINE
)
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")

pytestmark = pytest.mark.once


def test_every_requirement_is_one_line():
    assert [(number, level) for number, level, *_ in ROWS] == list(LEVELS.items())
    assert len(re.findall(r"^\| \d", TABLE, re.MULTILINE)) == len(ROWS) == 253


def test_every_line_says_whether_and_how():
    for number, _, about, state, how, tests in ROWS:
        assert state in ("met", "n/a", "not yet"), number
        assert about.strip(), number
        assert how.strip(), number
        assert (state == "met") <= bool(NAMED.findall(tests)), f"{number} is met, and no test shows it"
        assert NAMED.sub("", tests).strip(" ,") == "", number


def test_every_test_that_is_named_is_there():
    named = {one for *_, tests in ROWS for one in NAMED.findall(tests)}
    assert len(named) > 100
    assert sorted(f"{file}::{name}" for file, name in named if name not in _tests_of(file)) == []


def test_the_sums_are_those_of_the_lines():
    counted = Counter((state, level) for _, level, _, state, *_ in ROWS)
    for label, state in (("met", "met"), ("do not apply", "n/a"), ("not yet", "not yet")):
        one, two = counted[state, "1"], counted[state, "2"]
        assert f"| {label} | {one} | {two} | {one + two} |" in TABLE
        assert f"| {label} | {one} | {two} | {one + two} |" in GUIDE


@pytest.mark.parametrize(
    "heading",
    [
        "How to report a hole",
        "Signing in",
        "Input and limits",
        "Keys",
        "What is kept how",
        "What talks to what",
        "What costs much",
        "What is logged",
    ],
)
def test_the_guide_says_what_the_table_rests_on(heading):
    section = re.search(rf"^## {heading}\n(.+?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert len(section[1].split()) > 40


@cache
def _tests_of(file: str) -> set[str]:
    path = Path("tests", file)
    tree = ast.parse(path.read_text() if path.exists() else "")
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
