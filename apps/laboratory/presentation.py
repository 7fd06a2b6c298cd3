"""A patient's laboratory results as their page shows them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.edge.messages import fill
from apps.guidelines.domain import Analyte
from apps.guidelines.selectors import in_reader_language
from apps.kernel.numbers import plain
from apps.kernel.text import N_
from apps.laboratory.api.serology import SerologyGuardSerializer
from apps.laboratory.api.shapes import LabFindingSerializer, LabResultSerializer
from apps.laboratory.domain.kidney import Staging
from apps.laboratory.domain.kidney_words import baseline_params
from apps.laboratory.selectors import LaboratoryPicture, LabResultRecord, laboratory_of
from apps.laboratory.serology import SerologyGuard
from apps.laboratory.words import ANY_TEST
from apps.patients.selectors import PatientRecord

# What is asked for after an infusion stands open in the entry form; the rest is under "more".
ASKED_FIRST = (
    "creatinine",
    "urine_output",
    "hemoglobin",
    "dat",
    "reticulocytes",
    "ldh",
    "haptoglobin",
    "bilirubin_indirect",
    "sodium",
    "neutrophils",
)
NO_BASELINE = N_(
    "The kidneys cannot be staged: there is no earlier creatinine to compare with. That is unknown, not normal."
)
NOT_STAGED = N_("The kidneys cannot be staged from what is here. That is unknown, not normal.")
NO_INJURY = N_("No kidney injury by KDIGO in what is known.")
INJURY = N_("KDIGO stage %(stage)s.")
COMPARED = N_(
    "Creatinine %(value)s µmol/L against the baseline of %(baseline)s µmol/L (%(which)s, %(days)s d earlier):"
    " %(ratio)s times."
)
NO_URINE = N_("Urine output is not known.")


def laboratory_page(patient: PatientRecord, *, wanted: str, now: datetime) -> dict[str, Any]:
    """Findings, kidney stage, what can be entered, every result, and the plot's data.

    `wanted`: the antibody test somebody means to order, or ""; a code that is none raises DomainError `test_unknown`.
    """
    picture = laboratory_of(patient)
    serology = SerologyGuard(patient.pk, picture.rows)
    context = {"guidelines": picture.guidelines, "serology": serology}
    standing = {finding.key for finding in picture.standing}
    earlier = [finding for finding in reversed(picture.found) if finding.key not in standing]
    analytes = [_choice(analyte, place) for place, analyte in enumerate(_in_entry_order(picture))]
    return {
        "standing": LabFindingSerializer(picture.standing, many=True, context=context).data,
        "earlier": LabFindingSerializer(earlier, many=True, context=context).data,
        "kidney": picture.staging and _kidney(picture.staging),
        "asked_first": [item for item in analytes if item["first"]],
        "asked_later": [item for item in analytes if not item["first"] and not item["antibody"]],
        "asked_antibodies": [item for item in analytes if item["antibody"]],
        "antibodies_now": SerologyGuardSerializer(serology.ask(ANY_TEST, now)).data,
        "wanted": SerologyGuardSerializer(serology.ask(wanted, now)).data if wanted else None,
        "rows": [_row(row, picture, patient, context) for row in reversed(picture.rows)],
        "plot": _plot(picture),
    }


def _in_entry_order(picture: LaboratoryPicture) -> list[Analyte]:
    place = {code: number for number, code in enumerate(ASKED_FIRST)}
    return sorted(picture.guidelines.analytes, key=lambda analyte: place.get(analyte.code, len(place)))


def _choice(analyte: Analyte, place: int) -> dict[str, Any]:
    return {
        "place": place,
        "code": analyte.code,
        "name": in_reader_language(analyte.name),
        "units": [unit.unit for unit in analyte.units],
        "choices": [{"code": one.code, "name": in_reader_language(one.name)} for one in analyte.choices],
        "collected": analyte.collected,
        "first": analyte.code in ASKED_FIRST,
        "antibody": analyte.antibody is not None,
    }


def _row(
    row: LabResultRecord, picture: LaboratoryPicture, patient: PatientRecord, context: dict[str, Any]
) -> dict[str, Any]:
    analyte = next((one for one in picture.guidelines.analytes if one.code == row.analyte), None)
    baseline = picture.baselines.get(row.analyte)
    local = row.taken_at.astimezone(ZoneInfo(patient.ward.time_zone))
    return {
        **LabResultSerializer(row, context=context).data,
        "taken_local": f"{local:%Y-%m-%dT%H:%M}",
        "entry": analyte and _choice(analyte, 0),
        "is_baseline": baseline is not None and baseline.number == row.pk,
        "converted": bool(row.unit) and row.unit != row.canonical_unit,
        "found": [finding.level for finding in picture.found if row.pk in finding.rests_on],
    }


def _kidney(staging: Staging) -> dict[str, Any]:
    """The stage in a sentence, with what it was compared with and what is not known."""
    column = staging.creatinine
    if staging.stage:
        said = fill(INJURY, {"stage": staging.stage})
    elif staging.stage == 0:
        said = _(NO_INJURY)
    elif column.result is not None and column.baseline is None:
        said = _(NO_BASELINE)
    else:
        said = _(NOT_STAGED)
    more = []
    if column.baseline is not None and column.result is not None and column.ratio_shown is not None:
        params = {
            "value": column.result.value,
            "ratio": column.ratio_shown,
            **baseline_params(column, column.baseline),
        }
        more.append(fill(COMPARED, params))
    if staging.urine.stage is None:
        more.append(_(NO_URINE))
    return {"stage": staging.stage, "at": staging.at, "text": said, "more": more}


def _plot(picture: LaboratoryPicture) -> dict[str, Any]:
    """Every analyte measured in numbers over time, its baseline, and when infusions were begun."""
    analytes = []
    for analyte in picture.guidelines.analytes:
        points = [result for result in picture.series if result.analyte == analyte.code]
        if not points or analyte.in_words:
            continue
        baseline = picture.baselines.get(analyte.code)
        analytes.append(
            {
                "code": analyte.code,
                "name": in_reader_language(analyte.name),
                "unit": analyte.unit,
                "baseline": baseline and plain(baseline.value),
                "points": [
                    {
                        "at": result.taken_at.isoformat(),
                        "value": plain(result.value),
                        "comparator": result.comparator,
                    }
                    for result in points
                ],
            }
        )
    infusions = [infusion.started_at.isoformat() for infusion in picture.situation.infusions]
    return {"analytes": analytes, "infusions": infusions, "labels": {"baseline": _("Baseline")}}
