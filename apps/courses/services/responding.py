"""Recording how a course worked."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, Staff
from apps.courses.models import Course, TreatmentResponse
from apps.courses.selectors import access_course, first_given_on, lock_course, next_first_day
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work


def record_response(
    *, performer: Staff, course_id: int, outcome: str, assessed_on: date, note: str, now: datetime
) -> TreatmentResponse:
    """Record how a course had worked by a day: `none`, `suboptimal`, `good` or `relapse`.

    Raises DomainError `course_not_begun`, `response_before_course`, `response_in_future`,
    `response_after_next_course`.
    """
    with unit_of_work():
        lock_course(course_id)
        course = access_course(performer, course_id, Action.OPEN_COURSE)
        today = now.astimezone(ZoneInfo(course.ward.time_zone)).date()
        _refuse_day(course, assessed_on, today)
        response = TreatmentResponse.objects.create(
            course=course,
            outcome=outcome,
            assessed_on=assessed_on,
            note=note.strip(),
            recorded_by=performer,
            recorded_at=now,
        )
        record_event(
            name="course.response.recorded",
            subject=f"course:{course.pk}",
            ward_id=course.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={
                "response_id": response.pk,
                "patient_id": course.patient_id,
                "outcome": outcome,
                "assessed_on": assessed_on.isoformat(),
                "note": response.note,
            },
        )
    return response


def _refuse_day(course: Course, assessed_on: date, today: date) -> None:
    first = first_given_on(course)
    if first is None:
        raise DomainError(
            "course_not_begun", N_("Nothing of this course was given yet: there is no response to record.")
        )
    if assessed_on < first:
        raise _refuse(
            "response_before_course", N_("The response cannot be from before the course. Check the date.")
        )
    if assessed_on > today:
        raise _refuse("response_in_future", N_("The date lies in the future. Check it."))
    next_first = next_first_day(course)
    if next_first is not None and assessed_on > next_first:
        raise _refuse(
            "response_after_next_course",
            N_("On this day a later course had begun: record the response with that one."),
        )


def _refuse(code: str, message: str) -> DomainError:
    return DomainError(code, message, extra={"field": "assessed_on"})
