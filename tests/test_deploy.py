"""What an operator copies from `deploy/` is what docs/deploy.md says, word by word."""

import re
from pathlib import Path

import pytest

GUIDE = Path("docs/deploy.md").read_text()
CODE = re.search(r"^git clone .* (/\S+)$", GUIDE, re.MULTILINE)[1]
SETTINGS = re.search(r"^cp deploy/hearth.env.example (/\S+)$", GUIDE, re.MULTILINE)[1]


@pytest.mark.parametrize("name", ["hearth.service", "hearth-work.service"])
def test_a_unit_runs_the_code_and_reads_the_settings_of_the_guide(name):
    unit = Path("deploy", name).read_text()
    assert f"WorkingDirectory={CODE}\n" in unit
    assert f"EnvironmentFile={SETTINGS}\n" in unit
    assert set(re.findall(r"^ExecStart\w*=(\S+)", unit, re.MULTILINE)) == {f"{CODE}/.venv/bin/python"}


def test_nginx_serves_the_static_files_of_the_guide():
    assert f"alias {CODE}/static/;" in Path("deploy/nginx.conf").read_text()


def test_every_file_of_the_guide_is_there():
    named = set(re.findall(r"deploy/[\w.-]+\.(?:service|conf|example|py)", GUIDE))
    assert named
    assert not {name for name in named if not Path(name).exists()}
