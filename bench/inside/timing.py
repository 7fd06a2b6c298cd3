"""Rows for timers that fall due at random moments of a window."""

import random
from datetime import datetime, timedelta

from django.db import connection

from apps.ledger.models import Timer
from bench.timing.wiring import KIND


def fill_timers(*, count: int, begins: str, window_s: float) -> int:
    """Store them, look at the table anew, and wake whoever waits for the next one."""
    start = datetime.fromisoformat(begins)
    Timer.objects.bulk_create(
        (
            Timer(
                kind=KIND,
                subject=f"bench:{number}",
                occurrence="1",
                due_at=start + timedelta(seconds=random.uniform(0, window_s)),
            )
            for number in range(count)
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_timer")
        cursor.execute("NOTIFY ivig_timers")
    return count
