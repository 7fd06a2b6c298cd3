"""Health for load balancers and the launcher: who answers, each check bounded in time."""

from concurrent.futures import Future, ThreadPoolExecutor, wait

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from redis.backoff import NoBackoff
from redis.retry import Retry

CHECK_LIMIT_S = 0.8

# A server that hangs holds its thread a little longer than the answer takes; it never holds the answer.
_checkers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


def live(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when work can be done: `ok`, or `degraded` without Redis; 503 without PostgreSQL."""
    checks = {"postgresql": _checkers.submit(_ask_postgresql), "redis": _checkers.submit(_ask_redis)}
    wait(checks.values(), timeout=CHECK_LIMIT_S)
    answers = {name: _answered(future) for name, future in checks.items()}
    status = "ok" if all(answers.values()) else "degraded" if answers["postgresql"] else "unavailable"
    body = {"status": status, **{name: "ok" if answer else "down" for name, answer in answers.items()}}
    return JsonResponse(body, status=200 if answers["postgresql"] else 503)


def _answered(check: Future[None]) -> bool:
    try:
        check.result(timeout=0)
    except (TimeoutError, OSError, psycopg.Error, redis.RedisError):
        return False
    return True


def _ask_postgresql() -> None:
    # A connection of its own: the pool may be busy, and waiting for it says nothing about the server.
    parameters = connection.get_connection_params() | {"connect_timeout": 2}
    parameters.pop("pool", None)
    parameters.pop("context", None)
    with psycopg.connect(**parameters, autocommit=True) as own:
        own.execute("SELECT 1")


def _ask_redis() -> None:
    with redis.Redis.from_url(
        settings.REDIS.client_url,
        socket_timeout=CHECK_LIMIT_S,
        socket_connect_timeout=CHECK_LIMIT_S,
        retry=Retry(NoBackoff(), 0),
    ) as client:
        client.ping()
