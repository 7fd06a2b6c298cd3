"""The embedded servers: real ones, started, killed and started again."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from ivig_monitor.launch import embedded_postgres
from ivig_monitor.launch.child import OWNER
from ivig_monitor.launch.embedded import Embedded
from ivig_monitor.launch.places import ROOT
from ivig_monitor.launch.problem import LaunchProblem

OWN_SERVERS = """
import sys, time
from ivig_monitor.launch.embedded import Embedded
servers = Embedded(sys.argv[1])
servers.start()
print(servers.postgres.pid, servers.valkey.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def base() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ivig-embedded-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


def write(addresses: dict[str, str]) -> None:
    with psycopg.connect(addresses["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (42)")
    with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
        client.set("kept", "42")
    time.sleep(1.1)  # Valkey writes its file every second: that second is the promise under test


def read(addresses: dict[str, str]) -> tuple[object, object]:
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT n FROM kept").fetchone()
    with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
        return row, client.get("kept")


def processes_of(base: Path) -> list[str]:
    """Command lines of living processes that name the base directory or belong to it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(base).encode() in command or f"{OWNER}={base}".encode() in environment.split(b"\0"):
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


def nothing_runs(base: Path, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while processes_of(base):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_data_survives_a_stop_and_no_process_is_left(base: Path) -> None:
    with Embedded(base) as servers:
        write(servers.addresses)
    assert nothing_runs(base), processes_of(base)
    with Embedded(base) as servers:
        assert read(servers.addresses) == ((42,), b"42")


def test_a_second_start_is_refused_with_a_sentence(base: Path) -> None:
    with Embedded(base) as first:
        first.announce("Open http://127.0.0.1:8000/ or stop it first (process 7).")
        with pytest.raises(LaunchProblem, match=r"already running here\. Open http://127\.0\.0\.1:8000/"):
            Embedded(base).start()
        assert first.postgres.alive and first.valkey.alive


def test_killed_servers_are_started_again_with_their_data(base: Path) -> None:
    with Embedded(base) as servers:
        write(servers.addresses)
        for server in (servers.postgres, servers.valkey):
            os.kill(server.pid, signal.SIGKILL)
        end = time.monotonic() + 10
        while (servers.postgres.alive or servers.valkey.alive) and time.monotonic() < end:
            time.sleep(0.02)
        assert servers.restart_ended() == ["Postgres", "Valkey"]
        assert read(servers.addresses) == ((42,), b"42")


def test_what_a_killed_launcher_left_is_ended_and_the_data_is_there(base: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", OWN_SERVERS, str(base)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    pids = [int(word) for word in launcher.stdout.readline().split()]
    assert len(pids) == 2
    write(
        {
            "DATABASE_URL": f"postgresql://ivig@/ivig?host={base}/run",
            "REDIS_URL": f"unix://{base}/run/valkey.sock",
        }
    )
    launcher.kill()
    launcher.wait()
    with Embedded(base) as servers:
        assert not {servers.postgres.pid, servers.valkey.pid} & set(pids)
        assert read(servers.addresses) == ((42,), b"42")


def test_a_lock_file_that_names_somebody_else_is_no_obstacle(base: Path) -> None:
    with Embedded(base) as servers:
        write(servers.addresses)
    # After a restart of a container the recorded process id is often another program's.
    (base / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{base}/postgres\n")
    with Embedded(base) as servers:
        assert read(servers.addresses) == ((42,), b"42")


def test_a_long_path_gets_short_sockets(base: Path) -> None:
    deep = base / ("d" * 60) / ("e" * 60)
    with Embedded(deep) as servers:
        write(servers.addresses)
        assert read(servers.addresses) == ((42,), b"42")
        sockets = servers.addresses["REDIS_URL"].removeprefix("unix://")
    assert not Path(sockets).parent.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_root_without_user_namespaces_runs_postgresql_as_nobody(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_postgres, "user_namespaces_work", lambda: False)
    for _ in range(2):
        with Embedded(base) as servers:
            assert Path(f"/proc/{servers.postgres.pid}").stat().st_uid != 0
    assert nothing_runs(base)


def test_a_server_that_cannot_start_stops_its_sibling(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "valkey").write_text("a file where a directory should be")
    with pytest.raises((LaunchProblem, OSError)):
        Embedded(base).start()
    assert nothing_runs(base), processes_of(base)
    (base / "valkey").unlink()
    with Embedded(base) as servers:
        write(servers.addresses)
