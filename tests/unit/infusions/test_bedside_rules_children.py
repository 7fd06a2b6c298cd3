"""Limits by age, cell by cell: PALS and WAO for low pressure, the outer cells of Bedside PEWS for the rest."""

import pytest

from apps.infusions.domain.age import Age
from apps.infusions.domain.vitals import Consciousness
from tests.bedside import ADULT, at, findings, months, text

NEWBORN, FOUR_DAYS, FOUR_WEEKS = Age(days=3, months=0), Age(days=4, months=0), Age(days=28, months=0)


def urgency(guidelines, age, sign, value, group, *, baseline=None):
    """How urgently a group speaks of one sign; None when it is silent."""
    found = findings(guidelines, at(10, **{sign: value}), age=age, baseline=baseline)
    return next((finding.priority for finding in found if finding.group == group), None)


@pytest.mark.parametrize(
    ("age", "limit"),
    [
        (NEWBORN, 50),
        (FOUR_DAYS, 60),
        (FOUR_WEEKS, 60),
        (months(1), 70),
        (months(11), 70),
        (months(12), 72),
        (months(23), 72),
        (months(24), 74),
        (months(10 * 12), 90),
        (months(11 * 12 - 1), 90),
        (months(11 * 12), 90),
        (months(16 * 12 - 1), 90),
        (months(16 * 12), 90),
        (months(17 * 12), 90),
        (ADULT, 90),
    ],
)
def test_low_pressure_begins_at_the_limit_of_the_age(guidelines, age, limit):
    for value, expected in ((limit - 1, "high"), (limit, None), (limit + 1, None)):
        assert urgency(guidelines, age, "systolic_mmhg", value, "hypotension") == expected, value


# from age on: systolic high; pulse at least high, medium; at most high, medium; breathing the same four
BANDS = [
    (months(0), months(2), 130, (190, 180, 80, 90), (91, 81, 15, 19)),
    (months(3), months(11), 150, (180, 170, 70, 80), (81, 71, 15, 19)),
    (months(12), months(47), 160, (170, 150, 60, 70), (71, 61, 12, 15)),
    (months(48), months(143), 170, (150, 130, 50, 60), (51, 41, 10, 14)),
    (months(144), months(191), 190, (140, 120, 40, 50), (30, 23, 9, 10)),
]
EDGES = [(age, *band[2:]) for band in BANDS for age in band[:2]]


@pytest.mark.parametrize(("age", "systolic", "pulse", "breathing"), EDGES)
def test_high_pressure_is_a_cell_of_four_points(guidelines, age, systolic, pulse, breathing):
    assert urgency(guidelines, age, "systolic_mmhg", systolic - 1, "hypertension") is None
    assert urgency(guidelines, age, "systolic_mmhg", systolic, "hypertension") == "high"


@pytest.mark.parametrize(("age", "systolic", "pulse", "breathing"), EDGES)
def test_pulse_and_breathing_are_medium_at_two_points_and_high_at_four(
    guidelines, age, systolic, pulse, breathing
):
    for sign, limits, fast, slow in (
        ("pulse_per_min", pulse, "tachycardia", "bradycardia"),
        ("respiratory_rate_per_min", breathing, "tachypnoea", "bradypnoea"),
    ):
        high, medium, low_high, low_medium = limits
        for value, expected in (
            (high + 1, "high"),
            (high, "high"),
            (high - 1, "medium"),
            (medium, "medium"),
            (medium - 1, None),
        ):
            assert urgency(guidelines, age, sign, value, fast) == expected, (sign, value)
        for value, expected in (
            (low_high - 1, "high"),
            (low_high, "high"),
            (low_high + 1, "medium"),
            (low_medium, "medium"),
            (low_medium + 1, None),
        ):
            assert urgency(guidelines, age, sign, value, slow) == expected, (sign, value)


@pytest.mark.parametrize(
    ("age", "value", "expected"),
    [
        (months(60), 91, None),
        (months(60), 90, "medium"),
        (months(60), 89, "medium"),
        (months(60), 85, "medium"),
        (months(60), 84, "high"),
        (months(191), 91, None),
        (months(191), 90, "medium"),
        (ADULT, 100, "medium"),
        (ADULT, 101, None),
    ],
)
def test_a_child_s_fall_is_judged_in_percent(guidelines, age, value, expected):
    before = at(-5, systolic_mmhg=120)
    assert urgency(guidelines, age, "systolic_mmhg", value, "hypotension", baseline=before) == expected


@pytest.mark.parametrize(
    ("age", "value", "expected"),
    [(months(60), 119, None), (months(60), 120, "medium"), (ADULT, 129, None), (ADULT, 130, "medium")],
)
def test_a_rise_counts_earlier_in_a_child(guidelines, age, value, expected):
    before = at(-5, systolic_mmhg=100)
    assert urgency(guidelines, age, "systolic_mmhg", value, "hypertension", baseline=before) == expected


@pytest.mark.parametrize(
    ("age", "value", "expected"),
    [
        (NEWBORN, 91, None),
        (NEWBORN, 89, "high"),
        (FOUR_WEEKS, 91, None),
        (months(1), 92, None),
        (months(1), 91, "medium"),
        (months(100), 89, "high"),
    ],
)
def test_saturation_has_one_limit_in_the_newborn_and_two_later(guidelines, age, value, expected):
    assert urgency(guidelines, age, "spo2_percent", value, "spo2") == expected


@pytest.mark.parametrize("age", [NEWBORN, months(5), months(60), months(180), ADULT])
def test_fever_oxygen_and_consciousness_speak_at_every_age(guidelines, age):
    before = at(-5, temperature_c=37, oxygen_l_per_min=0)
    for sign, value, group, expected in (
        ("temperature_c", 39, "temperature", "high"),
        ("temperature_c", 38, "temperature", "medium"),
        ("oxygen_l_per_min", 1, "oxygen", "medium"),
        ("consciousness", Consciousness.VOICE, "consciousness", "high"),
        ("consciousness", Consciousness.ALERT, "consciousness", None),
    ):
        assert urgency(guidelines, age, sign, value, group, baseline=before) == expected, sign


def test_no_adult_limit_holds_for_a_child(guidelines):
    ages = {rule.code: rule.ages for rule in guidelines.observation_rules}
    for code in ("systolic_below_90", "pulse_111_or_more", "respiratory_rate_25_or_more", "news2_7_or_more"):
        assert not ages[code].includes(months(16 * 12 - 1)) and ages[code].includes(months(16 * 12))
    quiet_infant = at(10, systolic_mmhg=85, pulse_per_min=140, respiratory_rate_per_min=40, spo2_percent=98)
    assert findings(guidelines, quiet_infant, age=months(6), baseline=None) == ()


def test_the_sentence_names_the_limit_of_the_age(guidelines):
    found = findings(guidelines, at(10, systolic_mmhg=75), age=months(3 * 12), baseline=None)
    assert text(found[0]) == "Systolic blood pressure 75 mmHg, below 76 mmHg, the limit at the age of 3."
