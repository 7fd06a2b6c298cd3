"""One socket: a bounded queue and the task that empties it."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from apps.dashboard.rights import Visitor

QUEUE_LIMIT = 200
STUCK_S = 20.0
RESYNC = json.dumps({"type": "resync"})

Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Seat:
    """Where a socket waits for its ward's messages."""

    def __init__(self, visitor: Visitor, send: Send, close: Callable[[int], Awaitable[None]]) -> None:
        self.visitor = visitor
        self._send = send
        self._close = close
        self._waiting: deque[str] = deque()
        self._filled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._sending_since: float | None = None
        self._code: int | None = None

    def start(self, hello: str) -> None:
        """Begin to send, the hello first."""
        self._waiting.appendleft(hello)
        self._filled.set()
        self._task = asyncio.create_task(self._pump())

    def tell(self, text: str) -> None:
        """Queue a text; a full queue becomes one resync. Never waits."""
        if len(self._waiting) >= QUEUE_LIMIT:
            self._waiting.clear()
            text = RESYNC
        self._waiting.append(text)
        self._filled.set()

    def dismiss(self, code: int) -> None:
        """Close the socket, after what was on its way."""
        self._waiting.clear()
        self._code = code
        self._filled.set()

    def stop(self) -> None:
        """Send no more."""
        if self._task is not None:
            self._task.cancel()

    @property
    def stuck(self) -> bool:
        """Whether the other side has taken nothing for STUCK_S seconds."""
        since = self._sending_since
        return since is not None and asyncio.get_running_loop().time() - since > STUCK_S

    async def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        while self._code is None:
            await self._filled.wait()
            self._filled.clear()
            self._sending_since = loop.time()
            while self._waiting:
                await self._send({"type": "websocket.send", "text": self._waiting.popleft()})
                self._sending_since = loop.time()
            self._sending_since = None
        await self._close(self._code)
