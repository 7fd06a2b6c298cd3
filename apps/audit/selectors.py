"""Readers of the audit."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from apps.audit.domain import DaySum
from apps.audit.models import DayChain, Reading
from apps.ledger.walking import event_hashes

ReadingRecord = Reading
ClosedDay = DayChain

_STEP = 2000


@dataclass(frozen=True, slots=True)
class ReadingQuery:
    """Which readings: of a patient (with the board of their ward), by a person, within a time, for a purpose."""

    patient_id: int | None = None
    ward_id: int | None = None
    user_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    purposes: Sequence[str] = ()


def find_readings(query: ReadingQuery, *, before_id: int | None, limit: int) -> list[ReadingRecord]:
    """The newest readings that fit, numbered below `before_id`."""
    found = Reading.objects.order_by("-pk")
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    if query.patient_id is not None:
        found = found.filter(
            Q(patient_id=query.patient_id) | Q(patient_id__isnull=True, ward_id=query.ward_id)
        )
    if query.user_id is not None:
        found = found.filter(user_id=query.user_id)
    if query.since is not None:
        found = found.filter(read_at__gte=query.since)
    if query.until is not None:
        found = found.filter(read_at__lt=query.until)
    if query.purposes:
        found = found.filter(purpose__in=query.purposes)
    return list(found[:limit])


def reading(reading_id: int) -> ReadingRecord | None:
    """One reading; None when there is none of this number."""
    return Reading.objects.filter(pk=reading_id).first()


def newest_day() -> ClosedDay | None:
    """The day that was closed last; None before the first one."""
    return DayChain.objects.order_by("-day").first()


def closed_days(*, since: date | None = None) -> list[ClosedDay]:
    """The closed days in order, from a day on."""
    days = DayChain.objects.order_by("day")
    return list(days.filter(day__gte=since) if since else days)


def closed_day(day: date) -> ClosedDay | None:
    """The row that closed a day; None while it is open."""
    return DayChain.objects.filter(day=day).first()


def day_before(day: date) -> ClosedDay | None:
    """The closed day before a day; None before the first one."""
    return DayChain.objects.filter(day__lt=day).order_by("-day").first()


def day_sum(
    previous_hash: str, day: date | None, *, events: tuple[int, int], readings: tuple[int, int]
) -> DaySum:
    """The sum over the stored hashes of the rows numbered above the first up to the second of each pair."""
    whole = DaySum(previous_hash, day)
    for number, own_hash, _, _ in event_hashes(after_id=events[0], up_to_id=events[1]):
        whole.add_event(number, own_hash)
    for row in walk_readings(after_id=readings[0], up_to_id=readings[1]):
        whole.add_reading(row["id"], row["hash"])
    return whole


_COLUMNS = (
    "id", "user_id", "read_at", "kind", "patient_id", "ward_id", "purpose", "request_id", "address", "device", "hash"
)  # fmt: skip


def walk_readings(*, after_id: int, up_to_id: int) -> Iterator[dict[str, Any]]:
    """The readings numbered above `after_id` up to `up_to_id`, in the order of their numbers, some at a time."""
    query = f"SELECT {', '.join(_COLUMNS)} FROM audit_reading WHERE id > %s AND id <= %s ORDER BY id"  # nosec B608  # names of ours
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(query, [after_id, up_to_id])
        while rows := cursor.fetchmany(_STEP):
            for row in rows:
                yield dict(zip(_COLUMNS, row, strict=True))
