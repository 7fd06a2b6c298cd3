"""This process's one connection to Redis, with a channel for each ward that somebody here watches."""

import asyncio
import logging
import random
from collections.abc import Callable, Collection

import redis.asyncio
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from apps.ledger.wire import channel_of, unpack

logger = logging.getLogger(__name__)

PATIENCE_S = 2.0
PING_S = 2.0
SILENCE_S = 6.0
RETRY_S = 1.0

Deliver = Callable[[int, int, str], None]


class Subscription:
    """Hands over (ward id, sequence, text) of each message; a connection that falls silent is replaced."""

    def __init__(self, deliver: Deliver, wards: Callable[[], Collection[int]]) -> None:
        self._deliver = deliver
        self._wards = wards
        self._changed = asyncio.Event()
        self._heard_at = 0.0
        self.stands = False

    def changed(self) -> None:
        """Somebody watches another ward, or nobody watches one any more."""
        self._changed.set()

    async def run(self) -> None:
        """Subscribe, and again whenever the connection is lost, until cancelled."""
        told = self.stands = False
        while True:
            try:
                await self._follow()
            except* (redis.RedisError, OSError, ValueError) as errors:
                if self.stands or not told:
                    logger.warning(
                        "No messages from Redis, the outbox is read instead: %s", errors.exceptions[0]
                    )
                    told = True
            _obey_cancellation()
            self.stands = False
            await asyncio.sleep(RETRY_S * random.uniform(0.75, 1.25))  # nosec B311  # a moment

    async def _follow(self) -> None:
        client = redis.asyncio.Redis.from_url(
            settings.REDIS.client_url,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
        )
        channels: dict[bytes, int] = {}
        try:
            async with client.pubsub() as pubsub, asyncio.TaskGroup() as both:
                await self._agree(pubsub, channels)
                self._heard_at = asyncio.get_running_loop().time()
                both.create_task(self._read(pubsub, channels))
                both.create_task(self._tend(pubsub, channels))
        finally:
            await client.aclose()

    async def _read(self, pubsub: PubSub, channels: dict[bytes, int]) -> None:
        while True:
            message = await pubsub.get_message(timeout=None)
            if message is None:
                continue
            self._heard_at = asyncio.get_running_loop().time()
            self.stands = True
            ward_id = channels.get(message["channel"]) if message["type"] == "message" else None
            if ward_id is not None:
                self._deliver(ward_id, *unpack(message["data"]))

    async def _tend(self, pubsub: PubSub, channels: dict[bytes, int]) -> None:
        # A connection can die without a word: only an answer proves that it lives.
        while True:
            try:
                async with asyncio.timeout(PING_S):
                    await self._changed.wait()
            except TimeoutError:
                if asyncio.get_running_loop().time() - self._heard_at > SILENCE_S:
                    raise redis.ConnectionError(f"Redis has been silent for {SILENCE_S:.0f} s.") from None
                await pubsub.ping()
            await self._agree(pubsub, channels)

    async def _agree(self, pubsub: PubSub, channels: dict[bytes, int]) -> None:
        """Subscribe to exactly the wards that are watched."""
        self._changed.clear()
        wanted = {channel_of(ward_id).encode(): ward_id for ward_id in self._wards()}
        gone = [channel for channel in channels if channel not in wanted]
        new = [channel for channel in wanted if channel not in channels]
        channels.clear()
        channels.update(wanted)
        if new:
            await pubsub.subscribe(*new)
        if gone:
            await pubsub.unsubscribe(*gone)
        _obey_cancellation()


def _obey_cancellation() -> None:
    # A cancellation can be lost on the way: asyncio.wait_for, which redis-py writes with, forgets one that comes
    # as the write completes, and a task group whose tasks fail raises their errors instead. A run that lived on
    # would go on agreeing on wards beside its successor.
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
