"""Approving a course, and changing one that was approved."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, Staff
from apps.accounts.services import Signature, sign_with_second_person
from apps.accounts.signing import signature_of
from apps.courses.domain.assessment import Assessment, Finding, assess, highest_level, unanswered
from apps.courses.domain.order import CourseOrder
from apps.courses.models import Course, CourseVersion
from apps.courses.records import finding_records, order_record
from apps.courses.selectors import access_course, lock_course, situation_of
from apps.courses.services.days import plan_days
from apps.guidelines.selectors import current_version, guidelines_version
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_, fill_in_english
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.selectors import access_patient


def open_course(
    *,
    performer: Staff,
    patient_id: int,
    order: CourseOrder,
    answers: Mapping[str, str],
    signature: Signature | None,
    now: datetime,
) -> Course:
    """Approve an ordered course on the current guideline, with its infusion days.

    `answers` maps finding codes to reasons (any text for a tick). Raises DomainError `course_blocked`,
    `findings_unanswered` (`extra.findings` lists their codes), `second_person_needed`, the refusals of
    `assess` and of `sign_with_second_person`. Nothing is stored then.
    """
    patient = access_patient(performer, patient_id, Action.OPEN_COURSE)
    version = current_version()
    guidelines = guidelines_version(version)
    today = now.astimezone(ZoneInfo(patient.ward.time_zone)).date()
    assessment = assess(
        order,
        guidelines=guidelines,
        situation=situation_of(performer, patient, order, guidelines, today=today),
    )
    with unit_of_work():
        second = _approve(performer, patient.ward_id, assessment, answers, signature)
        course = Course(patient=patient, ward=patient.ward, opened_by=performer, opened_at=now)
        _take_over(course, order, assessment, answers, version)
        course.save()
        plan_days(course, order, assessment, guidelines.product(order.product_code))
        _keep_version(course, performer=performer, second=second, reason="", now=now)
        _record("course.opened", course, performer, second, now)
    return course


def revise_course(
    *,
    performer: Staff,
    course_id: int,
    based_on_version: int,
    order: CourseOrder,
    answers: Mapping[str, str],
    signature: Signature | None,
    reason: str,
    now: datetime,
) -> Course:
    """Approve a changed order as a new version; days that have begun stay, the rest is planned anew.

    Raises what `open_course` raises, and ConflictError `course_changed`, DomainError `course_completed`,
    `revision_reason_needed`.
    """
    with unit_of_work():
        lock_course(course_id)
        course = access_course(performer, course_id, Action.OPEN_COURSE)
        if not reason.strip():
            raise DomainError(
                "revision_reason_needed", N_("Say why the course is changed."), extra={"field": "reason"}
            )
        _refuse_stale(course, based_on_version)
        version = current_version()
        guidelines = guidelines_version(version)
        today = now.astimezone(ZoneInfo(course.ward.time_zone)).date()
        situation = situation_of(performer, course.patient, order, guidelines, today=today, revised=course)
        assessment = assess(order, guidelines=guidelines, situation=situation)
        second = _approve(performer, course.ward_id, assessment, answers, signature)
        order_before = course.order
        course.version += 1
        _take_over(course, order, assessment, answers, version)
        course.save()
        plan_days(course, order, assessment, guidelines.product(order.product_code))
        _keep_version(course, performer=performer, second=second, reason=reason.strip(), now=now)
        changed = {"reason": reason.strip(), "before": {"order": order_before}}
        _record("course.revised", course, performer, second, now, **changed)
    return access_course(performer, course_id)


def _refuse_stale(course: Course, based_on_version: int) -> None:
    if course.status == Course.Status.COMPLETED:
        raise DomainError("course_completed", N_("This course is completed. Open a new one instead."))
    if course.version != based_on_version:
        raise ConflictError(
            "course_changed",
            N_("Somebody changed this course meanwhile. Look at the new version, then change it again."),
            extra={"version": course.version},
        )


def _approve(
    performer: Staff,
    ward_id: int,
    assessment: Assessment,
    answers: Mapping[str, str],
    signature: Signature | None,
) -> Staff | None:
    """Refuse an order that leaves a finding open; return who signed with the prescriber where that is needed."""
    blocks = [finding for finding in assessment.findings if finding.level == "block"]
    if blocks:
        raise DomainError(
            "course_blocked",
            N_("This course cannot be approved: %(finding)s"),
            finding=_wording(blocks[0]),
            extra={"findings": _codes(blocks)},
        )
    open_findings = unanswered(assessment.findings, answers)
    if open_findings:
        raise DomainError(
            "findings_unanswered",
            N_("Findings that still need your answer: %(number)s. Nothing was saved."),
            number=len(open_findings),
            extra={"findings": _codes(open_findings)},
        )
    if highest_level(assessment.findings) != "second_person":
        return None
    if signature is None:
        raise DomainError(
            "second_person_needed",
            N_("This order departs from the sources: a second person must sign with you."),
            extra={"field": "signature.second_username"},
        )
    return sign_with_second_person(performer=performer, signature=signature, ward_id=ward_id)


def _wording(finding: Finding) -> dict[str, str]:
    return {
        language: fill_in_english(text, finding.params)
        for language, text in finding.text.as_mapping().items()
    }


def _codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def _take_over(
    course: Course, order: CourseOrder, assessment: Assessment, answers: Mapping[str, str], version: str
) -> None:
    course.guideline_version = version
    course.indication_code = order.indication_code
    course.regimen_code = order.regimen_code
    course.product_code = order.product_code
    course.rate_table_code = assessment.rate_table.code
    course.weight_kg = order.profile.weight_kg
    course.weighed_on = order.profile.weighed_on
    course.dosing_weight_kg = assessment.weight.kg
    course.dose_mg_per_kg = order.dose_mg_per_kg
    course.days = order.days
    course.risk_factors = list(assessment.risk_factors)
    course.order = order_record(order)
    course.findings = finding_records(assessment.findings, answers)


def _keep_version(
    course: Course, *, performer: Staff, second: Staff | None, reason: str, now: datetime
) -> None:
    CourseVersion.objects.create(
        course=course,
        number=course.version,
        guideline_version=course.guideline_version,
        order=course.order,
        findings=course.findings,
        reason=reason,
        approved_by=performer,
        second_person=second,
        approved_at=now,
    )


def _record(
    name: str, course: Course, performer: Staff, second: Staff | None, now: datetime, **changed: Any
) -> None:
    record_event(
        name=name,
        subject=f"course:{course.pk}",
        ward_id=course.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={
            "patient_id": course.patient_id,
            "version": course.version,
            "order": course.order,
            "answers": {item["code"]: item["answer"] for item in course.findings if item["answer"]},
            "second_person": actor_of(second) if second else None,
            "signatures": [
                signature_of(person, meaning=meaning, signed=[course.version, course.order, course.findings])
                for person, meaning in ((performer, "approval"), (second, "second_signature"))
                if person
            ],
            **changed,
        },
    )
