"""Events follow-up listens to."""

from apps.alerts.services import resolve_alerts
from apps.followups.selectors import get_check
from apps.followups.services import plan_follow_ups
from apps.infusions.selectors import ended_infusion
from apps.ledger.types import RecordedEvent


def close_alerts_after_answer(event: RecordedEvent) -> None:
    """An alert of a check that is done was taken: the adverse event carries on from here."""
    subject = str(event.payload["about"])
    kind, _, number = subject.partition(":")
    if kind == "check" and get_check(int(number)).status == "done":
        resolve_alerts(subject=subject, now=event.recorded_at)


def plan_after_infusion(event: RecordedEvent) -> None:
    """An infusion ended, whichever way: whatever was given can have late effects."""
    ended = ended_infusion(event.subject_id)
    if ended is None:
        return
    plan_follow_ups(
        patient_id=ended.patient_id,
        ward_id=ended.ward_id,
        course_id=ended.course_id,
        session_id=ended.session_id,
        guideline_version=ended.guideline_version,
        ended_at=ended.ended_at,
        now=event.recorded_at,
    )
