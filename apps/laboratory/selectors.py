"""Readers of laboratory results."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.accounts.selectors import Action, Staff
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import current_guidelines
from apps.kernel.errors import NotFoundError
from apps.kernel.numbers import plain
from apps.kernel.text import N_
from apps.laboratory.domain.findings import BASELINE_RULE, Finding, current, judge, staging_at
from apps.laboratory.domain.hemolysis import MARKERS as HEMOLYSIS_MARKERS
from apps.laboratory.domain.hemolysis import seen_at
from apps.laboratory.domain.kidney import Staging
from apps.laboratory.domain.series import Result, Situation, baseline_before_course, exposure_at
from apps.laboratory.models import LabResult
from apps.laboratory.rows import results_of, series_of, situation_of
from apps.patients.selectors import PatientRecord, access_patient

LabResultRecord = LabResult


@dataclass(frozen=True, slots=True)
class LaboratoryPicture:
    """What is known of a patient: every row, the series that counts, every finding and those that stand now.

    `baselines`: analyte -> newest result before the last course. `staging` None without rules or results.
    """

    guidelines: Guidelines
    situation: Situation
    rows: tuple[LabResultRecord, ...]
    series: tuple[Result, ...]
    found: tuple[Finding, ...]
    standing: tuple[Finding, ...]
    baselines: dict[str, Result]
    staging: Staging | None


def access_result(
    user: Staff, result_id: int, action: Action = Action.RECORD_FOLLOW_UP
) -> tuple[LabResultRecord, PatientRecord]:
    """The result and its patient, if the patient lies on one of the person's wards; otherwise NotFoundError."""
    row = LabResult.objects.filter(pk=result_id).first()
    missing = NotFoundError("not_found", N_("There is no such result on your wards."))
    if row is None:
        raise missing
    try:
        patient = access_patient(user, row.patient_id, action)
    except NotFoundError as error:
        raise missing from error
    return row, patient


def laboratory_of(patient: PatientRecord) -> LaboratoryPicture:
    """Everything about a patient's laboratory results, judged by today's guidelines."""
    guidelines, situation = current_guidelines(), situation_of(patient)
    rows = results_of(patient.pk)
    series = series_of(rows, guidelines)
    found = judge(series, guidelines=guidelines, situation=situation)
    return LaboratoryPicture(
        guidelines=guidelines,
        situation=situation,
        rows=tuple(rows),
        series=series,
        found=found,
        standing=current(found, series),
        baselines=_baselines(guidelines, series, situation),
        staging=_staging(guidelines, series, situation),
    )


def _baselines(guidelines: Guidelines, series: tuple[Result, ...], situation: Situation) -> dict[str, Result]:
    if not series or not guidelines.laboratory_rules:
        return {}
    rule = guidelines.laboratory_rule(BASELINE_RULE)
    moments = [series[-1].taken_at, *(infusion.started_at for infusion in situation.infusions)]
    exposure = exposure_at(situation, max(moments))
    found = {
        code: baseline_before_course(series, code, exposure, rule)
        for code in {result.analyte for result in series}
    }
    return {code: result for code, result in found.items() if result is not None}


def _staging(guidelines: Guidelines, series: tuple[Result, ...], situation: Situation) -> Staging | None:
    read = ("creatinine", "urine_output", "egfr", "renal_replacement")
    moments = [result.taken_at for result in series if result.analyte in read]
    if not moments or not guidelines.laboratory_rules:
        return None
    return staging_at(series, at=moments[-1], guidelines=guidelines, situation=situation)


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result that counts, as it was entered, with its analyte's code."""

    number: int
    analyte: str
    value: str
    unit: str
    choice: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class HemolysisSigns:
    """What the results say of hemolysis; None where nothing was measured that could say it."""

    fall_g_per_l: Decimal | None
    antiglobulin_new: bool | None
    further_signs: int | None


def results_between(patient_id: int, *, since: datetime, until: datetime) -> list[ShownResult]:
    """The results taken in this time that count, the oldest first, as they were entered."""
    return [
        ShownResult(
            number=row.pk,
            analyte=row.analyte,
            value=row.comparator + plain(row.value) if row.value is not None else "",
            unit=row.unit,
            choice=row.choice,
            taken_at=row.taken_at,
        )
        for row in results_of(patient_id)
        if row.status == LabResult.Status.FINAL and since <= row.taken_at <= until
    ]


def hemolysis_signs(patient: PatientRecord, *, since: datetime, until: datetime) -> HemolysisSigns:
    """What was measured of hemolysis between a dose and a moment, against the baseline before its course."""
    picture = laboratory_of(patient)
    rules = {rule.code: rule for rule in picture.guidelines.laboratory_rules}
    exposure = exposure_at(picture.situation, since)
    if "hemolysis" not in rules or exposure is None:
        return HemolysisSigns(None, None, None)
    seen = seen_at(picture.series, until, rules["hemolysis"], rules[BASELINE_RULE], exposure)
    measured = {result.analyte for result in picture.series if exposure.first_at < result.taken_at <= until}
    return HemolysisSigns(
        fall_g_per_l=seen.fall,
        antiglobulin_new=seen.dat is not None if "dat" in measured else None,
        further_signs=len(seen.signs) if measured & HEMOLYSIS_MARKERS else None,
    )
