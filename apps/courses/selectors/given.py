"""What was really given, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.courses.models import Course, InfusionDay
from apps.courses.selectors.courses import courses_of_patient


@dataclass(frozen=True, slots=True)
class GivenDay:
    """A day of a course that was begun; `grams` None while it runs, or where nobody kept how much was given."""

    course_id: int
    number: int
    product_code: str
    on: date
    grams: Decimal | None
    weight_kg: Decimal

    @property
    def g_per_kg(self) -> Decimal | None:
        """Grams per kg of actual body weight, unrounded."""
        return None if self.grams is None else self.grams / self.weight_kg


def given_days(patient_id: int) -> list[GivenDay]:
    """Every day of every course that was begun, in order of time."""
    found = [
        GivenDay(
            course_id=course.pk,
            number=day.number,
            product_code=course.product_code,
            on=given_on(day),
            grams=_grams(day),
            weight_kg=course.weight_kg,
        )
        for course in courses_of_patient(patient_id)
        for day in begun_days(course)
    ]
    return sorted(found, key=lambda day: (day.on, day.course_id, day.number))


def begun_days(course: Course) -> list[InfusionDay]:
    """The days of a course that were begun."""
    return [day for day in course.infusion_days.all() if day.status != InfusionDay.Status.PLANNED]


def given_on(day: InfusionDay) -> date:
    """The day it was given; for one from before this was kept, the day it was planned for."""
    return day.given_on or day.planned_on


def _grams(day: InfusionDay) -> Decimal | None:
    if day.given_g is not None:
        return day.given_g
    return day.dose_g if day.status == InfusionDay.Status.DONE else None


@dataclass(frozen=True, slots=True)
class SessionGrams:
    """What an infusion day was ordered for and how much of it went in; `grams` None where nobody kept it."""

    session_id: int
    indication_code: str
    grams: Decimal | None


def grams_of_sessions(session_ids: Iterable[int]) -> list[SessionGrams]:
    """Indication and grams of many infusions in one query."""
    days = InfusionDay.objects.filter(session_id__in=list(session_ids)).select_related("course")
    return [
        SessionGrams(day.session_id, day.course.indication_code, _grams(day))
        for day in days.only("session_id", "given_g", "dose_g", "status", "course__indication_code")
        if day.session_id is not None
    ]
