"""Acute kidney injury by KDIGO 2012: creatinine and urine, both windows, the worse column counts.

Creatinine in µmol/L, urine in mL/kg/h. What cannot be staged is unknown, never normal. Source: clinical facts 5.2.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from apps.guidelines.domain import LaboratoryRule
from apps.laboratory.domain.series import Exposure, Result, Situation, baseline_before_course, newest

_HUNDREDTH = Decimal("0.01")


class BaselineKind(StrEnum):
    """Where the baseline comes from."""

    BEFORE_COURSE = "before_course"
    LOWEST_7_DAYS = "lowest_7_days"


class Criterion(StrEnum):
    """What decided the stage."""

    NONE = "none"
    RATIO = "ratio"
    RISE = "rise"
    ABSOLUTE = "absolute"
    EGFR = "egfr"
    REPLACEMENT = "replacement"
    URINE_LOW = "urine_low"
    URINE_FAR_BELOW = "urine_far_below"
    ANURIA = "anuria"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a creatinine is held against."""

    result: Result
    kind: BaselineKind


@dataclass(frozen=True, slots=True)
class CreatinineColumn:
    """The creatinine column; `stage` None: cannot be staged, for want of a creatinine or of a baseline."""

    stage: int | None
    criterion: Criterion
    result: Result | None = None
    baseline: Baseline | None = None
    ratio: Decimal | None = None
    lowest_48_h: Result | None = None
    rise_umol_per_l: Decimal | None = None
    years: int | None = None

    @property
    def ratio_shown(self) -> Decimal | None:
        """The ratio to two decimals, rounded down, so that 1.999 is never shown as 2."""
        return None if self.ratio is None else self.ratio.quantize(_HUNDREDTH, rounding=ROUND_FLOOR)


@dataclass(frozen=True, slots=True)
class UrineColumn:
    """The urine column; `stage` None: no collection that reaches far enough."""

    stage: int | None
    criterion: Criterion
    hours: Decimal | None = None
    highest_ml_per_kg_h: Decimal | None = None
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class Staging:
    """Both columns at a moment. `stage` is the worse of the known ones; None when neither is known."""

    at: datetime
    creatinine: CreatinineColumn
    urine: UrineColumn

    @property
    def stage(self) -> int | None:
        """The worse of both columns."""
        known = [stage for stage in (self.creatinine.stage, self.urine.stage) if stage is not None]
        return max(known, default=None)

    @property
    def decided_by_urine(self) -> bool:
        """Whether only the urine reaches this stage."""
        return self.stage is not None and self.creatinine.stage != self.stage


def stage_kidneys(
    series: Sequence[Result],
    *,
    at: datetime,
    rule: LaboratoryRule,
    baseline_rule: LaboratoryRule,
    exposure: Exposure | None,
    situation: Situation,
) -> Staging:
    """The KDIGO stage from everything taken by `at`."""
    known = tuple(result for result in series if result.taken_at <= at)
    urine = _urine_column(known, at, rule)
    creatinine = _creatinine_column(
        known,
        at,
        rule,
        before_course=baseline_before_course(known, "creatinine", exposure, baseline_rule),
        injury_by_urine=bool(urine.stage),
        years=_years(situation.birth_date, situation.day(at)),
    )
    return Staging(at, creatinine, urine)


def stage_of_ratio(ratio: Decimal, rule: LaboratoryRule) -> int:
    """The stage of creatinine over baseline: 1 from 1.5, 2 from 2.0, 3 from 3.0; 1.95 is stage 1, 2.95 stage 2."""
    return sum(ratio >= rule.figure(f"ratio_stage_{stage}") for stage in (1, 2, 3))


def _creatinine_column(
    known: Sequence[Result],
    at: datetime,
    rule: LaboratoryRule,
    *,
    before_course: Result | None,
    injury_by_urine: bool,
    years: int,
) -> CreatinineColumn:
    outright = _outright(known, at, rule, years)
    since = at - _hours(rule, "baseline_within_h")
    result = newest(known, "creatinine", at=at)
    if result is None or result.taken_at < since:
        return outright or CreatinineColumn(None, Criterion.NONE)
    column = _against_baseline(known, result, rule, before_course, injury_by_urine=injury_by_urine)
    return outright if outright is not None and column.stage != 3 else column


def _outright(
    known: Sequence[Result], at: datetime, rule: LaboratoryRule, years: int
) -> CreatinineColumn | None:
    """Stage 3 whatever the creatinine: renal replacement therapy, or a child's eGFR below 35."""
    since = at - _hours(rule, "baseline_within_h")
    replacement = newest(known, "renal_replacement", at=at)
    if replacement is not None and replacement.abnormal and replacement.taken_at >= since:
        return CreatinineColumn(3, Criterion.REPLACEMENT, result=replacement)
    egfr = newest(known, "egfr", at=at)
    if egfr is None or egfr.taken_at < since or years >= rule.figure("egfr_below_years"):
        return None
    if egfr.below(rule.figure("egfr_below")):
        return CreatinineColumn(3, Criterion.EGFR, result=egfr, years=years)
    return None


def _against_baseline(
    known: Sequence[Result],
    result: Result,
    rule: LaboratoryRule,
    before_course: Result | None,
    *,
    injury_by_urine: bool,
) -> CreatinineColumn:
    earlier = [
        one
        for one in known
        if one.analyte == "creatinine" and one.taken_at < result.taken_at and one.number != result.number
    ]
    baseline = _baseline(earlier, result, rule, before_course)
    if baseline is None:
        return CreatinineColumn(None, Criterion.NONE, result=result)
    # No laboratory reports a creatinine of nothing; "<x" stands for x.
    ratio = result.value / baseline.result.value if baseline.result.value else None
    lowest = min(
        _taken_since(earlier, result.taken_at - _hours(rule, "rise_within_h")),
        key=lambda one: one.value,
        default=None,
    )
    rise = None if lowest is None else result.value - lowest.value
    by_ratio = 0 if ratio is None else stage_of_ratio(ratio, rule)
    by_rise = int(rise is not None and rise >= rule.figure("rise_umol_per_l"))
    injured = by_ratio or by_rise or injury_by_urine
    by_value = 3 if injured and result.value >= rule.figure("creatinine_stage_3_umol_per_l") else 0
    stage = max(by_ratio, by_rise, by_value)
    criterion = (
        Criterion.NONE
        if not stage
        else Criterion.RATIO
        if by_ratio == stage
        else Criterion.ABSOLUTE
        if by_value == stage
        else Criterion.RISE
    )
    return CreatinineColumn(
        stage, criterion, result, baseline, ratio=ratio, lowest_48_h=lowest, rise_umol_per_l=rise
    )


def _baseline(
    earlier: Sequence[Result], result: Result, rule: LaboratoryRule, before_course: Result | None
) -> Baseline | None:
    """The lower of the two that may be meant: known within 7 days, or presumed from before the course."""
    candidates = [
        Baseline(one, BaselineKind.LOWEST_7_DAYS)
        for one in _taken_since(earlier, result.taken_at - _hours(rule, "baseline_within_h"))
    ]
    if before_course is not None and before_course.taken_at < result.taken_at:
        candidates.insert(0, Baseline(before_course, BaselineKind.BEFORE_COURSE))
    return min(candidates, key=lambda one: one.result.value, default=None)


def _urine_column(known: Sequence[Result], at: datetime, rule: LaboratoryRule) -> UrineColumn:
    day = _hours(rule, "urine_stage_3_h")
    collections = _collections(known, at - 2 * day)
    if not collections or collections[-1].taken_at < at - day:
        return UrineColumn(None, Criterion.NONE)
    none = _run(collections, rule, lambda one: not one.value and not one.comparator)
    if none and _length_h(none) >= rule.figure("anuria_h"):
        return _urine(3, Criterion.ANURIA, none)
    far_below = _run(collections, rule, lambda one: one.below(rule.figure("urine_far_below_ml_per_kg_h")))
    if far_below and _length_h(far_below) >= rule.figure("urine_stage_3_h"):
        return _urine(3, Criterion.URINE_FAR_BELOW, far_below)
    below = _run(collections, rule, lambda one: one.below(rule.figure("urine_below_ml_per_kg_h")))
    hours = _length_h(below) if below else Decimal(0)
    for stage in (2, 1):
        if hours >= rule.figure(f"urine_stage_{stage}_h"):
            return _urine(stage, Criterion.URINE_LOW, below)
    # Little urine over less than 6 hours may still become an injury: it is not known to be none.
    return UrineColumn(None if below else 0, Criterion.NONE, results=tuple(below or collections[-1:]))


def _collections(known: Iterable[Result], since: datetime) -> list[Result]:
    return [
        one
        for one in known
        if one.analyte == "urine_output" and one.period_h is not None and one.taken_at >= since
    ]


def _run(
    collections: Sequence[Result], rule: LaboratoryRule, holds: Callable[[Result], bool]
) -> list[Result]:
    """The newest collections, one joining the other, for which it holds; empty when it does not for the newest."""
    gap = timedelta(minutes=int(rule.figure("urine_gap_minutes")))
    run: list[Result] = []
    for one in reversed(collections):
        if not holds(one) or (run and _begun_at(run[0]) - one.taken_at > gap):
            break
        run.insert(0, one)
    return run


def _length_h(run: Sequence[Result]) -> Decimal:
    """From the beginning of the first collection to the end of the last, in hours."""
    seconds = (run[-1].taken_at - min(_begun_at(one) for one in run)).total_seconds()
    return (Decimal(int(seconds)) / 3600).quantize(_HUNDREDTH, rounding=ROUND_FLOOR).normalize() + 0


def _begun_at(one: Result) -> datetime:
    assert one.period_h is not None
    return one.taken_at - timedelta(seconds=int(one.period_h * 3600))


def _urine(stage: int, criterion: Criterion, run: Sequence[Result]) -> UrineColumn:
    return UrineColumn(
        stage,
        criterion,
        hours=_length_h(run),
        highest_ml_per_kg_h=max(one.value for one in run),
        results=tuple(run),
    )


def _taken_since(results: Iterable[Result], since: datetime) -> list[Result]:
    return [one for one in results if one.taken_at >= since]


def _hours(rule: LaboratoryRule, name: str) -> timedelta:
    return timedelta(hours=int(rule.figure(name)))


def _years(birth_date: date, on: date) -> int:
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
