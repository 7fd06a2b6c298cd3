"""Handing messages over to the dashboards, in shifts."""

import logging
import time
from datetime import timedelta

import redis
from celery import shared_task
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.kernel import clock
from apps.ledger.services import note_heartbeat
from apps.ledger.services.messages import BATCH, forget_sent_messages, hand_over_messages, skip_backlog
from apps.ledger.types import Message
from apps.ledger.wire import channel_of, pack
from apps.ledger.writing import OUTBOX_CHANNEL

logger = logging.getLogger(__name__)

RELAY_LOCK = 0x49564947  # one relay at a time, whichever worker runs it
RELAY_SHIFT = timedelta(seconds=20)
RELAY_WAIT_S = 1.0
REDIS_PATIENCE_S = 1.0
HEARTBEAT_S = 3.0

# PostgreSQL itself ends a relay that hangs or whose machine has gone, and gives the lock to the next one. A relay
# asks something every second; the keepalives count over TCP only.
SESSION = """
    SET idle_session_timeout = '5s';
    SET tcp_keepalives_idle = 3;
    SET tcp_keepalives_interval = 1;
    SET tcp_keepalives_count = 3;
"""


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
        with _Redis() as wire:
            sent = _relay_shift(wire)
        forget_sent_messages(wall_now=clock.wall_now())
    finally:
        connection.close()  # and with it the lock, the listening and the session's own settings
    _call_next_shift()
    return sent


class _Redis:
    """Publishes a batch in one round trip, or fails within seconds."""

    def __init__(self) -> None:
        self._client = redis.Redis.from_url(
            settings.REDIS.client_url,
            socket_timeout=REDIS_PATIENCE_S,
            socket_connect_timeout=REDIS_PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
        )

    def __enter__(self) -> "_Redis":
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def publish(self, messages: list[Message]) -> None:
        """Raises redis.RedisError or OSError: then none, some or all have left."""
        with self._client.pipeline(transaction=False) as batch:
            for message in messages:
                batch.publish(channel_of(message.ward_id), pack(message.sequence, message.text))
            batch.execute()


def _relay_shift(wire: _Redis) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        cursor.execute(f"LISTEN {OUTBOX_CHANNEL}")
    sent, failures = 0, 0
    end = time.monotonic() + RELAY_SHIFT.total_seconds()
    beat_at = 0.0
    while time.monotonic() < end:
        if time.monotonic() >= beat_at:
            beat_at = time.monotonic() + HEARTBEAT_S
            details = {"sent": sent, "failures": failures}
            note_heartbeat(kind="relay", wall_now=clock.wall_now(), details=details)
        try:
            handed_over = _hand_over(wire)
        except (redis.RedisError, OSError) as error:
            if not failures:
                logger.warning("Redis takes no messages; they wait in the outbox, boards read it: %s", error)
            failures += 1
            time.sleep(RELAY_WAIT_S)
            continue
        sent += handed_over
        if not handed_over:
            _wait_for_commit()
    return sent


def _hand_over(wire: _Redis) -> int:
    handed_over = hand_over_messages(send=wire.publish, wall_now=clock.wall_now())
    if handed_over == BATCH:
        handed_over += skip_backlog(send=wire.publish, wall_now=clock.wall_now())
    return handed_over


def _wait_for_commit() -> None:
    for _ in connection.connection.notifies(timeout=RELAY_WAIT_S, stop_after=1):
        pass


def _take_relay_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RELAY_LOCK])
        return bool(cursor.fetchone()[0])


def _call_next_shift() -> None:
    try:
        relay.apply_async(expires=5, retry=False)
    except Exception as error:
        # The broker's libraries raise many kinds; beat tries each second anyway.
        logger.warning("The next relay shift could not be called, beat will: %s", error)
