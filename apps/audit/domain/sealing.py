"""Hashes over one reading and over a day."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

READING_RECIPE = 1
DAY_RECIPE = 1
_TOLD = ("kind", "patient_id", "ward_id", "purpose", "request_id", "address", "device")


def reading_hash(*, user_id: int, read_at: datetime, told: Mapping[str, Any]) -> str:
    """SHA-256 over all that a reading says; `told` holds its other columns."""
    content = [READING_RECIPE, user_id, read_at.astimezone(UTC).isoformat(), *(told[name] for name in _TOLD)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


class DaySum:
    """The hash of a day while its rows pass by: events by their numbers, then readings by theirs."""

    def __init__(self, previous_hash: str, day: date | None) -> None:
        self.events = self.readings = 0
        self._sum = hashlib.sha256(f"{DAY_RECIPE}\n{previous_hash}\n{day or ''}\n".encode())

    def add_event(self, number: int, own_hash: str) -> None:
        """The next event."""
        self.events += 1
        self._sum.update(f"event {number} {own_hash}\n".encode())

    def add_reading(self, number: int, own_hash: str) -> None:
        """The next reading; events come before all of them."""
        self.readings += 1
        self._sum.update(f"reading {number} {own_hash}\n".encode())

    def digest(self) -> str:
        """The hash over what has passed, and how many of each."""
        closed = self._sum.copy()
        closed.update(f"{self.events} {self.readings}\n".encode())
        return closed.hexdigest()
