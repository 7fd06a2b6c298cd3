"""Runs web, worker and beat beside the embedded servers, and starts again what dies."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from signal import SIGKILL, SIGQUIT, SIGTERM, Signals

from ivig_monitor.launch.child import Child
from ivig_monitor.launch.places import ROOT, Places

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
STEADY_S = 30.0

# A half-open socket is noticed within 20 s. Compressing each frame for each socket would cost more than sending it.
SOCKETS = ("--ws-ping-interval", "10", "--ws-ping-timeout", "10", "--ws-per-message-deflate", "false")


def web(
    places: Places, environment: Mapping[str, str], *, host: str, port: int, workers: int, name: str = "web"
) -> Child:
    """HTTP and WebSockets. `workers` processes share the port."""
    command = [
        *(
            sys.executable,
            "-m",
            "uvicorn",
            "ivig_monitor.asgi:application",
            "--host",
            host,
            "--port",
            str(port),
        ),
        *("--workers", str(workers), "--lifespan", "off", "--no-access-log", "--log-level", "warning"),
        *("--timeout-graceful-shutdown", "3", *SOCKETS),
    ]
    # Told of its parent's death it stops its own workers; killed, it would leave them behind.
    own = {**environment, "IVIG_DATABASE_POOL": "1"}
    return _child(name, command, places, own, stop_signal=SIGTERM, death_signal=SIGTERM)


def worker(places: Places, environment: Mapping[str, str], *, processes: int, name: str = "worker") -> Child:
    """A Celery worker. It stops at once: what it had not finished is delivered again."""
    command = [
        *_celery("worker"),
        "-c",
        str(processes),
        "--without-gossip",
        "--without-mingle",
        "-n",
        f"{name}@%h",
    ]
    return _child(name, command, places, environment, stop_signal=SIGQUIT)


def beat(places: Places, environment: Mapping[str, str], *, name: str = "beat") -> Child:
    """Celery beat, which drives `tick` and `relay`."""
    command = [*_celery("beat"), "--schedule", str(places.run / f"{name}-schedule"), "--pidfile="]
    return _child(name, command, places, environment)


def watchdog(places: Places, environment: Mapping[str, str], *, name: str = "watchdog") -> Child:
    """Watches the others, without Redis and without Celery."""
    return _child(name, [sys.executable, "manage.py", "watchdog"], places, environment)


def _celery(command: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "ivig_monitor.celery", command, "-l", "warning"]


def _child(
    name: str,
    command: list[str],
    places: Places,
    environment: Mapping[str, str],
    *,
    stop_signal: Signals = SIGTERM,
    death_signal: Signals = SIGKILL,
) -> Child:
    return Child(
        name,
        command,
        log=places.log / f"{name}.log",
        owner=places.base,
        environment=environment,
        directory=ROOT,
        stop_signal=stop_signal,
        death_signal=death_signal,
        patience_s=8.0,
    )


@dataclass(slots=True)
class _Watched:
    child: Child
    started: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    again_at: float | None = None


class Supervisor:
    """Children in the order they start; they stop in the opposite order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._watched: list[_Watched] = []

    def start(self, child: Child) -> None:
        """Start a child and keep it running from now on."""
        self._watched.append(_Watched(child, started=time.monotonic()))
        child.start()

    def restart_ended(self) -> None:
        """Start again what has died, later each time it dies soon. Call it often; it does not wait."""
        for watched in self._watched:
            if watched.child.alive:
                continue
            now = time.monotonic()
            if watched.again_at is None:
                self._plan(watched, now)
            elif now >= watched.again_at:
                watched.again_at = None
                watched.started = now
                watched.child.start()

    def stop(self) -> None:
        """Ask all to stop, last started first, then wait for each."""
        for watched in reversed(self._watched):
            watched.child.ask_to_stop()
        for watched in reversed(self._watched):
            watched.child.wait_stopped()
        self._watched.clear()

    def _plan(self, watched: _Watched, now: float) -> None:
        if now - watched.started > STEADY_S:
            watched.pause_s = FIRST_PAUSE_S
        watched.child.kill()  # what it started must not hold its port
        watched.again_at = now + watched.pause_s
        self._say(
            f"{watched.child.name} has ended, again in {watched.pause_s:.0f} s; see {watched.child.log}"
        )
        watched.pause_s = min(watched.pause_s * 2, LONGEST_PAUSE_S)
