"""A TCP proxy that breaks on command: slow, late, reset, or silent as a half-open connection."""

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

CHUNK = 16 * 1024


class Proxy:
    """Listens on a port of this machine and forwards to a unix socket's path or (host, port).

    A context manager; it works in a thread of its own, and its commands may come from any other.
    """

    def __init__(self, target: str | tuple[str, int]) -> None:
        self.target = target
        self.latency_s = 0.0
        self.bytes_per_s: float | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open = asyncio.Event()
        self._links: set[_Link] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    def blackhole(self) -> None:
        """Keep every connection open, accept new ones, and forward nothing."""
        self._call(self._open.clear)

    def freeze(self) -> None:
        """Forward nothing more on the present connections, ever; new ones work."""
        self._call(lambda: [link.frozen.set() for link in self._links])

    def heal(self) -> None:
        """Forward again, also what waited; frozen connections stay frozen."""
        self._call(self._open.set)

    def cut(self) -> None:
        """Reset (RST) every present connection, frozen ones too."""
        self._call(lambda: [link.reset() for link in tuple(self._links)])

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._links)

    def __enter__(self) -> Self:
        self._thread.start()
        self._wait(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> None:
        self._open.set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        ours = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not ours]
        for link in tuple(self._links):
            link.reset()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if isinstance(self.target, str):
                inner = await asyncio.open_unix_connection(self.target)
            else:
                inner = await asyncio.open_connection(*self.target)
        except OSError:
            _reset(writer)
            return
        link = _Link([writer, inner[1]])
        self._links.add(link)
        ways = [
            asyncio.create_task(self._forward(link, reader, inner[1])),
            asyncio.create_task(self._forward(link, inner[0], writer)),
        ]
        try:
            # The end of one way ends the other; a frozen link's ways never end by themselves.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            link.reset() if link.frozen.is_set() else link.close()
            self._links.discard(link)

    async def _forward(
        self, link: "_Link", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while True:
                await self._flowing(link)
                data = await reader.read(CHUNK)
                if not data:
                    return
                await self._flowing(link)
                if self.latency_s:
                    await asyncio.sleep(self.latency_s)
                if self.bytes_per_s:
                    await asyncio.sleep(len(data) / self.bytes_per_s)
                writer.write(data)
                await writer.drain()
        except OSError:
            return

    async def _flowing(self, link: "_Link") -> None:
        await self._open.wait()
        if link.frozen.is_set():
            await asyncio.Event().wait()

    def _call(self, command: Callable[[], Any]) -> None:
        async def run() -> None:
            command()

        self._wait(run())

    def _wait(self, work: Awaitable[None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)  # type: ignore[arg-type]


class _Link:
    """One client's connection and ours behind it."""

    def __init__(self, writers: list[asyncio.StreamWriter]) -> None:
        self._writers = writers
        self.frozen = asyncio.Event()

    def reset(self) -> None:
        for writer in self._writers:
            _reset(writer)

    def close(self) -> None:
        for writer in self._writers:
            writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.family != socket.AF_UNIX and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
