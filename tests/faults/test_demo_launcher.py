"""`manage.py demo` as a newcomer runs it: started, refused, interrupted, killed, started again."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ivig_monitor.demo_accounts import DEMO_ACCOUNTS
from ivig_monitor.launch.places import ROOT, Places
from ivig_monitor.launch.probe import answers
from tests.faults.test_embedded import nothing_runs, processes_of
from tests.stack import free_port, wait_until


class Demo:
    """One base directory, and the launcher that runs in it."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.port = free_port()
        self.output = base / "output.txt"

    def start(self, *options: str) -> "subprocess.Popen[bytes]":
        """Start the launcher; what it says goes to `output`."""
        ours = {"DATABASE_URL", "REDIS_URL", "IVIG_CLOCK_FILE", "IVIG_DEMO"}
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        with self.output.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port), *options],
                cwd=ROOT,
                env=environment | {"IVIG_VAR": str(self.base)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_ready(self) -> None:
        wait_until(lambda: "Ctrl-C stops it" in self.said, 90, "The demo was not ready", lambda: [self.said])

    @property
    def said(self) -> str:
        return self.output.read_text(errors="replace")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def events(self) -> int:
        """How many events the running demo's ledger holds."""
        with psycopg.connect(Places(self.base).read_addresses()["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT count(*) FROM ledger_event").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="ivig-demo-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        yield Demo(Path(directory))


def wait_answers(demo: Demo, path: str) -> None:
    wait_until(lambda: answers(f"{demo.url}{path}"), 60, f"{path} did not answer", lambda: [demo.said])


def test_the_demo_starts_refuses_a_second_and_survives_its_own_death(demo: Demo) -> None:
    first = demo.start("--speed", "60")
    demo.wait_ready()
    assert demo.said.count(demo.url) == 1
    assert all(re.search(rf"{a.username}\s+{a.password}", demo.said) for a in DEMO_ACCOUNTS)
    wait_answers(demo, "health/ready")
    wait_answers(demo, "sign-in/")  # the first page of a fresh process takes its time
    events = demo.events()
    assert events > 0
    said_by_the_first = demo.output.rename(demo.base / "first.txt").read_text()

    second = demo.start()
    assert second.wait(60) == 1
    assert f"already running here. Open {demo.url}" in demo.said
    assert "Traceback" not in demo.said + said_by_the_first
    wait_answers(demo, "health/ready")

    first.send_signal(signal.SIGKILL)
    first.wait()
    assert nothing_runs(demo.base), processes_of(demo.base)

    again = demo.start()
    demo.wait_ready()
    assert demo.events() >= events
    again.send_signal(signal.SIGINT)
    assert again.wait(60) == 0
    assert "Stopped; the data stays" in demo.said
    assert nothing_runs(demo.base, seconds=1), processes_of(demo.base)


def test_a_port_in_use_is_named_before_anything_starts(demo: Demo) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", demo.port))
        somebody.listen()
        launcher = demo.start()
        assert launcher.wait(60) == 1
    assert f"Port {demo.port}" in demo.said and "--port" in demo.said and "Traceback" not in demo.said
    assert not (demo.base / "postgres").exists()


def test_interrupted_while_it_starts_it_leaves_nothing(demo: Demo) -> None:
    launcher = demo.start()
    wait_until(lambda: "PostgreSQL and Valkey run" in demo.said, 60, "No servers", lambda: [demo.said])
    launcher.send_signal(signal.SIGTERM)
    assert launcher.wait(60) == 0
    assert "Traceback" not in demo.said, demo.said
    assert nothing_runs(demo.base, seconds=5), processes_of(demo.base)
