"""Time passes: a check falls due, and overdue."""

from datetime import datetime

from apps.alerts.domain.escalation import Priority
from apps.followups.models import FollowUpCheck
from apps.followups.services.common import MESSAGE_OVERDUE, raise_about, record
from apps.ledger.services import actor_of
from apps.ledger.types import DueTimer


def check_falls_due(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: the check enters the worklist."""
    check = FollowUpCheck.objects.select_for_update().get(pk=timer.subject_id)
    if check.status == FollowUpCheck.Status.PLANNED:
        _fall_due(check, now)


def check_is_overdue(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: the window closed and nobody knows how the patient is.

    After an outage several workers fire what is late, and this timer may come before the one that says due.
    """
    check = FollowUpCheck.objects.select_for_update().get(pk=timer.subject_id)
    if check.status == FollowUpCheck.Status.PLANNED:
        _fall_due(check, now)
    if check.status == FollowUpCheck.Status.DUE:
        check.status = FollowUpCheck.Status.OVERDUE
        check.save(update_fields=["status"])
        raise_about(check, "follow_up_overdue", Priority.MEDIUM, MESSAGE_OVERDUE, now)
        record(check, "followup.check.overdue", actor_of(None), now)


def _fall_due(check: FollowUpCheck, now: datetime) -> None:
    check.status = FollowUpCheck.Status.DUE
    check.save(update_fields=["status"])
    record(check, "followup.check.due", actor_of(None), now)
