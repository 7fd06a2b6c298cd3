"""Stands between a process and PostgreSQL, and stops the world at a COMMIT: before it arrives, or before its answer."""

import contextlib
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
CHUNK = 64 * 1024


class Hold(Enum):
    """What the gate does with the next COMMIT that belongs to a write."""

    NOTHING = "nothing"
    REQUEST = "the COMMIT does not reach the server"
    ANSWER = "the server commits, and the answer does not reach the process"


class CommitGate:
    """A unix socket in `directory` that forwards to PostgreSQL's. A context manager.

    Set `hold` to stop the next COMMIT on a connection that was sent `marker` before; `held` tells that it is so.
    """

    def __init__(self, server_directory: str, *, marker: bytes, port: int = 5432) -> None:
        name = f".s.PGSQL.{port}"
        self.directory = Path(tempfile.mkdtemp(prefix="gate-", dir="/tmp"))
        self.hold = Hold.NOTHING
        self.held = threading.Event()
        self._marker = marker
        self._target = f"{server_directory}/{name}"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.directory / name))
        self._links: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._listener.listen(50)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for link in [self._listener, *self._links]:
            _hang_up(link)
        shutil.rmtree(self.directory)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            self._links += [client, server]
            silent = threading.Event()
            threading.Thread(target=self._up, args=(client, server, silent), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client, silent), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        written = False
        for content in _chunks(client):
            written = written or self._marker in content
            if COMMIT in content and written:
                written = False
                hold, self.hold = self.hold, Hold.NOTHING
                if hold is Hold.ANSWER:
                    silent.set()
                if hold is not Hold.REQUEST:
                    _forward(server, content)
                if hold is not Hold.NOTHING:
                    self.held.set()
            else:
                _forward(server, content)
        _hang_up(server)

    def _down(self, server: socket.socket, client: socket.socket, silent: threading.Event) -> None:
        for content in _chunks(server):
            if not silent.is_set():
                _forward(client, content)
        _hang_up(client)


def _chunks(link: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            content = link.recv(CHUNK)
        except OSError:
            return
        if not content:
            return
        yield content


def _forward(link: socket.socket, content: bytes) -> None:
    try:
        link.sendall(content)
    except OSError:
        _hang_up(link)


def _hang_up(link: socket.socket) -> None:
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
