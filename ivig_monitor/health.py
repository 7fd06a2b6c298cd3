"""Health for load balancers, the launcher and every page: who answers, each check bounded in time.

`/health/live`: this process answers. `/health/ready`: 503 when this process can do no work, which is without
PostgreSQL; otherwise 200, `ok` or `degraded` with the parts that are missing, because taking a web process
out of service helps nobody when beat has stopped. `/health/findings`: what every screen must say.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from apps.kernel import clock
from apps.vigilance.domain.findings import KINDS, Answer, Disk, Signs, judge
from apps.vigilance.probes import ask_disks, ask_redis
from apps.vigilance.selectors import board_findings, signs_by_the_clock

CHECK_LIMIT_S = 0.9
FINDINGS_KEPT_S = 2.0

# The part of the service that each finding speaks of; what has no finding is "ok".
PARTS = {
    "postgresql": ("postgresql_down", "postgresql_full", "postgresql_read_only"),
    "redis": ("redis_down", "redis_full"),
    "beat": ("beat_silent",),
    "timers": ("workers_silent", "timers_silent", "timers_late"),
    "relay": ("workers_silent", "relay_silent", "outbox_stuck"),
    "watchdog": ("watchdog_silent",),
    "disk": ("disk_full", "disk_low"),
    "clock": ("clock_apart",),
}

# A server that hangs holds its thread a little longer than the answer takes; it never holds the answer.
_checkers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


def live(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Which part is missing, by name and code. 503 without PostgreSQL."""
    checks: dict[str, Future[Any]] = {
        "postgresql": _checkers.submit(_ask_postgresql),
        "redis": _checkers.submit(ask_redis),
        "signs": _checkers.submit(_with_connection, _signs),
        "disks": _checkers.submit(ask_disks, settings.VIGILANCE_DISKS),
    }
    wait(checks.values(), timeout=CHECK_LIMIT_S)
    postgresql = _answer(checks["postgresql"], Answer.DOWN)
    unread = Signs(postgresql=Answer.DOWN)  # the database answers, but not to this question in time
    signs: Signs = replace(
        _answer(checks["signs"], unread if postgresql is Answer.OK else Signs()),
        redis=_answer(checks["redis"], Answer.DOWN),
        disks=_answer(checks["disks"], tuple(Disk(place, 0, False) for place in settings.VIGILANCE_DISKS)),
    )
    if postgresql is not Answer.OK:
        signs = replace(signs, postgresql=postgresql)
    codes = [finding.code for finding in judge(signs)]
    parts = {part: next((code for code in of if code in codes), "ok") for part, of in PARTS.items()}
    working = postgresql is Answer.OK
    status = "unavailable" if not working else "degraded" if codes else "ok"
    return JsonResponse({"status": status, **parts}, status=200 if working else 503)


def findings(request: HttpRequest) -> JsonResponse:
    """What every screen must say of the service, in English for translation; no sign-in, no patient's data."""
    return JsonResponse({"findings": _kept_findings()})


def _kept_findings() -> list[dict[str, Any]]:
    """Asked every few seconds by every screen: one reading serves them all."""
    global _kept
    read_s, kept = _kept
    if time.monotonic() - read_s >= FINDINGS_KEPT_S:
        reading: Future[list[dict[str, Any]]] = _checkers.submit(_with_connection, board_findings)
        wait([reading], timeout=CHECK_LIMIT_S)
        down = [{"code": "postgresql_down", "text": KINDS["postgresql_down"].board}]
        kept = _answer(reading, down)
        _kept = time.monotonic(), kept
    return kept


_kept: tuple[float, list[dict[str, Any]]] = (float("-inf"), [])


def _answer(check: "Future[Any]", otherwise: Any) -> Any:
    try:
        return check.result(timeout=0)
    except (TimeoutError, OSError, psycopg.Error, DatabaseError):
        return otherwise


def _with_connection(question: Callable[[], Any]) -> Any:
    try:
        return question()
    finally:
        connection.close()  # back to the pool: this thread may not be asked again for long


def _signs() -> Signs:
    return signs_by_the_clock(now=clock.now(), wall_now=clock.wall_now(), speed=clock.speed())


def _ask_postgresql() -> Answer:
    # A connection of its own: the pool may be busy, and waiting for it says nothing about the server.
    parameters = connection.get_connection_params() | {"connect_timeout": 2}
    parameters.pop("pool", None)
    parameters.pop("context", None)
    with psycopg.connect(**parameters, autocommit=True) as own:
        own.execute("SELECT 1")
    return Answer.OK
