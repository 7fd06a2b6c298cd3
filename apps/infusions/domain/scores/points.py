"""The points of one sign."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from apps.infusions.domain.scores.score import ScorePart
from apps.infusions.domain.scores.tables import Row
from apps.infusions.domain.vitals import Vitals


def score_part(sign: str, vitals: Vitals, rows: Sequence[Row]) -> ScorePart:
    """The points of a sign by the rows that may hold for it.

    None when it was not measured, when no row holds, and when rows that may hold disagree: scale 2 of NEWS2
    cannot be read without knowing whether oxygen was given.
    """
    possible = {_points(vitals, row) for row in rows if row.sign == sign}
    return ScorePart(sign=sign, points=possible.pop() if len(possible) == 1 else None)


def _points(vitals: Vitals, row: Row) -> int | None:
    if not vitals.has(row.sign):
        return None
    if row.choices:
        told = getattr(vitals, row.sign)
        return next((choice.points for choice in row.choices if choice.code == told), None)
    value = Decimal(getattr(vitals, row.sign)).quantize(row.step, rounding=ROUND_HALF_UP)
    return next(
        (
            band.points
            for band in row.bands
            if (band.lowest is None or band.lowest <= value)
            and (band.highest is None or value <= band.highest)
        ),
        None,
    )
