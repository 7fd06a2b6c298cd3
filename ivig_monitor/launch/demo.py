"""`manage.py demo`: servers, data, web, worker, beat and watchdog; one address; a clean end."""

import argparse
import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from apps.kernel.clock import wall_now
from ivig_monitor.demo_accounts import DEMO_ACCOUNTS
from ivig_monitor.demo_site import DEMO_SITE
from ivig_monitor.launch import processes
from ivig_monitor.launch.demo_clock import RENEW_S, DemoClock
from ivig_monitor.launch.embedded import Embedded, take_lock
from ivig_monitor.launch.places import ROOT, Places, var
from ivig_monitor.launch.probe import answers
from ivig_monitor.launch.problem import LaunchProblem

READY_LIMIT_S = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EVERYWHERE = {"0.0.0.0", "::"}  # nosec B104  # compared with, never bound to


Say = Callable[[str], None]


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `demo`; exits with a usage message when they are wrong."""
    parser = argparse.ArgumentParser(prog="manage.py demo", description="Run IVIG Monitor with a demo ward.")
    parser.add_argument("--port", type=_port, default=8000, help="default 8000")
    parser.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1: this machine only")
    parser.add_argument(
        "--speed", type=_speed, default=1.0, help="clinical seconds per real second, default 1"
    )
    return parser.parse_args(list(arguments))


def check(options: argparse.Namespace) -> None:
    """Refuse early what cannot work: a demo that already runs, a port in use. Raises LaunchProblem."""
    places = var()
    places.make()
    take_lock(places).close()
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((options.host, options.port))
        except PermissionError as error:
            raise LaunchProblem(f"Port {options.port} needs root: choose another with --port.") from error
        except socket.gaierror as error:
            raise LaunchProblem(f"{options.host} is not an address of this machine.") from error
        except OSError as error:
            raise LaunchProblem(
                f"Port {options.port} on {options.host} is not free ({error.strerror}): use --port."
            ) from error


def main(options: argparse.Namespace) -> int:
    """Run until asked to stop. Returns the exit status."""
    started = time.monotonic()

    def say(sentence: str) -> None:
        print(f"{time.monotonic() - started:5.1f} s  {sentence}", flush=True)

    places = var()
    servers = Embedded(places.base, given=os.environ)
    supervisor = processes.Supervisor(say)
    clock = DemoClock(places.clock)
    try:
        with _signals_raise():
            addresses = servers.start()
            say("PostgreSQL and Valkey run")
            environment = _environment(options, places, addresses, clock)
            # The web processes load while the data is prepared; nobody knows their address yet.
            supervisor.start(
                processes.web(places, environment, host=options.host, port=options.port, workers=2)
            )
            _prepare(environment)
            say("Database and demo ward are ready")
            supervisor.start(processes.worker(places, environment, processes=3))
            supervisor.start(processes.beat(places, environment))
            supervisor.start(processes.watchdog(places, environment))
            _wait_ready(options, supervisor)
            url = _url(options)
            servers.announce(f"Open {url} or stop it first (process {os.getpid()}).")
            say("Ready")
            _welcome(url, options)
            _watch(servers, supervisor, clock, say)
    except StopRequested:
        print("\nStopping.", flush=True)
    finally:
        with _signals_ignored():
            supervisor.stop()
            if clock.exists:
                clock.stop(wall_now=wall_now())
            servers.stop()
    print("Stopped; the data stays in var/.", flush=True)
    return 0


def _environment(
    options: argparse.Namespace, places: Places, addresses: Mapping[str, str], clock: DemoClock
) -> dict[str, str]:
    hosts = "*" if options.host in EVERYWHERE else f"localhost,127.0.0.1,[::1],{options.host}"
    environment = {
        **DEMO_SITE,
        **os.environ,
        **addresses,
        "SECRET_KEY": _kept(places.secret_key, lambda: secrets.token_urlsafe(64)),
        **_patient_keys(places),
        "ALLOWED_HOSTS": hosts,
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or _url(options).rstrip("/"),
        "IVIG_DEMO": "1",
    }
    environment.pop("IVIG_CLOCK_FILE", None)
    if clock.exists or options.speed != 1:
        clock.resume(speed=options.speed, wall_now=wall_now())
        environment["IVIG_CLOCK_FILE"] = str(clock.path)
    return environment


def _prepare(environment: Mapping[str, str]) -> None:
    command = [sys.executable, "manage.py", "prepare_demo"]
    # In a session of its own: Ctrl-C is for the launcher, which ends it.
    if subprocess.run(command, cwd=ROOT, env=environment, start_new_session=True).returncode:
        raise LaunchProblem("The demo's data could not be prepared; the reason is above.")


def _wait_ready(options: argparse.Namespace, supervisor: processes.Supervisor) -> None:
    end = time.monotonic() + READY_LIMIT_S
    while not answers(f"{_url(options)}health/ready"):
        if time.monotonic() > end:
            raise LaunchProblem(f"The web server does not answer; its log is {var().log / 'web.log'}.")
        supervisor.restart_ended()
        time.sleep(0.05)


def _watch(servers: Embedded, supervisor: processes.Supervisor, clock: DemoClock, say: Say) -> None:
    renew_at = 0.0
    while True:
        for name in servers.restart_ended():
            say(f"{name} had ended and was started again")
        supervisor.restart_ended()
        if clock.exists and time.monotonic() >= renew_at:
            clock.keep(wall_now=wall_now())
            renew_at = time.monotonic() + RENEW_S
        time.sleep(0.2)


def _welcome(url: str, options: argparse.Namespace) -> None:
    print(f"\n  {url}\n")
    for account in DEMO_ACCOUNTS:
        print(f"  {account.username:<18} {account.password}   {account.role}, {account.ward}")
    if options.host in EVERYWHERE:
        print("\n  Others on your network can reach this demo, and its passwords are public.")
    print("\n  Ctrl-C stops it.", flush=True)


def _url(options: argparse.Namespace) -> str:
    host = "127.0.0.1" if options.host in EVERYWHERE else options.host
    return f"http://{f'[{host}]' if ':' in host else host}:{options.port}/"


def _patient_keys(places: Places) -> dict[str, str]:
    """The demo's own keys, unless the environment brings others (PATIENT_KEYS_FILE alone is read by the settings)."""
    made = {
        "PATIENT_KEYS": (
            places.patient_keys,
            lambda: f"demo:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        ),
        "PATIENT_SEARCH_SECRET": (places.patient_search_secret, lambda: secrets.token_urlsafe(48)),
    }
    return {
        name: _kept(path, make)
        for name, (path, make) in made.items()
        if not (os.environ.get(name) or os.environ.get(f"{name}_FILE"))
    }


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in this file, made the first time."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(make())
    return path.read_text(encoding="ascii")


@contextmanager
def _signals_raise() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _signals_ignored() -> Iterator[None]:
    # A second Ctrl-C must not interrupt the clean end that the first one asked for.
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return port


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 3600:
        raise argparse.ArgumentTypeError("speed is a number above 0, at most 3600")
    return speed
