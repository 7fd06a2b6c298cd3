"""Time passes: a check falls due, and overdue; a hold runs out.

After an outage everything late fires together. What is urgent is asked at once; the rest has its turn, one after
another and in calling hours, because eight calls can be made in a morning and eighty cannot (domain/backlog.py).
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from apps.alerts.domain.escalation import Priority
from apps.followups.course_picture import calling_hours_of
from apps.followups.domain import LateCheck, turns
from apps.followups.models import FollowUpCheck
from apps.followups.services.common import (
    DUE,
    MESSAGE_OVERDUE,
    OVERDUE,
    raise_about,
    record,
    schedule_at,
)
from apps.guidelines.domain import ASKED_KINDS, CallingHours
from apps.guidelines.selectors import guidelines_version
from apps.infusions.selectors import infusions_of_course
from apps.ledger.services import actor_of
from apps.ledger.types import DueTimer

_LATE_AFTER = timedelta(minutes=15)
_TOLD_WITHIN = timedelta(hours=2)  # of an overdue check a ward hears after an outage at the latest
_TURN = "turn"
_CALL = "call"
_Status = FollowUpCheck.Status


def check_falls_due(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: the check enters the worklist; a hold is over."""
    check = _locked(timer)
    if check.status != _Status.PLANNED:
        return
    if check.kind not in ASKED_KINDS:
        check.status = _Status.DONE
        check.save(update_fields=["status"])
        record(check, "followup.hold.ended", actor_of(None), now)
        return
    if check.kind == _CALL and _is_infused(check):
        # The patient has a nurse at the bedside. When this infusion ends the call counts from there; should its end
        # never be told, the call falls due when its window closes.
        return
    turn = _turn_to_be_asked(check, now) if timer.occurrence != _TURN else now
    if turn > now:
        schedule_at(check, DUE, turn, _TURN)
    else:
        _fall_due(check, now)


def check_is_overdue(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: the window closed and nobody knows how the patient is.

    After an outage several workers fire what is late, and this timer may come before the one that says due.
    """
    check = _locked(timer)
    if check.status == _Status.PLANNED:
        _fall_due(check, now)
    if check.status == _Status.DUE:
        check.status = _Status.OVERDUE
        check.save(update_fields=["status"])
        record(check, "followup.check.overdue", actor_of(None), now)
    if check.status == _Status.OVERDUE and check.alerted_at is None:
        turn = _turn_to_be_told(check, now) if timer.occurrence != _TURN else now
        if turn > now:
            schedule_at(check, OVERDUE, turn, _TURN)
            return
        check.alerted_at = now
        check.save(update_fields=["alerted_at"])
        raise_about(check, "follow_up_overdue", Priority.MEDIUM, MESSAGE_OVERDUE, now, due_at=check.closes_at)


def _locked(timer: DueTimer) -> FollowUpCheck:
    checks = FollowUpCheck.objects.select_related("ward").select_for_update(of=("self",))
    return checks.get(pk=timer.subject_id)


def _fall_due(check: FollowUpCheck, now: datetime) -> None:
    check.status = _Status.DUE
    check.entered_at = now
    check.save(update_fields=["status", "entered_at"])
    record(check, "followup.check.due", actor_of(None), now)


def _turn_to_be_asked(check: FollowUpCheck, now: datetime) -> datetime:
    """A call that is late goes into the line of its ward; whatever else is late is asked now."""
    hours = _calls(check)
    if check.kind != _CALL or hours is None or now - check.due_at <= _LATE_AFTER:
        return now
    every = timedelta(minutes=hours.spread_minutes)
    calls = _of_ward(check).filter(kind=_CALL)
    late = calls.filter(status=_Status.PLANNED, due_at__lte=now - _LATE_AFTER)
    granted = turns(
        [_late(one, one.closes_at) for one in late],
        now=now,
        taken=calls.filter(urgent=False, entered_at__gt=now - every).count(),
        every=every,
        hours=hours,
        zone=ZoneInfo(check.ward.time_zone),
    )
    return granted[check.pk]


def _turn_to_be_told(check: FollowUpCheck, now: datetime) -> datetime:
    """An alert that is late goes into the line of its ward: the board says overdue at once, the calling waits."""
    hours = _calls(check)
    if hours is None or check.closes_at is None or now - check.closes_at <= _LATE_AFTER:
        return now
    every = timedelta(minutes=hours.spread_minutes)
    open_ones = Q(status__in=[_Status.PLANNED, _Status.DUE, _Status.OVERDUE], alerted_at__isnull=True)
    late = _of_ward(check).filter(open_ones, closes_at__lte=now - _LATE_AFTER)
    granted = turns(
        [_late(one, now + _TOLD_WITHIN) for one in late],
        now=now,
        taken=_of_ward(check).filter(urgent=False, alerted_at__gt=now - every).count(),
        every=every,
        hours=None,
        zone=ZoneInfo(check.ward.time_zone),
    )
    return granted[check.pk]


def _is_infused(check: FollowUpCheck) -> bool:
    """Whether an infusion runs from whose end the check will count."""
    rule = guidelines_version(check.guideline_version).follow_up_rule(check.code)
    infusions = infusions_of_course(check.course_id)
    return rule.anchor == "last_dose" and any(infusion.ended_at is None for infusion in infusions)


def _late(check: FollowUpCheck, until: datetime | None) -> LateCheck:
    return LateCheck(check.pk, check.urgent, check.due_at, until or check.due_at)


def _of_ward(check: FollowUpCheck) -> QuerySet[FollowUpCheck]:
    return FollowUpCheck.objects.filter(ward_id=check.ward_id, kind__in=ASKED_KINDS)


def _calls(check: FollowUpCheck) -> CallingHours | None:
    hours = calling_hours_of(check.guideline_version)
    return next((one for one in hours if one.kind == _CALL), None)
