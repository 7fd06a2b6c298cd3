"""What self-report hears from the ledger."""

from datetime import datetime

from django.db import transaction

from apps.alerts.services import resolve_alerts
from apps.kernel import clock
from apps.ledger.types import DueTimer, RecordedEvent
from apps.selfreport.delivering import start_sending
from apps.selfreport.services import begin_attempt


def send_link(timer: DueTimer, *, now: datetime) -> None:
    """A link is to be sent: the attempt is marked here, and made in a thread of its own after the commit."""
    if begin_attempt(timer, now=now, clock_speed=clock.speed()):
        transaction.on_commit(start_sending, robust=True)


def close_alerts_after_answer(event: RecordedEvent) -> None:
    """A red flag outside of any open check was taken: nothing else would ever close its alert."""
    subject = str(event.payload["about"])
    if subject.startswith("self_report:"):
        resolve_alerts(subject=subject, now=event.recorded_at)
