"""What a KDIGO stage says: which column decided, by which numbers, against which baseline."""

from decimal import Decimal

from apps.guidelines.domain import LaboratoryRule
from apps.kernel.text import N_, Param, Params, Phrase
from apps.laboratory.domain.kidney import (
    Baseline,
    BaselineKind,
    CreatinineColumn,
    Criterion,
    Staging,
    UrineColumn,
)
from apps.laboratory.domain.series import days_between
from apps.laboratory.domain.suspicion import Suspicion

BASELINE_WORDS = {
    BaselineKind.BEFORE_COURSE: N_("the newest before the first dose"),
    BaselineKind.LOWEST_7_DAYS: N_("the lowest of the 7 days before"),
}
MESSAGES = {
    Criterion.RATIO: N_(
        "Kidney injury suspected, KDIGO stage %(stage)s: creatinine %(value)s µmol/L is %(ratio)s times the baseline"
        " of %(baseline)s µmol/L (%(which)s, %(days)s d earlier)."
    ),
    Criterion.RISE: N_(
        "Kidney injury suspected, KDIGO stage %(stage)s: creatinine %(value)s µmol/L has risen by %(rise)s µmol/L"
        " within %(hours)s hours. Baseline %(baseline)s µmol/L (%(which)s, %(days)s d earlier)."
    ),
    Criterion.ABSOLUTE: N_(
        "Kidney injury suspected, KDIGO stage %(stage)s: creatinine %(value)s µmol/L has reached %(threshold)s µmol/L"
        " and meets the definition. Baseline %(baseline)s µmol/L (%(which)s, %(days)s d earlier)."
    ),
    Criterion.EGFR: N_(
        "Kidney injury suspected, KDIGO stage %(stage)s: eGFR %(value)s mL/min/1.73 m², below %(threshold)s, at the"
        " age of %(years)s."
    ),
    Criterion.REPLACEMENT: N_("KDIGO stage %(stage)s: renal replacement therapy was begun."),
    Criterion.URINE_LOW: N_(
        "Kidney injury suspected, KDIGO stage %(stage)s: at most %(value)s mL/kg/h of urine over %(hours)s hours,"
        " below %(threshold)s."
    ),
    Criterion.URINE_FAR_BELOW: N_(
        "Kidney injury suspected, KDIGO stage %(stage)s: at most %(value)s mL/kg/h of urine over %(hours)s hours,"
        " below %(threshold)s."
    ),
    Criterion.ANURIA: N_("Kidney injury suspected, KDIGO stage %(stage)s: no urine for %(hours)s hours."),
}


def kidney_sentence(staging: Staging, *, rule: LaboratoryRule) -> Suspicion | None:
    """The suspicion of a staging; None at stage 0, and where nothing can be staged."""
    if not staging.stage:
        return None
    if staging.decided_by_urine:
        criterion, (params, rests_on) = staging.urine.criterion, _of_urine(staging.urine, rule)
    else:
        criterion = staging.creatinine.criterion
        params, rests_on = _of_creatinine(staging.creatinine, rule)
    return Suspicion(
        level=f"stage_{staging.stage}",
        message=MESSAGES[criterion],
        params={"stage": staging.stage, **params},
        rests_on=rests_on,
    )


def baseline_params(column: CreatinineColumn, baseline: Baseline) -> dict[str, Param]:
    """Which baseline was used: its value, where it comes from, how many days before the result it was taken."""
    assert column.result is not None
    return {
        "baseline": baseline.result.value.normalize() + 0,
        "which": Phrase(BASELINE_WORDS[baseline.kind]),
        "days": days_between(baseline.result.taken_at, column.result.taken_at),
    }


def _of_creatinine(column: CreatinineColumn, rule: LaboratoryRule) -> tuple[Params, tuple[int, ...]]:
    assert column.result is not None
    rests_on = [column.result.number]
    params: dict[str, Param] = {"value": column.result.value.normalize() + 0}
    if column.criterion == Criterion.REPLACEMENT:
        return {}, (column.result.number,)
    if column.criterion == Criterion.EGFR:
        params |= {"threshold": rule.figure("egfr_below"), "years": column.years or 0}
        return params, tuple(rests_on)
    assert column.baseline is not None
    params |= baseline_params(column, column.baseline)
    rests_on.append(column.baseline.result.number)
    if column.criterion == Criterion.RATIO:
        params["ratio"] = column.ratio_shown or Decimal(0)
    elif column.criterion == Criterion.RISE:
        assert column.lowest_48_h is not None and column.rise_umol_per_l is not None
        params |= {"rise": column.rise_umol_per_l.normalize() + 0, "hours": int(rule.figure("rise_within_h"))}
        rests_on.append(column.lowest_48_h.number)
    else:
        params["threshold"] = rule.figure("creatinine_stage_3_umol_per_l")
    return params, tuple(dict.fromkeys(rests_on))


def _of_urine(column: UrineColumn, rule: LaboratoryRule) -> tuple[Params, tuple[int, ...]]:
    rests_on = tuple(result.number for result in column.results)
    assert column.hours is not None and column.highest_ml_per_kg_h is not None
    if column.criterion == Criterion.ANURIA:
        return {"hours": column.hours}, rests_on
    far = column.criterion == Criterion.URINE_FAR_BELOW
    return {
        "hours": column.hours,
        "value": column.highest_ml_per_kg_h.normalize() + 0,
        "threshold": rule.figure("urine_far_below_ml_per_kg_h" if far else "urine_below_ml_per_kg_h"),
    }, rests_on
