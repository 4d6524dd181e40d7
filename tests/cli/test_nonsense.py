"""Every command with arguments that make no sense: a sentence and 1 or 2, never a traceback, and nothing half-made."""

import click
import pytest

from tests.counting import rows

STOCK = {"db", "run", "shell", "routes", "work"}
"""Commands of the libraries, and the one that goes on until it is ended."""

NONSENSE = {
    "nothing": "", "negative": "-1", "huge": "9" * 40, "long": "é" * 5_000, "hidden": "\u202e\u200b", "half a letter": "\udcff",
    "an option": "--nothing", "markup": "<script>alert(1)</script>", "a folder that is none": "none/such", "a board": "board:9",
    "a board of nothing": "board:", "a huge case": f"case:{'9' * 40}", "a negative room": "room:-1",
}  # fmt: skip
"""No path in it leads out of the folder that the test runs in: a command that takes a file would write there. A command
line holds no NUL."""

FIRST = ("nothing", "huge", "half a letter", "an option", "markup")
"""Of these each command is given all in `make test`, and the others in `make test-all`."""


def commands(group, path=()):
    """Every command, by the words that it is called with."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif (path or (name,))[0] not in STOCK:
            yield (*path, name), command


def given(command, nonsense, first):
    """Everything that it takes: the nonsense, where it is not one of a few; `first` as its first argument."""
    options, arguments = [], []
    for one in command.params:
        value = one.type.choices[0] if isinstance(one.type, click.Choice) else nonsense
        if isinstance(one, click.Argument):
            arguments.append(value)
        elif not one.is_flag and one.name != "help":
            options += [one.opts[0], value]
        elif one.name == "password_stdin":
            options.append(one.opts[0])
    return [*options, "--", *([first, *arguments[1:]] if arguments else [])]


@pytest.mark.once
@pytest.mark.parametrize(
    "what", [one if one in FIRST else pytest.param(one, marks=pytest.mark.slow) for one in NONSENSE]
)
def test_a_command_that_makes_no_sense_is_answered_with_a_sentence(
    what, app, command, world, alice, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    nonsense = NONSENSE[what]
    for path, one in commands(app.cli):
        if path == ("seed",):
            continue
        for first in (nonsense, alice.name):
            before = rows()
            typed = f"{nonsense}\n".encode("utf-8", "surrogateescape")
            done = command(*path, *given(one, nonsense, first), input=typed)
            assert done.exit_code in (0, 1, 2), (path, first)
            assert "Traceback" not in done.output, path
            assert done.output.strip() or done.exit_code == 0, path
            assert done.exit_code == 0 or rows() == before, path


@pytest.mark.once
@pytest.mark.parametrize("more", [["--nothing"], ["a", "b", "c", "d", "e"], []])
def test_a_command_with_too_much_or_too_little_says_how_it_is_used(more, app, command):
    for path, one in commands(app.cli):
        needs = [param for param in one.params if param.required]
        if more or needs:
            done = command(*path, *more)
            assert done.exit_code == 2, path
            assert "Usage:" in done.output, path
