"""Readers of the board."""

import json
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from apps.accounts.selectors import Ward
from apps.audit.collecting import note_ward_read
from apps.kernel import clock
from apps.ledger.selectors import sequence_statement
from apps.ledger.statements import run_together
from apps.patients.selectors import people_as_json, people_in_public


class Names(StrEnum):
    """How a board names patients: in full, or by initials where visitors pass."""

    FULL = "full"
    INITIALS = "initials"


def board_snapshot(ward: Ward, *, now: datetime, names: Names = Names.FULL) -> str:
    """Everything a board of this ward shows, with the sequence up to which it is complete, as JSON."""
    return _board(ward, now, names, "ward_id = %s AND NOT removed", [ward.pk])


def board_changes(ward: Ward, *, after: int, now: datetime, names: Names = Names.FULL) -> str:
    """Rows that changed after a sequence, gone ones included, as JSON."""
    return _board(ward, now, names, "ward_id = %s AND sequence > %s", [ward.pk, after])


_ROWS = """
SELECT coalesce(string_agg(payload::text, ',' ORDER BY sequence), ''),
    array_remove(array_agg(DISTINCT (payload ->> 'patient_id')::bigint), NULL)
FROM dashboard_boardrow WHERE {condition}
"""


def _board(ward: Ward, now: datetime, names: Names, condition: str, values: list[Any]) -> str:
    # The rows are JSON in the database and stay so: taking 5 000 of them apart and together again took longer
    # than everything else. The sequence is read first: rows committed in between come again later, none is missed.
    reached, [(rows, patient_ids)] = run_together(
        [sequence_statement(ward.pk), (_ROWS.format(condition=condition), values)]
    )
    sequence = reached[0][0] if reached else 0
    head = json.dumps({"ward": {"id": ward.pk, "name": ward.name}, "sequence": sequence}, ensure_ascii=False)
    tail = json.dumps({"server_now": now.isoformat(), "clock_speed": clock.speed()})
    if patient_ids:
        note_ward_read(ward_id=ward.pk)
    people = _people(patient_ids or [], now, names)
    return f'{head[:-1]}, "rows": [{rows}], "people": {people}, {tail[1:]}'


def _people(patient_ids: list[int], now: datetime, names: Names) -> str:
    if names is Names.FULL:
        return people_as_json(patient_ids, today=now.date())
    public = {str(number): asdict(person) for number, person in people_in_public(patient_ids).items()}
    return json.dumps(public, ensure_ascii=False)
