"""What waits for a physician's review: the one that calls first is first, with its clock."""

from datetime import datetime
from typing import Any

from apps.accounts.selectors import Staff
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import current_guidelines, in_reader_language
from apps.safety.domain import whole_minutes
from apps.safety.selectors import (
    AdverseEventRecord,
    changed_since_signed,
    events_to_review,
    reviewed_events,
    term_name,
)


def queue_for(user: Staff, *, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """`waiting`: not reviewed, by when they call; `changed`: reviewed, but more was recorded since; `reviewed`."""
    guidelines = current_guidelines()
    reviewed = reviewed_events(user)
    changed = changed_since_signed(reviewed)
    return {
        "waiting": [entry(event, guidelines, now) for event in events_to_review(user)],
        "changed": [entry(event, guidelines, now) for event in reviewed if event.pk in changed],
        "reviewed": [entry(event, guidelines, now) for event in reviewed if event.pk not in changed],
    }


def entry(event: AdverseEventRecord, guidelines: Guidelines, now: datetime) -> dict[str, Any]:
    """One event in the queue: what, who, how urgent, how old."""
    clock = next((one for one in guidelines.review_clocks if one.code == event.review_urgency), None)
    return {
        "id": event.pk,
        "term": event.term,
        "term_name": in_reader_language(term_name(event)),
        "severity": event.severity,
        "status": event.status,
        "patient": event.patient,
        "ward": event.ward,
        "onset_at": event.onset_at,
        "recorded_at": event.recorded_at,
        "minutes_old": max(0, whole_minutes(now - event.recorded_at)),
        "urgency": event.review_urgency,
        "urgency_name": in_reader_language(clock.name) if clock else "",
        "priority": clock.priority if clock else "low",
        "due_at": event.review_due_at,
        "is_overdue": event.review_due_at is not None
        and event.review_due_at <= now
        and event.status == "new",
    }
