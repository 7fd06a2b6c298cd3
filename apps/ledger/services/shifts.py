"""Who works on timers: shifts that hold a lock as long as their connection to PostgreSQL lives.

A claim belongs to a shift, and a shift is alive as long as somebody holds its lock. No clock takes
part, so a clock that jumps strands nothing, and what a killed worker had is free at once.
"""

from datetime import datetime

from django.db import DatabaseError, OperationalError, connection

from apps.ledger.models import Timer
from apps.ledger.services.timers import TIMERS_CHANNEL, release_timers

LEADER = 0
HELPERS = (1, 2)
SHIFT_LOCK = 0x54494D45
# PostgreSQL itself ends a shift that hangs, or that it hears nothing of: its lock and claims are free then.
SHIFT_LIMITS = {
    "lock_timeout": "5s",  # a handler that waits for a row stands back for the others
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "15s",
    "idle_session_timeout": "15s",
}

SUCCESSOR_WAITS = "3s"
_SUCCESSOR = """
    SELECT 1 FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted AND classid = %s AND objid = %s
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    LIMIT 1
"""


def take_shift(*, now: datetime) -> int | None:
    """Become the leader, or a helper when something is due. None when there is no place, or no need."""
    if _lock(LEADER):
        return LEADER
    due_at = next_due_at()
    if due_at is None or due_at > now:
        return None
    return next((shift for shift in HELPERS if _lock(shift)), None)


def await_lead() -> int | None:
    """Become the leader as soon as the present one leaves. None when it has not in SUCCESSOR_WAITS."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [SUCCESSOR_WAITS])
        try:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [SHIFT_LOCK, LEADER])
        except OperationalError:
            if connection.connection is None or connection.connection.closed:
                raise
            return None
        finally:
            if connection.connection is not None and not connection.connection.closed:
                cursor.execute("RESET lock_timeout")
    return LEADER


def somebody_awaits_lead() -> bool:
    """Whether a successor stands ready."""
    with connection.cursor() as cursor:
        cursor.execute(_SUCCESSOR, [SHIFT_LOCK, LEADER])
        return cursor.fetchone() is not None


def begin_shift(*, shift: int, wall_now: datetime) -> None:
    """Set the limits, free what a dead predecessor held, and listen."""
    with connection.cursor() as cursor:
        limits = ", ".join(["set_config(%s, %s, false)"] * len(SHIFT_LIMITS))
        cursor.execute(f"SELECT {limits}", [word for pair in SHIFT_LIMITS.items() for word in pair])
        cursor.execute(f"LISTEN {TIMERS_CHANNEL}")
    release_timers(shift=shift, wall_now=wall_now)


def leave_shift(*, shift: int) -> None:
    """Give the place to somebody else. After a lost connection there is nothing left to give."""
    if connection.connection is None or connection.connection.closed:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"UNLISTEN {TIMERS_CHANNEL}")
            for name in SHIFT_LIMITS:
                cursor.execute(f"RESET {name}")
        _unlock(shift)
    except DatabaseError:
        connection.close()  # the lock goes with it


def release_dead_shifts(*, shift: int, wall_now: datetime) -> int:
    """Free the timers of shifts that died with them, whose place nobody has taken since. Returns how many."""
    claimed = Timer.objects.filter(state=Timer.State.CLAIMED).exclude(claimed_by=shift)
    freed = 0
    for other in claimed.values_list("claimed_by", flat=True).distinct():
        if other is None:
            freed += release_timers(shift=None, wall_now=wall_now)
        elif _lock(other):
            try:
                freed += release_timers(shift=other, wall_now=wall_now)
            finally:
                _unlock(other)
    return freed


def next_due_at() -> datetime | None:
    """Clinical time at which the next timer falls due, those that rest after a failure aside."""
    waiting = Timer.objects.filter(state=Timer.State.PENDING, retry_at__isnull=True)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def _lock(shift: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SHIFT_LOCK, shift])
        return bool(cursor.fetchone()[0])


def _unlock(shift: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SHIFT_LOCK, shift])
