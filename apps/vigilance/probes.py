"""Asks servers and disks how they are. Each question is bounded: who hangs counts as down."""

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Generic, TypeVar

import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.vigilance.domain.findings import Answer, Disk

REDIS_LIMIT_S = 0.8
PROBE_KEY = "ivig:probe"
PROBE_KEY_KEPT_S = 60
SPILLED_ROWS = 100_000  # about 3 MB of temporary file

Result = TypeVar("Result")


class Asker(Generic[Result]):
    """One thread for one question. A question that hangs is not asked a second time until it has ended."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._pending: Future[Result] | None = None

    def ask(self, question: Callable[[], Result], *, limit_s: float) -> Result:
        """The answer, or what the question raised. TimeoutError when it did not come in time."""
        if self._pending is not None and not self._pending.done():
            raise TimeoutError("the last question is still unanswered")
        self._pending = self._threads.submit(question)
        return self._pending.result(timeout=limit_s)


def redis_client() -> "redis.Redis":
    """A connection that gives up quickly."""
    return redis.Redis.from_url(
        settings.REDIS.client_url,
        socket_timeout=REDIS_LIMIT_S,
        socket_connect_timeout=REDIS_LIMIT_S,
        retry=Retry(NoBackoff(), 0),
    )


def ask_redis() -> Answer:
    """Whether Redis takes a small write: a full one still answers a ping."""
    try:
        with redis_client() as client:
            client.set(PROBE_KEY, "1", ex=PROBE_KEY_KEPT_S)
    except redis.ResponseError as error:
        return Answer.FULL if "OOM" in str(error) or "MISCONF" in str(error) else Answer.DOWN
    except (redis.RedisError, OSError):
        return Answer.DOWN
    return Answer.OK


def spill_to_disk() -> None:
    """Make PostgreSQL write a temporary file on its data disk: no log, no table, gone at once.

    Raises psycopg's DiskFull (through Django's OperationalError) when there is no room for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '64kB'")
        try:
            cursor.execute(f"SELECT count(*) FROM generate_series(1, {SPILLED_ROWS})")  # nosec B608  # ours
        finally:
            cursor.execute("RESET work_mem")


def ask_disks(places: list[str]) -> tuple[Disk, ...]:
    """Free space and a trial write for each place; one that does not exist is not writable."""
    return tuple(_ask_disk(Path(place)) for place in places)


def _ask_disk(place: Path) -> Disk:
    try:
        free_bytes = shutil.disk_usage(place).free
        with tempfile.NamedTemporaryFile(dir=place, prefix=".ivig-probe-") as trial:
            trial.write(b"0" * 4096)
            trial.flush()
    except OSError:
        return Disk(place=str(place), free_bytes=0, writable=False)
    return Disk(place=str(place), free_bytes=free_bytes)
