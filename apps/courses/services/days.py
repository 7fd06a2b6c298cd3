"""The infusion days of a course."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from apps.courses.domain.assessment import Assessment
from apps.courses.domain.order import CourseOrder
from apps.courses.models import Course, InfusionDay
from apps.courses.selectors import lock_course
from apps.guidelines.domain import Product
from apps.ledger.services import unit_of_work

_ENDED = (InfusionDay.Status.DONE, InfusionDay.Status.STOPPED)


def mark_day(
    *,
    course_id: int,
    day_number: int,
    status: str,
    session_id: int,
    given_on: date | None = None,
    given_g: Decimal | None = None,
) -> None:
    """Note on the course what became of one of its days; the last one completes the course.

    `given_on` is known at the start, in the ward's time, `given_g` at the end.
    """
    known = {"given_on": given_on, "given_g": given_g}
    with unit_of_work():
        lock_course(course_id)
        InfusionDay.objects.filter(course_id=course_id, number=day_number).update(
            status=status,
            session_id=session_id,
            **{name: value for name, value in known.items() if value is not None},
        )
        if not InfusionDay.objects.filter(course_id=course_id).exclude(status__in=_ENDED).exists():
            Course.objects.filter(pk=course_id).update(status=Course.Status.COMPLETED)


def plan_days(course: Course, order: CourseOrder, assessment: Assessment, product: Product) -> None:
    """Lay out the days that have not begun; those that have stay as they were."""
    begun = set(_numbers(course.infusion_days.exclude(status=InfusionDay.Status.PLANNED)))
    course.infusion_days.filter(status=InfusionDay.Status.PLANNED).delete()
    dose_g = assessment.vials.volume_ml * product.require_complete().concentration_mg_per_ml / 1000
    InfusionDay.objects.bulk_create(
        [
            InfusionDay(
                course=course,
                number=number,
                planned_on=order.starts_on + timedelta(days=number - 1),
                dose_g=dose_g,
                volume_ml=assessment.vials.volume_ml,
                vials=[list(vial) for vial in assessment.vials.vials],
                premedication=list(order.premedication),
                hydration=order.hydration,
            )
            for number in range(1, order.days + 1)
            if number not in begun
        ]
    )


def _numbers(days: Iterable[InfusionDay]) -> list[int]:
    return [day.number for day in days]
