"""Courses, their versions and days, and what an order comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from apps.accounts.selectors import Action, Staff, require, wards_of_now, within_reach
from apps.courses.domain.assessment import (
    AcceptedReading,
    Assessment,
    EarlierCourse,
    OpenReaction,
    Situation,
    assess,
)
from apps.courses.domain.order import CourseOrder
from apps.courses.models import Course, CourseVersion, InfusionDay, OpenRechallenge
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import (
    RegimenReadingRecord,
    accepted_reading,
    current_guidelines,
    guidelines_version,
)
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_
from apps.patients.domain.identity import age_years
from apps.patients.selectors import PatientRecord, access_patient

CourseRecord = Course
CourseVersionRecord = CourseVersion


@dataclass(frozen=True, slots=True)
class PriorInfusion:
    """What the order knows of the last infusion before it; None for a day, "" for a product that nobody knew."""

    product_code: str
    given_on: date | None


@dataclass(frozen=True, slots=True)
class PlannedInfusion:
    """What an infusion needs to know of its course."""

    course_id: int
    patient_id: int
    patient_birth_date: date
    ward_id: int
    ward_time_zone: str
    day_number: int
    days: int
    planned_on: date
    guideline_version: str
    product_code: str
    rate_table_code: str
    disease: str
    weight_kg: Decimal
    volume_ml: Decimal
    risk_factors: tuple[str, ...]
    prior: PriorInfusion | None
    pregnant: bool


def assess_order(*, user: Staff, patient_id: int, order: CourseOrder, today: date) -> Assessment:
    """What an order of this person for this patient comes to. Writes nothing."""
    patient = access_patient(user, patient_id, Action.OPEN_COURSE)
    guidelines = current_guidelines()
    return assess(
        order, guidelines=guidelines, situation=situation_of(user, patient, order, guidelines, today=today)
    )


def assess_revision(*, user: Staff, course: CourseRecord, order: CourseOrder, today: date) -> Assessment:
    """What a changed order of a running course comes to, on the guideline that is current now."""
    guidelines = current_guidelines()
    situation = situation_of(user, course.patient, order, guidelines, today=today, revised=course)
    return assess(order, guidelines=guidelines, situation=situation)


def situation_of(
    user: Staff,
    patient: PatientRecord,
    order: CourseOrder,
    guidelines: Guidelines,
    *,
    today: date,
    revised: CourseRecord | None = None,
) -> Situation:
    """What is known around an order; `revised` is the course it changes."""
    indication = guidelines.indication(order.indication_code)
    regimen = indication.regimen(order.regimen_code)
    started = [day for day in _days(revised) if day.status != InfusionDay.Status.PLANNED]
    reading = accepted_reading(indication, regimen) if regimen.queried else None
    return Situation(
        today=today,
        age_years=age_years(patient.birth_date, today),
        sex=patient.sex,
        specialty=user.specialty,
        earlier=tuple(
            _earlier(course) for course in courses_of_patient(patient.pk) if course.pk != _pk(revised)
        ),
        reading=_accepted(reading) if reading else None,
        given_g=sum((day.dose_g for day in started), Decimal(0)),
        days_given=len(started),
        open_reactions=_open_reactions(patient, guidelines, revised),
    )


def lock_course(course_id: int) -> None:
    """Hold a course until the unit ends: whoever starts, ends, changes or judges its days comes through here first."""
    Course.objects.select_for_update().filter(pk=course_id).first()


def disease_of(course: CourseRecord) -> str:
    """The code of the disease, by the guideline the course was ordered on."""
    return guidelines_version(course.guideline_version).indication(course.indication_code).disease


def access_course(user: Staff, course_id: int, action: Action = Action.SEE_PATIENTS) -> CourseRecord:
    """The course, if its patient lies on one of the person's wards; otherwise NotFoundError."""
    course = _courses().filter(within_reach(user, action), pk=course_id).first()
    if course is None:
        raise NotFoundError("not_found", N_("There is no such course on your wards."))
    require(user, action)
    return course


def get_course(course_id: int) -> CourseRecord:
    """The course by number, for handlers."""
    return _courses().get(pk=course_id)


def courses_for(user: Staff) -> list[CourseRecord]:
    """Courses of the person's wards, newest first."""
    require(user, Action.SEE_PATIENTS)
    return list(_courses().filter(ward__in=wards_of_now(user)).order_by("-opened_at")[:200])


def courses_of_patient(patient_id: int) -> list[CourseRecord]:
    """A patient's courses, newest first."""
    return list(_courses().filter(patient_id=patient_id).order_by("-opened_at"))


def versions_of(course: CourseRecord) -> list[CourseVersionRecord]:
    """Every version of a course, oldest first."""
    return list(course.versions.select_related("approved_by", "second_person"))


def planned_infusion(user: Staff, course_id: int, day_number: int) -> PlannedInfusion:
    """One day of a course, for the person who will start it; locks the course until the unit ends.

    Raises NotFoundError when the course is not theirs or has no such day.
    """
    lock_course(course_id)
    return infusion_of_day(access_course(user, course_id, Action.RUN_INFUSION), day_number)


def infusion_of_day(course: CourseRecord, day_number: int) -> PlannedInfusion:
    """One day of a course a person has access to, to be looked at. NotFoundError when it has no such day."""
    day = next((day for day in course.infusion_days.all() if day.number == day_number), None)
    if day is None:
        raise NotFoundError("not_found", N_("This course has no such day."))
    return PlannedInfusion(
        course_id=course.pk,
        patient_id=course.patient_id,
        patient_birth_date=course.patient.birth_date,
        ward_id=course.ward_id,
        ward_time_zone=course.ward.time_zone,
        day_number=day.number,
        days=course.days,
        planned_on=day.planned_on,
        guideline_version=course.guideline_version,
        product_code=course.product_code,
        rate_table_code=course.rate_table_code,
        disease=disease_of(course),
        weight_kg=course.dosing_weight_kg,
        volume_ml=day.volume_ml,
        risk_factors=tuple(course.risk_factors),
        prior=_prior(course.order["profile"]),
        pregnant=course.order["profile"]["pregnant"],
    )


def _prior(profile: Mapping[str, Any]) -> PriorInfusion | None:
    if profile["prior_ivig"] != "before":
        return None
    given_on = profile["prior_given_on"]
    return PriorInfusion(profile["prior_product"], date.fromisoformat(given_on) if given_on else None)


def _accepted(reading: RegimenReadingRecord) -> AcceptedReading:
    return AcceptedReading(
        amount_mg_per_kg_min=reading.amount_mg_per_kg_min,
        amount_mg_per_kg_max=reading.amount_mg_per_kg_max,
        basis=reading.basis,
        days_min=reading.days_min,
        days_max=reading.days_max,
        physician=reading.physician.display_name,
        second_person=reading.second_person.display_name,
        accepted_on=reading.accepted_at.date(),
    )


def _earlier(course: Course) -> EarlierCourse:
    grams = sum((day.dose_g for day in course.infusion_days.all()), Decimal(0))
    return EarlierCourse(
        disease=disease_of(course),
        started_on=min(day.planned_on for day in course.infusion_days.all()),
        weight_kg=course.weight_kg,
        weighed_on=course.weighed_on,
        given_mg_per_kg=grams * 1000 / course.weight_kg,
        is_open=course.status == Course.Status.ACTIVE,
    )


def _open_reactions(
    patient: PatientRecord, guidelines: Guidelines, revised: CourseRecord | None
) -> tuple[OpenReaction, ...]:
    """What the next course may show; the course in which it happened is not the next one."""
    rows = OpenRechallenge.objects.filter(patient=patient, is_open=True).exclude(course_id=_pk(revised) or 0)
    names = {product.code: product.name for product in guidelines.products}
    zone = ZoneInfo(patient.ward.time_zone)
    return tuple(
        OpenReaction(
            number=row.event_id,
            reaction=row.reaction,
            product=names.get(row.product_code, row.product_code),
            on=row.onset_at.astimezone(zone).date(),
        )
        for row in rows.order_by("onset_at", "pk")
    )


def _days(course: Course | None) -> list[InfusionDay]:
    return list(course.infusion_days.all()) if course else []


def _pk(course: Course | None) -> int | None:
    return course.pk if course else None


def _courses() -> QuerySet[Course]:
    return Course.objects.select_related("patient__ward", "ward", "opened_by").prefetch_related(
        "infusion_days"
    )
