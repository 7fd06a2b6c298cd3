"""Writers of going home."""

from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.courses.selectors import access_course, get_course, lock_course
from apps.discharge.domain.stay import NOTHING_GIVEN, stay_to_end
from apps.discharge.models import Discharge
from apps.discharge.sheet import discharge_sheet, render_sheet
from apps.followups.services import note_fact
from apps.infusions.selectors import infusions_of_course
from apps.kernel.errors import ConflictError
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.selfreport.selectors import newest_link
from apps.selfreport.services import issue_link

_IN_HOSPITAL = "inpatient"
_WENT_HOME = "discharged"
_CAME_BACK = "an infusion began after the discharge"


def discharge_patient(*, performer: Staff, course_id: int, now: datetime, note: str = "") -> Discharge:
    """The patient goes home: what is asked at home is planned instead of what is asked on the ward.

    Once per stay; a later infusion begins another one. Raises ConflictError `nothing_given`, `infusion_running`,
    `discharged_already`; NotFoundError when the course is not on the person's wards.
    """
    with unit_of_work():
        course = access_course(performer, course_id, Action.RECORD_FOLLOW_UP)
        lock_course(course.pk)
        ended = Discharge.objects.filter(course_id=course.pk).values_list("session_id", flat=True)
        discharge = Discharge.objects.create(
            patient_id=course.patient_id,
            ward_id=course.ward_id,
            course_id=course.pk,
            session_id=stay_to_end(infusions_of_course(course.pk), list(ended)),
            discharged_at=now,
            discharged_by=performer,
            note=note,
        )
        record_event(
            name="discharge.patient.discharged",
            subject=f"course:{course.pk}",
            ward_id=course.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={"patient_id": course.patient_id, "session_id": discharge.session_id, "note": note},
        )
        note_fact(
            course_id=course.pk,
            fact=_IN_HOSPITAL,
            holds=False,
            reason=_WENT_HOME,
            performer=performer,
            now=now,
        )
    return discharge


def begin_stay_again(*, course_id: int, now: datetime) -> None:
    """An infusion began after a discharge: who was ordered to have it in hospital is in hospital again."""
    with unit_of_work():
        if not Discharge.objects.filter(course_id=course_id).exists():
            return
        if get_course(course_id).order.get("setting") == _IN_HOSPITAL:
            note_fact(
                course_id=course_id, fact=_IN_HOSPITAL, holds=True, reason=_CAME_BACK, performer=None, now=now
            )


def print_sheet(*, performer: Staff, course_id: int, language: str, now: datetime) -> bytes:
    """The discharge sheet as a PDF with a link given out for it; the link before it stops working.

    Where the paper cannot be made, the old link stays. Raises ConflictError `nothing_given`; DomainError
    `language_unknown`; NotFoundError when the course is not on the person's wards.
    """
    with unit_of_work():
        course = access_course(performer, course_id, Action.RECORD_FOLLOW_UP)
        if not infusions_of_course(course.pk):
            raise ConflictError("nothing_given", NOTHING_GIVEN)
        replaces = newest_link(course.pk) is not None
        issued = issue_link(performer=performer, course_id=course.pk, language=language, now=now)
        sheet = discharge_sheet(course, issued, replaces_another=replaces, printed_by=performer, now=now)
        paper = render_sheet(sheet, language=language)
        record_event(
            name="discharge.sheet.printed",
            subject=f"self_report_link:{issued.link.pk}",
            ward_id=course.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={"patient_id": course.patient_id, "course_id": course.pk, "language": language},
        )
    return paper
