"""What the writers of submissions share: the trail, the events, the timers, the clocks that are met."""

from datetime import datetime
from typing import Any

from apps.accounts.selectors import Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.cases.services import note_sent
from apps.kernel.text import N_, Params
from apps.ledger.services import actor_of, record_event, schedule_timer
from apps.submissions.models import Receipt, Submission, SubmittedReport
from apps.submissions.site import site_receivers

SEND, LOOK, LATE = "submission.send", "submission.answer.look", "submission.answer.late"
FAILED, UNANSWERED, REFUSED = "submission_failed", "submission_unanswered", "submission_refused"
_SENTENCES = {
    FAILED: N_("Submission %(number)s could not be delivered to %(receiver)s."),
    UNANSWERED: N_("%(receiver)s has not answered submission %(number)s in time."),
    REFUSED: N_("%(receiver)s did not accept all of submission %(number)s, or contradicts itself."),
}


def subject_of(submission: Submission) -> str:
    """The submission in events, timers and alerts."""
    return f"submission:{submission.pk}"


def add_line(
    submission: Submission,
    kind: Receipt.Kind,
    now: datetime,
    *,
    by: Staff | None = None,
    attempt: int = 0,
    note: str = "",
    sha256: str = "",
) -> None:
    """A line of the trail."""
    Receipt.objects.create(
        submission=submission, kind=kind, at=now, by=by, attempt=attempt, note=note[:500], sha256=sha256
    )


def record(submission: Submission, name: str, performer: Staff | None, now: datetime, **payload: Any) -> None:
    """Record an event of the submission."""
    record_event(
        name=f"submission.{name}",
        subject=subject_of(submission),
        ward_id=submission.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={"receiver": submission.receiver, "batch": submission.batch_number, **payload},
    )


def schedule(submission: Submission, kind: str, occurrence: str, due_at: datetime) -> None:
    """A timer of the submission."""
    schedule_timer(
        kind=kind,
        subject=subject_of(submission),
        occurrence=occurrence,
        due_at=due_at,
        ward_id=submission.ward_id,
        priority=6,
    )


def tell_officers(submission: Submission, code: str, priority: Priority, now: datetime) -> None:
    """An alert that officers find with their cases."""
    params: Params = {"number": submission.batch_number, "receiver": submission.receiver_name}
    raise_alert(
        ward_id=submission.ward_id,
        patient_id=None,
        subject=subject_of(submission),
        condition=Condition(code, priority, _SENTENCES[code], params),
        now=now,
        for_officers=True,
    )


def tell_no_more(submission: Submission, now: datetime, *codes: str) -> None:
    """What was told is settled."""
    resolve_alerts(subject=subject_of(submission), now=now, codes=frozenset(codes), settled=True)


def meet_clocks(report: SubmittedReport, now: datetime) -> None:
    """The receiver has this report: its clocks are met, at the moment it was delivered."""
    submission = report.submission
    regimes: frozenset[str] | None = None
    for receiver in site_receivers():
        if receiver.code == submission.receiver:
            regimes = receiver.regimes
    note_sent(
        case_id=report.case_id,
        version_number=report.version_number,
        regimes=regimes,
        now=now,
        reached_at=submission.sent_at,
    )
