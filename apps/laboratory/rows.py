"""Rows of results as the domain's values."""

from collections.abc import Iterable

from apps.guidelines.domain import Guidelines
from apps.infusions.selectors import begun_infusions
from apps.laboratory.domain.series import Infusion, Result, Situation, in_order
from apps.laboratory.models import LabResult
from apps.patients.selectors import PatientRecord


def results_of(patient_id: int) -> list[LabResult]:
    """Every result of a patient, wrong ones too, by the time they were taken."""
    rows = LabResult.objects.filter(patient_id=patient_id)
    return list(rows.select_related("recorded_by", "status_changed_by").order_by("taken_at", "pk"))


def series_of(rows: Iterable[LabResult], guidelines: Guidelines) -> tuple[Result, ...]:
    """The results that count, in order; those of analytes the guidelines do not know are left out."""
    known = {analyte.code: analyte for analyte in guidelines.analytes}
    found = []
    for row in rows:
        analyte = known.get(row.analyte)
        if row.status != LabResult.Status.FINAL or analyte is None:
            continue
        choice = analyte.choice(row.choice) if row.choice else None
        if row.canonical_value is not None:
            value = row.canonical_value.normalize() + 0
            found.append(
                Result(
                    number=row.pk,
                    analyte=row.analyte,
                    taken_at=row.taken_at,
                    value=value,
                    comparator=row.comparator,
                    period_h=row.period_h,
                )
            )
        elif choice is not None:
            found.append(
                Result(
                    number=row.pk,
                    analyte=row.analyte,
                    taken_at=row.taken_at,
                    choice=choice.code,
                    abnormal=choice.abnormal,
                )
            )
    return in_order(found)


def situation_of(patient: PatientRecord) -> Situation:
    """The patient and the infusions that were begun."""
    return Situation(
        birth_date=patient.birth_date,
        time_zone=patient.ward.time_zone,
        infusions=tuple(
            Infusion(one.session_id, one.course_id, one.started_at, one.ended_at)
            for one in begun_infusions(patient.pk)
        ),
    )
