"""The whole document against a real server, asked by a program that makes things up: as a member, as a moderator."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.models import TokenScope
from tests import serving

pytestmark = [pytest.mark.server, pytest.mark.once]

SEED = "20261124"
KEPT_OUT = ("account_sign_all_out", "account_withdraw")
"""What would leave the program without its key, or its member without leave to write; test_roles.py asks these."""

FEW = ("--max-examples", "1", "--phases", "fuzzing")
EDGES = ("--max-examples", "2", "--phases", "coverage,fuzzing")
MANY = ("--max-examples", "60", "--phases", "coverage,fuzzing,stateful")


@pytest.fixture(scope="module")
def server() -> Iterator[serving.Server]:
    with serving.running(app="tests.unhurried:app") as server:
        yield server


@pytest.mark.parametrize(
    ("name", "how"),
    [
        pytest.param("Quiet Juniper", FEW, id="member"),
        pytest.param("Wren", FEW, id="moderator"),
        pytest.param("Wren", EDGES, id="moderator, at every edge of every field", marks=pytest.mark.slow),
        pytest.param("Quiet Juniper", MANY, id="member, many", marks=pytest.mark.slow),
        pytest.param("Wren", MANY, id="moderator, many", marks=pytest.mark.slow),
    ],
)
def test_nothing_that_a_program_makes_up_is_answered_beside_the_document(server, name, how):
    done = subprocess.run(
        [
            *(
                Path(sys.executable).with_name("schemathesis"),
                "--config-file",
                Path(__file__).with_name("schemathesis.toml"),
            ),
            *(
                "run",
                f"{server.url}/api/v1/openapi.json",
                "--header",
                f"Authorization: Bearer {_key(server, name)}",
            ),
            *("--seed", SEED, "--generation-database", "none", "--no-shrink", "--no-color", *how),
            *(part for kept in KEPT_OUT for part in ("--exclude-operation-id", kept)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    assert "unforeseen" not in server.log.read_text()


def _key(server: serving.Server, name: str) -> str:
    scopes = [part for scope in TokenScope for part in ("--scope", str(scope))]
    return server.flask("token", "create", name, *scopes).splitlines()[0]
