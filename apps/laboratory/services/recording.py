"""Recording results: several of one answer at once, all or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.accounts.selectors import Action, Staff
from apps.guidelines.selectors import current_guidelines
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.laboratory.models import LaboratoryChart, LabResult
from apps.laboratory.services.entries import ResultEntry, row_of
from apps.laboratory.services.judging import judge_again, judged_now
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.selectors import PatientRecord, access_patient


def record_results(
    *,
    performer: Staff,
    patient_id: int,
    entries: Sequence[ResultEntry],
    now: datetime,
    source: str = LabResult.Source.MANUAL.value,
) -> list[LabResult]:
    """Record results of a patient, all or none; findings that are new raise alerts.

    Raises DomainError `results_missing` and the refusals of `row_of`, with `field` naming the entry.
    """
    if not entries:
        raise DomainError("results_missing", N_("Enter at least one result."))
    with unit_of_work():
        patient = access_patient(performer, patient_id, Action.RECORD_FOLLOW_UP)
        lock_chart(patient)
        before = judged_now(patient)
        guidelines = current_guidelines()
        rows = []
        for entry in entries:
            try:
                row = row_of(
                    entry,
                    patient=patient,
                    guidelines=guidelines,
                    performer=performer,
                    source=source,
                    now=now,
                )
            except DomainError as error:
                if entry.place and "field" in error.extra:
                    error.extra["field"] = f"{entry.place}.{error.extra['field']}"
                raise
            row.save(force_insert=True)
            rows.append(row)
        for row in rows:
            _record(row, patient, performer, now)
        judge_again(patient, before=before, performer=performer, now=now)
    return rows


def lock_chart(patient: PatientRecord) -> None:
    """Hold a patient's results until the unit ends."""
    LaboratoryChart.objects.get_or_create(patient=patient)
    LaboratoryChart.objects.select_for_update().get(patient=patient)


def described(row: LabResult) -> dict[str, Any]:
    """A result as events keep it."""
    if row.choice:
        return {"analyte": row.analyte, "choice": row.choice, **({"titre": row.titre} if row.titre else {})}
    return {
        "analyte": row.analyte,
        "value": str(row.value),
        "unit": row.unit,
        **({"comparator": row.comparator} if row.comparator else {}),
        **({"period_h": str(row.period_h)} if row.period_h is not None else {}),
    }


def _record(row: LabResult, patient: PatientRecord, performer: Staff, now: datetime) -> None:
    record_event(
        name="laboratory.result.recorded",
        subject=f"lab_result:{row.pk}",
        ward_id=patient.ward_id,
        actor=actor_of(performer),
        now=now,
        occurred_at=row.taken_at,
        payload={"patient_id": patient.pk, "source": row.source, **described(row)},
    )
