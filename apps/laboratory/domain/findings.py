"""What results may tell of delayed effects, judged anew over the whole series in order of the time they were taken.

A finding is a suspicion with its numbers, its sentence and its sources; it diagnoses nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.guidelines.domain import Guidelines, LaboratoryRule
from apps.guidelines.domain.items_laboratory import READ_BY_RULES
from apps.kernel.text import Params
from apps.laboratory.domain.blood_cells import neutropenia
from apps.laboratory.domain.hemolysis import hemolysis
from apps.laboratory.domain.kidney import Staging, stage_kidneys
from apps.laboratory.domain.kidney_words import kidney_sentence
from apps.laboratory.domain.series import Result, Situation, exposure_at, in_order
from apps.laboratory.domain.sodium import hyponatremia
from apps.laboratory.domain.suspicion import Suspicion

BASELINE_RULE = "laboratory_baseline"
AKI = "aki"
CODES = (AKI, "hemolysis", "hyponatremia", "neutropenia")
URGENCY_RANK = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspicion at a moment: rule, level, how urgent, an English %-template with its numbers, and its sources.

    `rank`: the place of its level in the rule, 0 for the worst.
    `rests_on`: the numbers of the results that brought it. `session_id`: the last infusion before it, if recent.
    """

    code: str
    level: str
    rank: int
    effect: str
    urgency: str
    opens_event: bool
    at: datetime
    message: str
    params: Params
    rests_on: tuple[int, ...]
    source: str
    session_id: int | None

    @property
    def key(self) -> tuple[str, str, datetime]:
        """What makes two findings the same one, whatever numbers it speaks of."""
        return (self.code, self.level, self.at)


_Judge = Callable[..., Suspicion | None]
_JUDGES: dict[str, _Judge] = {
    "hemolysis": hemolysis,
    "hyponatremia": hyponatremia,
    "neutropenia": neutropenia,
}


def judge(results: Iterable[Result], *, guidelines: Guidelines, situation: Situation) -> tuple[Finding, ...]:
    """Every finding of a series, in order of time. None where the guidelines hold no laboratory rules."""
    series = in_order(results)
    rules = {rule.code: rule for rule in guidelines.laboratory_rules}
    if BASELINE_RULE not in rules:
        return ()
    found: list[Finding] = []
    for at in sorted({result.taken_at for result in series}):
        taken = {result.analyte for result in series if result.taken_at == at}
        for code in CODES:
            if code in rules and taken & set(READ_BY_RULES[code]):
                found.extend(_finding(series, at, rules[code], rules[BASELINE_RULE], situation))
    return tuple(found)


def current(found: Sequence[Finding], results: Iterable[Result]) -> tuple[Finding, ...]:
    """The findings that stand at the end of the series: for each rule what its newest results say."""
    series = in_order(results)
    standing: list[Finding] = []
    for code in CODES:
        moments = [result.taken_at for result in series if result.analyte in READ_BY_RULES[code]]
        standing.extend(one for one in found if moments and one.code == code and one.at == moments[-1])
    return tuple(standing)


def staging_at(
    results: Iterable[Result], *, at: datetime, guidelines: Guidelines, situation: Situation
) -> Staging:
    """How the kidneys stand at a moment, also when there is nothing to find."""
    return stage_kidneys(
        in_order(results),
        at=at,
        rule=guidelines.laboratory_rule(AKI),
        baseline_rule=guidelines.laboratory_rule(BASELINE_RULE),
        exposure=exposure_at(situation, at),
        situation=situation,
    )


def _finding(
    series: Sequence[Result],
    at: datetime,
    rule: LaboratoryRule,
    baseline_rule: LaboratoryRule,
    situation: Situation,
) -> Iterable[Finding]:
    exposure = exposure_at(situation, at)
    if rule.code == AKI:
        staging = stage_kidneys(
            series,
            at=at,
            rule=rule,
            baseline_rule=baseline_rule,
            exposure=exposure,
            situation=situation,
        )
        suspicion = kidney_sentence(staging, rule=rule)
    else:
        known = tuple(result for result in series if result.taken_at <= at)
        suspicion = _JUDGES[rule.code](
            known, at=at, rule=rule, baseline_rule=baseline_rule, exposure=exposure, situation=situation
        )
    if suspicion is None:
        return
    level = rule.level(suspicion.level)
    recent = exposure is not None and (
        (at - exposure.last_at).days < int(baseline_rule.figure("infusion_within_days"))
    )
    yield Finding(
        code=rule.code,
        level=level.code,
        rank=rule.levels.index(level),
        effect=rule.effect,
        urgency=level.urgency,
        opens_event=level.opens_event,
        at=at,
        message=suspicion.message,
        params=suspicion.params,
        rests_on=suspicion.rests_on,
        source=rule.source,
        session_id=exposure.session_id if recent and exposure is not None else None,
    )
