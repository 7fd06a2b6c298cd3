"""Where a measurement happens: a database of its own, a Valkey of its own, and the processes it asks for."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.rows import dict_row

from apps.kernel.clock import wall_now, write_clock_file
from bench.machine import memory_mb, processor_s
from ivig_monitor.launch import processes
from ivig_monitor.launch.child import Child
from ivig_monitor.launch.embedded_valkey import EmbeddedValkey
from ivig_monitor.launch.places import ROOT, Places
from ivig_monitor.launch.probe import answers
from tests.stack import Database, free_port

START_LIMIT_S = 60.0
WEB_WORKERS = 2
WORKER_PROCESSES = 3
SECRET_KEY = "for-measurements-only-0123456789-0123456789-0123456789"


class BenchProblem(Exception):
    """A measurement itself broke: not a missed limit."""


def run_inside(command: str, arguments: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    """Run a command of bench.inside in a process of its own; returns what it answered (JSON)."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", command, json.dumps(arguments)],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchProblem(f"bench.inside {command} failed:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.splitlines()[-1])


class Stage:
    """A copy of a prepared database with a Valkey beside it. Use as a context manager; it clears up."""

    def __init__(
        self, server_url: str, *, copy_of: str, settings: str = "ivig_monitor.settings.base"
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="ivig-stage-", ignore_cleanup_errors=True)
        self.places = Places(Path(self._temporary.name))
        self.places.make()
        self._database = Database(server_url, copy_of=copy_of)
        self._valkey = EmbeddedValkey(self.places)
        self._children: dict[str, Child] = {}
        self.ports: dict[str, int] = {}
        self.environment = {
            **os.environ,
            "DATABASE_URL": self._database.url,
            "REDIS_URL": self._valkey.start(),
            "DJANGO_SETTINGS_MODULE": settings,
            "SECRET_KEY": SECRET_KEY,
        }

    @property
    def database_url(self) -> str:
        return self._database.url

    def set_clock(self, clinical: Any) -> None:
        """Let clinical time begin at this moment, at speed 1, for every process started afterwards."""
        write_clock_file(self.places.clock, clinical_anchor=clinical, wall_anchor=wall_now(), speed=1)
        self.environment["IVIG_CLOCK_FILE"] = str(self.places.clock)

    def web(self, name: str = "web", *, workers: int = WEB_WORKERS, **environment: str) -> str:
        """The product's own web process; returns its address."""
        port = self._port(name)
        self._start(
            processes.web(
                self.places,
                self.environment | environment,
                host="127.0.0.1",
                port=port,
                workers=workers,
                name=name,
            )
        )
        return self._ready(name)

    def server(
        self, name: str, command: list[str], *, ready: str = "/health/ready", **environment: str
    ) -> str:
        """Another server: `{port}` in the command becomes its port. Returns its address."""
        port = self._port(name)
        own = self.environment | {"IVIG_DATABASE_POOL": "1"} | environment
        self.program(name, [word.format(port=port) for word in command], own)
        return self._ready(name, ready)

    def program(self, name: str, command: list[str], environment: Mapping[str, str] | None = None) -> Child:
        """Any program of Python's as a child process."""
        child = Child(
            name,
            [sys.executable, *command],
            log=self.places.log / f"{name}.log",
            owner=self.places.base,
            environment=environment or self.environment,
            directory=ROOT,
            patience_s=8.0,
        )
        return self._start(child)

    def worker(self, name: str = "worker", *, count: int = WORKER_PROCESSES) -> Child:
        """A Celery worker."""
        return self._start(processes.worker(self.places, self.environment, processes=count, name=name))

    def beat(self, name: str = "beat") -> Child:
        """Celery beat."""
        return self._start(processes.beat(self.places, self.environment, name=name))

    def start_background(self) -> None:
        """Worker and beat, until a relay is at work."""
        self.worker()
        self.beat()
        self.wait_for_relay()

    def wait_for_relay(self) -> None:
        """Until somebody hands messages over."""
        held = (
            "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        self.wait(lambda: self.sql(held)[0]["n"] > 0, "No relay took its shift")

    def stop(self, *names: str) -> None:
        """Stop processes by name, all without one; their names are free again."""
        chosen = names or tuple(self._children)
        for name in chosen:
            self._children[name].ask_to_stop()
        for name in chosen:
            self._children.pop(name).wait_stopped()

    def kill(self, name: str) -> None:
        """kill -9 a process and everything it started."""
        self._children.pop(name).kill()

    def pid(self, name: str) -> int:
        return self._children[name].pid

    def processor_s(self, *names: str) -> float:
        """Processor time that these processes have used."""
        return sum(processor_s(self.pid(name)) for name in names)

    def memory_mb(self, *names: str) -> float:
        """Resident memory of these processes."""
        return sum(memory_mb(self.pid(name)) for name in names)

    def inside(self, command: str, **arguments: Any) -> Any:
        """Run a command of bench.inside against this database."""
        return run_inside(command, arguments, self.environment)

    def manage(self, *arguments: str) -> None:
        """Run a management command."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchProblem(f"manage.py {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")

    def sql(self, query: str, parameters: Any = None) -> list[dict[str, Any]]:
        """Rows of a query."""
        with psycopg.connect(self.database_url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(query, parameters)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def commit_without_disk(self) -> None:
        """From the next connection on, COMMIT returns before the disk has it: what is left is the product's own."""
        name = psycopg.conninfo.conninfo_to_dict(self.database_url)["dbname"]
        self.sql(f"ALTER DATABASE {name} SET synchronous_commit = off")

    def wait(self, condition: Any, message: str, limit_s: float = START_LIMIT_S) -> None:
        """Wait for a condition. Raises BenchProblem with the ends of the logs."""
        end = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > end:
                words = [f"--- {name}\n{child.last_words()}" for name, child in self._children.items()]
                raise BenchProblem("\n".join([f"{message} in {limit_s:.0f} s.", *words]))
            time.sleep(0.05)

    def _start(self, child: Child) -> Child:
        self._children[child.name] = child
        child.start()
        return child

    def _port(self, name: str) -> int:
        return self.ports.setdefault(name, free_port())

    def _ready(self, name: str, path: str = "/health/ready") -> str:
        address = f"http://127.0.0.1:{self.ports[name]}"
        self.wait(lambda: answers(f"{address}{path}"), f"{name} was not ready")
        return address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self.stop()
        self._valkey.stop()
        self._database.drop()
        self._temporary.cleanup()
