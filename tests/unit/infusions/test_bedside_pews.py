"""Bedside PEWS, cell by cell as published, with its two misprints restored (clinical facts 4.2)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import Vitals
from apps.infusions.domain.age import Age, age_on
from apps.infusions.domain.scores import (
    BEDSIDE_PEWS,
    BEDSIDE_PEWS_SIGNS,
    NEWS2,
    Score,
    ScoreLevel,
    ScorePart,
    bedside_pews,
    level,
    score_of,
)
from apps.infusions.domain.vitals import Consciousness, RespiratoryEffort

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
BANDS = {
    "0 to 3 months": (0, 2),
    "3 to 12 months": (3, 11),
    "1 to 4 years": (12, 47),
    "4 to 12 years": (48, 143),
    "12 years": (144, 191),
}
# As printed: 1, 2 and 4 points from the first figure up, or from the second down.
PRINTED = {
    "pulse_per_min": {
        "0 to 3 months": ((150, 110), (180, 90), (190, 80)),
        "3 to 12 months": ((150, 100), (170, 80), (180, 70)),
        "1 to 4 years": ((120, 90), (150, 70), (170, 60)),
        "4 to 12 years": ((110, 70), (130, 60), (150, 50)),
        "12 years": ((100, 60), (120, 50), (140, 40)),
    },
    "systolic_mmhg": {
        "0 to 3 months": ((80, 60), (100, 50), (130, 45)),
        "3 to 12 months": ((100, 80), (120, 70), (150, 60)),
        "1 to 4 years": ((110, 90), (125, 75), (160, 65)),
        "4 to 12 years": ((120, 90), (140, 80), (170, 70)),
        "12 years": ((130, 100), (150, 85), (190, 75)),
    },
    "respiratory_rate_per_min": {
        "0 to 3 months": ((61, 29), (81, 19), (91, 15)),
        "3 to 12 months": ((51, 24), (71, 19), (81, 15)),
        "1 to 4 years": ((41, 19), (61, 15), (71, 12)),
        "4 to 12 years": ((31, 19), (41, 14), (51, 10)),
        "12 years": ((17, 11), (23, 10), (30, 9)),
    },
}
CELLS = [
    pytest.param(sign, band, limits, id=f"{sign} {band}")
    for sign, bands in PRINTED.items()
    for band, limits in bands.items()
]
POINTS = (1, 2, 4)


def expected_points(value, limits):
    earned = [
        points for points, (up, down) in zip(POINTS, limits, strict=True) if value >= up or value <= down
    ]
    return max(earned, default=0)


def middle(sign, band):
    up, down = PRINTED[sign][band][0]
    return (up + down) // 2


def child(months):
    return Age(days=months * 30, months=months)


def well(band):
    """A child of the band with nothing to warn of."""
    return Vitals(
        NOW,
        **{sign: middle(sign, band) for sign in PRINTED},
        spo2_percent=98,
        oxygen_l_per_min=Decimal(0),
        capillary_refill_s=Decimal(2),
        respiratory_effort=RespiratoryEffort.NORMAL,
    )


@pytest.fixture(scope="session")
def table(guidelines):
    return next(table for table in guidelines.score_tables if table.code == BEDSIDE_PEWS)


def points(table, sign, value, band="4 to 12 years", *, months=None):
    age = child(BANDS[band][0] if months is None else months)
    score = bedside_pews(replace(well(band), **{sign: value}), table, age=age)
    return next(part.points for part in score.parts if part.sign == sign)


@pytest.mark.parametrize(("sign", "band", "limits"), CELLS)
def test_each_cell_at_its_bounds_and_one_beyond(table, sign, band, limits):
    bounds = {bound + step for pair in limits for bound in pair for step in (-1, 0, 1)}
    for months in BANDS[band]:
        assert {value: points(table, sign, value, band, months=months) for value in bounds} == {
            value: expected_points(value, limits) for value in bounds
        }


@pytest.mark.parametrize(("sign", "band", "limits"), CELLS)
def test_the_ends_are_open(table, sign, band, limits):
    assert points(table, sign, 0, band) == 4
    assert points(table, sign, 400, band) == 4


@pytest.mark.parametrize(
    ("band", "pulse", "expected"),
    [
        ("4 to 12 years", 149, 2),
        ("4 to 12 years", 150, 4),
        ("4 to 12 years", 151, 4),
        ("12 years", 51, 1),
        ("12 years", 50, 2),
        ("12 years", 49, 2),
    ],
)
def test_the_two_misprints_are_restored(table, band, pulse, expected):
    assert points(table, "pulse_per_min", pulse, band) == expected


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        ("capillary_refill_s", Decimal("0"), 0),
        ("capillary_refill_s", Decimal("2.9"), 0),
        ("capillary_refill_s", Decimal("3.0"), 4),
        ("capillary_refill_s", Decimal("3.1"), 4),
        ("capillary_refill_s", Decimal("10"), 4),
        ("respiratory_effort", RespiratoryEffort.NORMAL, 0),
        ("respiratory_effort", RespiratoryEffort.MILD, 1),
        ("respiratory_effort", RespiratoryEffort.MODERATE, 2),
        ("respiratory_effort", RespiratoryEffort.SEVERE, 4),
        ("spo2_percent", 100, 0),
        ("spo2_percent", 95, 0),
        ("spo2_percent", 94, 1),
        ("spo2_percent", 91, 1),
        ("spo2_percent", 90, 2),
        ("spo2_percent", 40, 2),
        ("oxygen_l_per_min", Decimal("0"), 0),
        ("oxygen_l_per_min", Decimal("0.05"), 2),
        ("oxygen_l_per_min", Decimal("0.1"), 2),
        ("oxygen_l_per_min", Decimal("3.9"), 2),
        ("oxygen_l_per_min", Decimal("4.0"), 4),
        ("oxygen_l_per_min", Decimal("4.1"), 4),
        ("oxygen_l_per_min", Decimal("25"), 4),
    ],
)
@pytest.mark.parametrize("band", BANDS)
def test_what_is_the_same_at_every_age(table, band, sign, value, expected):
    assert points(table, sign, value, band) == expected


@pytest.mark.parametrize(
    ("on", "pulse", "expected"),
    [
        (date(2026, 1, 15), 80, 4),
        (date(2026, 4, 14), 80, 4),
        (date(2026, 4, 15), 80, 2),
        (date(2027, 1, 14), 80, 2),
        (date(2027, 1, 15), 80, 1),
        (date(2030, 1, 14), 80, 1),
        (date(2030, 1, 15), 80, 0),
        (date(2038, 1, 14), 70, 1),
        (date(2038, 1, 15), 70, 0),
    ],
)
def test_a_child_belongs_to_the_older_band_from_the_very_day(table, on, pulse, expected):
    """Born on 15 January 2026: the bands change at 3 months, 1 year, 4 years and 12 years."""
    score = bedside_pews(Vitals(NOW, pulse_per_min=pulse), table, age=age_on(date(2026, 1, 15), on))
    assert next(part.points for part in score.parts if part.sign == "pulse_per_min") == expected


@pytest.mark.parametrize("band", BANDS)
def test_a_well_child_scores_nothing_and_the_worst_twenty_six(table, band):
    age = child(BANDS[band][1])
    assert bedside_pews(well(band), table, age=age).total == 0
    for side in (0, 1):
        worst = Vitals(
            NOW,
            **{sign: PRINTED[sign][band][2][side] for sign in PRINTED},
            spo2_percent=85,
            oxygen_l_per_min=Decimal(6),
            capillary_refill_s=Decimal(4),
            respiratory_effort=RespiratoryEffort.SEVERE,
        )
        score = bedside_pews(worst, table, age=age)
        assert score.total == 26 == table.maximum
        assert sorted(part.points for part in score.parts) == [2, 4, 4, 4, 4, 4, 4]


@pytest.mark.parametrize(
    ("band", "changes", "total"),
    [
        ("0 to 3 months", {"pulse_per_min": 185, "respiratory_rate_per_min": 62}, 3),
        ("3 to 12 months", {"systolic_mmhg": 68, "capillary_refill_s": Decimal("3.5")}, 6),
        ("1 to 4 years", {"spo2_percent": 92, "oxygen_l_per_min": Decimal(1)}, 3),
        ("4 to 12 years", {"pulse_per_min": 152, "capillary_refill_s": Decimal(3)}, 8),
        ("12 years", {"pulse_per_min": 101, "respiratory_effort": RespiratoryEffort.MILD}, 2),
    ],
)
def test_totals_of_known_children(table, band, changes, total):
    age = child(BANDS[band][0])
    assert bedside_pews(replace(well(band), **changes), table, age=age).total == total


@pytest.mark.parametrize("sign", BEDSIDE_PEWS_SIGNS)
def test_a_set_without_one_of_the_signs_has_no_total(table, sign):
    score = bedside_pews(replace(well("1 to 4 years"), **{sign: None}), table, age=child(20))
    assert score.total is None
    assert score.missing == (sign,)


def test_neither_temperature_nor_consciousness_changes_the_score(table):
    ill = replace(
        well("1 to 4 years"), temperature_c=Decimal("40.5"), consciousness=Consciousness.UNRESPONSIVE
    )
    assert bedside_pews(ill, table, age=child(20)).total == 0
    assert set(table.signs) == set(BEDSIDE_PEWS_SIGNS)


def test_cells_that_stood_in_no_source_are_marked(table):
    unverified = {
        (row.sign, band.lowest, band.points) for row in table.rows for band in row.bands if not band.verified
    }
    assert unverified == {("spo2_percent", Decimal(91), 1), ("spo2_percent", Decimal(95), 0)}
    (saturation,) = (row for row in table.rows if row.sign == "spo2_percent")
    assert saturation.citation.read == "unverified"
    restored = {row.sign for row in table.rows if row.citation.read == "derived"}
    assert restored == {"pulse_per_min", "capillary_refill_s", "respiratory_effort", "oxygen_l_per_min"}


NUMBERS = {
    "systolic_mmhg": st.integers(30, 300),
    "pulse_per_min": st.integers(20, 300),
    "respiratory_rate_per_min": st.integers(0, 100),
    "spo2_percent": st.integers(40, 100),
    "oxygen_l_per_min": st.decimals("0", "25.0", places=1),
    "capillary_refill_s": st.decimals("0", "10.0", places=1),
    "respiratory_effort": st.sampled_from(RespiratoryEffort),
}
SETS = st.fixed_dictionaries(NUMBERS)
SETS_WITH_HOLES = st.fixed_dictionaries({sign: st.none() | value for sign, value in NUMBERS.items()})
MONTHS = st.integers(0, 191)


@given(signs=SETS, months=MONTHS)
def test_every_complete_set_has_a_total_and_it_is_the_sum(table, signs, months):
    score = bedside_pews(Vitals(NOW, **signs), table, age=child(months))
    assert score.total == sum(part.points for part in score.parts)
    assert 0 <= score.total <= 26
    assert {part.points for part in score.parts} <= {0, 1, 2, 4}


@given(signs=SETS_WITH_HOLES, months=MONTHS)
def test_a_total_needs_every_sign(table, signs, months):
    score = bedside_pews(Vitals(NOW, **signs), table, age=child(months))
    assert (score.total is None) == any(value is None for value in signs.values())


@given(data=st.data(), sign=st.sampled_from(sorted(PRINTED)), band=st.sampled_from(sorted(BANDS)))
def test_further_from_normal_never_scores_less(table, data, sign, band):
    normal = middle(sign, band)
    low = data.draw(st.booleans())
    side = st.integers(0, normal) if low else st.integers(normal, 300)
    near, far = sorted((data.draw(side), data.draw(side)), key=lambda value: abs(value - normal))
    assert points(table, sign, far, band) >= points(table, sign, near, band)


def scored(*parts):
    return Score(BEDSIDE_PEWS, tuple(ScorePart(f"sign_{n}", points) for n, points in enumerate(parts)))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((0, 0), ScoreLevel.NONE),
        ((1, 0), ScoreLevel.LOW),
        ((4, 2, 1), ScoreLevel.LOW),
        ((4, 4), ScoreLevel.EMERGENCY),
        ((4, 4, 4, 4, 4, 4, 2), ScoreLevel.EMERGENCY),
        ((None, 4, 2), None),
        ((None, 4, 4), ScoreLevel.EMERGENCY),
    ],
)
def test_the_one_published_trigger_is_eight(guidelines, parts, expected):
    assert level(scored(*parts), guidelines.score_thresholds(BEDSIDE_PEWS)) is expected


@pytest.mark.parametrize(
    ("on", "code"),
    [(date(2026, 1, 15), BEDSIDE_PEWS), (date(2042, 1, 14), BEDSIDE_PEWS), (date(2042, 1, 15), NEWS2)],
)
def test_the_score_is_chosen_by_age_and_changes_on_the_sixteenth_birthday(guidelines, on, code):
    age = age_on(date(2026, 1, 15), on)
    score = score_of(well("12 years"), age=age, spo2_scale=1, scores=guidelines.score_tables)
    assert score.code == code


def test_the_scale_of_saturation_reaches_the_adult_score(guidelines):
    vitals = Vitals(NOW, spo2_percent=90, oxygen_l_per_min=Decimal(0))
    adult = Age(days=20_000, months=660)

    def saturation(scale):
        score = score_of(vitals, age=adult, spo2_scale=scale, scores=guidelines.score_tables)
        return next(part.points for part in score.parts if part.sign == "spo2_percent")

    assert (saturation(1), saturation(2)) == (3, 0)


@pytest.mark.parametrize("months", [20, 660])
def test_a_release_from_before_there_were_scores_gives_no_total(months):
    score = score_of(well("1 to 4 years"), age=child(months), spo2_scale=1, scores=())
    assert score.total is None
    assert score.missing == tuple(part.sign for part in score.parts) != ()
