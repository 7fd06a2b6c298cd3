"""Which score a patient is watched by, and where it is heading."""

from collections.abc import Iterable
from typing import Literal

from apps.infusions.domain.age import Age, AgeGroup
from apps.infusions.domain.scores.adults import NEWS2, news2
from apps.infusions.domain.scores.children import BEDSIDE_PEWS, bedside_pews
from apps.infusions.domain.scores.score import Score
from apps.infusions.domain.scores.tables import ScoreTable
from apps.infusions.domain.vitals import Vitals

Trend = Literal["up", "down", "same"]


def score_of(vitals: Vitals, *, age: Age, spo2_scale: int, scores: Iterable[ScoreTable]) -> Score:
    """NEWS2 from 16 years on, Bedside PEWS before, by the tables of the guideline (clinical facts 4.1, 4.2)."""
    tables = {table.code: table for table in scores}
    if age.group is AgeGroup.ADULT:
        return news2(vitals, tables.get(NEWS2), spo2_scale=spo2_scale)
    return bedside_pews(vitals, tables.get(BEDSIDE_PEWS), age=age)


def trend(earlier: Score | None, later: Score) -> Trend | None:
    """Whether the total rose, fell or stayed; None while one is unknown, or the two are different scores."""
    if earlier is None or earlier.code != later.code or earlier.total is None or later.total is None:
        return None
    if later.total == earlier.total:
        return "same"
    return "up" if later.total > earlier.total else "down"
