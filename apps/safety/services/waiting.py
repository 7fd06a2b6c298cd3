"""An event that nobody has reviewed calls after a time, sooner the worse it is."""

from datetime import datetime

from apps.accounts.selectors import Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.guidelines.domain import ReviewClock
from apps.guidelines.selectors import current_guidelines
from apps.kernel.text import N_
from apps.ledger.services import cancel_timers, schedule_timer, unit_of_work
from apps.ledger.types import DueTimer
from apps.safety.domain import review_clock, review_due
from apps.safety.models import AdverseEvent
from apps.safety.selectors.events import term_name

REVIEW_DUE = "safety.review.due"
REVIEW_OVERDUE = "review_overdue"
MESSAGE_OVERDUE = N_("Nobody has reviewed an adverse event: %(term)s.")


def subject_of(event: AdverseEvent) -> str:
    """What timers, alerts and events of an adverse event are kept under."""
    return f"adverse_event:{event.pk}"


def plan_review(event: AdverseEvent) -> None:
    """Set when the event calls if nobody reviews it. Worse than it was: sooner; never later than was said."""
    clock = _clock(event)
    if clock is None or event.status != AdverseEvent.Status.NEW or clock.code == event.review_urgency:
        return
    due_at = review_due(clock, event.recorded_at)
    if event.review_due_at is not None and due_at >= event.review_due_at:
        return
    with unit_of_work():
        cancel_timers(subject=subject_of(event), kinds=(REVIEW_DUE,))
        event.review_urgency, event.review_due_at = clock.code, due_at
        event.save(update_fields=["review_urgency", "review_due_at"])
        schedule_timer(
            kind=REVIEW_DUE,
            subject=subject_of(event),
            occurrence=clock.code,
            due_at=due_at,
            ward_id=event.ward_id,
        )


def plan_review_again(event: AdverseEvent, now: datetime) -> None:
    """An event that was taken back and is suspected after all has its whole time again, from now."""
    clock = _clock(event)
    if clock is None:
        return
    with unit_of_work():
        event.review_urgency, event.review_due_at = clock.code, review_due(clock, now)
        event.save(update_fields=["review_urgency", "review_due_at"])
        schedule_timer(
            kind=REVIEW_DUE,
            subject=subject_of(event),
            occurrence=f"{clock.code} since {now.isoformat()}",
            due_at=event.review_due_at,
            ward_id=event.ward_id,
        )


def review_falls_due(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: nobody has reviewed the event in time. Only a physician can: one is called at once."""
    event = AdverseEvent.objects.select_for_update().get(pk=timer.subject_id)
    clock = _clock(event)
    if event.status != AdverseEvent.Status.NEW or clock is None:
        return
    raise_alert(
        ward_id=event.ward_id,
        patient_id=event.patient_id,
        subject=subject_of(event),
        condition=Condition(
            code=REVIEW_OVERDUE,
            priority=Priority(clock.priority),
            message=MESSAGE_OVERDUE,
            params={"term": term_name(event).as_mapping()},
            source=clock.citation.label,
        ),
        now=now,
        physician_at_once=True,
    )


def stop_waiting(event: AdverseEvent, performer: Staff | None, now: datetime) -> None:
    """Nobody is called any more: it was reviewed, or it was none."""
    cancel_timers(subject=subject_of(event), kinds=(REVIEW_DUE,))
    resolve_alerts(subject=subject_of(event), codes=frozenset({REVIEW_OVERDUE}), now=now, done_by=performer)


def _clock(event: AdverseEvent) -> ReviewClock | None:
    symptoms = [one["term"] for one in event.details.get("symptoms", [])]
    return review_clock(
        current_guidelines().review_clocks, severity=event.severity, terms=[event.term, *symptoms]
    )
