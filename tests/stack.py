"""The product running for real: its own database, its own Valkey, web, worker and beat as processes.

Processes are called `web`, `worker`, `beat` and `watchdog`; `web-2`, `worker-2` … are further ones of a kind.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from apps.kernel.clock import ClockFile, read_clock_file, wall_now, write_clock_file
from ivig_monitor.launch import processes
from ivig_monitor.launch.child import Child
from ivig_monitor.launch.embedded_valkey import EmbeddedValkey
from ivig_monitor.launch.places import ROOT, Places
from ivig_monitor.launch.probe import answers

Answer = TypeVar("Answer")
PATIENCE_S = 30.0


def free_port() -> int:
    """A TCP port of this machine that nobody uses."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def wait_until(
    predicate: Callable[[], Answer],
    timeout: float = PATIENCE_S,
    message: str = "",
    evidence: Callable[[], list[str]] = list,
) -> Answer:
    """The first true answer of the predicate. AssertionError with the evidence when none came in time."""
    end = time.monotonic() + timeout
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(
                "\n".join([f"{message or 'It did not happen'} in {timeout:.0f} s.", *evidence()])
            )
        time.sleep(0.05)


class Database:
    """One database of its own on the server that DATABASE_URL names."""

    def __init__(self, server_url: str, *, copy_of: str = "template1") -> None:
        self._server_url = server_url
        self.name = f"stack_{uuid.uuid4().hex[:12]}"
        self._command("CREATE DATABASE {} TEMPLATE {}", self.name, copy_of)

    @property
    def url(self) -> str:
        before, _, options = self._server_url.partition("?")
        return f"{before.rpartition('/')[0]}/{self.name}" + (f"?{options}" if options else "")

    def drop(self) -> None:
        """Remove it, whoever is still connected."""
        self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)

    def _command(self, command: str, *names: str) -> None:
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


class StackTemplate:
    """A database with the demo ward in it, prepared once and copied for every stack."""

    def __init__(self, server_url: str, directory: Path) -> None:
        self.server_url = server_url
        self._database = Database(server_url)
        environment = {**os.environ, "DATABASE_URL": self._database.url}
        done = subprocess.run(
            [sys.executable, "manage.py", "prepare_demo"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise AssertionError(f"prepare_demo failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")

    @property
    def database(self) -> str:
        return self._database.name

    def drop(self) -> None:
        self._database.drop()


class Stack:
    """A running demo. Clinical time starts at real time and speed 1; the test moves it."""

    def __init__(self, template: StackTemplate, directory: Path) -> None:
        self.places = Places(directory)
        self.places.make()
        self._database = Database(template.server_url, copy_of=template.database)
        self._valkey = EmbeddedValkey(self.places)
        self._children: dict[str, Child] = {}
        self._ports: dict[str, int] = {}
        write_clock_file(self.places.clock, clinical_anchor=wall_now(), wall_anchor=wall_now(), speed=1)
        self.environment = {
            **os.environ,
            "DATABASE_URL": self._database.url,
            "REDIS_URL": self._valkey.start(),
            "DJANGO_SETTINGS_MODULE": "ivig_monitor.settings.base",
            "SECRET_KEY": "a-key-for-tests-only-" + uuid.uuid4().hex,
            "IVIG_CLOCK_FILE": str(self.places.clock),
            "IVIG_DEMO": "1",
        }

    # Addresses.

    @property
    def url(self) -> str:
        """http://127.0.0.1:<port> of the first web process, without a slash at the end."""
        return self.url_of("web")

    def url_of(self, name: str) -> str:
        """The address of one web process."""
        return f"http://127.0.0.1:{self._ports[name]}"

    @property
    def database_url(self) -> str:
        return self._database.url

    # Processes.

    def start_all(self) -> None:
        """Start web, worker and beat and wait until the web process is ready."""
        for name in ("web", "worker", "beat"):
            self._launch(name)
        self._wait_ready("web")

    def start(self, name: str) -> None:
        """Start one process again or for the first time; a web process is waited for. Also `valkey`."""
        if name == "valkey":
            self._valkey.start()
            return
        self._launch(name)
        if name.startswith("web"):
            self._wait_ready(name)

    def stop(self, name: str, signal_number: signal.Signals | None = None) -> None:
        """Stop one process, with its own stop signal or another, and wait until it has ended."""
        if name == "valkey":
            self._valkey.stop()
            return
        child = self._children[name]
        if signal_number is not None and child.process is not None:
            child.process.send_signal(signal_number)
            child.wait_stopped()
        child.stop()

    def kill(self, name: str) -> None:
        """kill -9 a process and everything it started."""
        if name == "valkey":
            os.kill(self._valkey.pid, signal.SIGKILL)
            self.wait_until(lambda: not self._valkey.alive, message="Valkey did not die")
        else:
            self._children[name].kill()

    def stop_all(self) -> None:
        """Stop everything and drop the database."""
        for child in reversed(self._children.values()):
            child.ask_to_stop()
        for child in self._children.values():
            child.wait_stopped()
        self._valkey.stop()
        self._database.drop()

    def worker_pids(self, name: str = "worker") -> list[int]:
        """The worker's main process first, then those that run the tasks."""
        main = self._children[name].pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]

    def logs(self, name: str, characters: int = 4000) -> str:
        """The end of a process's log."""
        try:
            return (self.places.log / f"{name}.log").read_text(errors="replace")[-characters:]
        except OSError:
            return ""

    # Clock.

    @property
    def clinical_now(self) -> datetime:
        """Clinical time as the processes read it."""
        return self._clock().clinical_at(wall_now())

    def advance_clock(self, seconds: float) -> None:
        """Move clinical time forward at once."""
        self._set_clock(self.clinical_now + timedelta(seconds=seconds), self._clock().speed)

    def set_speed(self, speed: float) -> None:
        """Let clinical time pass faster or slower from now on."""
        self._set_clock(self.clinical_now, speed)

    # Looking inside.

    def sql(self, query: str, parameters: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        """Rows of a query against the stack's database, as dictionaries."""
        with psycopg.connect(self.database_url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(query, parameters)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def manage(self, *arguments: str) -> str:
        """Run a management command against this stack; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def wait_until(
        self, predicate: Callable[[], Answer], timeout: float = PATIENCE_S, message: str = ""
    ) -> Answer:
        """The first true answer of the predicate. AssertionError with the logs when none came in time."""
        return wait_until(
            predicate,
            timeout,
            message,
            lambda: [f"--- {name}\n{self.logs(name, 1500)}" for name in self._children],
        )

    def _launch(self, name: str) -> None:
        if name in self._children and self._children[name].alive:
            raise AssertionError(f"{name} already runs.")
        self._children[name] = child = self._make(name, self.environment)
        child.start()

    def _make(self, name: str, environment: Mapping[str, str]) -> Child:
        kind = name.split("-")[0]
        if kind == "web":
            self._ports.setdefault(name, free_port())
            return processes.web(
                self.places, environment, host="127.0.0.1", port=self._ports[name], workers=1, name=name
            )
        if kind == "worker":
            return processes.worker(self.places, environment, processes=3, name=name)
        if kind == "watchdog":
            return processes.watchdog(self.places, environment, name=name)
        assert kind == "beat", f"{name} is no process of the stack"
        return processes.beat(self.places, environment, name=name)

    def _wait_ready(self, name: str) -> None:
        self.wait_until(lambda: answers(f"{self.url_of(name)}/health/ready"), 60, f"{name} was not ready")

    def _clock(self) -> ClockFile:
        return read_clock_file(self.places.clock)

    def _set_clock(self, clinical: datetime, speed: float) -> None:
        write_clock_file(self.places.clock, clinical_anchor=clinical, wall_anchor=wall_now(), speed=speed)
