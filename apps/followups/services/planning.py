"""Planning the checks that follow an infusion."""

from datetime import datetime

from apps.followups.domain.planner import plan_checks
from apps.followups.models import FollowUpCheck
from apps.followups.services.common import DUE, OVERDUE, record, schedule
from apps.guidelines.selectors import guidelines_version
from apps.ledger.services import actor_of, cancel_timers, unit_of_work


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
                record(row, "followup.check.planned", actor_of(None), now)
                schedule(row)
            planned.append(row)
    return planned


def _supersede_earlier(row: FollowUpCheck, *, now: datetime) -> None:
    earlier = FollowUpCheck.objects.select_for_update().filter(
        course_id=row.course_id, code=row.code, status=FollowUpCheck.Status.PLANNED
    )
    for check in earlier.exclude(pk=row.pk):
        check.status = FollowUpCheck.Status.SUPERSEDED
        check.reason = f"moved to check {row.pk}: a later infusion of the course ended"
        check.save(update_fields=["status", "reason"])
        cancel_timers(subject=f"check:{check.pk}", kinds=(DUE, OVERDUE))
        record(check, "followup.check.superseded", actor_of(None), now)
