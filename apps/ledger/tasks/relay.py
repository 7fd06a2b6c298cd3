"""Handing messages over to the dashboards, in shifts."""

import asyncio
import json
import time
from datetime import timedelta

from celery import shared_task
from channels.layers import get_channel_layer
from django.db import connection

from apps.kernel import clock
from apps.ledger.models import OutboxMessage
from apps.ledger.services.messages import forget_sent_messages, hand_over_messages
from apps.ledger.writing import OUTBOX_CHANNEL

RELAY_LOCK = 0x49564947  # one relay at a time, whichever worker runs it
RELAY_SHIFT = timedelta(seconds=20)
RELAY_WAIT_S = 1.0


@shared_task(name="apps.ledger.tasks.relay")
def relay() -> int:
    """Hand over messages as they are committed, for one shift, then call the next shift.

    PostgreSQL's NOTIFY wakes it, so a message leaves within milliseconds of its commit. Beat calls it
    every second as well, should a shift have died. Returns how many messages left; -1 when another
    relay is at work.
    """
    if not _take_relay_lock():
        return -1
    try:
        forget_sent_messages(wall_now=clock.wall_now())
        with asyncio.Runner() as runner:
            sent = _relay_shift(runner)
    finally:
        _release_relay_lock()
    relay.apply_async(expires=5, retry=False)
    return sent


def _relay_shift(runner: asyncio.Runner) -> int:
    layer = get_channel_layer()

    async def send_all(batch: list[OutboxMessage]) -> None:
        for message in batch:
            text = json.dumps(message.payload, ensure_ascii=False)
            await layer.group_send(f"ward.{message.ward_id}", {"type": "ward.message", "text": text})

    def send(batch: list[OutboxMessage]) -> None:
        runner.run(send_all(batch))

    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {OUTBOX_CHANNEL}")
    sent = 0
    end = time.monotonic() + RELAY_SHIFT.total_seconds()
    while time.monotonic() < end:
        handed_over = hand_over_messages(send=send, wall_now=clock.wall_now())
        sent += handed_over
        if not handed_over:
            _wait_for_commit()
    with connection.cursor() as cursor:
        cursor.execute(f"UNLISTEN {OUTBOX_CHANNEL}")
    return sent


def _wait_for_commit() -> None:
    for _ in connection.connection.notifies(timeout=RELAY_WAIT_S, stop_after=1):
        pass


def _take_relay_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RELAY_LOCK])
        return bool(cursor.fetchone()[0])


def _release_relay_lock() -> None:
    if connection.connection is None or connection.connection.closed:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [RELAY_LOCK])
