"""What alerts hear from the ledger."""

from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert
from apps.kernel import clock
from apps.kernel.text import N_, Phrase
from apps.ledger.types import DueTimer
from apps.ledger.wiring import timer_words

MESSAGE_TIMER_FAILED = N_(
    "A reminder could not be carried out (%(kind)s). Check this patient by hand and tell the administrator."
)


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
