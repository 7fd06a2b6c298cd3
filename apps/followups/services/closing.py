"""A check that waits no longer."""

from datetime import datetime

from apps.accounts.selectors import Staff
from apps.alerts.services import resolve_alerts
from apps.followups.models import FollowUpCheck
from apps.followups.services.common import DUE, OVERDUE
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import cancel_timers

ATTEMPT = "followup.attempt.due"
OVERDUE_ALERT, UNREACHABLE_ALERT = "follow_up_overdue", "follow_up_unreachable"
# What an answer settles; what it found out (a red flag) stands until somebody has looked.
_WAITING_ALERTS = frozenset({OVERDUE_ALERT, UNREACHABLE_ALERT})


def refuse_closed(check: FollowUpCheck) -> None:
    """Raises ConflictError `check_closed` for a check that is done or superseded, `check_missed` for a missed one.

    A patient who was given up as lost may still turn up: that check takes answers.
    """
    if check.status in (FollowUpCheck.Status.DONE, FollowUpCheck.Status.SUPERSEDED):
        raise ConflictError("check_closed", N_("This check was completed already. Reload to see who did it."))
    if check.status == FollowUpCheck.Status.MISSED:
        raise ConflictError(
            "check_missed", N_("This check was called for when its time was over. It is kept as missed.")
        )


def settle(
    check: FollowUpCheck, *, done_by: Staff | None, now: datetime, status: str = FollowUpCheck.Status.DONE
) -> None:
    """End a check: nothing falls due any more, and the alerts that asked for it are answered."""
    check.status, check.next_attempt_at = status, None
    check.save(update_fields=["status", "next_attempt_at"])
    cancel_timers(subject=f"check:{check.pk}", kinds=(DUE, OVERDUE, ATTEMPT))
    resolve_alerts(subject=f"check:{check.pk}", codes=_WAITING_ALERTS, done_by=done_by, now=now)
