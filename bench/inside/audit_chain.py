"""How fast the record is proved: `python -m bench.inside.audit_chain [events]`, in a transaction that is taken back.

Events are made with proper hashes in chains of ten and written in bulk; a reading follows every tenth.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

import django
from django.db import connection, transaction
from psycopg.types.json import Jsonb

EVENTS = 100_000
CHAIN = 10
BULK = 5_000
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def main(events: int) -> None:
    """Print seconds for making, closing, proving everything, one chain, and a kept head."""
    django.setup()
    from apps.audit import services, verifying
    from apps.audit.collecting import Seen
    from apps.ledger.origin import Origin

    with transaction.atomic():
        _timed("make the events", lambda: _make(events))
        seen = Seen(patients={number: 1 for number in range(events // 10)})
        _timed(
            "make the readings",
            lambda: services.record_readings(
                user_id=1, kind="bench", seen=seen, origin=Origin(), wall_now=BEGIN
            ),
        )
        now = BEGIN + timedelta(days=2)
        _timed("close the day", lambda: services.close_finished_days(now=now, wall_now=now))
        head = _timed("take the head", lambda: verifying.take_head(wall_now=now))
        report = _timed("prove everything", verifying.verify_all)
        _timed("prove one chain", lambda: verifying.verify_subject("bench:1"))
        _timed("prove a kept head", lambda: verifying.verify_head(head))
        print(f"{report.events} events, {report.readings} readings, first fault: {report.fault}")
        transaction.set_rollback(True)


def _make(events: int) -> None:
    from apps.ledger.types import RecordedEvent
    from apps.ledger.writing import Ends, append_events

    ends: Ends = {}
    payload = {"version": 3, "rate_ml_per_h": "60", "rate_ml_per_h_before": "30", "reason": "next step"}
    origin = {"request_id": "0" * 32, "address": "10.0.0.1", "device": "0" * 16}
    for first in range(0, events, BULK):
        made = [
            RecordedEvent(
                "infusion.rate.changed",
                f"bench:{number // CHAIN}",
                1,
                "user:1",
                BEGIN,
                BEGIN,
                payload,
                origin,
            )
            for number in range(first, min(first + BULK, events))
        ]
        statement, values = append_events(made, ends)
        with connection.cursor() as cursor:
            cursor.execute(statement, [Jsonb(values[0].obj)])


def _timed(what, work):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    answer = work()
    print(f"{time.perf_counter() - began:8.2f} s  {what}", flush=True)
    return answer


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
