"""On Debian, as root: install what the tests need and the machine lacks. Programs only; nothing is started."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import services

CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.d/hearth-tests.conf")
SERVICE_POLICY = Path("/usr/sbin/policy-rc.d")
NO_SERVICES = "#!/bin/sh\n# Services stay stopped while programs are installed.\nexit 101\n"
NO_CLUSTER = "create_main_cluster = false\n"


def install_what_is_missing() -> None:
    """Install the packages of what is missing, where that is possible; elsewhere do nothing."""
    packages = _missing_packages()
    if packages and _can_install():
        print(f"Installing {', '.join(packages)} from Debian's packages", flush=True)
        with ExitStack() as temporary:
            temporary.enter_context(_file(SERVICE_POLICY, NO_SERVICES, 0o755))
            temporary.enter_context(_file(CLUSTER_SETTINGS, NO_CLUSTER, 0o644))
            _apt_get("update") and _apt_get("install", *packages)


def _missing_packages() -> list[str]:
    """A service that somebody gave the address of is not missing."""
    given = os.environ
    wanted = {
        "postgresql": given.get("TEST_DATABASE_URL") or services.find_installed_postgres(),
        "redis-server": given.get("TEST_REDIS_URL") or services.find_redis(),
        "chromium": services.find_chromium(),
    }
    return [package for package, found in wanted.items() if not found]


def _can_install() -> bool:
    return Path("/etc/debian_version").exists() and os.getuid() == 0 and shutil.which("apt-get") is not None


@contextmanager
def _file(path: Path, text: str, mode: int) -> Iterator[None]:
    """This file for a while; one that is there already is left alone."""
    if path.exists():
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    try:
        yield
    finally:
        path.unlink()


def _apt_get(*command: str) -> bool:
    """Whether apt-get did it; where it did not, its own words are shown and the tests go on with what is there."""
    settings = ["-qq", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", *settings, *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(f"apt-get {command[0]} failed:\n{done.stdout}", flush=True)
    return done.returncode == 0
