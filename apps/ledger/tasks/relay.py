"""Handing messages over to the dashboards, in shifts."""

import logging
import os
import time

import redis
from celery import current_app, shared_task
from django.conf import settings
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable
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
SHIFT_S = 20.0
WAITS_FOR_SUCCESSOR_S = 30.0
CALLS_EVERY_S = 5.0
CALL_EXPIRES_S = 30
WAIT_S = 1.0
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


@shared_task(name="apps.ledger.tasks.relay", time_limit=90)
def relay(successor: bool = False) -> int:
    """Hand over messages as they are committed, for one shift, until the next shift is there.

    PostgreSQL's NOTIFY wakes it, so a message leaves within milliseconds of its commit. A shift that ends
    calls a successor, which waits for its lock; beat calls each second as well, should a shift have died.
    Returns how many messages left; -1 when another relay is at work.
    """
    if not _take_lock(wait=successor):
        return -1
    try:
        with _Redis() as wire:
            sent = _Shift(wire).work()
    finally:
        connection.close()  # and with it the lock, the listening and the session's own settings
    forget_sent_messages(wall_now=clock.wall_now())
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


class _Shift:
    """One relay at work."""

    def __init__(self, wire: _Redis) -> None:
        self._wire = wire
        self._sent = 0
        self._failures = 0
        self._ends_at = time.monotonic() + SHIFT_S
        self._beats_at = 0.0
        self._calls_at = self._ends_at

    def work(self) -> int:
        """Hand over until relieved. Returns how many messages left."""
        with connection.cursor() as cursor:
            cursor.execute(SESSION)
            cursor.execute(f"SET application_name = 'ivig-relay:{os.getpid()}'")
            cursor.execute(f"LISTEN {OUTBOX_CHANNEL}")
        while not self._relieved():
            self._show_life()
            try:
                handed_over = self._hand_over()
            except (redis.RedisError, OSError) as error:
                self._failed(error)
                continue
            self._sent += handed_over
            if not handed_over:
                _wait_for_commit()
        return self._sent

    def _hand_over(self) -> int:
        handed_over = hand_over_messages(send=self._wire.publish, wall_now=clock.wall_now())
        if handed_over == BATCH:
            handed_over += skip_backlog(send=self._wire.publish, wall_now=clock.wall_now())
        return handed_over

    def _failed(self, error: Exception) -> None:
        if not self._failures:
            logger.warning("Redis takes no messages; they wait in the outbox, boards read it: %s", error)
        self._failures += 1
        time.sleep(WAIT_S)

    def _show_life(self) -> None:
        if time.monotonic() >= self._beats_at:
            self._beats_at = time.monotonic() + HEARTBEAT_S
            details = {"sent": self._sent, "failures": self._failures}
            note_heartbeat(kind="relay", wall_now=clock.wall_now(), details=details)

    def _relieved(self) -> bool:
        now = time.monotonic()
        if now < self._ends_at:
            return False
        if _somebody_waits() or now > self._ends_at + WAITS_FOR_SUCCESSOR_S:
            return True
        if now >= self._calls_at:
            self._calls_at = now + CALLS_EVERY_S
            _call_successor()
        return False


def _call_successor() -> None:
    # A connection of its own: one that is kept could have died on the way without a word.
    patience = {"socket_timeout": REDIS_PATIENCE_S, "socket_connect_timeout": REDIS_PATIENCE_S}
    try:
        with current_app.connection_for_write(transport_options=patience) as broker:
            relay.apply_async(
                kwargs={"successor": True}, expires=CALL_EXPIRES_S, retry=False, connection=broker
            )
    except Exception as error:
        # The broker's libraries raise many kinds; this shift goes on, and beat tries each second.
        logger.warning("The next relay shift could not be called: %s", error)


def _wait_for_commit() -> None:
    for _ in connection.connection.notifies(timeout=WAIT_S, stop_after=1):
        pass


def _take_lock(*, wait: bool) -> bool:
    with connection.cursor() as cursor:
        if not wait:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [RELAY_LOCK])
            return bool(cursor.fetchone()[0])
        try:
            cursor.execute("SET lock_timeout = '10s'")
            cursor.execute("SELECT pg_advisory_lock(%s)", [RELAY_LOCK])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                return False
            raise
        finally:
            if connection.is_usable():
                cursor.execute("RESET lock_timeout")
        return True


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND classid = 0 AND objid = %s"
            " AND objsubid = 1 AND NOT granted)",
            [RELAY_LOCK],
        )
        return bool(cursor.fetchone()[0])
