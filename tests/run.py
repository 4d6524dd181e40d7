"""`make test`: every test, on every engine, with real services, in parts one after another.

SQLite, PostgreSQL and Redis, then the journeys in a browser. What does not depend on the engine, marked `once`, runs with
SQLite, and so do the tests of pages unless everything is asked for. The last lines say what was skipped and why;
HEARTH_REQUIRE_ALL=1 makes a skip a failure. `--slow` adds what takes long, and with it the coverage of all parts together.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

from tests import debian, services

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5
"""How pytest says that it found nothing to run."""


@dataclass(frozen=True)
class Part:
    """One run of pytest: which tests, on which engine."""

    name: str
    engine: str
    marks: str
    workers: int
    is_measured: bool
    """Whether its coverage is added up, which makes it take twice as long."""
    spread: str = "worksteal"
    """How its tests are dealt out: so that nobody waits for another's last ones, or by file, where those of a file share a server."""

    def command(self, report: Path) -> list[str]:
        """Coverage is added up over the parts and judged once, after the last."""
        counted = ["--cov=forum", "--cov-append", "--cov-report=", "--cov-fail-under=0"]
        measured = counted if self.is_measured else []
        parallel = ["-n", str(self.workers), "--dist", self.spread]
        return [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            self.marks,
            *parallel,
            *measured,
            f"--junitxml={report}",
        ]


@dataclass
class Outcome:
    """What is known so far: what failed, what was left out and why, and how long each part took."""

    failures: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)
    times: list[tuple[str, float]] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Note how long this took, whatever came of it."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.times.append((name, time.monotonic() - started))


def main(arguments: list[str]) -> int:
    """Run everything; 0 when all of it passed and, where that is asked for, nothing was skipped."""
    os.chdir(ROOT)
    _when_asked_to_end(_stop)
    outcome = Outcome()
    slow = "--slow" in arguments
    os.environ["HEARTH_TEST_ALL"] = "1" if slow else ""
    try:
        with ExitStack() as started:
            parts = _prepare(outcome, started, slow)
            _forget_coverage()
            for part in parts:
                _run(part, outcome)
        if slow:
            _judge_coverage(outcome)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return _conclude(outcome)


def _prepare(outcome: Outcome, started: ExitStack, slow: bool) -> list[Part]:
    """Install and start what the tests need; the parts that can run with it."""
    with outcome.timed("services"):
        debian.install_what_is_missing()
        postgres = _start(services.given_or_started_postgres, "TEST_DATABASE_URL", outcome, started)
        _start(services.given_or_started_redis, "TEST_REDIS_URL", outcome, started)
    chromium = services.find_chromium()
    quick = "" if slow else " and not slow"
    without_pages = "" if slow else " and not slow and not page"
    parts = [Part("sqlite", "sqlite", f"not browser{quick}", workers=2, is_measured=slow)]
    if postgres:
        parts.append(
            Part(
                "postgresql",
                "postgresql",
                f"not browser and not once{without_pages}",
                workers=2,
                is_measured=slow,
            )
        )
    if chromium:
        os.environ["TEST_CHROMIUM"] = chromium
        parts.append(
            Part("browser", "sqlite", f"browser{quick}", workers=2, is_measured=slow, spread="loadfile")
        )
    else:
        outcome.skips.append("browser tests: no TEST_CHROMIUM and no chromium on the PATH")
    return parts


def _start(
    service: Callable[[], AbstractContextManager[str]], variable: str, outcome: Outcome, started: ExitStack
) -> bool:
    """Start the service until the end of the run and tell the tests its address; or note why not."""
    try:
        os.environ[variable] = started.enter_context(service())
    except services.ServiceMissing as missing:
        outcome.skips.append(f"tests that need it, {missing}")
        return False
    return True


def _run(part: Part, outcome: Outcome) -> None:
    """Run one part and note what came of it."""
    print(f"\n== {part.name} ==", flush=True)
    with tempfile.TemporaryDirectory(prefix="hearth-report-") as directory:
        report = Path(directory) / "report.xml"
        with outcome.timed(part.name):
            code = _call(part.command(report), HEARTH_TEST_ENGINE=part.engine)
        cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    outcome.skips.extend(_skipped(part, cases))
    if code == NO_TESTS and not cases:
        outcome.empty.append(part.name)
    elif code:
        outcome.failures.append(f"{part.name}: pytest ended with {code}")


def _skipped(part: Part, cases: list[ElementTree.Element]) -> Iterator[str]:
    """Each test that was skipped, with its reason; a test that is expected to fail has not been skipped."""
    for case in cases:
        skip = case.find("skipped")
        if skip is not None and skip.get("type") == "pytest.skip":
            yield f"{part.name}: {case.get('classname')}.{case.get('name')}: {skip.get('message')}"


def _forget_coverage() -> None:
    for old in (*ROOT.glob(".coverage"), *ROOT.glob(".coverage.*")):
        old.unlink()


def _judge_coverage(outcome: Outcome) -> None:
    """Compare what all parts covered together with the `fail_under` of pyproject.toml."""
    if not (ROOT / ".coverage").exists():
        outcome.skips.append("coverage: nothing of forum/ was run")
        return
    print("\n== coverage ==", flush=True)
    with outcome.timed("coverage"):
        code = _call([sys.executable, "-m", "coverage", "report", f"--fail-under={_aim()}"])
    if code:
        outcome.failures.append(f"coverage: less than {_aim()} % of forum/")


def _aim() -> float:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return float(settings["tool"]["coverage"]["report"]["fail_under"])


def _conclude(outcome: Outcome) -> int:
    """Print the times, then what failed, and last what was skipped and why."""
    print()
    for name, seconds in outcome.times:
        print(f"{name:<12}{seconds:7.1f} s")
    print(f"{'together':<12}{sum(seconds for _, seconds in outcome.times):7.1f} s")
    for name in outcome.empty:
        print(f"No tests yet: {name}")
    for failure in outcome.failures:
        print(f"Failed: {failure}")
    for skip in outcome.skips:
        print(f"Skipped: {skip}")
    if not outcome.skips:
        print("Nothing was skipped.")
    refused = bool(outcome.skips) and os.environ.get("HEARTH_REQUIRE_ALL") == "1"
    if refused:
        print("HEARTH_REQUIRE_ALL=1: what is skipped counts as failed.")
    return 1 if outcome.failures or refused else 0


def _call(command: list[str], **environment: str) -> int:
    """Run to the end, also when Ctrl-C asks it to end early: the services are needed until then.

    In a process group of its own, so that it hears of Ctrl-C once, from here.
    """
    with subprocess.Popen(command, env=os.environ | environment, process_group=0) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise


def _stop(number: int, frame: FrameType | None) -> None:
    """However the run is asked to end, it ends as on Ctrl-C, also where a shell had it ignore that; being asked once is enough."""
    _when_asked_to_end(signal.SIG_IGN)
    raise KeyboardInterrupt


def _when_asked_to_end(answer: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(request, answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
