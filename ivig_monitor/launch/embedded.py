"""Both embedded servers together: never two on one data directory, found again after a crash."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ivig_monitor.launch.embedded_postgres import EmbeddedPostgres
from ivig_monitor.launch.embedded_valkey import EmbeddedValkey
from ivig_monitor.launch.leftovers import end_leftovers
from ivig_monitor.launch.places import Places
from ivig_monitor.launch.problem import LaunchProblem

DATABASE_URL = "DATABASE_URL"
REDIS_URL = "REDIS_URL"


class Embedded:
    """Owns a base directory: its lock, its servers, and what an earlier owner left running.

    Servers whose address is already in `given` are somebody else's and are not started.
    """

    def __init__(
        self, base: Path | str, *, given: Mapping[str, str] | None = None, durable: bool = True
    ) -> None:
        self.places = Places(Path(base).resolve())
        given = given or {}
        self._servers: dict[str, EmbeddedPostgres | EmbeddedValkey] = {}
        self.postgres = EmbeddedPostgres(self.places, durable=durable)
        self.valkey = EmbeddedValkey(self.places)
        if not given.get(DATABASE_URL):
            self._servers[DATABASE_URL] = self.postgres
        if not given.get(REDIS_URL):
            self._servers[REDIS_URL] = self.valkey
        self.addresses: dict[str, str] = {}
        self._lock: BinaryIO | None = None

    def start(self) -> dict[str, str]:
        """Start what is missing; returns the addresses as environment variables.

        Raises LaunchProblem when another launcher owns the directory or a server does not start;
        nothing is left running then.
        """
        self.places.make()
        self._lock = take_lock(self.places)
        try:
            if self.postgres in self._servers.values():
                self.postgres.end_leftover()
            end_leftovers(self.places.base)
            for name, server in self._servers.items():
                self.addresses[name] = server.start()
            self.places.addresses.write_text(json.dumps(self.addresses), encoding="utf-8")
        except BaseException:
            self.stop()
            raise
        return dict(self.addresses)

    def announce(self, sentence: str) -> None:
        """What a second launcher is told about this one."""
        if self._lock is not None:
            self._lock.seek(0)
            self._lock.truncate()
            self._lock.write(sentence.encode())
            self._lock.flush()

    def restart_ended(self) -> list[str]:
        """Start servers that have died on the addresses they had. Returns their names."""
        ended = [server for server in self._servers.values() if not server.alive]
        for server in ended:
            server.start()
        return [type(server).__name__.removeprefix("Embedded") for server in ended]

    def stop(self) -> None:
        """Stop the servers, last started first, and give the directory free."""
        for server in reversed(self._servers.values()):
            server.stop()
        self.places.addresses.unlink(missing_ok=True)
        self.addresses = {}
        if self._lock is not None:
            self.announce("")
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def take_lock(places: Places) -> BinaryIO:
    """The launcher's lock on a base directory; closing it gives it free, and so does dying.

    Raises LaunchProblem with what the holder announced.
    """
    lock = os.fdopen(os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        words = lock.read().decode(errors="replace")
        lock.close()
        where = words or f"It keeps its files in {places.base}."
        raise LaunchProblem(f"IVIG Monitor is already running here. {where}") from None
    return lock
