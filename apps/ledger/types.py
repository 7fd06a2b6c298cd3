"""Values the ledger hands to handlers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

HASH_RECIPE = 2
"""How the hash of a new event is made; events of before keep the recipe that they were written with."""


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
    origin: dict[str, str] = field(default_factory=dict)
    recipe: int = HASH_RECIPE

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


@dataclass(frozen=True, slots=True)
class PlannedTimer:
    """A timer that is to be there once, whoever plans it again."""

    kind: str
    subject: str
    occurrence: str
    ward_id: int | None
    due_at: datetime
    priority: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A row of a ward's board under the number of its change; `content` is None once it left."""

    ward_id: int
    row_id: str
    sequence: int
    content: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """The row as boards receive it."""
        if self.content is None:
            return {"row_id": self.row_id, "sequence": self.sequence, "removed": True}
        return {**self.content, "row_id": self.row_id, "sequence": self.sequence}
