"""Writers of the audit."""

import time
import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from psycopg.types.json import Jsonb

from apps.audit.collecting import BREAK_GLASS, EXPORT, Seen
from apps.audit.domain import reading_hash
from apps.audit.models import DayChain, Reading
from apps.audit.selectors import day_sum, newest_day
from apps.ledger.origin import Origin
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.ledger.settling import settled_id
from apps.ledger.statements import Statement, run_together
from apps.ledger.walking import last_event_id_before

PATIENT_QUIET = timedelta(seconds=60)
WARD_QUIET = timedelta(minutes=15)
DAY_LOCK = 0x41554454

_TOLD = ("kind", "patient_id", "ward_id", "purpose", "request_id", "address", "device")
_REMEMBERED_AT_MOST = 20_000
_remembered: dict[tuple[Any, ...], float] = {}

_INSERT = """
INSERT INTO audit_reading
    (user_id, read_at, kind, patient_id, ward_id, purpose, request_id, address, device, hash)
SELECT user_id, read_at, kind, patient_id, ward_id, purpose, request_id, address, device, hash
FROM ROWS FROM (jsonb_to_recordset(%s) AS (
    user_id bigint, read_at timestamptz, kind text, patient_id bigint, ward_id bigint, purpose text,
    request_id text, address text, device text, hash text, quiet_since timestamptz)) WITH ORDINALITY AS fresh
WHERE quiet_since IS NULL OR NOT EXISTS (
    SELECT 1 FROM audit_reading seen
    WHERE seen.user_id = fresh.user_id AND seen.read_at > quiet_since AND seen.read_at <= fresh.read_at
      AND seen.kind = fresh.kind AND seen.purpose = fresh.purpose
      AND seen.patient_id IS NOT DISTINCT FROM fresh.patient_id
      AND (fresh.patient_id IS NOT NULL OR seen.ward_id = fresh.ward_id))
ORDER BY ordinality
"""


def record_readings(*, user_id: int, kind: str, seen: Seen, origin: Origin, wall_now: datetime) -> None:
    """Note in one statement whom a person was shown.

    The same person, patient and kind within a minute is one row, a ward as a whole within a quarter of an hour; what
    this process wrote lately does not even reach the database.
    """
    rows = _rows(user_id, kind, seen, origin, wall_now)
    fresh = [row for row in rows if _is_news(row)]
    if fresh:
        patients = {row["patient_id"] for row in fresh} - {None}
        _say_emergencies(fresh, _opened(user_id, patients) if patients else set())
        run_together([_insert(fresh, quiet=True)])
        _remember(fresh)


def _opened(user_id: int, patient_ids: set[int]) -> set[int]:
    """Which of the patients were opened to the person in an emergency: the accounts', above, know it."""
    opened_to: Callable[[int, Collection[int]], set[int]] = import_string(settings.EMERGENCIES)
    return opened_to(user_id, patient_ids)


def _say_emergencies(rows: Iterable[dict[str, Any]], opened: set[int]) -> None:
    for row in rows:
        if row["patient_id"] in opened:
            row["purpose"] = BREAK_GLASS
            told = {name: row[name] for name in _TOLD}
            row["hash"] = reading_hash(user_id=row["user_id"], read_at=row["read_at"], told=told)


def record_export(
    *,
    user_id: int,
    kind: str,
    seen: Seen,
    origin: Origin,
    payload: dict[str, Any],
    now: datetime,
    wall_now: datetime,
) -> None:
    """Note what leaves the house as a file, and of whom: an event, and a reading for each patient, or neither.

    `payload` says what it is: file, sha256, bytes, filter.
    """
    rows = _rows(user_id, kind, Seen(seen.patients, seen.wards, EXPORT), origin, wall_now)
    with unit_of_work() as unit:
        record_event(
            name="audit.export.taken",
            subject=f"export:{uuid.uuid4()}",
            ward_id=None,
            actor=f"user:{user_id}",
            now=now,
            payload={
                "kind": kind,
                "records": seen.records,
                "patients": len(seen.patients),
                **payload,
            },
        )
        if rows:
            unit.last_statements.append(_insert(rows, quiet=False))


def record_file(*, kind: str, records: int, sha256: str, now: datetime, **payload: Any) -> None:
    """Note a file that a command wrote, for which nobody is signed in."""
    with unit_of_work():
        record_event(
            name="audit.export.taken",
            subject=f"export:{uuid.uuid4()}",
            ward_id=None,
            actor=actor_of(None),
            now=now,
            payload={"kind": kind, "records": records, "sha256": sha256, **payload},
        )


def close_finished_days(*, now: datetime, wall_now: datetime) -> list[date]:
    """Seal each day that is over and not yet sealed; the first one takes all that was before it.

    A day takes what follows the day before, up to the last row recorded before its midnight. A row that is committed
    later under a higher number falls into the next day. Returns the days that were closed; none when somebody else
    is at it. Raises NotSettledError when somebody writes for too long: nothing is closed then.
    """
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [DAY_LOCK])
            if not cursor.fetchone()[0]:
                return []
        before = newest_day()
        day = before.day + timedelta(days=1) if before else yesterday
        closed: list[date] = []
        if day > yesterday:
            return closed
        events, readings = settled_id("ledger_event"), settled_id("audit_reading")
        while day <= yesterday:
            before = _close(day, before, events, readings, wall_now)
            closed.append(day)
            day += timedelta(days=1)
    return closed


def _close(day: date, before: DayChain | None, events: int, readings: int, wall_now: datetime) -> DayChain:
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    first_event, first_reading = (before.last_event_id, before.last_reading_id) if before else (0, 0)
    last_event = max(last_event_id_before(midnight, up_to_id=events), first_event)
    last_reading = max(_last_reading_before(midnight, readings), first_reading)
    previous_hash = before.hash if before else ""
    whole = day_sum(
        previous_hash, day, events=(first_event, last_event), readings=(first_reading, last_reading)
    )
    return DayChain.objects.create(
        day=day,
        events=whole.events,
        readings=whole.readings,
        last_event_id=last_event,
        last_reading_id=last_reading,
        previous_hash=previous_hash,
        hash=whole.digest(),
        closed_at=wall_now,
    )


def _last_reading_before(moment: datetime, up_to_id: int) -> int:
    rows = Reading.objects.filter(pk__lte=up_to_id, read_at__lt=moment).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def _rows(user_id: int, kind: str, seen: Seen, origin: Origin, wall_now: datetime) -> list[dict[str, Any]]:
    whom: list[tuple[int | None, int | None]] = [(None, ward) for ward in sorted(seen.wards)]
    whom += [(patient, ward) for patient, ward in sorted(seen.singly().items())]
    rows = []
    for patient_id, ward_id in whom:
        told = {
            "kind": kind[:80],
            "patient_id": patient_id,
            "ward_id": ward_id,
            "purpose": seen.purpose,
            "request_id": origin.request_id,
            "address": origin.address,
            "device": origin.device,
        }
        own_hash = reading_hash(user_id=user_id, read_at=wall_now, told=told)
        rows.append({**told, "user_id": user_id, "read_at": wall_now, "hash": own_hash})
    return rows


def _insert(rows: Iterable[dict[str, Any]], *, quiet: bool) -> Statement:
    return _INSERT, [
        Jsonb(
            [
                {
                    **row,
                    "read_at": row["read_at"].isoformat(),
                    "quiet_since": (row["read_at"] - _quiet(row)).isoformat() if quiet else None,
                }
                for row in rows
            ]
        )
    ]


def _quiet(row: dict[str, Any]) -> timedelta:
    return WARD_QUIET if row["patient_id"] is None else PATIENT_QUIET


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["user_id"], row["kind"], row["patient_id"], row["ward_id"], row["purpose"]


def _is_news(row: dict[str, Any]) -> bool:
    return _remembered.get(_key(row), 0.0) <= time.monotonic()


def _remember(rows: Iterable[dict[str, Any]]) -> None:
    if len(_remembered) > _REMEMBERED_AT_MOST:
        _remembered.clear()
    for row in rows:
        _remembered[_key(row)] = time.monotonic() + _quiet(row).total_seconds()
