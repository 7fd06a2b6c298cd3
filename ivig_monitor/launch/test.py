"""`manage.py test`: the embedded servers, then every test against them.

What has no clock of its own to beat (unit, attacks, checks) runs on every core, stories two at a time. Faults run one
after the other, because they measure. The browser tests run as processes of their own: Playwright keeps an event
loop running, which breaks asyncio tests after it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree  # nosec B405  # reads what pytest has just written
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivig_monitor.launch.chromium import find_or_install
from ivig_monitor.launch.embedded import Embedded
from ivig_monitor.launch.places import ROOT
from ivig_monitor.launch.problem import LaunchProblem

GROUPS = ("unit", "attacks", "flow", "faults", "checks", "browser")
PARALLEL = ("tests/unit", "tests/attacks", "tests/checks")
STORIES = "tests/flow"
BROWSER = "tests/browser"
ON_EVERY_CORE = ("-n", "auto", "--dist=worksteal")
TWO_AT_A_TIME = ("-n", "auto", "--maxprocesses=2", "--dist=loadfile")
SHORT = ("-m", "not long")
NOTHING_COLLECTED = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many tests passed and failed; an error counts as a failure, a skip as neither."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.passed + other.passed, self.failed + other.failed)


def main(arguments: Sequence[str]) -> int:
    """Run the groups or paths named (everything without one), passing the rest to pytest.

    Returns the exit status.
    """
    words = [f"tests/{word}" if word in GROUPS else word for word in arguments]
    named = [word for word in words if word.startswith("tests/")]
    missing = [word for word in named if not (ROOT / word.partition("::")[0]).exists()]
    if missing:
        print(
            f"There is no {', no '.join(missing)}: nothing was run. Name a group ({', '.join(GROUPS)}) or a path."
        )
        return 2
    asked = named or [f"tests/{name}" for name in GROUPS]
    options = [*(() if named else SHORT), *(word for word in words if not word.startswith("tests/"))]
    base = Path(tempfile.mkdtemp(prefix="ivig-test-"))
    base.chmod(0o755)
    try:
        with Embedded(base, durable=False) as servers:
            outcome = _run_all(asked, options, os.environ | servers.addresses, base)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print(f"{outcome.passed} passed, {outcome.failed} failed")
    return 0 if outcome.passed and not outcome.failed else 1


def _run_all(
    asked: Sequence[str], options: Sequence[str], environment: Mapping[str, str], base: Path
) -> Outcome:
    subprocess.run([sys.executable, "manage.py", "compile_messages"], cwd=ROOT, env=environment, check=True)
    in_browser = [path for path in asked if path.startswith(BROWSER)]
    parallel = [path for path in asked if path.startswith(PARALLEL)]
    stories = [path for path in asked if path.startswith(STORIES)]
    in_turn = [path for path in asked if path not in (*in_browser, *parallel, *stories)]
    outcome = Outcome()
    if parallel:
        outcome += _pytest(parallel, [*ON_EVERY_CORE, *options], environment, base / "parallel.xml")
    if stories:
        outcome += _pytest(stories, [*TWO_AT_A_TIME, *options], environment, base / "stories.xml")
    if in_turn:
        outcome += _pytest(in_turn, options, environment, base / "in_turn.xml")
    if in_browser:
        try:
            find_or_install()
        except LaunchProblem as problem:
            print(f"\n{problem}", flush=True)
            return outcome + Outcome(failed=1)
        outcome += _pytest(in_browser, [*TWO_AT_A_TIME, *options], environment, base / "browser.xml")
    return outcome


def _pytest(
    paths: Sequence[str], options: Sequence[str], environment: Mapping[str, str], report: Path
) -> Outcome:
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *paths, *options]
    status = subprocess.run(command, cwd=ROOT, env=environment).returncode
    counted = _read(report)
    if status in {0, 1, NOTHING_COLLECTED} and (status != 1 or counted.failed):
        return counted
    return counted + Outcome(failed=1)  # pytest itself broke off


def _read(report: Path) -> Outcome:
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # nosec B314  # pytest wrote it
    except (OSError, ElementTree.ParseError):
        return Outcome()
    total, failed, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites for name in names)
        for names in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return Outcome(passed=max(total - failed - skipped, 0), failed=failed)
