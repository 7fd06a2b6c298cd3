"""Reading scores and reference ranges: node in, value out, `guideline_invalid` when unfit.

Bands must tile: a value between two bands would score nothing, one in two bands would score by chance.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby, pairwise, product
from typing import Any

from apps.guidelines.domain.bedside import AssessedSign, VitalSign
from apps.guidelines.domain.reading import Node, refuse
from apps.guidelines.domain.scores import (
    AgePoint,
    HypotensionLimit,
    PointBand,
    PointChoice,
    ReferenceRange,
    ScoreAgeBand,
    ScoredSign,
    ScoreTable,
    ScoreThreshold,
    Span,
)

LEVELS = ("none", "low", "single", "urgent", "emergency")
SPO2_SCALES = (1, 2)
_POINTS = {"news2": {0, 1, 2, 3}, "bedside_pews": {0, 1, 2, 4}}
_WORD_STEP = Decimal(1)
# Days of life are counted up to the first month at most, months from then on.
_MOST_DAYS = 28


def score_table(node: Node) -> ScoreTable:
    """A score: every sign has one row for every situation, and the highest points add up to its maximum."""
    code = node.one_of("code", *_POINTS)
    table = ScoreTable(
        code=code,
        name=node.local_text("name"),
        maximum=node.integer("maximum"),
        age_bands=_age_bands(node),
        rows=tuple(_scored_sign(child, _POINTS[code]) for child in node.children("rows")),
        thresholds=tuple(_threshold(child) for child in node.children("thresholds")),
        citation=node.citation(),
    )
    _check_situations(node, table)
    _check_maximum(node, table)
    _check_thresholds(node, table)
    return table


def _scored_sign(node: Node, allowed_points: set[int]) -> ScoredSign:
    step = node.positive("step") if "bands" in node.data else _WORD_STEP
    row = ScoredSign(
        sign=node.text("sign"),
        spo2_scale=node.integer("spo2_scale") if "spo2_scale" in node.data else None,
        on_oxygen=node.boolean("on_oxygen") if "on_oxygen" in node.data else None,
        age_band=node.text("age_band") if "age_band" in node.data else None,
        step=step,
        bands=_bands(node, step),
        choices=tuple(PointChoice(c.text("code"), c.integer("points")) for c in node.children("choices")),
        citation=node.citation(),
    )
    if bool(row.bands) == bool(row.choices):
        raise refuse(node.where, "must give points either for bands or for choices")
    if not set(row.points) <= allowed_points:
        raise refuse(node.where, "gives points that this score does not have")
    return row


def _bands(node: Node, step: Decimal) -> tuple[PointBand, ...]:
    bands = tuple(
        PointBand(
            lowest=child.optional_number("from"),
            highest=child.optional_number("to"),
            points=child.integer("points"),
            verified=child.boolean("verified") if "verified" in child.data else True,
        )
        for child in node.children("bands")
    )
    if bands and not _tile(bands, step):
        raise refuse(
            f"{node.where}.bands", "must follow each other without gap or overlap, open at both ends"
        )
    return bands


def _tile(bands: tuple[PointBand, ...], step: Decimal) -> bool:
    ends_open = bands[0].lowest is None and bands[-1].highest is None
    upright = all(b.lowest is None or b.highest is None or b.lowest <= b.highest for b in bands)
    adjoining = all(
        earlier.highest is not None and later.lowest == earlier.highest + step and earlier.highest % step == 0
        for earlier, later in pairwise(bands)
    )
    return ends_open and upright and adjoining


def _age_bands(node: Node) -> tuple[ScoreAgeBand, ...]:
    bands = tuple(
        ScoreAgeBand(
            code=child.text("code"),
            name=child.local_text("name"),
            from_months=child.integer("from_months"),
            until_months=child.optional_integer("until_months"),
        )
        for child in node.children("age_bands")
    )
    ends = [(band.from_months, band.until_months) for band in bands]
    if bands and not (ends[0][0] == 0 and ends[-1][1] is None and _adjoin(ends)):
        raise refuse(f"{node.where}.age_bands", "must follow each other from birth on, the last without end")
    return bands


def _adjoin(ends: Sequence[tuple[Any, Any]]) -> bool:
    """Whether half-open intervals stand upright and each begins where the one before it ends."""
    upright = all(start is None or until is None or start < until for start, until in ends)
    return upright and all(
        until is not None and until == following for (_, until), (following, _) in pairwise(ends)
    )


def _threshold(node: Node) -> ScoreThreshold:
    threshold = ScoreThreshold(
        level=node.one_of("level", *LEVELS),
        total_from=node.optional_integer("total_from"),
        part_from=node.optional_integer("part_from"),
        response=node.local_text("response"),
        citation=node.citation(),
    )
    if (threshold.total_from is None) == (threshold.part_from is None):
        raise refuse(node.where, "must begin either at a total or at the points of one sign")
    return threshold


def _check_situations(node: Node, table: ScoreTable) -> None:
    ages = tuple(band.code for band in table.age_bands) or (None,)
    for row in table.rows:
        if row.age_band is not None and row.age_band not in ages:
            raise refuse(f"{node.where}.rows.{row.sign}", f"{row.age_band} is no age band")
    for sign, scale, oxygen, age in product(table.signs, SPO2_SCALES, (True, False), ages):
        fitting = [
            row
            for row in table.rows
            if row.sign == sign and row.fits(spo2_scale=scale, on_oxygen=oxygen, age_band=age)
        ]
        if len(fitting) != 1:
            raise refuse(f"{node.where}.rows.{sign}", "must have one row for every age, scale and oxygen")


def _check_maximum(node: Node, table: ScoreTable) -> None:
    most = sum(max(max(row.points) for row in table.rows if row.sign == sign) for sign in table.signs)
    if most != table.maximum:
        raise refuse(f"{node.where}.maximum", f"the highest points of the signs add up to {most}")


def _check_thresholds(node: Node, table: ScoreTable) -> None:
    levels = [LEVELS.index(threshold.level) for threshold in table.thresholds]
    totals = [t.total_from for t in table.thresholds if t.total_from is not None]
    if levels != sorted(set(levels)) or totals != sorted(set(totals)) or totals[:1] != [0]:
        raise refuse(f"{node.where}.thresholds", "must rise, each level once, from a total of 0 on")


def reference_range(node: Node) -> ReferenceRange:
    """The usual vital signs of one age."""
    return ReferenceRange(
        code=node.text("code"),
        name=node.local_text("name"),
        from_age=_age_point(node.child("from")),
        until_age=_age_point(node.child("until")),
        weight_from_kg=node.optional_positive("weight_from_kg"),
        weight_until_kg=node.optional_positive("weight_until_kg"),
        pulse_awake_per_min=_span(node.child("pulse_awake_per_min")),
        pulse_asleep_per_min=_span(node.child("pulse_asleep_per_min")),
        respiratory_rate_per_min=_span(node.child("respiratory_rate_per_min")),
        systolic_mmhg=_span(node.child("systolic_mmhg")),
        diastolic_mmhg=_span(node.child("diastolic_mmhg")),
        hypotension=_hypotension(node.child("hypotension")),
        citation=node.citation(),
    )


def _hypotension(node: Node) -> HypotensionLimit:
    return HypotensionLimit(node.integer("base_mmhg"), node.integer("per_year_mmhg"))


def _age_point(node: Node) -> AgePoint:
    if len(node.data) != 1:
        raise refuse(node.where, "must be given either in days or in months")
    if "months" in node.data:
        return AgePoint(days=0, months=node.integer("months"))
    days = node.integer("days")
    if days > _MOST_DAYS:
        raise refuse(node.where, f"is more than {_MOST_DAYS} days: give months")
    return AgePoint(days=days, months=0)


def _span(node: Node) -> Span:
    span = Span(low=node.integer("low"), high=node.integer("high"))
    if span.low >= span.high:
        raise refuse(f"{node.where}.low", "must be below the high end")
    return span


def check_scored_signs(
    tables: Iterable[ScoreTable], measured: Iterable[VitalSign], assessed: Iterable[AssessedSign]
) -> None:
    """A score may only ask for signs that are taken, and must know every word a sign is told in."""
    words = {sign.code: {choice.code for choice in sign.choices} for sign in assessed}
    numbers = {sign.code for sign in measured}
    for table in tables:
        for row in table.rows:
            scored = {choice.code for choice in row.choices}
            known = row.sign in numbers if row.bands else words.get(row.sign) == scored
            if not known:
                raise refuse(f"score_tables.{table.code}.rows.{row.sign}", "is not a sign that is taken so")


def check_reference_ranges(ranges: tuple[ReferenceRange, ...]) -> None:
    """Ages follow each other from birth on without gap or overlap; so do the weights within one age."""
    by_age = [
        (age, [(row.weight_from_kg, row.weight_until_kg) for row in rows])
        for age, rows in groupby(ranges, key=lambda row: (_order(row.from_age), _order(row.until_age)))
    ]
    ages = [age for age, _ in by_age]
    if ages and not (ages[0][0] == (0, 0) and _adjoin(ages)):
        raise refuse("reference_ranges", "ages must follow each other from birth on without gap or overlap")
    for _, weights in by_age:
        if not (weights[0][0] is None and weights[-1][1] is None and _adjoin(weights)):
            raise refuse("reference_ranges", "weights must follow each other without gap or overlap")


def _order(age: AgePoint) -> tuple[int, int]:
    return age.months, age.days
