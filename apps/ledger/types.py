"""Values the ledger hands to handlers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as its handlers see it, inside the transaction that recorded it."""

    name: str
    subject: str
    ward_id: int | None
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    payload: dict[str, Any]

    @property
    def subject_id(self) -> int:
        """The number in a subject such as `session:12`."""
        return int(self.subject.rsplit(":", 1)[1])


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer that fell due, as its handler sees it."""

    kind: str
    subject: str
    occurrence: str
    ward_id: int | None
    due_at: datetime
    payload: dict[str, Any]
    late_by_s: float = 0.0  # real seconds; 0 when it fires in time

    @property
    def subject_id(self) -> int:
        """The number in a subject such as `check:7`."""
        return int(self.subject.rsplit(":", 1)[1])


@dataclass(frozen=True, slots=True)
class Message:
    """What the dashboards of a ward are told: the ward's number for it, and the text as it is stored."""

    ward_id: int
    sequence: int
    text: str
