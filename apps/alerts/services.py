"""Writers of alerts."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.alerts.domain.escalation import ESCALATE_AFTER, Priority
from apps.alerts.models import Alert
from apps.alerts.selectors import access_alert
from apps.alerts.standing import standing, stands, stands_no_more
from apps.edge.messages import params_to_json
from apps.kernel.text import Params
from apps.ledger.services import actor_of, cancel_timers, record_event, schedule_timer, unit_of_work
from apps.ledger.types import DueTimer

ESCALATE = "alert.escalate"
_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}


@dataclass(frozen=True, slots=True)
class Condition:
    """What is wrong: a rule's code, how urgent, a sentence with its numbers, and where it comes from."""

    code: str
    priority: Priority
    message: str
    params: Params
    source: str = ""


def raise_alert(
    *, ward_id: int, patient_id: int | None, subject: str, condition: Condition, now: datetime
) -> Alert:
    """Raise an alert, or join the open one for this subject and code.

    A repeat brings the newest numbers, but a milder one never softens an alert nobody has taken. A repeat
    re-opens an acknowledged alert only when it became more urgent; it then escalates anew.
    """
    with unit_of_work():
        alert = standing(subject).get(condition.code)
        if alert is None:
            alert = Alert(ward_id=ward_id, patient_id=patient_id, subject=subject, code=condition.code)
            alert.raised_at = now
            _describe(alert, condition)
            stands(alert)
            _record(alert, "alert.raised", actor_of(None), now, escalate=True)
            return alert
        alert.repeated_at = now
        sharper = _RANK[condition.priority] < _RANK[Priority(alert.priority)]
        milder = _RANK[condition.priority] > _RANK[Priority(alert.priority)]
        if sharper:
            _reopen(alert)
        if alert.state == Alert.State.ACKNOWLEDGED or not milder:
            _describe(alert, condition)
        else:
            alert.save()
        _record(alert, "alert.repeated", actor_of(None), now, escalate=sharper)
    return alert


def acknowledge_alert(*, performer: Staff, alert_id: int, now: datetime) -> Alert:
    """Take an alert: everyone on the ward sees who and when. Taking it twice keeps the first name."""
    with unit_of_work():
        alert = access_alert(performer, alert_id, Action.ACKNOWLEDGE_ALERT, for_update=True)
        if alert.state == Alert.State.RAISED:
            alert.state = Alert.State.ACKNOWLEDGED
            alert.acknowledged_at, alert.acknowledged_by = now, performer
            alert.save()
            cancel_timers(subject=f"alert:{alert.pk}", kinds=(ESCALATE,))
            _record(alert, "alert.acknowledged", actor_of(performer), now)
    return alert


def resolve_alerts(
    *,
    subject: str,
    now: datetime,
    codes: frozenset[str] | None = None,
    done_by: Staff | None = None,
) -> frozenset[str]:
    """Close a subject's alerts (of these codes) whose condition is gone. Returns the codes of those closed.

    Without `done_by` only alerts that somebody has taken: better numbers alone never hide one. With
    `done_by` also untaken ones, because that person has just done what the alert asked for.
    """
    with unit_of_work():
        waiting = [
            alert
            for alert in standing(subject).values()
            if (codes is None or alert.code in codes)
            and (done_by is not None or alert.state == Alert.State.ACKNOWLEDGED)
        ]
        for alert in waiting:
            if alert.state == Alert.State.RAISED:
                alert.acknowledged_at, alert.acknowledged_by = now, done_by
                cancel_timers(subject=f"alert:{alert.pk}", kinds=(ESCALATE,))
            alert.state = Alert.State.RESOLVED
            alert.resolved_at = now
            alert.save()
            stands_no_more(alert)
            _record(alert, "alert.resolved", actor_of(done_by), now)
    return frozenset(alert.code for alert in waiting)


def escalate_alert(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: nobody took the alert in time."""
    alert = Alert.objects.select_for_update().get(pk=timer.subject_id)
    if alert.state != Alert.State.RAISED or alert.escalated_at is not None:
        return
    alert.escalated_at = now
    alert.save(update_fields=["escalated_at"])
    _record(alert, "alert.escalated", actor_of(None), now)


def _describe(alert: Alert, condition: Condition) -> None:
    alert.priority = condition.priority.value
    alert.message, alert.params = condition.message, params_to_json(condition.params)
    alert.source = condition.source
    alert.save()


def _reopen(alert: Alert) -> None:
    alert.state = Alert.State.RAISED
    alert.acknowledged_at = alert.acknowledged_by = None
    alert.escalated_at = None


def _record(alert: Alert, name: str, actor: str, now: datetime, *, escalate: bool = False) -> None:
    if escalate:
        schedule_timer(
            kind=ESCALATE,
            subject=f"alert:{alert.pk}",
            occurrence=now.isoformat(),
            due_at=now + ESCALATE_AFTER[Priority(alert.priority)],
            ward_id=alert.ward_id,
            priority=1,
        )
    record_event(
        name=name,
        subject=f"alert:{alert.pk}",
        ward_id=alert.ward_id,
        actor=actor,
        now=now,
        payload={"about": alert.subject, "code": alert.code, "priority": alert.priority},
    )
