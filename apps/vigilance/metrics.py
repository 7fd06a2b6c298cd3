"""The service's measurements, read from the database and Redis when somebody asks: no process keeps counters.

So they are right with any number of web processes and workers, and survive their restarts. What only a
process could count (the duration of its requests) is the proxy's to measure: its log has it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import redis
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from apps.ledger.selectors import heartbeats
from apps.ledger.standing import (
    Waiting,
    alert_acknowledgement_s,
    alert_delivery_s,
    overdue_timers,
    timer_counts,
    timer_lateness_s,
    unsent_messages,
)
from apps.vigilance.domain.findings import KINDS
from apps.vigilance.probes import redis_client
from apps.vigilance.selectors import open_findings

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
CELERY_QUEUE = "celery"
ALIVE = timedelta(seconds=20)
LATENESS_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
DELIVERY_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60)
ACKNOWLEDGEMENT_S = (5, 15, 30, 60, 120, 300, 600, 1800, 3600)


def measurements(*, now: datetime, wall_now: datetime) -> bytes:
    """Prometheus' text format. Raises django.db.Error without the database."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Reading(now, wall_now))
    return generate_latest(registry)


class _Reading:
    """One reading of everything."""

    def __init__(self, now: datetime, wall_now: datetime) -> None:
        self._now = now
        self._wall_now = wall_now

    def collect(self) -> Iterator[Metric]:
        """Called once by the registry."""
        yield from self._timers()
        yield from self._outbox()
        yield _histogram(
            "ivig_alert_delivery_seconds",
            "Commit of an alert to its handing over to the boards, newest ones.",
            alert_delivery_s(),
            DELIVERY_S,
        )
        yield _histogram(
            "ivig_alert_acknowledgement_seconds",
            "Raising of an alert to its being taken, newest ones.",
            alert_acknowledgement_s(),
            ACKNOWLEDGEMENT_S,
        )
        yield from self._parts()
        yield from _queue()
        yield _findings()

    def _timers(self) -> Iterator[Metric]:
        counts = timer_counts()
        overdue = overdue_timers(now=self._now, wall_now=self._wall_now)
        yield _gauge(
            "ivig_timers_pending", "Timers that are not settled.", counts["pending"] + counts["claimed"]
        )
        yield _gauge("ivig_timers_failed", "Timers whose retries ended.", counts["failed"])
        yield _gauge(
            "ivig_timers_overdue", "Timers that fell due and did not fire, 10 000 at most.", overdue.count
        )
        yield _gauge(
            "ivig_timer_oldest_overdue_seconds",
            "Age of the oldest overdue timer.",
            _age_s(overdue, self._now),
        )
        yield _histogram(
            "ivig_timer_lateness_seconds", "Due to fired, newest ones.", timer_lateness_s(), LATENESS_S
        )

    def _outbox(self) -> Iterator[Metric]:
        unsent = unsent_messages()
        yield _gauge("ivig_outbox_unsent", "Messages to boards that wait, 10 000 at most.", unsent.count)
        yield _gauge(
            "ivig_outbox_oldest_unsent_seconds", "Age of the oldest of them.", _age_s(unsent, self._wall_now)
        )

    def _parts(self) -> Iterator[Metric]:
        silence = GaugeMetricFamily(
            "ivig_part_silent_seconds", "Since the last sign of life.", labels=["part"]
        )
        newest: dict[str, datetime] = {}
        sockets = 0
        for kind, _, at, details in heartbeats():
            newest[kind] = max(at, newest.get(kind, at))
            if kind == "web" and self._wall_now - at <= ALIVE:
                sockets += int(str(details.get("sockets", 0)))
        for kind, at in sorted(newest.items()):
            silence.add_metric([kind], (self._wall_now - at).total_seconds())
        yield silence
        yield _gauge("ivig_sockets", "Dashboards that listen.", sockets)


def _queue() -> Iterable[Metric]:
    try:
        with redis_client() as client:
            depth = int(client.llen(CELERY_QUEUE))  # type: ignore[arg-type]
    except (redis.RedisError, OSError):
        return [_gauge("ivig_redis_up", "Whether Redis answers.", 0)]
    return [
        _gauge("ivig_redis_up", "Whether Redis answers.", 1),
        _gauge("ivig_celery_queue_depth", "Tasks that wait for a worker.", depth),
    ]


def _findings() -> Metric:
    family = GaugeMetricFamily("ivig_finding_open", "1 while it is so.", labels=["code", "severity"])
    found = {finding.code for finding in open_findings()}
    for code, kind in KINDS.items():
        family.add_metric([code, kind.severity.value], 1.0 if code in found else 0.0)
    return family


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)


def _histogram(name: str, documentation: str, values_s: Sequence[float], bounds_s: Sequence[float]) -> Metric:
    """Of a sample of the newest: it can shrink, so read its quantiles, never its rate."""
    counts = [(str(bound), float(sum(value <= bound for value in values_s))) for bound in bounds_s]
    family = HistogramMetricFamily(name, documentation)
    family.add_metric([], [*counts, ("+Inf", float(len(values_s)))], sum_value=sum(values_s))
    return family


def _age_s(waiting: Waiting, now: datetime) -> float:
    return max((now - waiting.since).total_seconds(), 0.0) if waiting.since else 0.0
