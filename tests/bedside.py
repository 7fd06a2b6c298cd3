"""A patient on the drip as the bedside rules see one, by the minute."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.infusions.domain.age import Age
from apps.infusions.domain.bedside_rules import Finding, SeenReaction, Series, findings_on, make_series
from apps.infusions.domain.scores.score import Score, ScorePart
from apps.infusions.domain.vitals import Vitals
from apps.kernel.text import fill_in_english

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NORMAL: Mapping[str, Any] = {
    "systolic_mmhg": 120,
    "diastolic_mmhg": 75,
    "pulse_per_min": 70,
    "respiratory_rate_per_min": 14,
    "spo2_percent": 98,
    "temperature_c": Decimal("36.8"),
}
ADULT = Age(days=45 * 365, months=45 * 12)
UNSCORED = Score("", ())


def months(count: int) -> Age:
    """A child of so many completed months."""
    return Age(days=count * 30 + 5, months=count)


def at(minute: float, **signs: Any) -> Vitals:
    """What was measured in this minute, and nothing else."""
    return Vitals(START + timedelta(minutes=minute), **signs)


def full(minute: float, **changes: Any) -> Vitals:
    """A full, quiet set of an adult, with changes."""
    return at(minute, **(NORMAL | changes))


BASELINE = full(-5)


def seen(
    guidelines: Any, term: str, minute: float, *, severity: str = "moderate", passed: float | None = None
) -> SeenReaction:
    """A symptom of the shipped terms, seen in this minute."""
    found = guidelines.reaction_term(term)
    return SeenReaction(
        term=term,
        name=found.name.as_mapping(),
        organ_groups=found.organ_groups,
        severity=severity,
        onset_at=START + timedelta(minutes=minute),
        resolved_at=None if passed is None else START + timedelta(minutes=passed),
    )


def score(code: str, **points: int | None) -> Score:
    """A score of these points by sign; None was not measured."""
    return Score(code, tuple(ScorePart(sign, earned) for sign, earned in points.items()))


def series(
    *observations: Vitals,
    age: Age = ADULT,
    baseline: Vitals | None = BASELINE,
    reactions: Iterable[SeenReaction] = (),
    scored: Score = UNSCORED,
    spo2_scale: int = 1,
) -> Series:
    """A series in which every set has the same score."""
    return make_series(
        age=age,
        weight_kg=Decimal(60),
        baseline=baseline,
        observations=observations,
        reactions=reactions,
        score_of=lambda vitals: scored,
        spo2_scale=spo2_scale,
    )


def findings(guidelines: Any, vitals: Vitals, **of_series: Any) -> tuple[Finding, ...]:
    """What fires on one set after the baseline."""
    return findings_on(vitals, series(vitals, **of_series), guidelines.observation_rules)


def fired(found: Iterable[Finding]) -> list[tuple[str, str]]:
    """Rule codes and priorities."""
    return [(finding.rule_code, finding.priority) for finding in found]


def text(finding: Finding) -> str:
    """The sentence in English; it leaves no place open and names its source."""
    filled = fill_in_english(finding.message, finding.params)
    assert "%(" not in filled and finding.source
    return filled
