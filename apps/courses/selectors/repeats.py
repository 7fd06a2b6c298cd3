"""Whether and when a course is to be repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.courses.domain.intervals import Window, next_course_window
from apps.courses.domain.maintenance import (
    CourseState,
    Proposal,
    Response,
    TreatedCourse,
    propose_next_step,
)
from apps.courses.models import Course, InfusionDay, TreatmentResponse
from apps.courses.selectors.courses import CourseRecord, courses_of_patient, disease_of
from apps.courses.selectors.given import begun_days, given_on
from apps.guidelines.domain import DoseRegimen, Guidelines, MaintenanceAlgorithm
from apps.guidelines.selectors import current_guidelines, guidelines_version

ResponseRecord = TreatmentResponse


@dataclass(frozen=True, slots=True)
class Repeat:
    """The newest given course of a disease and what may follow it.

    `window` comes from the course's own regimen, `proposal` from a maintenance algorithm for the disease;
    each is None where its source is silent. `ordered_on` is the first day of a course ordered already.
    """

    course: CourseRecord
    regimen: DoseRegimen
    last_day: date
    window: Window | None
    algorithm: MaintenanceAlgorithm | None
    proposal: Proposal | None
    ordered_on: date | None


def responses_of(course: CourseRecord) -> list[ResponseRecord]:
    """Every response recorded for a course, also those entered in error, oldest first."""
    return list(course.responses.select_related("recorded_by", "error_marked_by"))


def repeats_of_patient(patient_id: int, *, today: date) -> list[Repeat]:
    """One for each disease of which something was given, the newest first."""
    guidelines = current_guidelines()
    by_disease: dict[str, list[Course]] = {}
    for course in reversed(courses_of_patient(patient_id)):
        by_disease.setdefault(disease_of(course), []).append(course)
    found = [
        repeat
        for disease, courses in by_disease.items()
        if (repeat := _repeat(disease, courses, guidelines, today)) is not None
    ]
    return sorted(found, key=lambda repeat: repeat.last_day, reverse=True)


def repeat_of_course(course: CourseRecord, *, today: date) -> Repeat | None:
    """What may follow this course; None before it began, and when a later one of the disease was given."""
    repeats = repeats_of_patient(course.patient_id, today=today)
    return next((repeat for repeat in repeats if repeat.course.pk == course.pk), None)


def first_given_on(course: CourseRecord) -> date | None:
    """The first infusion day; None before it."""
    return next(iter(_days(course)), None)


def next_first_day(course: CourseRecord) -> date | None:
    """The first infusion day of the course of the same disease that was given after this one."""
    own = _days(course)
    later = [
        _days(other)[0]
        for other in courses_of_patient(course.patient_id)
        if other.pk != course.pk and _days(other) and disease_of(other) == disease_of(course)
    ]
    return min((day for day in later if own and day > own[0]), default=None)


def _repeat(disease: str, courses: Sequence[Course], guidelines: Guidelines, today: date) -> Repeat | None:
    given = sorted((course for course in courses if _days(course)), key=lambda course: _days(course)[0])
    if not given:
        return None
    newest, last_day = given[-1], _days(given[-1])[-1]
    regimen = (
        guidelines_version(newest.guideline_version)
        .indication(newest.indication_code)
        .regimen(newest.regimen_code)
    )
    algorithm = next((one for one in guidelines.maintenance_algorithms if disease in one.diseases), None)
    complete = newest.status == Course.Status.COMPLETED
    history = [_treated(course) for course in given]
    return Repeat(
        course=newest,
        regimen=regimen,
        last_day=last_day,
        window=next_course_window(regimen, last_infusion_on=last_day) if complete else None,
        algorithm=algorithm,
        proposal=propose_next_step(history, algorithm, today=today) if algorithm else None,
        ordered_on=min(
            (day.planned_on for course in courses if not _days(course) for day in course.infusion_days.all()),
            default=None,
        ),
    )


def _treated(course: Course) -> TreatedCourse:
    days = _days(course)
    statuses = {day.status for day in course.infusion_days.all()}
    if statuses & {InfusionDay.Status.PLANNED, InfusionDay.Status.RUNNING}:
        state = CourseState.RUNNING
    else:
        state = CourseState.CUT_SHORT if InfusionDay.Status.STOPPED in statuses else CourseState.GIVEN
    return TreatedCourse(
        first_day=days[0],
        last_day=days[-1],
        dose_mg_per_kg=course.dose_mg_per_kg,
        state=state,
        responses=tuple(
            Response(row.outcome, row.assessed_on) for row in course.responses.filter(entered_in_error=False)
        ),
    )


def _days(course: Course) -> list[date]:
    """The days on which something of it was given, in order."""
    return sorted(given_on(day) for day in begun_days(course))
