"""Dashboards by the hundred, in a process of their own: `python -m bench.sockets <plan.json>`.

Says `ready` when all are connected, notes every frame until it reads a line on standard input, then writes what
came to the file the plan names: per distinct text the arrival at each socket, in seconds of the machine's clock.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

AT_ONCE = 25  # being connected at the same time
OPEN_LIMIT_S = 60


class Dashboards:
    """All sockets of this process and what they heard."""

    def __init__(self) -> None:
        self.heard: dict[str, list[float]] = defaultdict(list)
        self.closed: list[str] = []
        self._open: list[ClientConnection] = []
        self._readers: list[asyncio.Task[None]] = []

    async def open(self, sockets: list[dict[str, Any]]) -> None:
        """Connect them all."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(socket: dict[str, Any]) -> None:
            async with turn:
                line = await connect(
                    socket["url"],
                    additional_headers=socket.get("headers", {}),
                    origin=socket.get("origin"),
                    open_timeout=OPEN_LIMIT_S,
                    compression=None,
                    proxy=None,
                )
                self._open.append(line)
                if socket.get("hello", True):
                    await line.recv()
            self._readers.append(asyncio.create_task(self._read(line)))

        await asyncio.gather(*map(one, sockets))

    async def _read(self, line: ClientConnection) -> None:
        try:
            async for text in line:
                self.heard[str(text)].append(time.time())
        finally:
            self.closed.append(f"{line.close_code} {line.close_reason}")

    async def close(self) -> None:
        """Hang up."""
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*(line.close() for line in self._open), return_exceptions=True)


async def listen(plan: dict[str, Any], line: Callable[[], str]) -> None:
    """Open, say so, wait to be told, write down."""
    dashboards = Dashboards()
    await dashboards.open(plan["sockets"])
    dashboards.heard.clear()
    print("ready", flush=True)
    while (word := (await asyncio.to_thread(line)).strip()) == "forget":
        dashboards.heard.clear()
    closed = list(dashboards.closed)
    Path(plan["out"]).write_text(json.dumps({"heard": dashboards.heard, "closed": closed}))
    print("written", word, flush=True)
    await dashboards.close()


if __name__ == "__main__":
    asyncio.run(listen(json.loads(Path(sys.argv[1]).read_text()), sys.stdin.readline))
