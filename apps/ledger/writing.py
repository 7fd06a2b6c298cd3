"""The ledger's statements: each kind of row of a unit of work in one, written as SQL.

Every write passes through here; the ORM's way (look for it, make a savepoint, insert, release) costs four round
trips for each timer and row.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from apps.ledger.statements import Statement, run_together
from apps.ledger.types import NumberedRow, PlannedTimer, RecordedEvent

OUTBOX_CHANNEL = "ivig_outbox"
TIMERS_CHANNEL = "ivig_timers"

Ends = dict[str, tuple[int, str]]
"""Subject -> position and hash of the last event of its chain."""

_LAST_EVENTS = """
SELECT wanted.subject, last.position, last.hash
FROM unnest(%s::text[]) AS wanted(subject)
CROSS JOIN LATERAL (
    SELECT position, hash FROM ledger_event WHERE subject = wanted.subject ORDER BY position DESC LIMIT 1
) AS last
"""
_APPEND_EVENTS = """
INSERT INTO ledger_event
    (name, subject, position, ward_id, actor, occurred_at, recorded_at, payload, origin, recipe, previous_hash, hash)
SELECT name, subject, position, ward_id, actor, occurred_at, recorded_at, payload, origin, recipe, previous_hash, hash
FROM ROWS FROM (jsonb_to_recordset(%s) AS (
    name text, subject text, position int, ward_id bigint, actor text, occurred_at timestamptz,
    recorded_at timestamptz, payload jsonb, origin jsonb, recipe smallint,
    previous_hash text, hash text)) WITH ORDINALITY
ORDER BY ordinality
"""
_INSERT_TIMERS = """
INSERT INTO ledger_timer
    (kind, subject, occurrence, ward_id, due_at, priority, payload, state, attempts, last_error)
SELECT kind, subject, occurrence, ward_id, due_at, priority, payload, 'pending', 0, ''
FROM jsonb_to_recordset(%s) AS timer(
    kind text, subject text, occurrence text, ward_id bigint, due_at timestamptz, priority int, payload jsonb)
ON CONFLICT (kind, subject, occurrence) DO NOTHING
"""
_TAKE_NUMBERS = """
INSERT INTO ledger_wardsequence AS counter (ward_id, last_sequence) VALUES (%s, %s)
ON CONFLICT (ward_id) DO UPDATE SET last_sequence = counter.last_sequence + excluded.last_sequence
RETURNING last_sequence
"""
_INSERT_MESSAGES = """
WITH told AS (
    INSERT INTO ledger_outboxmessage (ward_id, sequence, payload, created_at)
    SELECT ward_id, sequence, payload, %s
    FROM jsonb_to_recordset(%s) AS message(ward_id bigint, sequence bigint, payload jsonb)
    ORDER BY sequence
)
SELECT pg_notify(%s, '')
"""


def prepare(events: Sequence[RecordedEvent], counts: Mapping[int, int]) -> tuple[Ends, dict[int, int]]:
    """Read where the events' chains end, then lock the counters of the wards and take as many numbers as `counts` says.

    Returns the ends by subject and the first number by ward. The counters are locked in order of ward.
    """
    wards = sorted(counts)
    statements: list[Statement] = (
        [(_LAST_EVENTS, [list({event.subject for event in events})])] if events else []
    )
    statements += [(_TAKE_NUMBERS, [ward_id, counts[ward_id]]) for ward_id in wards]
    if not statements:
        return {}, {}
    found = run_together(statements)
    last = found.pop(0) if events else []
    ends = {subject: (position, last_hash) for subject, position, last_hash in last}
    numbers = {ward: rows[0][0] - counts[ward] + 1 for ward, rows in zip(wards, found, strict=True)}
    return ends, numbers


def append_events(events: Sequence[RecordedEvent], ends: Ends) -> Statement:
    """Append events, in this order, to the chains that end so.

    Whoever records holds the subject's row lock, so positions follow one another; the unique constraint refuses
    a race that slipped by.
    """
    rows = []
    for event in events:
        position, previous_hash = ends.get(event.subject, (0, ""))
        own_hash = chain_hash(event, position=position + 1, previous_hash=previous_hash)
        ends[event.subject] = (position + 1, own_hash)
        rows.append(_event_row(event, position + 1, previous_hash, own_hash))
    return _APPEND_EVENTS, [Jsonb(rows)]


def chain_hash(event: Any, *, position: int, previous_hash: str) -> str:
    """SHA-256 over an event's content and the hash before it, by the recipe it was written with.

    Recipe 1 knew no origin. From the second on the recipe's number is part of what is hashed.
    """
    told: list[Any] = [
        previous_hash,
        event.name,
        event.subject,
        position,
        event.ward_id,
        event.actor,
        event.occurred_at.isoformat(),
        event.recorded_at.isoformat(),
        event.payload,
    ]
    if event.recipe != 1:
        told = [event.recipe, *told, event.origin]
    content = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def insert_timers(timers: Sequence[PlannedTimer]) -> Statement:
    """Make sure that each timer exists once; one that is there already stays as it is."""
    rows = [
        {
            "kind": timer.kind,
            "subject": timer.subject,
            "occurrence": timer.occurrence,
            "ward_id": timer.ward_id,
            "due_at": timer.due_at.isoformat(),
            "priority": timer.priority,
            "payload": timer.payload,
        }
        for timer in timers
    ]
    return _INSERT_TIMERS, [Jsonb(rows)]


def wake_clockwork() -> Statement:
    """Once committed: a timer falls due sooner than whoever waits for the next one may look again."""
    return f"NOTIFY {TIMERS_CHANNEL}", []


def insert_messages(rows: Sequence[NumberedRow], *, wall_now: datetime) -> Statement:
    """Put rows into the outbox and wake the relay when they are committed."""
    messages = [
        {
            "ward_id": row.ward_id,
            "sequence": row.sequence,
            "payload": {"type": "row", "sequence": row.sequence, "row": row.as_json()},
        }
        for row in rows
    ]
    return _INSERT_MESSAGES, [wall_now, Jsonb(messages), OUTBOX_CHANNEL]


def _event_row(event: RecordedEvent, position: int, previous_hash: str, own_hash: str) -> dict[str, Any]:
    return {
        "name": event.name,
        "subject": event.subject,
        "position": position,
        "ward_id": event.ward_id,
        "actor": event.actor,
        "occurred_at": event.occurred_at.isoformat(),
        "recorded_at": event.recorded_at.isoformat(),
        "payload": event.payload,
        "origin": event.origin,
        "recipe": event.recipe,
        "previous_hash": previous_hash,
        "hash": own_hash,
    }
