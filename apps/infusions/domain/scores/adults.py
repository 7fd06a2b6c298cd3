"""NEWS2, the early-warning score of adults."""

from apps.infusions.domain.scores.points import score_part
from apps.infusions.domain.scores.score import Score
from apps.infusions.domain.scores.tables import ScoreTable
from apps.infusions.domain.vitals import Vitals

NEWS2 = "news2"
NEWS2_SIGNS = (
    "respiratory_rate_per_min",
    "spo2_percent",
    "oxygen_l_per_min",
    "systolic_mmhg",
    "pulse_per_min",
    "consciousness",
    "temperature_c",
)


def news2(vitals: Vitals, table: ScoreTable | None, *, spo2_scale: int) -> Score:
    """NEWS2 of one set of vital signs, 0 to 20; not under 16 years, not in pregnancy (clinical facts 4.1).

    Scale 2 (`spo2_scale` 2) is for confirmed hypercapnic respiratory failure, by a clinician's decision.
    Without a table, as in a guideline release from before there were scores, every part is unknown.
    """
    rows = [
        row
        for row in (table.rows if table else ())
        if row.fits(spo2_scale=spo2_scale, on_oxygen=vitals.on_oxygen, age_band=None)
    ]
    return Score(NEWS2, tuple(score_part(sign, vitals, rows) for sign in NEWS2_SIGNS))
