"""Writers of going home."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, Staff
from apps.accounts.signing import signature_of
from apps.alerts.services import resolve_alerts
from apps.courses.selectors import access_course, get_course, lock_course
from apps.discharge.domain.matters import OpenMatter, refuse_unseen
from apps.discharge.domain.stay import NOTHING_GIVEN, stay_to_end
from apps.discharge.domain.vaccines import VaccineRelease
from apps.discharge.models import Discharge, VaccineOverride
from apps.discharge.open_matters import open_matters
from apps.discharge.selectors import vaccine_codes, vaccine_releases
from apps.discharge.sheet import discharge_sheet, render_sheet
from apps.followups.services import note_fact
from apps.infusions.selectors import infusions_of_course, sessions_still_watched
from apps.infusions.services import end_watch
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_, fill_in_english
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.selectors import PatientRecord, access_patient
from apps.selfreport.selectors import newest_link
from apps.selfreport.services import issue_link

_IN_HOSPITAL = "inpatient"
_WENT_HOME = "discharged"
_LEFT = "the patient was discharged"
_CAME_BACK = "an infusion began after the discharge"


def discharge_patient(
    *, performer: Staff, course_id: int, now: datetime, note: str = "", seen: Collection[str] = ()
) -> Discharge:
    """The patient goes home: what is asked at home is planned instead of what is asked on the ward.

    Once per stay; a later infusion begins another one. `seen` are the keys of the open matters that somebody looked
    at: without each of them nobody goes home. Alerts of the bedside end, and so does the watch after the infusion;
    laboratory findings and overdue checks stay open. Raises ConflictError `nothing_given`, `infusion_running`,
    `discharged_already`, `open_matters_unseen`; NotFoundError when the course is not on the person's wards.
    """
    with unit_of_work():
        course = access_course(performer, course_id, Action.RECORD_FOLLOW_UP)
        # What is open is asked before anything ends. Infusions come before the course, as whoever acts on one has it.
        matters = open_matters(course.patient)
        for session_id in sessions_still_watched(course.pk):
            end_watch(performer=performer, session_id=session_id, reason=_LEFT, now=now)
        lock_course(course.pk)
        ended = Discharge.objects.filter(course_id=course.pk).values_list("session_id", flat=True)
        session_id = stay_to_end(infusions_of_course(course.pk), list(ended))
        refuse_unseen(matters, seen)
        discharge = Discharge.objects.create(
            patient_id=course.patient_id,
            ward_id=course.ward_id,
            course_id=course.pk,
            session_id=session_id,
            discharged_at=now,
            discharged_by=performer,
            note=note,
            open_matters=[_kept(matter) for matter in matters],
        )
        for matter in matters:
            if not matter.stays_open:
                codes = frozenset({matter.code})
                resolve_alerts(subject=matter.about, codes=codes, now=now, done_by=performer)
        record_event(
            name="discharge.patient.discharged",
            subject=f"course:{course.pk}",
            ward_id=course.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={
                "patient_id": course.patient_id,
                "session_id": discharge.session_id,
                "note": note,
                "open_matters": discharge.open_matters,
                "signatures": [
                    signature_of(
                        performer,
                        meaning="discharge",
                        signed=[course.pk, discharge.session_id, note, discharge.open_matters],
                    )
                ],
            },
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


def _kept(matter: OpenMatter) -> dict[str, Any]:
    """A matter as it was seen, in English."""
    return {
        "key": matter.key,
        "kind": matter.kind,
        "text": fill_in_english(matter.message, matter.params),
        "stays_open": matter.stays_open,
    }


def override_vaccine_hold(
    *, performer: Staff, patient_id: int, vaccine: str, reason: str, now: datetime
) -> VaccineOverride:
    """A physician lets a live vaccine be given although its waiting time is not over, for a reason that is kept.

    It holds for this block; another dose blocks anew. Raises DomainError `reason_needed`, `vaccine_unknown`;
    ConflictError `vaccine_not_blocked`, `overridden_already`; ForbiddenError for who is no physician.
    """
    with unit_of_work():
        patient = access_patient(performer, patient_id, Action.OVERRIDE_VACCINE_HOLD)
        if not reason.strip():
            raise DomainError(
                "reason_needed",
                N_("Say why the vaccine may be given before its waiting time is over."),
                extra={"field": "reason"},
            )
        release = _blocked_release(patient, vaccine, now)
        override, is_new = VaccineOverride.objects.get_or_create(
            patient=patient,
            vaccine=vaccine,
            blocked_until=release.blocked_until,
            defaults={
                "ward_id": patient.ward_id,
                "reason": reason.strip(),
                "overridden_at": now,
                "overridden_by": performer,
            },
        )
        if not is_new:
            raise ConflictError(
                "overridden_already", N_("This waiting time was set aside already. Reload to see by whom.")
            )
        record_event(
            name="discharge.vaccine.overridden",
            subject=f"patient:{patient.pk}",
            ward_id=patient.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={
                "patient_id": patient.pk,
                "vaccine": vaccine,
                "blocked_until": override.blocked_until.isoformat(),
                "reason": override.reason,
                "signatures": [
                    signature_of(
                        performer,
                        meaning="vaccine_override",
                        signed=[patient.pk, vaccine, override.blocked_until, override.reason],
                    )
                ],
            },
        )
    return override


def _blocked_release(patient: PatientRecord, vaccine: str, now: datetime) -> VaccineRelease:
    named = next((one for one in vaccine_releases(patient.pk) if one.release.code == vaccine), None)
    if named is None and vaccine not in vaccine_codes():
        raise DomainError(
            "vaccine_unknown",
            N_("“%(vaccine)s” is none of the vaccines that immunoglobulin delays."),
            extra={"field": "vaccine"},
            vaccine=vaccine,
        )
    today = now.astimezone(ZoneInfo(patient.ward.time_zone)).date()
    if named is None or not named.release.is_blocked(today):
        raise ConflictError("vaccine_not_blocked", N_("This vaccine does not have to wait. Reload to see."))
    return named.release


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
