"""PostgreSQL on a full disk: what was acknowledged stays, what is refused says so, nothing is half written."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest

from apps.kernel.clock import wall_now
from tests.clients import ApiClient
from tests.conftest import MakeStack
from tests.findings import PARTS, alive, open_codes, said
from tests.flow.steps import running_infusion
from tests.stack import Stack

DISK_BYTES = 400 * 1024**2
NOTICED_WITHIN = timedelta(seconds=30)


def may_mount(directory: Path) -> bool:
    """Whether a small disk of our own can be had here; containers often forbid it."""
    directory.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(directory)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def small_disk_stack(make_stack: MakeStack, tmp_path: Path) -> Iterator[Stack]:
    """A stack whose PostgreSQL has its data on a disk of 400 MB."""
    disk = tmp_path / "postgres"
    if not may_mount(disk):
        pytest.skip("this machine lets nobody mount a disk: the small one is tried where root may")
    try:
        stack = make_stack(own_postgres=True)
        stack.start_all()
        yield stack
        stack.stop_all()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        piece = b"0" * 65536
        while piece:
            try:
                stream.write(piece)
            except OSError:
                piece = piece[: len(piece) // 2] if len(piece) > 512 else b""
    assert shutil.disk_usage(disk).free < 8192
    return ballast


def named(stack: Stack) -> list[datetime]:
    """When the watchdog said that PostgreSQL cannot write: full, or gone because its journal cannot grow."""
    codes = {"postgresql_full", "postgresql_down"}
    return [datetime.fromisoformat(line["time"]) for line in said(stack) if line.get("code") in codes]


def answers(stack: Stack) -> bool:
    """Whether the database answers again."""
    try:
        return bool(stack.sql("SELECT 1"))
    except psycopg.Error:
        return False


def shown(stack: Stack) -> set[str]:
    """What every page is told."""
    answer = httpx.get(f"{stack.url}/health/findings", trust_env=False, timeout=20)
    return {one["code"] for one in answer.json()["findings"]}


def test_a_full_disk_refuses_clearly_is_named_and_loses_nothing(small_disk_stack: Stack) -> None:
    stack = small_disk_stack
    stack.start("watchdog")
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "disk-1")
    path = f"sessions/{session['id']}/observations/"
    stack.wait_until(lambda: alive(stack) >= PARTS, 90, "A part shows no life")
    acknowledged = [70, 71, 72]
    for pulse in acknowledged:
        nurse.write(path, {"pulse_per_min": str(pulse)})

    struck = wall_now()
    ballast = fill(stack.places.base / "postgres")
    statuses = []
    for pulse in range(73, 133):
        answer = nurse.post(path, {"pulse_per_min": str(pulse), "note": os.urandom(450).hex()})
        statuses.append(answer.status_code)
        if answer.is_success:
            acknowledged.append(pulse)
        else:
            assert answer.status_code == 503 and answer.json()["code"] == "database_unavailable", answer.text
    assert 503 in statuses
    stack.wait_until(lambda: named(stack), 120, "Nobody noticed")
    # The database cannot keep this finding: the log and the administrator have it. Whole seconds.
    assert named(stack)[0] - struck < NOTICED_WITHIN
    stack.wait_until(lambda: shown(stack) & {"postgresql_full", "postgresql_down"}, 60, "No screen says so")
    ballast.unlink()
    stack.stop("postgres")
    stack.start("postgres")

    stack.wait_until(lambda: answers(stack), 60, "PostgreSQL did not come back")
    kept = "SELECT id, pulse_per_min AS pulse FROM infusions_observation WHERE session_id = %s"
    rows = stack.sql(kept, (session["id"],))
    assert set(acknowledged) <= {row["pulse"] for row in rows}
    named_in_events = stack.sql(
        "SELECT count(*) AS n FROM ledger_event WHERE subject = %s AND name = 'infusion.observation.recorded'",
        (f"session:{session['id']}",),
    )[0]["n"]
    assert named_in_events in {len(rows), len(rows) - 1}  # the baseline belongs to the start
    stack.wait_until(lambda: "postgresql_full" not in open_codes(stack), 120, "The finding stayed open")
