"""Writers of follow-up checks."""

from dataclasses import asdict
from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.followups.domain.planner import plan_checks
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.followups.selectors import access_check
from apps.guidelines.selectors import guidelines_version
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, cancel_timers, record_event, schedule_timer, unit_of_work
from apps.ledger.types import DueTimer

DUE = "followup.check.due"
OVERDUE = "followup.check.overdue"
MESSAGE_OVERDUE = N_("Follow-up overdue: %(name)s. Unanswered is unknown, not well.")
MESSAGE_SUSPECTED = N_("Suspected delayed effect: %(name)s. A physician must look now.")


def plan_follow_ups(
    *,
    patient_id: int,
    ward_id: int,
    course_id: int,
    session_id: int,
    guideline_version: str,
    ended_at: datetime,
    now: datetime,
) -> list[FollowUpCheck]:
    """Plan the checks that follow an infusion; safe to call twice for the same session.

    Checks of the same course that are still only planned move to the new end of infusion: the old
    row stays, superseded, with the reason. One that is already due stays due.
    """
    guidelines = guidelines_version(guideline_version)
    rules = {rule.code: rule for rule in guidelines.follow_up_rules}
    with unit_of_work():
        planned = []
        for check in plan_checks(ended_at=ended_at, rules=guidelines.follow_up_rules):
            rule = rules[check.rule_code]
            row, created = FollowUpCheck.objects.get_or_create(
                session_id=session_id,
                code=check.rule_code,
                defaults={
                    "patient_id": patient_id,
                    "ward_id": ward_id,
                    "course_id": course_id,
                    "guideline_version": guideline_version,
                    "name": rule.name.en,
                    "effect": check.effect,
                    "kind": check.kind,
                    "source": rule.citation.label,
                    "opens_at": check.opens_at,
                    "due_at": check.due_at,
                    "closes_at": check.closes_at,
                },
            )
            if created:
                _supersede_earlier(row, now=now)
                _record(row, "followup.check.planned", actor_of(None), now)
                _schedule(row)
            planned.append(row)
    return planned


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
            _raise(check, "delayed_effect_suspected", Priority.HIGH, MESSAGE_SUSPECTED, now)
        _record(check, f"followup.check.{outcome}", actor_of(performer), now, note=note)
    return check


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
        _raise(check, "follow_up_overdue", Priority.MEDIUM, MESSAGE_OVERDUE, now)
        _record(check, "followup.check.overdue", actor_of(None), now)


def _fall_due(check: FollowUpCheck, now: datetime) -> None:
    check.status = FollowUpCheck.Status.DUE
    check.save(update_fields=["status"])
    _record(check, "followup.check.due", actor_of(None), now)


def _supersede_earlier(row: FollowUpCheck, *, now: datetime) -> None:
    earlier = FollowUpCheck.objects.select_for_update().filter(
        course_id=row.course_id, code=row.code, status=FollowUpCheck.Status.PLANNED
    )
    for check in earlier.exclude(pk=row.pk):
        check.status = FollowUpCheck.Status.SUPERSEDED
        check.reason = f"moved to check {row.pk}: a later infusion of the course ended"
        check.save(update_fields=["status", "reason"])
        cancel_timers(subject=f"check:{check.pk}", kinds=(DUE, OVERDUE))
        _record(check, "followup.check.superseded", actor_of(None), now)


def _schedule(row: FollowUpCheck) -> None:
    for kind, due_at in ((DUE, row.due_at), (OVERDUE, row.closes_at)):
        schedule_timer(
            kind=kind,
            subject=f"check:{row.pk}",
            occurrence="1",
            due_at=due_at,
            ward_id=row.ward_id,
            priority=3,
        )


def _raise(check: FollowUpCheck, code: str, priority: Priority, message: str, now: datetime) -> None:
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
        ),
        now=now,
    )


def _record(check: FollowUpCheck, name: str, actor: str, now: datetime, note: str = "") -> None:
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
            "note": note,
        },
    )
