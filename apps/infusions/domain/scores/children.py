"""Bedside PEWS, the early-warning score of children."""

from apps.infusions.domain.age import Age
from apps.infusions.domain.scores.points import score_part
from apps.infusions.domain.scores.score import Score
from apps.infusions.domain.scores.tables import ScoreTable
from apps.infusions.domain.vitals import Vitals

BEDSIDE_PEWS = "bedside_pews"
BEDSIDE_PEWS_SIGNS = (
    "pulse_per_min",
    "systolic_mmhg",
    "capillary_refill_s",
    "respiratory_rate_per_min",
    "respiratory_effort",
    "spo2_percent",
    "oxygen_l_per_min",
)


def bedside_pews(vitals: Vitals, table: ScoreTable | None, *, age: Age) -> Score:
    """Bedside PEWS of one set of vital signs, 0 to 26 (clinical facts 4.2).

    It has no temperature and no consciousness: those are watched beside it. Without a table, as in a guideline
    release from before there were scores, every part is unknown.
    """
    rows = [
        row
        for row in (table.rows if table else ())
        if row.fits(spo2_scale=None, on_oxygen=vitals.on_oxygen, age_band=_age_band(table, age))
    ]
    return Score(BEDSIDE_PEWS, tuple(score_part(sign, vitals, rows) for sign in BEDSIDE_PEWS_SIGNS))


def _age_band(table: ScoreTable | None, age: Age) -> str | None:
    for band in table.age_bands if table else ():
        if band.from_months <= age.months and (band.until_months is None or age.months < band.until_months):
            return band.code
    return None
