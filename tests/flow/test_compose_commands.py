"""docker-compose.yml's own commands, run as two web and two workers on the embedded servers."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
import yaml

from ivig_monitor.launch.child import Child
from ivig_monitor.launch.embedded_valkey import EmbeddedValkey
from ivig_monitor.launch.places import ROOT, Places
from ivig_monitor.launch.probe import answers
from tests.stack import Database, free_port, wait_until

HOST = "ivig.hospital.example"
SERVICE_ROLE, SERVICE_PASSWORD = "ivig_service", "fedcba9876543210"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]

DUE_TIMER = """
    INSERT INTO ledger_timer
        (kind, subject, occurrence, due_at, priority, payload, state, attempts, last_error)
    VALUES ('deployment.trial', 'trial:1', '1', now(), 5, '{}', 'pending', 0, '')
"""
UNSENT_MESSAGE = """
    INSERT INTO ledger_outboxmessage (ward_id, sequence, payload, created_at) VALUES (0, 1, '{}', now())
"""


def unset(value: str) -> str:
    """What compose makes of `${NAME:-default}` when nobody sets NAME."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


class Deployment:
    """What the file describes, without containers: its commands and settings, at other addresses."""

    def __init__(self, directory: Path, server_url: str) -> None:
        self.places = Places(directory)
        self.places.make()
        self.server_url = server_url
        self.database = Database(server_url)
        self.valkey = EmbeddedValkey(self.places)
        self.children: list[Child] = []
        self.addresses = {
            "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
            "PATIENT_KEYS": "first:MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=",
            "PATIENT_SEARCH_SECRET": "zyxwvutsrqponmlkjihgfedcba-9876543210",
            "ALLOWED_HOSTS": HOST,
            "DATABASE_URL": self._as(SERVICE_ROLE, SERVICE_PASSWORD),
            "REDIS_URL": self.valkey.start(),
            "STATIC_ROOT": str(directory / "static"),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def environment(self, service: str) -> dict[str, str]:
        """The service's variables, addresses replaced; nothing of the tests' own settings."""
        outside = {"IVIG_CLOCK_FILE", "IVIG_DEMO", "DEBUG"}
        inherited = {name: value for name, value in os.environ.items() if name not in outside}
        given = {name: unset(value) for name, value in SERVICES[service]["environment"].items()}
        addresses = dict(self.addresses)
        if service == "migrate":  # the tables' owner
            addresses |= {"DATABASE_URL": self.database.url, "POSTGRES_SERVICE_PASSWORD": SERVICE_PASSWORD}
        return inherited | given | addresses

    def _as(self, role: str, password: str) -> str:
        """The database's address for another role."""
        owner = urlsplit(self.database.url)
        return owner._replace(netloc=f"{role}:{password}@{owner.netloc.rpartition('@')[2]}").geturl()

    def run(self, service: str, command: str) -> None:
        """Run a command in the service's environment to its end."""
        done = subprocess.run(
            shlex.split(command), cwd=ROOT, env=self.environment(service), capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"

    def start(self, service: str, number: int, changes: dict[str, str]) -> None:
        """Start the service's own command with parts of it replaced; each must be there."""
        command: str = SERVICES[service]["command"]
        for before, after in changes.items():
            assert before in command, f"{service}: {before!r} is not in {command!r}"
            command = command.replace(before, after)
        name = f"{service}-{number}"
        child = Child(
            name,
            shlex.split(command),
            log=self.places.log / f"{name}.log",
            owner=self.places.base,
            environment=self.environment(service),
            directory=ROOT,
        )
        self.children.append(child)
        child.start()

    def ended(self) -> list[str]:
        """The processes that have died, with the end of their logs."""
        return [f"{child.name}: {child.last_words(3000)}" for child in self.children if not child.alive]

    def stop(self) -> None:
        for child in reversed(self.children):
            child.kill()
        self.valkey.stop()
        self.database.drop()
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(f"DROP ROLE IF EXISTS {SERVICE_ROLE}")


@pytest.fixture
def deployment(servers: None, tmp_path: Path) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path, os.environ["DATABASE_URL"])
    try:
        yield deployment
    finally:
        deployment.stop()


def test_two_web_and_two_workers_serve_the_pages_and_run_the_timers(deployment: Deployment) -> None:
    deployment.run("migrate", SERVICES["migrate"]["command"])
    deployment.run("web", "python manage.py collectstatic --no-input --verbosity 0")  # as the image does
    ports = [free_port() for _ in range(SERVICES["web"]["deploy"]["replicas"])]
    for number, port in enumerate(ports):
        deployment.start("web", number, {"--host 0.0.0.0 --port 8000": f"--host 127.0.0.1 --port {port}"})
    for number in range(SERVICES["worker"]["deploy"]["replicas"]):
        # On one machine two workers need two names; in containers the host name tells them apart.
        deployment.start("worker", number, {" worker ": f" worker -n worker-{number}@%h "})
    for number in range(SERVICES["beat"]["deploy"]["replicas"]):
        schedule = f"--schedule {deployment.places.run}/beat-{number}"
        deployment.start("beat", number, {"--schedule /tmp/beat-schedule": schedule})
    deployment.start("watchdog", 0, {})
    assert len(ports) == 2 and len(deployment.children) == 7

    for port in ports:
        ready = f"http://127.0.0.1:{port}/health/ready"
        wait_until(
            lambda ready=ready: answers(ready, host=HOST), 60, f"{ready} did not answer", deployment.ended
        )
        page = httpx.get(
            f"http://127.0.0.1:{port}/sign-in/",
            headers={"Host": HOST, "X-Forwarded-Proto": "https"},
            trust_env=False,
        )
        assert page.status_code == 200
        style = re.search(r'href="(/static/[^"]+\.css)"', page.text)
        assert style and re.search(r"\.[0-9a-f]{12}\.css$", style.group(1)), "assets carry no fingerprint"
        plain = httpx.get(f"http://127.0.0.1:{port}/sign-in/", headers={"Host": HOST}, trust_env=False)
        assert plain.status_code == 301 and plain.headers["location"].startswith("https://")

    with psycopg.connect(deployment.database.url) as connection:
        connection.execute(DUE_TIMER)
        connection.execute(UNSENT_MESSAGE)
        people = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database()"
        )
        assert (SERVICE_ROLE,) in people.fetchall()
    wait_until(lambda: ticked(deployment), 30, "neither tick nor relay ran", deployment.ended)
    assert deployment.ended() == []


def ticked(deployment: Deployment) -> bool:
    """Whether a worker claimed the due timer and handed over the message."""
    with psycopg.connect(deployment.database.url) as connection:
        row = connection.execute(
            "SELECT max(attempts), (SELECT count(sent_at) FROM ledger_outboxmessage) FROM ledger_timer"
        ).fetchone()
    assert row is not None
    return row[0] >= 1 and row[1] == 1


def test_the_file_holds_no_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert "${POSTGRES_PASSWORD:?" in text and "${SECRET_KEY:?" in text
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            if "KEY" in name or "PASSWORD" in name:
                assert str(value).startswith("${"), name


@pytest.mark.parametrize("service", ["proxy", "web", "worker", "beat", "postgres", "redis"])
def test_every_long_running_service_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]


def test_the_proxy_lets_websockets_through() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert "proxy_set_header Upgrade $http_upgrade;" in text
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in text
