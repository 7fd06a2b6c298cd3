"""Opening and closing findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from apps.vigilance.domain.findings import Finding
from apps.vigilance.models import Finding as FindingRow

KEEP_CLOSED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the last look."""

    opened: tuple[Finding, ...] = ()
    closed: tuple[str, ...] = ()


def keep_findings(*, found: Sequence[Finding], wall_now: datetime) -> Change:
    """Open what is new, close what is no longer seen, renew the numbers of the rest."""
    wanted = {finding.code: finding for finding in found}
    with transaction.atomic():
        rows = list(FindingRow.objects.select_for_update().filter(closed_at__isnull=True))
        gone = [row for row in rows if row.code not in wanted]
        FindingRow.objects.filter(pk__in=[row.pk for row in gone]).update(closed_at=wall_now)
        known = {row.code: row for row in rows}
        fresh = tuple(finding for code, finding in wanted.items() if code not in known)
        # Two watchdogs may see the same at once: the second insert changes nothing.
        FindingRow.objects.bulk_create(
            [FindingRow(code=one.code, numbers=dict(one.numbers), opened_at=wall_now) for one in fresh],
            ignore_conflicts=True,
        )
        for code, row in known.items():
            if code in wanted and row.numbers != dict(wanted[code].numbers):
                row.numbers = dict(wanted[code].numbers)
                row.save(update_fields=["numbers"])
    return Change(opened=fresh, closed=tuple(row.code for row in gone))


def forget_findings(*, wall_now: datetime) -> int:
    """Delete what was closed long ago. Returns how many."""
    deleted, _ = FindingRow.objects.filter(closed_at__lt=wall_now - KEEP_CLOSED).delete()
    return deleted
