"""What alerts hear from the ledger."""

from datetime import datetime

from django.db import transaction

from apps.accounts.emergency import get_emergency
from apps.alerts.delivery.messages import begin_attempt
from apps.alerts.delivery.sender import start_sending
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, note_delivery, raise_alert, resolve_alerts
from apps.kernel import clock
from apps.kernel.text import N_, Phrase
from apps.ledger.types import DueTimer, RecordedEvent
from apps.ledger.wiring import timer_words

MESSAGE_TIMER_FAILED = N_(
    "A reminder could not be carried out (%(kind)s). Check this patient by hand and tell the administrator."
)

MESSAGE_EMERGENCY_ACCESS = N_(
    "%(person)s of another ward opened this patient's record in an emergency. Ask whether help is needed."
)


def tell_of_emergency_access(event: RecordedEvent) -> None:
    """Break-glass was used: the patient's ward knows at once, and its physician is called."""
    access = get_emergency(event.payload["access"])
    raise_alert(
        ward_id=access.ward_id,
        patient_id=access.patient_id,
        subject=f"emergency_access:{access.pk}",
        condition=Condition(
            code="emergency_access",
            priority=Priority.MEDIUM,
            message=MESSAGE_EMERGENCY_ACCESS,
            params={"person": access.person.display_name},
            source=access.reason,
        ),
        now=event.recorded_at,
        physician_at_once=True,
    )


def close_emergency_notice(event: RecordedEvent) -> None:
    """Somebody of the ward has taken the notice: what was opened stays on the list of those to judge."""
    about = str(event.payload["about"])
    if about.startswith("emergency_access:"):
        resolve_alerts(subject=about, now=event.recorded_at)


def tell_of_failed_timer(timer: DueTimer, error: str) -> None:
    """A timer's retries ended: a human must know, on the ward it belonged to."""
    if timer.ward_id is None:
        return
    words = timer_words()
    raise_alert(
        ward_id=timer.ward_id,
        patient_id=None,
        subject=timer.subject,
        condition=Condition(
            code=f"timer_failed:{timer.kind}",
            priority=Priority.HIGH,
            message=MESSAGE_TIMER_FAILED,
            params={"kind": Phrase(words[timer.kind]) if timer.kind in words else timer.kind},
            source=error[:500],
        ),
        now=clock.now(),
    )


def send_message(timer: DueTimer, *, now: datetime) -> None:
    """An outgoing message is due: the attempt is marked here, and made in a thread of its own after the commit."""
    if begin_attempt(timer, now=now, clock_speed=clock.speed()):
        transaction.on_commit(start_sending, robust=True)


def tell_of_delivery(event: RecordedEvent) -> None:
    """An outgoing message arrived or failed: the alert it is about says so."""
    kind, _, number = str(event.payload["about"]).partition(":")
    if kind == "alert":
        note_delivery(alert_id=int(number), now=event.recorded_at)
