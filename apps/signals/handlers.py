"""What signals hear from the ledger."""

from apps.alerts.services import resolve_alerts
from apps.ledger.services import schedule_timer
from apps.ledger.types import RecordedEvent
from apps.signals.selectors import signals_of_lot
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


def close_alerts_of_held_lot(event: RecordedEvent) -> None:
    """A lot was put on hold: what called for a look at it is answered."""
    for signal in signals_of_lot(event.payload["product_code"], event.payload["lot_number"]):
        resolve_alerts(subject=f"lot_signal:{signal.pk}", now=event.recorded_at, settled=True)


def close_alert_after_it_was_taken(event: RecordedEvent) -> None:
    """Somebody has taken the call: what was found stays on the lot's page, and the next look calls anew."""
    about = str(event.payload["about"])
    if about.startswith("lot_signal:"):
        resolve_alerts(subject=about, now=event.recorded_at)
