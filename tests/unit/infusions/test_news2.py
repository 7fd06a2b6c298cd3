"""NEWS2, cell by cell as published (clinical facts 4.1)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import Vitals
from apps.infusions.domain.scores import (
    LEVEL_MESSAGES,
    NEWS2,
    NEWS2_SIGNS,
    Score,
    ScoreLevel,
    ScorePart,
    level,
    news2,
    trend,
)
from apps.infusions.domain.vitals import Consciousness

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
WELL = Vitals(
    NOW,
    systolic_mmhg=120,
    pulse_per_min=70,
    respiratory_rate_per_min=14,
    spo2_percent=98,
    temperature_c=Decimal("36.8"),
    oxygen_l_per_min=Decimal(0),
    consciousness=Consciousness.ALERT,
)
WORST = Vitals(
    NOW,
    systolic_mmhg=70,
    pulse_per_min=150,
    respiratory_rate_per_min=32,
    spo2_percent=80,
    temperature_c=Decimal("34.0"),
    oxygen_l_per_min=Decimal(10),
    consciousness=Consciousness.UNRESPONSIVE,
)

# Each lane is a row of the chart, its cells from low to high: the last value of the cell, its points.
# (sign, scale, oxygen, smallest difference, cells); the last cell has no end.
OPEN = None
LANES = {
    "respiration": (
        ("respiratory_rate_per_min", 1, 0, "1"),
        [("8", 3), ("11", 1), ("20", 0), ("24", 2), (OPEN, 3)],
    ),
    "saturation, scale 1, air": (("spo2_percent", 1, 0, "1"), [("91", 3), ("93", 2), ("95", 1), (OPEN, 0)]),
    "saturation, scale 1, oxygen": (
        ("spo2_percent", 1, 2, "1"),
        [("91", 3), ("93", 2), ("95", 1), (OPEN, 0)],
    ),
    "saturation, scale 2, air": (("spo2_percent", 2, 0, "1"), [("83", 3), ("85", 2), ("87", 1), (OPEN, 0)]),
    "saturation, scale 2, oxygen": (
        ("spo2_percent", 2, 2, "1"),
        [("83", 3), ("85", 2), ("87", 1), ("92", 0), ("94", 1), ("96", 2), (OPEN, 3)],
    ),
    "systolic": (
        ("systolic_mmhg", 1, 0, "1"),
        [("90", 3), ("100", 2), ("110", 1), ("219", 0), (OPEN, 3)],
    ),
    "pulse": (
        ("pulse_per_min", 1, 0, "1"),
        [("40", 3), ("50", 1), ("90", 0), ("110", 1), ("130", 2), (OPEN, 3)],
    ),
    "temperature": (
        ("temperature_c", 1, 0, "0.1"),
        [("35.0", 3), ("36.0", 1), ("38.0", 0), ("39.0", 1), (OPEN, 2)],
    ),
    "oxygen": (("oxygen_l_per_min", 1, 0, "0.1"), [("0", 0), (OPEN, 2)]),
}
EDGES = [
    pytest.param(*lane, Decimal(upper), here, beyond, id=f"{name} {upper}")
    for name, (lane, cells) in LANES.items()
    for (upper, here), (_, beyond) in pairwise(cells)
]
EXTREMES = [
    ("respiratory_rate_per_min", 1, 0, 0, 3),
    ("respiratory_rate_per_min", 1, 0, 100, 3),
    ("spo2_percent", 1, 0, 40, 3),
    ("spo2_percent", 1, 2, 100, 0),
    ("spo2_percent", 2, 0, 40, 3),
    ("spo2_percent", 2, 0, 93, 0),
    ("spo2_percent", 2, 0, 100, 0),
    ("spo2_percent", 2, 2, 40, 3),
    ("spo2_percent", 2, 2, 100, 3),
    ("systolic_mmhg", 1, 0, 30, 3),
    ("systolic_mmhg", 1, 0, 300, 3),
    ("pulse_per_min", 1, 0, 20, 3),
    ("pulse_per_min", 1, 0, 300, 3),
    ("temperature_c", 1, 0, Decimal("30.0"), 3),
    ("temperature_c", 1, 0, Decimal("43.0"), 2),
    ("oxygen_l_per_min", 1, 0, Decimal("25.0"), 2),
    ("oxygen_l_per_min", 1, 0, Decimal("0.05"), 2),
]


@pytest.fixture(scope="session")
def table(guidelines):
    return next(table for table in guidelines.score_tables if table.code == NEWS2)


@pytest.fixture(scope="session")
def thresholds(guidelines):
    return guidelines.score_thresholds(NEWS2)


def points(table, sign, value, *, scale=1, oxygen=0):
    changes = {"oxygen_l_per_min": Decimal(oxygen)} | {sign: value}
    score = news2(replace(WELL, **changes), table, spo2_scale=scale)
    return next(part.points for part in score.parts if part.sign == sign)


def scored(*parts):
    """A score with these points, in any signs."""
    return Score(NEWS2, tuple(ScorePart(f"sign_{n}", points) for n, points in enumerate(parts)))


@pytest.mark.parametrize(("sign", "scale", "oxygen", "step", "upper", "here", "beyond"), EDGES)
def test_each_cell_ends_where_the_chart_says(table, sign, scale, oxygen, step, upper, here, beyond):
    assert points(table, sign, upper, scale=scale, oxygen=oxygen) == here
    assert points(table, sign, upper + Decimal(step), scale=scale, oxygen=oxygen) == beyond


@pytest.mark.parametrize(("sign", "scale", "oxygen", "value", "expected"), EXTREMES)
def test_cells_at_the_ends_of_the_chart_are_open(table, sign, scale, oxygen, value, expected):
    assert points(table, sign, value, scale=scale, oxygen=oxygen) == expected


@pytest.mark.parametrize("told", Consciousness)
def test_anything_but_alert_is_three(table, told):
    assert points(table, "consciousness", told) == (0 if told is Consciousness.ALERT else 3)


@pytest.mark.parametrize(
    ("measured", "expected"),
    [("38.04", 0), ("38.05", 1), ("35.04", 3), ("35.05", 1), ("39.05", 2), ("36.049", 1)],
)
def test_temperature_is_rounded_to_a_tenth_first(table, measured, expected):
    assert points(table, "temperature_c", Decimal(measured)) == expected


def test_on_scale_2_saturations_from_83_to_88_are_four_cells(table):
    scored = [points(table, "spo2_percent", value, scale=2) for value in (83, 84, 85, 86, 87, 88)]
    assert scored == [3, 2, 2, 1, 1, 0]


def test_a_well_patient_scores_nothing_and_the_worst_twenty(table):
    assert news2(WELL, table, spo2_scale=1).total == 0
    worst = news2(WORST, table, spo2_scale=1)
    assert worst.total == 20 == table.maximum
    assert [part.points for part in worst.parts] == [3, 3, 2, 3, 3, 3, 3]
    assert news2(WORST, table, spo2_scale=2).total == 20


@pytest.mark.parametrize(
    ("changes", "scale", "total"),
    [
        ({"pulse_per_min": 95}, 1, 1),
        ({"temperature_c": Decimal("38.5"), "pulse_per_min": 112}, 1, 3),
        ({"temperature_c": Decimal("39.4"), "pulse_per_min": 112, "respiratory_rate_per_min": 22}, 1, 6),
        ({"systolic_mmhg": 88}, 1, 3),
        ({"spo2_percent": 90}, 1, 3),
        ({"spo2_percent": 90}, 2, 0),
        ({"spo2_percent": 97, "oxygen_l_per_min": Decimal(2)}, 1, 2),
        ({"spo2_percent": 97, "oxygen_l_per_min": Decimal(2)}, 2, 5),
        ({"consciousness": Consciousness.CONFUSION, "systolic_mmhg": 95, "pulse_per_min": 120}, 1, 7),
    ],
)
def test_totals_of_known_patients(table, changes, scale, total):
    assert news2(replace(WELL, **changes), table, spo2_scale=scale).total == total


@pytest.mark.parametrize("sign", NEWS2_SIGNS)
def test_a_set_without_one_of_the_signs_has_no_total(table, sign):
    score = news2(replace(WELL, **{sign: None}), table, spo2_scale=1)
    assert score.total is None
    assert score.missing == (sign,)


def test_diastolic_pressure_is_not_scored(table):
    assert "diastolic_mmhg" not in NEWS2_SIGNS
    assert set(table.signs) == set(NEWS2_SIGNS)


@pytest.mark.parametrize(("spo2", "expected"), [(80, 3), (84, 2), (90, 0), (92, 0), (93, None), (98, None)])
def test_scale_2_asks_whether_oxygen_is_given_where_it_matters(table, spo2, expected):
    vitals = replace(WELL, spo2_percent=spo2, oxygen_l_per_min=None)
    score = news2(vitals, table, spo2_scale=2)
    assert next(part.points for part in score.parts if part.sign == "spo2_percent") == expected
    assert score.total is None


@pytest.mark.parametrize("scale", [0, 3])
def test_a_scale_that_does_not_exist_scores_nothing(table, scale):
    assert news2(WELL, table, spo2_scale=scale).total is None


def test_without_a_table_nothing_is_known_rather_than_normal():
    score = news2(WELL, None, spo2_scale=1)
    assert score.total is None
    assert score.missing == NEWS2_SIGNS
    assert level(score, ()) is None


NUMBERS = {
    "systolic_mmhg": st.integers(30, 300),
    "pulse_per_min": st.integers(20, 300),
    "respiratory_rate_per_min": st.integers(0, 100),
    "spo2_percent": st.integers(40, 100),
    "temperature_c": st.decimals("30.0", "43.0", places=1),
    "oxygen_l_per_min": st.decimals("0", "25.0", places=1),
    "consciousness": st.sampled_from(Consciousness),
}
SETS = st.fixed_dictionaries(NUMBERS)
SETS_WITH_HOLES = st.fixed_dictionaries({sign: st.none() | value for sign, value in NUMBERS.items()})
# Values without points.
NORMAL = {
    "systolic_mmhg": 150,
    "pulse_per_min": 70,
    "respiratory_rate_per_min": 16,
    "temperature_c": Decimal("37.0"),
}


@given(signs=SETS, scale=st.sampled_from([1, 2]))
def test_every_complete_set_has_a_total_and_it_is_the_sum(table, signs, scale):
    score = news2(Vitals(NOW, **signs), table, spo2_scale=scale)
    assert score.total == sum(part.points for part in score.parts)
    assert 0 <= score.total <= 20


@given(signs=SETS_WITH_HOLES, scale=st.sampled_from([1, 2]))
def test_a_total_needs_every_sign(table, signs, scale):
    score = news2(Vitals(NOW, **signs), table, spo2_scale=scale)
    assert (score.total is None) == any(value is None for value in signs.values())


@given(data=st.data(), sign=st.sampled_from(sorted(NORMAL)), low=st.booleans())
def test_further_from_normal_never_scores_less(table, data, sign, low):
    normal = NORMAL[sign]
    side = NUMBERS[sign].filter(lambda value: value <= normal if low else value >= normal)
    near, far = sorted((data.draw(side), data.draw(side)), key=lambda value: abs(value - normal))
    assert points(table, sign, far) >= points(table, sign, near)


@given(spo2=st.integers(41, 100), scale=st.sampled_from([1, 2]), oxygen=st.sampled_from([0, 2]))
def test_a_lower_saturation_never_scores_less_unless_it_nears_the_target_of_scale_2(
    table, spo2, scale, oxygen
):
    above_target = scale == 2 and oxygen and spo2 > 92
    higher, lower = (points(table, "spo2_percent", n, scale=scale, oxygen=oxygen) for n in (spo2, spo2 - 1))
    assert lower <= higher if above_target else lower >= higher


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((0, 0), ScoreLevel.NONE),
        ((1, 0), ScoreLevel.LOW),
        ((2, 2), ScoreLevel.LOW),
        ((3, 0), ScoreLevel.SINGLE),
        ((3, 1), ScoreLevel.SINGLE),
        ((2, 2, 1), ScoreLevel.URGENT),
        ((3, 2), ScoreLevel.URGENT),
        ((3, 3), ScoreLevel.URGENT),
        ((2, 2, 2, 1), ScoreLevel.EMERGENCY),
        ((3, 3, 3, 3, 3, 3, 2), ScoreLevel.EMERGENCY),
    ],
)
def test_levels_of_response(thresholds, parts, expected):
    assert level(scored(*parts), thresholds) is expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((None, 0), None),
        ((None, 2, 2), None),
        ((None, 3), ScoreLevel.SINGLE),
        ((None, 2, 2, 1), ScoreLevel.URGENT),
        ((None, 3, 3, 1), ScoreLevel.EMERGENCY),
    ],
)
def test_an_incomplete_set_is_never_called_mild_but_may_already_be_urgent(thresholds, parts, expected):
    assert level(scored(*parts), thresholds) is expected


def test_every_level_has_a_sentence_and_every_threshold_its_source(thresholds):
    assert len({one.sentence for one in ScoreLevel}) == len(ScoreLevel) == len(LEVEL_MESSAGES)
    assert [threshold.level for threshold in thresholds] == [one.value for one in ScoreLevel]
    assert {threshold.citation.keys for threshold in thresholds} == {("W76",)}


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (scored(1), scored(2), "up"),
        (scored(3), scored(2), "down"),
        (scored(1, 1), scored(2, 0), "same"),
        (None, scored(2), None),
        (scored(None, 1), scored(2), None),
        (scored(1), scored(None, 2), None),
        (Score("bedside_pews", (ScorePart("pulse_per_min", 1),)), scored(2), None),
    ],
)
def test_a_trend_needs_two_known_totals_of_one_score(earlier, later, expected):
    assert trend(earlier, later) == expected
