"""Correcting a result, and taking one out that was none. Nothing is deleted."""

from datetime import datetime

from apps.accounts.selectors import Staff
from apps.guidelines.selectors import current_guidelines
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.laboratory.models import LabResult
from apps.laboratory.selectors import access_result
from apps.laboratory.services.entries import ResultEntry, row_of
from apps.laboratory.services.judging import judge_again, judged_now
from apps.laboratory.services.recording import described, lock_chart
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.selectors import PatientRecord


def correct_result(
    *, performer: Staff, result_id: int, entry: ResultEntry, reason: str, now: datetime
) -> LabResult:
    """The right result in place of a wrong one, which stays, marked; findings are judged again.

    Raises DomainError `error_reason_needed`, `analyte_differs`, ConflictError `result_in_error`, and the refusals of
    `row_of`.
    """
    with unit_of_work():
        wrong, patient = _held(performer, result_id, reason)
        if entry.analyte != wrong.analyte:
            raise DomainError(
                "analyte_differs",
                N_("A correction is of the same analyte. Mark this one as wrong, and enter the other."),
                extra={"field": "analyte"},
            )
        before = judged_now(patient)
        right = row_of(
            entry,
            patient=patient,
            guidelines=current_guidelines(),
            performer=performer,
            source=LabResult.Source.MANUAL.value,
            now=now,
            replaces=wrong,
        )
        _mark(wrong, LabResult.Status.CORRECTED, reason, performer, now)
        right.save(force_insert=True)
        record_event(
            name="laboratory.result.corrected",
            subject=f"lab_result:{right.pk}",
            ward_id=patient.ward_id,
            actor=actor_of(performer),
            now=now,
            occurred_at=right.taken_at,
            payload={
                "patient_id": patient.pk,
                "replaces": wrong.pk,
                "reason": wrong.status_reason,
                **described(right),
                "before": described(wrong),
            },
        )
        judge_again(patient, before=before, performer=performer, now=now)
    return right


def enter_in_error(*, performer: Staff, result_id: int, reason: str, now: datetime) -> LabResult:
    """A result was entered wrongly, or is another patient's: it stays, marked, and counts no more.

    Raises DomainError `error_reason_needed`, ConflictError `result_in_error`.
    """
    with unit_of_work():
        row, patient = _held(performer, result_id, reason)
        before = judged_now(patient)
        _mark(row, LabResult.Status.ENTERED_IN_ERROR, reason, performer, now)
        record_event(
            name="laboratory.result.entered_in_error",
            subject=f"lab_result:{row.pk}",
            ward_id=patient.ward_id,
            actor=actor_of(performer),
            now=now,
            occurred_at=row.taken_at,
            payload={"patient_id": patient.pk, "reason": row.status_reason},
        )
        judge_again(patient, before=before, performer=performer, now=now)
    return row


def _held(performer: Staff, result_id: int, reason: str) -> tuple[LabResult, PatientRecord]:
    row, patient = access_result(performer, result_id)
    lock_chart(patient)
    row.refresh_from_db()
    if not reason.strip():
        raise DomainError(
            "error_reason_needed", N_("Say what is wrong with this entry."), extra={"field": "reason"}
        )
    if row.status != LabResult.Status.FINAL:
        raise ConflictError(
            "result_in_error", N_("Somebody marked this result already. Reload to see who and why.")
        )
    return row, patient


def _mark(row: LabResult, status: LabResult.Status, reason: str, performer: Staff, now: datetime) -> None:
    row.status, row.status_reason = status, reason.strip()
    row.status_changed_at, row.status_changed_by = now, performer
    row.save(update_fields=["status", "status_reason", "status_changed_at", "status_changed_by"])
