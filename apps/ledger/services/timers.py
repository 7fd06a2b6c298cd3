"""Scheduling, claiming and firing timers."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from apps.kernel import clock
from apps.ledger.domain.timing import (
    LATE_AFTER_S,
    LONGEST_REST,
    rest_after_death,
    rest_after_failure,
)
from apps.ledger.models import LEAST_URGENT, MOST_URGENT, Timer
from apps.ledger.types import DueTimer, PlannedTimer
from apps.ledger.unit import unit_of_work, write_collected
from apps.ledger.wiring import timer_failed_handler, timer_handler

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
KEPT = timedelta(days=90)  # longer than anything sets the same timer again
PRUNED_AT_ONCE = 1000

_CLAIM = """
    UPDATE ledger_timer SET state = 'claimed', attempts = attempts + 1, claimed_by = %s
    WHERE id = ANY(ARRAY(
        -- One look into the index for each priority: neither those not yet due nor the whole backlog are read.
        SELECT due.id FROM generate_series(%s, %s) AS urgency, LATERAL (
            SELECT id FROM ledger_timer
            WHERE state = 'pending' AND priority = urgency AND due_at <= %s
              AND (retry_at IS NULL OR retry_at <= %s OR retry_at > %s)
            ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
        ) AS due LIMIT %s
    ))
    RETURNING id, attempts, priority, due_at
"""
_CLAIMED = """
    SELECT kind, subject, occurrence, ward_id, due_at, payload,
        CASE WHEN late_s > %(late_after_s)s THEN late_s ELSE 0 END
    FROM ledger_timer, LATERAL (SELECT extract(epoch FROM %(now)s - due_at) / %(speed)s AS late_s) AS lateness
    WHERE id = %(id)s AND state = 'claimed' AND attempts = %(attempt)s
"""
_SETTLE = """
    UPDATE ledger_timer
    SET state = 'done', fired_at = %(now)s, claimed_by = NULL, late_by_s = NULLIF(%(late_by_s)s, 0)
    WHERE id = %(id)s AND state = 'claimed' AND attempts = %(attempt)s
"""
_PRUNE = """
    DELETE FROM ledger_timer WHERE id = ANY(ARRAY(
        SELECT id FROM ledger_timer WHERE state IN ('done', 'cancelled') AND due_at < %s LIMIT %s
    ))
"""


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


def claim_due_timers(
    *, now: datetime, wall_now: datetime, shift: int = 0, limit: int = 500
) -> list[tuple[int, int]]:
    """Take due timers, most urgent first. Returns (timer id, attempt) pairs in that order.

    Two claimers never take the same row (SKIP LOCKED). A claim holds as long as its shift lives: see
    `release_timers`. A timer whose workers died MAX_ATTEMPTS times is given up, and a human is told.
    """
    # A rest that ends later than any rest may last was set before the clock was put back.
    with connection.cursor() as cursor:
        until = wall_now + LONGEST_REST
        cursor.execute(_CLAIM, [shift, MOST_URGENT, LEAST_URGENT, now, wall_now, until, limit, limit])
        rows = sorted(cursor.fetchall(), key=lambda row: row[2:])
    claimed = []
    for timer_id, attempt, _, _ in rows:
        if attempt > MAX_ATTEMPTS:
            _give_up(timer_id, "The worker died each time.")
        else:
            claimed.append((timer_id, attempt))
    return claimed


def release_timers(*, shift: int | None, wall_now: datetime) -> int:
    """Give back what a shift took that lives no more. Returns how many.

    The caller must know that it is dead: he holds its lock. `None` stands for claims nobody owns.
    """
    claimed = Timer.objects.filter(state=Timer.State.CLAIMED, claimed_by=shift)
    if shift is None:
        claimed = Timer.objects.filter(state=Timer.State.CLAIMED, claimed_by__isnull=True)
    released = 0
    for attempts in sorted(set(claimed.values_list("attempts", flat=True))):
        rest = rest_after_death(attempts)
        released += claimed.filter(attempts=attempts).update(
            state=Timer.State.PENDING, claimed_by=None, retry_at=wall_now + rest if rest else None
        )
    return released


def fire_timer(*, timer_id: int, attempt: int) -> bool:
    """Run a claimed timer's handler and settle it in the same transaction: one effect, or none.

    The handler locks what the timer is about before the timer itself is locked, as everybody does who plans timers:
    the other way round the two would wait for each other. Returns whether it fired. A handler that fails leaves the
    timer for a later attempt, or for a human when there were MAX_ATTEMPTS. Raises the database's error when even that
    cannot be written down.
    """
    try:
        with unit_of_work():
            now = clock.now()
            timer = _claimed(timer_id, attempt, now)
            if timer is None:
                return False
            timer_handler(timer.kind)(timer, now=now)
            _settle(timer_id, attempt, timer, now)
    except _TakenOver:
        return False
    except Exception as error:
        logger.exception("Timer %s failed on attempt %s.", timer_id, attempt)
        _retry_or_give_up(timer_id, attempt, f"{type(error).__name__}: {error}")
        return False
    return True


def forget_settled_timers(*, now: datetime) -> int:
    """Delete timers that were done or called off long ago, some at a time. Returns how many."""
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_PRUNE, [now - KEPT, PRUNED_AT_ONCE])
            deleted: int = cursor.rowcount
        forgotten += deleted
        if deleted < PRUNED_AT_ONCE:
            return forgotten


class _TakenOver(Exception):
    """Somebody else fires this timer by now: what was done for it is undone."""


def _claimed(timer_id: int, attempt: int, now: datetime) -> DueTimer | None:
    """The timer as it was claimed. None when somebody else has it by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIMED,
            {
                "now": now,
                "late_after_s": LATE_AFTER_S,
                "speed": max(clock.speed(), 1.0),
                "id": timer_id,
                "attempt": attempt,
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    kind, subject, occurrence, ward_id, due_at, payload, late_by_s = row
    return DueTimer(
        kind=kind,
        subject=subject,
        occurrence=occurrence,
        ward_id=ward_id,
        due_at=due_at,
        payload=json.loads(payload),
        late_by_s=float(late_by_s),
    )


def _settle(timer_id: int, attempt: int, timer: DueTimer, now: datetime) -> None:
    """Mark it done, in the transaction of its effect. Raises _TakenOver."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE, {"now": now, "late_by_s": timer.late_by_s, "id": timer_id, "attempt": attempt}
        )
        if not cursor.rowcount:
            raise _TakenOver


def _retry_or_give_up(timer_id: int, attempt: int, error: str) -> None:
    if attempt >= MAX_ATTEMPTS:
        _give_up(timer_id, error)
        return
    Timer.objects.filter(pk=timer_id, state=Timer.State.CLAIMED, attempts=attempt).update(
        state=Timer.State.PENDING,
        claimed_by=None,
        retry_at=clock.wall_now() + rest_after_failure(attempt),
        last_error=error,
    )


def _give_up(timer_id: int, error: str) -> None:
    with unit_of_work():
        timer = Timer.objects.select_for_update().get(pk=timer_id)
        if timer.state != Timer.State.CLAIMED:
            return
        timer.state = Timer.State.FAILED
        timer.claimed_by = None
        timer.last_error = timer.last_error or error
        timer.save(update_fields=["state", "claimed_by", "last_error"])
        timer_failed_handler()(
            DueTimer(
                kind=timer.kind,
                subject=timer.subject,
                occurrence=timer.occurrence,
                ward_id=timer.ward_id,
                due_at=timer.due_at,
                payload=timer.payload,
            ),
            error,
        )
