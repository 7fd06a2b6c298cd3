"""Readers of the board."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from apps.accounts.selectors import Ward
from apps.dashboard.models import BoardRow
from apps.kernel import clock
from apps.ledger.selectors import last_sequences
from apps.patients.selectors import people, people_in_public


class Names(StrEnum):
    """How a board names patients: in full, or by initials where visitors pass."""

    FULL = "full"
    INITIALS = "initials"


def board_snapshot(ward: Ward, *, now: datetime, names: Names = Names.FULL) -> dict[str, Any]:
    """Everything a board of this ward shows, with the sequence up to which it is complete."""
    return _board(ward, now, names, BoardRow.objects.filter(ward_id=ward.pk, removed=False))


def board_changes(ward: Ward, *, after: int, now: datetime, names: Names = Names.FULL) -> dict[str, Any]:
    """Rows that changed after a sequence, gone ones included."""
    return _board(ward, now, names, BoardRow.objects.filter(ward_id=ward.pk, sequence__gt=after))


def _board(ward: Ward, now: datetime, names: Names, rows: Any) -> dict[str, Any]:
    # The sequence is read first: rows committed in between come again later, none is missed.
    sequence = last_sequences([ward.pk])[ward.pk]
    payloads = [row.payload for row in rows.order_by("sequence")]
    patient_ids = {payload["patient_id"] for payload in payloads if payload.get("patient_id")}
    return {
        "ward": {"id": ward.pk, "name": ward.name},
        "sequence": sequence,
        "rows": payloads,
        "people": {str(number): asdict(person) for number, person in _people(patient_ids, now, names)},
        "server_now": now.isoformat(),
        "clock_speed": clock.speed(),
    }


def _people(patient_ids: set[int], now: datetime, names: Names) -> Iterable[tuple[int, Any]]:
    if names is Names.INITIALS:
        return people_in_public(patient_ids).items()
    return people(patient_ids, today=now.date()).items()
