"""Processes that a killed launcher left behind: found by what they say about themselves, and ended.

Only called by whoever holds the launcher's lock, so whatever is found belongs to nobody alive.
"""

import os
import signal
from pathlib import Path

from ivig_monitor.launch.child import OWNER, wait_until
from ivig_monitor.launch.problem import LaunchProblem

PATIENCE_S = 10.0


def end_leftovers(base: Path) -> int:
    """End every process that a launcher of this base directory started. Returns how many."""
    found = _owned_by(base)
    for pid in found:
        _signal(pid, signal.SIGKILL)
    if not wait_until(lambda: not _owned_by(base), seconds=PATIENCE_S):
        raise LaunchProblem(
            f"Processes of an earlier start cannot be ended: {_owned_by(base)}. End them by hand."
        )
    return len(found)


def end_leftover_postgres(data: Path) -> bool:
    """End a PostgreSQL that still runs on this data directory and forget a stale lock file.

    PostgreSQL believes any living process with the recorded id to be itself; after a restart of a
    container that is often somebody else, so the process is asked what it runs.
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return False
    if not _runs_on(pid, data):
        lock.unlink(missing_ok=True)
        return False
    for step in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        _signal(pid, step)
        if wait_until(lambda: not _runs_on(pid, data), seconds=PATIENCE_S):
            lock.unlink(missing_ok=True)
            return True
    raise LaunchProblem(f"An earlier PostgreSQL (process {pid}) still runs on {data}. End it by hand.")


def _owned_by(base: Path) -> list[int]:
    mark = f"{OWNER}={base}".encode()
    return [pid for pid in _pids() if mark in _read(pid, "environ").split(b"\0") and _is_running(pid)]


def _runs_on(pid: int, data: Path) -> bool:
    arguments = _read(pid, "cmdline").split(b"\0")
    return str(data).encode() in arguments and _is_running(pid)


def _is_running(pid: int) -> bool:
    # "pid (name) state …": Z is a process that has ended and waits for its parent to notice.
    status = _read(pid, "stat").rpartition(b")")[2].split()
    return bool(status) and status[0] not in {b"Z", b"X"}


def _pids() -> list[int]:
    try:
        return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) != os.getpid()]
    except FileNotFoundError:
        return []


def _read(pid: int, entry: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{entry}").read_bytes()
    except OSError:
        return b""


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
