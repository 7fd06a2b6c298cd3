"""Recording what happened."""

from datetime import datetime
from typing import Any

from apps.ledger.origin import current_origin
from apps.ledger.types import RecordedEvent
from apps.ledger.unit import current_unit

SYSTEM = "system"


def actor_of(user: Any) -> str:
    """How a person (or None for the system) is named in events."""
    return f"user:{user.pk}" if user is not None else SYSTEM


def record_event(
    *,
    name: str,
    subject: str,
    ward_id: int | None,
    actor: str,
    now: datetime,
    occurred_at: datetime | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Append an event to its subject's chain; its handlers run at the end of the unit of work.

    The caller holds the subject's row lock, so positions follow one another.
    """
    origin = current_origin()
    event = RecordedEvent(
        name=name,
        subject=subject,
        ward_id=ward_id,
        actor=actor,
        occurred_at=occurred_at or now,
        recorded_at=now,
        payload=payload or {},
        origin=origin.of(actor) if origin else {},
    )
    if origin:
        origin.events += 1
    unit = current_unit()
    unit.events.append(event)
    unit.unwritten_events.append(event)
