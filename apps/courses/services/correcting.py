"""Marking what was recorded in error. Nothing is deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.courses.models import Course, Entry, InfectionEpisode, TreatmentResponse, TroughLevel
from apps.courses.selectors import access_course
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.selectors import access_patient

_OF_PATIENT: dict[str, type[TroughLevel] | type[InfectionEpisode]] = {
    "trough": TroughLevel,
    "infection": InfectionEpisode,
}


def mark_entered_in_error(
    *, performer: Staff, kind: str, entry_id: int, reason: str, now: datetime
) -> TreatmentResponse | TroughLevel | InfectionEpisode:
    """Take a `response`, `trough` or `infection` out of everything that is derived from it.

    Who may record one may mark it. Raises DomainError `error_reason_needed`, ConflictError
    `already_in_error`.
    """
    with unit_of_work():
        return (
            _response(performer, entry_id, reason, now)
            if kind == "response"
            else _of_patient(performer, kind, entry_id, reason, now)
        )


def _response(performer: Staff, entry_id: int, reason: str, now: datetime) -> TreatmentResponse:
    response = TreatmentResponse.objects.filter(pk=entry_id).first()
    if response is None:
        raise _missing()
    Course.objects.select_for_update().get(pk=response.course_id)
    with _as_missing():
        course = access_course(performer, response.course_id, Action.OPEN_COURSE)
    response.refresh_from_db()
    _mark(response, performer, reason, now)
    record_event(
        name="course.response.entered_in_error",
        subject=f"course:{course.pk}",
        ward_id=course.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={
            "patient_id": course.patient_id,
            "response_id": response.pk,
            "reason": response.error_reason,
        },
    )
    return response


def _of_patient(
    performer: Staff, kind: str, entry_id: int, reason: str, now: datetime
) -> TroughLevel | InfectionEpisode:
    entry = _OF_PATIENT[kind].objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise _missing()
    with _as_missing():
        patient = access_patient(performer, entry.patient_id, Action.RECORD_FOLLOW_UP)
    _mark(entry, performer, reason, now)
    record_event(
        name=f"patient.{kind}.entered_in_error",
        subject=f"{kind}:{entry.pk}",
        ward_id=patient.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={"patient_id": patient.pk, "reason": entry.error_reason},
    )
    return entry


def _mark(entry: Entry, performer: Staff, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise DomainError(
            "error_reason_needed", N_("Say what is wrong with this entry."), extra={"field": "reason"}
        )
    if entry.entered_in_error:
        raise ConflictError(
            "already_in_error", N_("Somebody marked this entry already. Reload to see who and why.")
        )
    entry.entered_in_error = True
    entry.error_reason = reason.strip()
    entry.error_marked_by, entry.error_marked_at = performer, now
    entry.save(update_fields=["entered_in_error", "error_reason", "error_marked_by", "error_marked_at"])


@contextmanager
def _as_missing() -> Iterator[None]:
    """An entry of another ward is refused in the same words as one that does not exist."""
    try:
        yield
    except NotFoundError as error:
        raise _missing() from error


def _missing() -> NotFoundError:
    return NotFoundError("not_found", N_("There is no such entry on your wards."))
