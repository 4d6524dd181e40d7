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


def test_nginx_answers_with_the_same_care_where_the_application_is_not_asked():
    """Its own files and errors carry the headers, what programs ask is not led on, and only strong ciphers are spoken."""
    site = Path("deploy/nginx.conf").read_text()
    for name in (
        "Content-Security-Policy",
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "Referrer-Policy",
    ):
        variable = re.search(rf"^    add_header {name} (\$\w+) always;", site, re.MULTILINE)[1]
        source = f"$upstream_http_{name.lower().replace('-', '_')}"
        assert re.search(rf"map {re.escape(source)} {re.escape(variable)} {{\s+''\s+\S", site)
    assert not re.search(r"^ {8}add_header", site, re.MULTILINE)
    assert "location ~ ^/(api|feeds|socket\\.io)/ {\n        return 403;" in site
    assert re.search(r"ssl_protocols +TLSv1.2 TLSv1.3;", site)
    assert re.search(r"ssl_ciphers +ECDHE\+AESGCM:ECDHE\+CHACHA20;", site)
    assert "charset       utf-8;" in site


@pytest.mark.parametrize("name", ["hearth.service", "hearth-work.service"])
def test_a_unit_keeps_the_history_of_the_code_and_new_rights_away(name):
    unit = Path("deploy", name).read_text()
    for line in (
        f"InaccessiblePaths=-{CODE}/.git",
        "User=hearth",
        "NoNewPrivileges=true",
        "CapabilityBoundingSet=",
    ):
        assert f"{line}\n" in unit


def test_the_settings_are_readable_by_root_and_the_service_alone():
    assert f"chmod 640 {SETTINGS}; chgrp hearth {SETTINGS}" in GUIDE
    assert "install -d -m 750 -o root -g hearth /etc/hearth" in GUIDE


def test_every_file_of_the_guide_is_there():
    named = set(re.findall(r"deploy/[\w.-]+\.(?:service|conf|example|py)", GUIDE))
    assert named
    assert not {name for name in named if not Path(name).exists()}
