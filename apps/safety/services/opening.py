"""Opening an adverse event, following the bedside, taking it back; and who took events out of the system."""

import uuid
from datetime import datetime
from typing import Any

from apps.accounts.selectors import Staff
from apps.infusions.selectors import InfusionMoment
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.safety.models import AdverseEvent
from apps.safety.services.waiting import plan_review, plan_review_again, stop_waiting


def open_adverse_event(
    *,
    origin: str,
    moment: InfusionMoment,
    term: str,
    severity: str,
    onset_at: datetime,
    action: str,
    note: str,
    reported_by: Staff | None,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> AdverseEvent:
    """Open an adverse event with everything known of the infusion at onset; one per origin."""
    with unit_of_work():
        event, created = AdverseEvent.objects.get_or_create(
            origin=origin,
            defaults={
                "patient_id": moment.patient_id,
                "ward_id": moment.ward_id,
                "session_id": moment.session_id,
                "course_id": moment.course_id,
                "guideline_version": moment.guideline_version,
                "product_code": moment.product_code,
                "term": term,
                "severity": severity,
                "onset_at": onset_at,
                "infusion_started_at": moment.started_at,
                "infusion_ended_at": moment.ended_at,
                "rate_ml_per_kg_h": moment.rate_ml_per_kg_h,
                "rate_ml_per_h": moment.rate_ml_per_h,
                "step_index": moment.step_index,
                "volume_given_ml": moment.volume_given_ml,
                "lots": moment.lots,
                "action": action,
                "note": note,
                "details": details or {},
                "reported_by": reported_by,
                "recorded_at": now,
            },
        )
        if created:
            record_event(
                name="safety.adverse_event.opened",
                subject=f"adverse_event:{event.pk}",
                ward_id=event.ward_id,
                actor=actor_of(reported_by),
                now=now,
                payload={"origin": origin, "term": term, "severity": severity},
            )
            plan_review(event)
    return event


def fill_in_adverse_event(
    *, origin: str, term: str, severity: str, note: str, details: dict[str, Any]
) -> None:
    """Bring an adverse event to what is known at the bedside now.

    This is the event's record; what a physician signed keeps the record it was made from and says when it changed.
    """
    with unit_of_work():
        events = AdverseEvent.objects.select_for_update().filter(origin=origin)
        for event in events.exclude(status=AdverseEvent.Status.ENTERED_IN_ERROR):
            known = (event.term, event.severity, event.note, event.details)
            if known == (term, severity, note, details):
                continue
            event.term, event.severity, event.note, event.details = term, severity, note, details
            event.save(update_fields=["term", "severity", "note", "details"])
            plan_review(event)


def withdraw_adverse_event(*, origin: str, actor: str, reason: str, now: datetime) -> None:
    """What it told of was entered by mistake: it stays, marked, and leaves the lists."""
    with unit_of_work():
        event = AdverseEvent.objects.select_for_update().filter(origin=origin).first()
        if event is None:
            return
        event.status = AdverseEvent.Status.ENTERED_IN_ERROR
        event.details = event.details | {"entered_in_error": reason}
        event.save(update_fields=["status", "details"])
        stop_waiting(event, None, now)
        record_event(
            name="safety.adverse_event.entered_in_error",
            subject=f"adverse_event:{event.pk}",
            ward_id=event.ward_id,
            actor=actor,
            now=now,
            payload={"origin": origin, "reason": reason},
        )


def reinstate_adverse_event(*, origin: str, actor: str, now: datetime) -> None:
    """What it told of is suspected after all: one that was withdrawn is back, to be reviewed."""
    with unit_of_work():
        event = AdverseEvent.objects.select_for_update().filter(
            origin=origin, status=AdverseEvent.Status.ENTERED_IN_ERROR
        ).first()  # fmt: skip
        if event is None:
            return
        event.status = AdverseEvent.Status.NEW
        event.save(update_fields=["status"])
        plan_review_again(event, now)
        record_event(
            name="safety.adverse_event.reinstated",
            subject=f"adverse_event:{event.pk}",
            ward_id=event.ward_id,
            actor=actor,
            now=now,
            payload={"origin": origin},
        )


def record_export(*, performer: Staff, event_ids: list[int], now: datetime) -> None:
    """Note who took which adverse events out of the system."""
    with unit_of_work():
        record_event(
            name="safety.adverse_events.exported",
            subject=f"export:{uuid.uuid4()}",
            ward_id=None,
            actor=actor_of(performer),
            now=now,
            payload={"format": "csv", "adverse_events": event_ids},
        )
