"""Recording what happened."""

import hashlib
import json
from datetime import datetime
from typing import Any

from apps.ledger.models import Event
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

    The caller holds the subject's row lock, so positions follow one another; the unique constraint
    refuses a race that slipped by.
    """
    last = Event.objects.filter(subject=subject).order_by("-position").first()
    event = Event(
        name=name,
        subject=subject,
        position=last.position + 1 if last else 1,
        ward_id=ward_id,
        actor=actor,
        occurred_at=occurred_at or now,
        recorded_at=now,
        payload=payload or {},
        previous_hash=last.hash if last else "",
    )
    event.hash = chain_hash(event)
    event.save(force_insert=True)
    current_unit().events.append(
        RecordedEvent(
            name=name,
            subject=subject,
            ward_id=ward_id,
            actor=actor,
            occurred_at=event.occurred_at,
            recorded_at=now,
            payload=event.payload,
        )
    )


def chain_hash(event: Event) -> str:
    """SHA-256 over the event's content and the hash before it."""
    content = json.dumps(
        [
            event.previous_hash,
            event.name,
            event.subject,
            event.position,
            event.ward_id,
            event.actor,
            event.occurred_at.isoformat(),
            event.recorded_at.isoformat(),
            event.payload,
        ],
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(content.encode()).hexdigest()
