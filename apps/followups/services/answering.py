"""What was found out: the outcome of a check."""

from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import resolve_alerts
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.followups.selectors import access_check
from apps.followups.services.common import DUE, MESSAGE_SUSPECTED, OVERDUE, raise_about, record
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, cancel_timers, unit_of_work


def record_outcome(
    *, performer: Staff, check_id: int, outcome: str, note: str, now: datetime
) -> FollowUpCheck:
    """Record an attempt. `unreachable` leaves the check waiting; the others complete it.

    Raises ConflictError `check_closed` when somebody completed or superseded it before.
    """
    with unit_of_work():
        check = access_check(performer, check_id, Action.RECORD_FOLLOW_UP, for_update=True)
        if check.status in (FollowUpCheck.Status.DONE, FollowUpCheck.Status.SUPERSEDED):
            raise ConflictError(
                "check_closed", N_("This check was completed already. Reload to see who did it.")
            )
        FollowUpAttempt.objects.create(
            check_done=check, outcome=outcome, note=note, recorded_by=performer, recorded_at=now
        )
        if outcome != FollowUpCheck.Outcome.UNREACHABLE:
            check.status = FollowUpCheck.Status.DONE
            check.save(update_fields=["status"])
            cancel_timers(subject=f"check:{check.pk}", kinds=(DUE, OVERDUE))
            resolve_alerts(subject=f"check:{check.pk}", done_by=performer, now=now)
        if outcome == FollowUpCheck.Outcome.SUSPECTED:
            raise_about(check, "delayed_effect_suspected", Priority.HIGH, MESSAGE_SUSPECTED, now)
        record(check, f"followup.check.{outcome}", actor_of(performer), now, note=note)
    return check
