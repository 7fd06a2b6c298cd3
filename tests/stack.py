"""The product running for real: its own database, its own Valkey, web, worker and beat as processes.

Processes are called `web`, `worker`, `beat` and `watchdog`; `web-2`, `worker-2` … are further ones of a kind.
`valkey` and, with a server of its own, `postgres` can be stopped, killed and started too.
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
from ivig_monitor.launch.embedded_postgres import EmbeddedPostgres, package_directory
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
    """A database with the demo ward in it, prepared once and copied for every stack.

    `site` describes the hospital that sends cases; without it the demo has none.
    """

    def __init__(self, server_url: str, *, site: Mapping[str, str] | None = None) -> None:
        self.server_url = server_url
        self._database = Database(server_url)
        environment = {**os.environ, **(site or {}), "DATABASE_URL": self._database.url}
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

    @property
    def url(self) -> str:
        return self._database.url

    def drop(self) -> None:
        self._database.drop()


class OwnServer:
    """A PostgreSQL of the stack's own, durable as in a hospital, with a copy of the template in it."""

    def __init__(self, template: StackTemplate, places: Places) -> None:
        self.server = EmbeddedPostgres(places, durable=True)
        self.url = self.server.start()
        programs = package_directory("embedded_postgres") / "pginstall" / "bin"
        dump = subprocess.Popen([programs / "pg_dump", template.url], stdout=subprocess.PIPE)
        command = [programs / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", self.url]
        filled = subprocess.run(command, stdin=dump.stdout, stdout=subprocess.DEVNULL)
        assert dump.wait() == 0 and filled.returncode == 0, "The template could not be copied."

    def drop(self) -> None:
        """Stop it; its files go with the stack's directory."""
        self.server.stop()


class ShiftedClock:
    """Real time as the stack's processes see it, moved by libfaketime while they run. The test's own stays."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "faketime"
        self._file.write_text("+0\n")
        library = package_directory("libfaketime") / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def shift(self, seconds: float) -> None:
        """Put the clock so many seconds before (+) or behind (-) the real one."""
        fresh = self._file.with_name("faketime.new")
        fresh.write_text(f"{seconds:+.0f}\n")
        fresh.replace(self._file)


class Stack:
    """A running demo. Clinical time starts at real time and speed 1; the test moves it.

    `own_postgres` gives it a durable server of its own. `shifted_clock` lets `shift_real_time` move the
    processes' real time, and clinical time is then real time, as in a hospital.
    """

    def __init__(
        self,
        template: StackTemplate,
        directory: Path,
        *,
        own_postgres: bool = False,
        shifted_clock: bool = False,
        settings: str = "ivig_monitor.settings.base",
    ) -> None:
        self.places = Places(directory)
        self.places.make()
        self._own_server = OwnServer(template, self.places) if own_postgres else None
        self._database: Database | OwnServer = self._own_server or Database(
            template.server_url, copy_of=template.database
        )
        self._shifted = ShiftedClock(directory) if shifted_clock else None
        self._valkey = EmbeddedValkey(self.places)
        self._children: dict[str, Child] = {}
        self._ports: dict[str, int] = {}
        write_clock_file(self.places.clock, clinical_anchor=wall_now(), wall_anchor=wall_now(), speed=1)
        self.environment = {
            **os.environ,
            "DATABASE_URL": self._database.url,
            "REDIS_URL": self._valkey.start(),
            "DJANGO_SETTINGS_MODULE": settings,
            "SECRET_KEY": "a-key-for-tests-only-" + uuid.uuid4().hex,
            "IVIG_DEMO": "1",
        }
        if self._shifted:
            self.environment |= self._shifted.environment
        else:
            self.environment["IVIG_CLOCK_FILE"] = str(self.places.clock)

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
        """Start one process again or for the first time; a web process is waited for."""
        if name in ("valkey", "postgres"):
            self._server(name).start()
            return
        self._launch(name)
        if name.startswith("web"):
            self._wait_ready(name)

    def stop(self, name: str, signal_number: signal.Signals | None = None) -> None:
        """Stop one process, with its own stop signal or another, and wait until it has ended."""
        if name in ("valkey", "postgres"):
            self._server(name).stop()
            return
        child = self._children[name]
        if signal_number is not None and child.process is not None:
            child.process.send_signal(signal_number)
            child.wait_stopped()
        child.stop()

    def kill(self, name: str) -> None:
        """kill -9 a process and everything it started."""
        if name in ("valkey", "postgres"):
            server = self._server(name)
            os.kill(server.pid, signal.SIGKILL)
            self.wait_until(lambda: not server.alive, message=f"{name} did not die")
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

    def restart_all(self) -> None:
        """Stop every process in order and start each again, the servers aside."""
        for child in reversed(self._children.values()):
            child.ask_to_stop()
        for child in self._children.values():
            child.wait_stopped()
        for name in list(self._children):
            self._launch(name)
        for name in self._ports:
            self._wait_ready(name)

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
        """Clinical time as the processes read it, unless their real time was shifted."""
        return self._clock().clinical_at(wall_now())

    def advance_clock(self, seconds: float) -> None:
        """Move clinical time forward at once."""
        self._set_clock(self.clinical_now + timedelta(seconds=seconds), self._clock().speed)

    def set_speed(self, speed: float) -> None:
        """Let clinical time pass faster or slower from now on."""
        self._set_clock(self.clinical_now, speed)

    def shift_real_time(self, seconds: float) -> None:
        """Put the processes' real time so many seconds before (+) or behind (-) that of the test."""
        assert self._shifted, "This stack was started without shifted_clock."
        self._shifted.shift(seconds)

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

    def _server(self, name: str) -> EmbeddedValkey | EmbeddedPostgres:
        if name == "valkey":
            return self._valkey
        assert self._own_server, "This stack shares its PostgreSQL: start it with own_postgres."
        return self._own_server.server

    def _launch(self, name: str) -> None:
        if name in self._children and self._children[name].alive:
            raise AssertionError(f"{name} already runs.")
        self._children[name] = child = self._make(name, self.environment)
        child.start()

    def _make(self, name: str, environment: Mapping[str, str]) -> Child:
        kind = name.split("-")[0]
        if kind == "web":
            self._ports.setdefault(name, free_port())
            environment = {"PUBLIC_URL": self.url_of(name)} | dict(environment)
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
