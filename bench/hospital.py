"""The prepared databases that stages are copies of."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bench.stage import SECRET_KEY, run_inside
from tests.stack import Database

SEEDERS = 2


@dataclass(frozen=True, slots=True)
class Size:
    """How large the measured hospital is."""

    wards: int
    nurses_per_ward: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Hospital:
    """A seeded database and what is in it: wards with nurses' keys and running sessions."""

    database: Database
    wards: list[dict[str, Any]]
    seeded_at: str

    def sessions(self) -> list[dict[str, Any]]:
        """Every running session with its ward and the token of a nurse who may write to it."""
        return [
            {"id": session, "ward": ward["id"], "token": ward["nurses"][n % len(ward["nurses"])]["token"]}
            for ward in self.wards
            for n, session in enumerate(ward["sessions"])
        ]


def build(server_url: str, size: Size) -> Hospital:
    """Make the database: schema, guidelines, staff, patients, and running infusions."""
    database = Database(server_url)
    environment = _environment(database)
    run_inside(
        "prepare",
        {"wards": size.wards, "nurses_per_ward": size.nurses_per_ward, "patients": size.sessions},
        environment,
    )
    with ThreadPoolExecutor(SEEDERS) as pool:
        parts = [{"part": part, "parts": SEEDERS} for part in range(SEEDERS)]
        list(pool.map(lambda arguments: run_inside("sessions", arguments, environment), parts))
    return _finished(database)


def adopt(server_url: str, prepared: str) -> Hospital:
    """A copy of a database that somebody else prepared, such as the demo ward's."""
    return _finished(Database(server_url, copy_of=prepared))


def _finished(database: Database) -> Hospital:
    made = run_inside("finish", {}, _environment(database))
    return Hospital(database, made["wards"], made["seeded_at"])


def build_empty(server_url: str) -> Database:
    """A database with the schema and nothing in it."""
    database = Database(server_url)
    run_inside("migrate", {}, _environment(database))
    return database


def _environment(database: Database) -> Mapping[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "ivig_monitor.settings.base",
        "SECRET_KEY": SECRET_KEY,
    }
