"""What the writers of follow-up checks share: alerts, events, timers."""

from dataclasses import asdict
from datetime import datetime

from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert
from apps.followups.models import FollowUpCheck
from apps.guidelines.domain import ASKED_KINDS
from apps.guidelines.selectors import guidelines_version
from apps.kernel.text import N_
from apps.ledger.services import record_event, schedule_timer

DUE = "followup.check.due"
OVERDUE = "followup.check.overdue"
MESSAGE_OVERDUE = N_("Follow-up overdue: %(name)s. Unanswered is unknown, not well.")
MESSAGE_SUSPECTED = N_("Suspected delayed effect: %(name)s. A physician must look now.")


def schedule(row: FollowUpCheck) -> None:
    """Plan when the check is asked for, and when it is overdue; of a hold, when it runs out."""
    if row.kind in ASKED_KINDS:
        schedule_at(row, DUE, row.due_at)
    if row.closes_at is not None:
        schedule_at(row, OVERDUE if row.kind in ASKED_KINDS else DUE, row.closes_at)


def schedule_at(row: FollowUpCheck, kind: str, due_at: datetime, occurrence: str = "1") -> None:
    """One timer of a check; urgent ones are fired first."""
    schedule_timer(
        kind=kind,
        subject=f"check:{row.pk}",
        occurrence=occurrence,
        due_at=due_at,
        ward_id=row.ward_id,
        priority=2 if row.urgent else 3,
    )


def raise_about(
    check: FollowUpCheck,
    code: str,
    priority: Priority,
    message: str,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Raise an alert about a check, in the words of its rule; `due_at` is when it should have been raised."""
    rule = guidelines_version(check.guideline_version).follow_up_rule(check.code)
    raise_alert(
        ward_id=check.ward_id,
        patient_id=check.patient_id,
        subject=f"check:{check.pk}",
        condition=Condition(
            code=code,
            priority=priority,
            message=message,
            params={"name": asdict(rule.name)},
            source=check.source,
            due_at=due_at,
        ),
        now=now,
    )


def record(check: FollowUpCheck, name: str, actor: str, now: datetime, note: str = "") -> None:
    """Record an event of a check."""
    record_event(
        name=name,
        subject=f"check:{check.pk}",
        ward_id=check.ward_id,
        actor=actor,
        now=now,
        payload={
            "code": check.code,
            "effect": check.effect,
            "patient_id": check.patient_id,
            "session_id": check.session_id,
            "due_at": check.due_at.isoformat(),
            "reasons": check.reasons,
            "note": note,
        },
    )
