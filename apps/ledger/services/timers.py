"""Scheduling, claiming and firing timers."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.kernel import clock
from apps.ledger.models import Timer
from apps.ledger.types import DueTimer, PlannedTimer
from apps.ledger.unit import unit_of_work, write_collected
from apps.ledger.wiring import timer_failed_handler, timer_handler

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 6


def schedule_timer(
    *,
    kind: str,
    subject: str,
    occurrence: str,
    due_at: datetime,
    ward_id: int | None,
    priority: int = 5,
    payload: dict[str, Any] | None = None,
) -> None:
    """Make sure that this timer exists once. The same (kind, subject, occurrence) again is a no-op."""
    timer = PlannedTimer(kind, subject, occurrence, ward_id, due_at, priority, payload or {})
    with unit_of_work() as unit:
        unit.unwritten_timers.append(timer)


def cancel_timers(*, subject: str, kinds: tuple[str, ...]) -> None:
    """Call off the pending timers of a subject; one that is being fired re-checks for itself."""
    write_collected()
    Timer.objects.filter(subject=subject, kind__in=kinds, state=Timer.State.PENDING).update(
        state=Timer.State.CANCELLED
    )


def claim_due_timers(*, now: datetime, wall_now: datetime, limit: int = 500) -> list[tuple[int, int]]:
    """Take due timers, most urgent first, for LEASE of real time. Returns (timer id, attempt) pairs.

    Two claimers never take the same row (SKIP LOCKED); a claim whose worker died is taken again when
    its lease has run out.
    """
    with transaction.atomic():
        due = list(
            Timer.objects.select_for_update(skip_locked=True)
            .filter(
                Q(state=Timer.State.PENDING, due_at__lte=now)
                & (Q(retry_at__isnull=True) | Q(retry_at__lte=wall_now))
                | Q(state=Timer.State.CLAIMED, lease_until__lt=wall_now)
            )
            .order_by("priority", "due_at")[:limit]
        )
        for timer in due:
            timer.state = Timer.State.CLAIMED
            timer.attempts += 1
            timer.lease_until = wall_now + LEASE
        Timer.objects.bulk_update(due, ["state", "attempts", "lease_until"])
    exhausted = [timer for timer in due if timer.attempts > MAX_ATTEMPTS]
    for timer in exhausted:
        _give_up(timer.pk, timer.last_error or "The worker died each time.")
    return [(timer.pk, timer.attempts) for timer in due if timer not in exhausted]


def fire_timer(*, timer_id: int, attempt: int) -> None:
    """Run a claimed timer's handler and settle it in the same transaction: one effect, or none."""
    try:
        with unit_of_work():
            timer = Timer.objects.select_for_update().get(pk=timer_id)
            if timer.state != Timer.State.CLAIMED or timer.attempts != attempt:
                return
            now = clock.now()
            timer_handler(timer.kind)(_as_due(timer), now=now)
            timer.state = Timer.State.DONE
            timer.fired_at = now
            timer.save(update_fields=["state", "fired_at"])
    except Exception as error:
        logger.exception("Timer %s failed on attempt %s.", timer_id, attempt)
        _retry_or_give_up(timer_id, attempt, f"{type(error).__name__}: {error}")


def _retry_or_give_up(timer_id: int, attempt: int, error: str) -> None:
    if attempt >= MAX_ATTEMPTS:
        _give_up(timer_id, error)
        return
    backoff = timedelta(seconds=2**attempt)
    Timer.objects.filter(pk=timer_id, state=Timer.State.CLAIMED, attempts=attempt).update(
        state=Timer.State.PENDING, retry_at=clock.wall_now() + backoff, last_error=error
    )


def _give_up(timer_id: int, error: str) -> None:
    with unit_of_work():
        timer = Timer.objects.select_for_update().get(pk=timer_id)
        if timer.state != Timer.State.CLAIMED:
            return
        timer.state = Timer.State.FAILED
        timer.last_error = error
        timer.save(update_fields=["state", "last_error"])
        timer_failed_handler()(_as_due(timer), error)


def _as_due(timer: Timer) -> DueTimer:
    return DueTimer(
        kind=timer.kind,
        subject=timer.subject,
        occurrence=timer.occurrence,
        ward_id=timer.ward_id,
        due_at=timer.due_at,
        payload=timer.payload,
    )
