"""What signals hear from the ledger."""

from apps.ledger.services import schedule_timer
from apps.ledger.types import RecordedEvent
from apps.signals.services import LOOK


def look_at_lots_soon(event: RecordedEvent) -> None:
    """Something was told, decided or taken back: the lots of that event are looked at.

    By a timer: whoever taps at the bedside does not wait for the counting, and no fault of it can lose the tap.
    """
    schedule_timer(
        kind=LOOK,
        subject=event.subject,
        occurrence=f"{event.name}:{event.recorded_at.isoformat()}"[:80],
        due_at=event.recorded_at,
        ward_id=event.ward_id,
        priority=6,
    )
