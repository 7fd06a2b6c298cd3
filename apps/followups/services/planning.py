"""Planning the checks that follow a course, and planning again when the course changes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from apps.accounts.selectors import Staff
from apps.courses.selectors import CourseRecord, get_course
from apps.followups.course_picture import (
    calling_hours_of,
    course_picture,
    learned_late_of,
    protocol_for,
)
from apps.followups.domain import (
    Changes,
    CoursePicture,
    ExistingCheck,
    Lateness,
    PlannedCheck,
    Window,
    plan_course,
    replan,
)
from apps.followups.models import CourseFact, FollowUpCheck
from apps.followups.records import change_record, kept_reasons, reason_records
from apps.followups.services.common import DUE, OVERDUE, record, schedule
from apps.guidelines.selectors import guidelines_version
from apps.infusions.selectors import infusions_of_course
from apps.ledger.services import actor_of, cancel_timers, record_event, unit_of_work

PLANNING_LOCK = 0x464F4C4C


def replan_course(*, course_id: int, why: str, now: datetime) -> Changes:
    """Bring a course's checks in line with what it calls for now; twice changes nothing.

    `why` is what happened, in English, for the reason of a check that gives way: its row stays, superseded, and
    names the one that took its place. Two events of a course plan in turn.
    """
    with unit_of_work():
        plan_in_turn(course_id)
        course = get_course(course_id)
        infusions = infusions_of_course(course_id)
        picture = course_picture(course, infusions)
        plan = plan_course(picture, protocol_for(course.guideline_version, picture.dose_mg_per_kg))
        rows = {
            row.pk: row
            for row in FollowUpCheck.objects.select_for_update()
            .filter(course_id=course_id)
            .exclude(status=FollowUpCheck.Status.SUPERSEDED)
            .order_by("pk")
        }
        changes = replan([_existing(row) for row in rows.values()], plan, _lateness(course, picture, now))
        sessions = {infusion.day_number: infusion.session_id for infusion in infusions}
        new = [
            (
                FollowUpCheck(
                    patient_id=course.patient_id,
                    ward_id=course.ward_id,
                    course_id=course.pk,
                    session_id=sessions[check.session_day],
                    replaces=old,
                    **_as_fields(check, course.guideline_version),
                ),
                old,
            )
            for check, old in (
                *((check, None) for check in changes.added),
                *((move.new, rows[move.old.number]) for move in changes.moved),
            )
        ]
        _explain(changes, rows, now=now)
        dropped = [rows[check.number] for check in changes.superseded]
        _give_way([*dropped, *(old for _, old in new if old)])
        FollowUpCheck.objects.bulk_create([row for row, _ in new])
        for row in dropped:
            row.reason = f"no longer called for: {why}"[:200]
        for row, old in new:
            if old is not None:
                old.reason = f"moved to check {row.pk}: {why}"[:200]
        _tell([*dropped, *(old for _, old in new if old)], [row for row, _ in new], now=now)
        _keep_missed(course, changes.missed, sessions, now=now)
    return changes


def note_fact(
    *, course_id: int, fact: str, holds: bool, reason: str, performer: Staff | None, now: datetime
) -> Changes:
    """Something was learned of a course's patient (a risk, a discharge): note it, and plan again.

    `fact` is a fact the follow-up protocol knows, such as `hemoglobin_fell` or `inpatient`. The same word
    twice is noted once.
    """
    with unit_of_work():
        plan_in_turn(course_id)
        course = get_course(course_id)
        noted = CourseFact.objects.filter(course_id=course_id, fact=fact).last()
        is_new = noted is None or noted.holds != holds
        holds_before = noted.holds if noted else None
        if noted is None or is_new:
            noted = CourseFact.objects.create(
                course_id=course_id,
                fact=fact,
                holds=holds,
                reason=reason[:200],
                noted_by=performer,
                noted_at=now,
            )
            record_event(
                name="followup.fact.noted",
                subject=f"course:{course_id}",
                ward_id=course.ward_id,
                actor=actor_of(performer),
                now=now,
                payload={
                    "fact": fact,
                    "holds": holds,
                    "before": {"holds": holds_before},
                    "reason": reason,
                    "patient_id": course.patient_id,
                },
            )
        changes = replan_course(
            course_id=course_id, why=f"{fact} {'holds' if holds else 'does not hold'}", now=now
        )
        if is_new:
            noted.changes = change_record(changes)
            noted.save(update_fields=["changes"])
    return changes


def plan_in_turn(course_id: int) -> None:
    """One plan of a course at a time, until the transaction ends. Who locks a check and may plan takes this first.

    Not the course's own row: whoever acts on an infusion holds that one first, and an order holds the course
    first; each would wait for the other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PLANNING_LOCK, course_id % 2**31])


def _existing(row: FollowUpCheck) -> ExistingCheck:
    return ExistingCheck(
        number=row.pk,
        rule_code=row.code,
        day_number=row.day_number,
        status=row.status,
        window=Window(row.opens_at, row.due_at, row.closes_at),
        reasons=kept_reasons(row.reasons),
        anchored_at=row.anchored_at,
    )


def _lateness(course: CourseRecord, picture: CoursePicture, now: datetime) -> Lateness | None:
    policy = learned_late_of(course.guideline_version)
    if policy is None:
        return None
    hours = {hours.kind: hours for hours in calling_hours_of(course.guideline_version)}
    return Lateness(now, policy.within_h, picture.zone, hours)


def _keep_missed(
    course: CourseRecord, missed: Sequence[PlannedCheck], sessions: dict[int, int], *, now: datetime
) -> None:
    """Called for too late: kept with its reason, never scheduled."""
    for check in missed:
        row = FollowUpCheck.objects.create(
            patient_id=course.patient_id,
            ward_id=course.ward_id,
            course_id=course.pk,
            session_id=sessions[check.session_day],
            status=FollowUpCheck.Status.MISSED,
            **_as_fields(check, course.guideline_version),
        )
        record(row, "followup.check.missed", actor_of(None), now)


def _as_fields(check: PlannedCheck, guideline_version: str) -> dict[str, object]:
    rule = guidelines_version(guideline_version).follow_up_rule(check.rule_code)
    return {
        "guideline_version": guideline_version,
        "code": rule.code,
        "name": rule.name.en,
        "effect": rule.effect,
        "kind": rule.kind,
        "source": rule.citation.label,
        "urgent": rule.urgent,
        "day_number": check.day_number,
        "anchored_at": check.anchored_at,
        "opens_at": check.window.opens_at,
        "due_at": check.window.due_at,
        "closes_at": check.window.closes_at,
        "reasons": reason_records(check.reasons),
    }


def _explain(changes: Changes, rows: dict[int, FollowUpCheck], *, now: datetime) -> None:
    for move in changes.explained:
        row = rows[move.old.number]
        row.reasons = reason_records(move.new.reasons)
        row.save(update_fields=["reasons"])
        record(row, "followup.check.explained", actor_of(None), now)


def _give_way(rows: Sequence[FollowUpCheck]) -> None:
    """Superseded before their successors are there: of each rule only one is planned at any time."""
    for row in rows:
        row.status = FollowUpCheck.Status.SUPERSEDED
        cancel_timers(subject=f"check:{row.pk}", kinds=(DUE, OVERDUE))
    FollowUpCheck.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=FollowUpCheck.Status.SUPERSEDED
    )


def _tell(gone: Sequence[FollowUpCheck], new: Sequence[FollowUpCheck], *, now: datetime) -> None:
    FollowUpCheck.objects.bulk_update(gone, ["reason"])
    for row in gone:
        record(row, "followup.check.superseded", actor_of(None), now, note=row.reason)
    for row in new:
        record(row, "followup.check.planned", actor_of(None), now)
        schedule(row)
