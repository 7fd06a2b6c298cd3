"""Somebody was not reached: when to try again, when to tell the ward, and who takes a check on."""

from dataclasses import asdict
from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert
from apps.followups.domain.attempts import must_be_told, unreached
from apps.followups.domain.attempts import next_attempt_at as proposed_attempt
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.followups.script import attempt_plan_of, calls_of, zone_of
from apps.followups.selectors import access_check
from apps.followups.services.closing import ATTEMPT, UNREACHABLE_ALERT, refuse_closed, settle
from apps.followups.services.common import record
from apps.followups.words import MESSAGE_UNREACHABLE
from apps.guidelines.selectors import guidelines_version
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, schedule_timer, unit_of_work
from apps.ledger.types import DueTimer


def note_in_vain(
    check: FollowUpCheck, *, performer: Staff, note: str, next_attempt_at: datetime | None, now: datetime
) -> None:
    """Note an attempt in vain on a locked check: the next one is planned; often enough in vain tells the ward."""
    in_vain = attempts_in_vain(check) + 1
    if next_attempt_at is not None and next_attempt_at <= now:
        raise DomainError("next_attempt_past", N_("The next attempt must lie ahead."))
    again_at = next_attempt_at or propose_next_attempt(check, now=now, in_vain=in_vain)
    FollowUpAttempt.objects.create(
        check_done=check,
        outcome=FollowUpCheck.Outcome.UNREACHABLE,
        note=note,
        next_attempt_at=again_at,
        recorded_by=performer,
        recorded_at=now,
    )
    check.next_attempt_at = again_at
    check.save(update_fields=["next_attempt_at"])
    schedule_timer(
        kind=ATTEMPT,
        subject=f"check:{check.pk}",
        occurrence=again_at.isoformat(),
        due_at=again_at,
        ward_id=check.ward_id,
        priority=4,
    )
    if must_be_told(in_vain, attempt_plan_of(check)):
        _tell(check, in_vain, now)
    record(check, "followup.check.unreachable", actor_of(performer), now, note=note)


def propose_next_attempt(check: FollowUpCheck, *, now: datetime, in_vain: int) -> datetime:
    """When the patient would be tried again after so many attempts in vain."""
    return proposed_attempt(
        now=now,
        in_vain=in_vain,
        plan=attempt_plan_of(check),
        hours=calls_of(check),
        zone=zone_of(check),
    )


def attempts_in_vain(check: FollowUpCheck) -> int:
    """How often nobody was reached since somebody last was."""
    attempts = FollowUpAttempt.objects.filter(check_done=check).order_by("pk")
    return unreached(attempts.values_list("outcome", flat=True))


def attempt_falls_due(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: the patient is tried again now; the check comes back to the top of the worklist."""
    check = FollowUpCheck.objects.select_for_update().get(pk=timer.subject_id)
    waits = check.status not in (
        FollowUpCheck.Status.DONE, FollowUpCheck.Status.SUPERSEDED, FollowUpCheck.Status.LOST,
    )  # fmt: skip
    if waits and check.next_attempt_at == timer.due_at:
        record(check, "followup.check.attempt_due", actor_of(None), now)


def give_up_as_lost(*, performer: Staff, check_id: int, reason: str, now: datetime) -> FollowUpCheck:
    """A physician decides, by name and with a reason, that this patient is not asked any more. Never automatic.

    Raises DomainError `reason_needed`, ConflictError `check_closed` or `check_lost`.
    """
    if not reason.strip():
        raise DomainError("reason_needed", N_("Say why nobody will ask this patient any more."))
    with unit_of_work():
        check = access_check(performer, check_id, Action.GIVE_UP_FOLLOW_UP, for_update=True)
        refuse_closed(check)
        if check.status == FollowUpCheck.Status.LOST:
            raise ConflictError("check_lost", N_("Somebody decided this already. Reload to see who."))
        FollowUpAttempt.objects.create(
            check_done=check,
            outcome=FollowUpCheck.Outcome.LOST,
            note=reason,
            recorded_by=performer,
            recorded_at=now,
        )
        settle(check, done_by=performer, now=now, status=FollowUpCheck.Status.LOST)
        record(check, "followup.check.lost", actor_of(performer), now, note=reason)
    return check


def take_check(*, performer: Staff, check_id: int, now: datetime) -> FollowUpCheck:
    """Take a check on, also from somebody else; taking it twice changes nothing."""
    return _hand(check_id, performer, to=performer, now=now)


def give_back_check(*, performer: Staff, check_id: int, now: datetime) -> FollowUpCheck:
    """Nobody has the check any more: it is the whole ward's."""
    return _hand(check_id, performer, to=None, now=now)


def _hand(check_id: int, performer: Staff, *, to: Staff | None, now: datetime) -> FollowUpCheck:
    with unit_of_work():
        check = access_check(performer, check_id, Action.RECORD_FOLLOW_UP, for_update=True)
        refuse_closed(check)
        before = check.responsible_id
        if before != (to.pk if to else None):
            check.responsible = to
            check.save(update_fields=["responsible"])
            record_event(
                name="followup.check.taken" if to else "followup.check.given_back",
                subject=f"check:{check.pk}",
                ward_id=check.ward_id,
                actor=actor_of(performer),
                now=now,
                payload={"code": check.code, "from": before, "to": to.pk if to else None},
            )
    return check


def _tell(check: FollowUpCheck, in_vain: int, now: datetime) -> None:
    rule = guidelines_version(check.guideline_version).follow_up_rule(check.code)
    raise_alert(
        ward_id=check.ward_id,
        patient_id=check.patient_id,
        subject=f"check:{check.pk}",
        condition=Condition(
            code=UNREACHABLE_ALERT,
            priority=Priority.MEDIUM,
            message=MESSAGE_UNREACHABLE,
            params={"name": asdict(rule.name), "count": in_vain},
            source=check.source,
        ),
        now=now,
    )
