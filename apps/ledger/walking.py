"""Walking along all events in the order of their numbers, each beside its predecessor: for whoever proves them."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from apps.ledger.writing import chain_hash

_STEP = 2000
_COLUMNS = """event.id, event.name, event.subject, event.position, event.ward_id, event.actor, event.occurred_at,
    event.recorded_at, event.payload, event.origin, event.recipe, event.previous_hash, event.hash, before.hash"""
_JOINED = """FROM ledger_event event LEFT JOIN ledger_event before
    ON before.subject = event.subject AND before.position = event.position - 1"""


@dataclass(slots=True)
class Link:
    """One event as it is stored, and the hash of the one before it (None when there is none)."""

    id: int
    name: str
    subject: str
    position: int
    ward_id: int | None
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    payload: Any
    origin: Any
    recipe: int
    previous_hash: str
    hash: str
    hash_before: str | None

    def fault(self) -> str | None:
        """`position`, `link` or `hash`: why it does not follow from the one before; None when it does."""
        if self.position < 1 or (self.position > 1 and self.hash_before is None):
            return "position"
        if self.previous_hash != (self.hash_before or ""):
            return "link"
        proper = chain_hash(self, position=self.position, previous_hash=self.previous_hash)
        return None if proper == self.hash else "hash"


def walk_events(*, after_id: int, up_to_id: int) -> Iterator[Link]:
    """The events numbered above `after_id` up to `up_to_id`, in the order of their numbers, some at a time."""
    return _walk("event.id > %s AND event.id <= %s ORDER BY event.id", [after_id, up_to_id])


def walk_subject(subject: str) -> Iterator[Link]:
    """The events of one subject by their positions."""
    return _walk("event.subject = %s ORDER BY event.position", [subject])


def event_hashes(*, after_id: int, up_to_id: int) -> Iterator[tuple[int, str, str, int]]:
    """(id, hash, subject, position) in the order of the numbers."""
    return _rows(
        "SELECT id, hash, subject, position FROM ledger_event WHERE id > %s AND id <= %s ORDER BY id",
        [after_id, up_to_id],
    )


def hashes_at(places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """(subject, position) -> hash, of those that are there."""
    places = list(places)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event.subject, event.position, event.hash FROM unnest(%s::text[], %s::int[])"
            " AS wanted(subject, position) JOIN ledger_event event USING (subject, position)",
            [[subject for subject, _ in places], [position for _, position in places]],
        )
        return {(subject, position): found for subject, position, found in cursor.fetchall()}


def last_event_id_before(moment: datetime, *, up_to_id: int) -> int:
    """The highest number, up to one, of an event recorded before a moment; 0 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_event WHERE id <= %s AND recorded_at < %s ORDER BY id DESC LIMIT 1",
            [up_to_id, moment],
        )
        row = cursor.fetchone()
    return row[0] if row else 0


def _walk(condition: str, values: list[Any]) -> Iterator[Link]:
    # The two JSON columns come as text.
    for row in _rows(f"SELECT {_COLUMNS} {_JOINED} WHERE {condition}", values):
        *head, payload, origin, recipe, previous_hash, own_hash, hash_before = row
        yield Link(
            *head, json.loads(payload), json.loads(origin), recipe, previous_hash, own_hash, hash_before
        )


def _rows(query: str, values: list[Any]) -> Iterator[Any]:
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(_STEP):
            yield from rows
