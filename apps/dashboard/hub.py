"""One subscription per process and ward; the same bytes to every local socket.

Channels' `group_send` to each socket costs many times more than sending once to the process and
fanning out here. Each socket has a bounded queue: one that stops reading is told to start over from
the snapshot, and the others do not notice.
"""

import asyncio
import json
import logging
from collections import defaultdict
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from apps.kernel import clock
from apps.ledger.selectors import last_sequences

logger = logging.getLogger(__name__)

HEARTBEAT_S = 5.0
RETRY_S = 1.0
QUEUE_LIMIT = 200
RESYNC = json.dumps({"type": "resync"})

Queue = asyncio.Queue[str]


class Hub:
    """The local sockets of each ward, fed by one subscription per ward."""

    def __init__(self) -> None:
        self._queues: dict[int, set[Queue]] = defaultdict(set)
        self._listeners: dict[int, asyncio.Task[None]] = {}
        self._heart: asyncio.Task[None] | None = None

    def join(self, ward_id: int) -> Queue:
        """A queue that receives every message of the ward from now on."""
        queue: Queue = asyncio.Queue(QUEUE_LIMIT)
        self._queues[ward_id].add(queue)
        if ward_id not in self._listeners:
            self._listeners[ward_id] = asyncio.create_task(self._listen(ward_id))
        if self._heart is None:
            self._heart = asyncio.create_task(self._beat())
        return queue

    def leave(self, ward_id: int, queue: Queue) -> None:
        """Stop feeding a queue; the ward's last one ends the subscription."""
        self._queues[ward_id].discard(queue)
        if not self._queues[ward_id]:
            del self._queues[ward_id]
            self._listeners.pop(ward_id).cancel()
        if not self._queues and self._heart is not None:
            self._heart.cancel()
            self._heart = None

    async def _listen(self, ward_id: int) -> None:
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(f"ward.{ward_id}", channel)
                self._fan_out(ward_id, RESYNC)  # what was said before the subscription stood
                while True:
                    message = await layer.receive(channel)
                    self._fan_out(ward_id, message["text"])
            except asyncio.CancelledError:
                raise
            except Exception:
                # Heartbeats go on, so dashboards notice the gap and pull.
                logger.warning("Ward %s: subscription lost, trying again.", ward_id, exc_info=True)
                await asyncio.sleep(RETRY_S)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                sequences = await sequences_now(list(self._queues))
            except Exception:
                # No heartbeat without the database: dashboards then show STALE, which is the truth.
                logger.warning("No heartbeat: the database did not answer.", exc_info=True)
                continue
            for ward_id, sequence in sequences.items():
                self._fan_out(ward_id, clock_message("heartbeat", sequence))

    def _fan_out(self, ward_id: int, text: str) -> None:
        for queue in tuple(self._queues.get(ward_id, ())):
            try:
                queue.put_nowait(text)
            except asyncio.QueueFull:
                _start_over(queue)


def _start_over(queue: Queue) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(RESYNC)


def clock_message(kind: str, sequence: int) -> str:
    """A hello or heartbeat: where the ward stands and what the clinical clock says."""
    content: dict[str, Any] = {
        "type": kind,
        "sequence": sequence,
        "server_now": clock.now().isoformat(),
        "clock_speed": clock.speed(),
    }
    return json.dumps(content)


sequences_now = database_sync_to_async(last_sequences)

_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """This event loop's hub."""
    loop = asyncio.get_running_loop()
    for ended in [other for other in _hubs if other.is_closed()]:
        del _hubs[ended]
    return _hubs.setdefault(loop, Hub())
