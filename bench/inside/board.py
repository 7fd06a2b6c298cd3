"""The snapshot of one large ward, in this process, beside one statement that builds the same JSON."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Ward
from apps.dashboard.models import BoardRow
from apps.dashboard.selectors import board_snapshot
from apps.kernel import clock
from apps.patients.models import Patient

_OPEN_PEOPLE = """
CREATE TEMPORARY TABLE IF NOT EXISTS open_person (
    id bigint PRIMARY KEY, name text, birth_date date, bed text, pseudonym text
)
"""
STATEMENT = (Path(__file__).parents[1] / "peers" / "snapshot.sql").read_text()


def board(*, sizes: list[int], rounds: int) -> list[dict[str, Any]]:
    """For each size: milliseconds of both in every round, and how many queries the snapshot makes."""
    return [_measure(_ward_of(size), size, rounds) for size in sizes]


def _measure(ward: Ward, size: int, rounds: int) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as captured:
        own = json.loads(_snapshot(ward))
    peer = json.loads(_statement(ward))
    assert len(own["rows"]) == len(peer["rows"]) == size and own["people"] == peer["people"]
    taken = [(_ms(lambda: _snapshot(ward)), _ms(lambda: _statement(ward))) for _ in range(rounds)]
    return {
        "size": size,
        "queries": len(captured),
        "product_ms": [one for one, _ in taken],
        "statement_ms": [one for _, one in taken],
        "bytes": len(_snapshot(ward)),
    }


def _snapshot(ward: Ward) -> bytes:
    return board_snapshot(ward, now=clock.now()).encode()


def _statement(ward: Ward) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"ward": ward.pk})
        text: str = cursor.fetchone()[0]
    return text.encode()


def _ms(work: Callable[[], object]) -> float:
    """The median of a few calls."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)


def _ward_of(size: int) -> Ward:
    """A ward with this many running infusions on its board, as the busiest session there looks."""
    ward = Ward.objects.create(name=f"Board of {size}", time_zone="Europe/Oslo")
    model = BoardRow.objects.filter(row_id__startswith="session:", removed=False).first()
    assert model is not None
    patients = Patient.objects.bulk_create(
        Patient(
            pseudonym=f"S{size}-{number}",
            name=f"Board Patient {number}",
            birth_date="1970-05-17",
            medical_record_number=f"BOARD-{size}-{number}",
            ward=ward,
            bed=str(number),
        )
        for number in range(size)
    )
    rows = []
    for number, patient in enumerate(patients, start=1):
        own = {"patient_id": patient.pk, "sequence": number, "row_id": f"session:{size}:{number}"}
        payload = model.payload | own
        rows.append(BoardRow(ward_id=ward.pk, row_id=own["row_id"], sequence=number, payload=payload))
    BoardRow.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_wardsequence (ward_id, last_sequence) VALUES (%s, %s)", [ward.pk, size]
        )
        cursor.execute(_OPEN_PEOPLE)
        cursor.executemany(
            "INSERT INTO open_person VALUES (%s, %s, %s, %s, %s)",
            [(one.pk, one.name, one.birth_date, one.bed, one.pseudonym) for one in patients],
        )
        cursor.execute("ANALYZE dashboard_boardrow, patients_patient, open_person")
    return ward
