"""Readers of courses."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from apps.accounts.selectors import Action, Staff, require
from apps.courses.domain import Dose, VialPlan, calculate_dose, plan_vials
from apps.courses.models import Course, InfusionDay
from apps.guidelines.domain import Product
from apps.guidelines.selectors import guidelines_version
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

CourseRecord = Course


@dataclass(frozen=True, slots=True)
class DosePlan:
    """A dose with the whole vials of each day beside it."""

    dose: Dose
    vial_plan: VialPlan
    concentration_mg_per_ml: Decimal

    @property
    def vial_grams_per_day(self) -> Decimal:
        """Grams in the day's vials, to 0.01 g."""
        grams = self.vial_plan.volume_ml * self.concentration_mg_per_ml / 1000
        return grams.quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class PlannedInfusion:
    """What an infusion needs to know of its course."""

    course_id: int
    patient_id: int
    ward_id: int
    ward_time_zone: str
    day_number: int
    days: int
    planned_on: date
    guideline_version: str
    product_code: str
    weight_kg: Decimal
    volume_ml: Decimal
    risk_factors: tuple[str, ...]


def plan_dose(*, product: Product, weight_kg: Decimal, dose_mg_per_kg: Decimal, days: int) -> DosePlan:
    """Dose and vials for a product. Raises `product_incomplete`, and DomainError as the dose and vial rules do."""
    figures = product.require_complete()
    dose = calculate_dose(
        weight_kg=weight_kg,
        dose_mg_per_kg=dose_mg_per_kg,
        days=days,
        concentration_mg_per_ml=figures.concentration_mg_per_ml,
    )
    vials = plan_vials(volume_ml=dose.per_day_ml, vial_sizes_ml=figures.vial_sizes_ml)
    return DosePlan(dose=dose, vial_plan=vials, concentration_mg_per_ml=figures.concentration_mg_per_ml)


def dose_plan_of(course: CourseRecord) -> DosePlan:
    """The dose a course was opened with, from the guideline version it pins."""
    return plan_dose(
        product=guidelines_version(course.guideline_version).product(course.product_code),
        weight_kg=course.weight_kg,
        dose_mg_per_kg=course.dose_mg_per_kg,
        days=course.days,
    )


def access_course(user: Staff, course_id: int, action: Action = Action.SEE_PATIENTS) -> CourseRecord:
    """The course, if its patient lies on one of the person's wards; otherwise NotFoundError."""
    course = _courses().filter(pk=course_id, ward__in=user.wards.all()).first()
    if course is None:
        raise NotFoundError("not_found", N_("There is no such course on your wards."))
    require(user, action)
    return course


def courses_for(user: Staff) -> list[CourseRecord]:
    """Courses of the person's wards, newest first."""
    require(user, Action.SEE_PATIENTS)
    return list(_courses().filter(ward__in=user.wards.all()).order_by("-opened_at")[:200])


def courses_of_patient(patient_id: int) -> list[CourseRecord]:
    """A patient's courses, newest first."""
    return list(_courses().filter(patient_id=patient_id).order_by("-opened_at"))


def planned_infusion(user: Staff, course_id: int, day_number: int) -> PlannedInfusion:
    """One day of a course, for the person who will start it; locks the day until the unit ends.

    Raises NotFoundError when the course is not theirs or has no such day.
    """
    course = access_course(user, course_id, Action.RUN_INFUSION)
    day = InfusionDay.objects.select_for_update().filter(course=course, number=day_number).first()
    if day is None:
        raise NotFoundError("not_found", N_("This course has no such day."))
    return PlannedInfusion(
        course_id=course.pk,
        patient_id=course.patient_id,
        ward_id=course.ward_id,
        ward_time_zone=course.ward.time_zone,
        day_number=day.number,
        days=course.days,
        planned_on=day.planned_on,
        guideline_version=course.guideline_version,
        product_code=course.product_code,
        weight_kg=course.weight_kg,
        volume_ml=course.volume_per_day_ml,
        risk_factors=tuple(course.risk_factors),
    )


def _courses() -> QuerySet[Course]:
    return Course.objects.select_related("patient__ward", "ward", "opened_by").prefetch_related(
        "infusion_days"
    )
