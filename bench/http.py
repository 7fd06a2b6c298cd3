"""A small HTTP client for loads: kept-alive connections, as little work of its own as can be."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import Any, Self
from urllib.parse import urlsplit

LIMIT_S = 30.0


class Connection:
    """One kept-alive connection to a loopback server; it opens again when the server closes it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        assert parts.hostname == "127.0.0.1" and parts.port, "Loads run against this machine alone."
        self._host, self._port = parts.hostname, parts.port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """POST JSON; returns status and body."""
        return await self.request("POST", path, body, {"Content-Type": "application/json", **headers})

    async def request(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """Send a request and read the answer whole."""
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        head += [f"Content-Length: {len(body)}", "", ""]
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write("\r\n".join(head).encode() + body)
        return await asyncio.wait_for(self._answer(), LIMIT_S)

    async def _answer(self) -> tuple[int, bytes]:
        assert self._reader is not None
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        fields = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
        }
        if fields.get("transfer-encoding") == "chunked":
            body = await self._chunks()
        else:
            body = await self._reader.readexactly(int(fields.get("content-length", 0)))
        if fields.get("connection", "").lower() == "close":
            self.close()
        return status, body

    async def _chunks(self) -> bytes:
        assert self._reader is not None
        body = b""
        while size := int(await self._reader.readline(), 16):
            body += await self._reader.readexactly(size)
            await self._reader.readline()
        await self._reader.readline()
        return body

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


@dataclass(slots=True)
class Post:
    """One write to make; `tag` is what a frame about it will carry."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    tag: str = ""

    def sent(self) -> tuple[str, bytes, dict[str, str]]:
        """With an Idempotency-Key of its own."""
        return (
            self.path,
            json.dumps(self.body).encode(),
            {**self.headers, "Idempotency-Key": str(uuid.uuid4())},
        )

    def with_headers(self, **headers: str) -> "Post":
        """The same post with these headers as well; an empty one is left out."""
        merged = {name: value for name, value in (self.headers | headers).items() if value}
        return replace(self, headers=merged)


@dataclass(slots=True)
class Round:
    """What came of a load: seconds per answer, and what was not a success."""

    seconds: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    started: dict[str, float] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return len(self.latencies_s) / self.seconds if self.seconds else 0.0

    def note(self, status: int, body: bytes, began: float) -> None:
        """Count one answer."""
        if 200 <= status < 300:
            self.latencies_s.append(time.time() - began)
        else:
            self.refused.append(f"{status} {body[:300]!r}")

    def __add__(self, other: Self) -> "Round":
        return Round(
            self.seconds + other.seconds,
            self.latencies_s + other.latencies_s,
            self.refused + other.refused,
            self.started | other.started,
        )


def flat_out(addresses: Sequence[str], posts: Sequence[Post], *, connections: int, seconds: float) -> Round:
    """Each connection sends one post after the other; no two connections share a post."""
    outcome = Round()

    async def send(number: int, end: float) -> None:
        line = Connection(addresses[number % len(addresses)])
        for post in cycle(posts[number::connections]):
            began = time.time()
            if began > end:
                break
            outcome.note(*await line.post(*post.sent()), began)
        line.close()

    async def run() -> None:
        end = time.time() + seconds
        await asyncio.gather(*(send(number, end) for number in range(connections)))

    began = time.time()
    asyncio.run(run())
    outcome.seconds = time.time() - began
    return outcome


def at_pace(
    addresses: Sequence[str],
    make: Callable[[int], Post],
    *,
    per_second: float,
    seconds: float,
    connections: int = 8,
) -> Round:
    """One post at a time falls due at a steady pace, whether or not the ones before were answered."""
    outcome = Round()

    async def run() -> None:
        free: asyncio.Queue[Connection] = asyncio.Queue()
        for number in range(connections):
            free.put_nowait(Connection(addresses[number % len(addresses)]))
        pending = [
            asyncio.create_task(send(free, number, begun + number / per_second))
            for number in range(int(per_second * seconds))
        ]
        await asyncio.gather(*pending)
        while not free.empty():
            free.get_nowait().close()

    async def send(free: asyncio.Queue[Connection], number: int, due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.time()))
        line = await free.get()
        post = make(number)
        began = time.time()
        outcome.started[post.tag] = began
        outcome.note(*await line.post(*post.sent()), began)
        free.put_nowait(line)

    begun = time.time()
    asyncio.run(run())
    outcome.seconds = time.time() - begun
    return outcome
