from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import Vitals, evaluate

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NORMAL = {
    "systolic_mmhg": 120,
    "diastolic_mmhg": 75,
    "pulse_per_min": 70,
    "respiratory_rate_per_min": 14,
    "spo2_percent": 98,
    "temperature_c": Decimal("36.8"),
}
BASELINE = Vitals(NOW, **NORMAL)


def findings(guidelines, baseline=BASELINE, **changes):
    return evaluate(Vitals(NOW, **(NORMAL | changes)), baseline, guidelines.observation_rules)


def codes(guidelines, baseline=BASELINE, **changes):
    return [(f.rule_code, f.priority) for f in findings(guidelines, baseline, **changes)]


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        ("systolic_mmhg", 101, None),
        ("systolic_mmhg", 100, ("systolic_fall_20_mmhg", "medium")),
        ("systolic_mmhg", 90, ("systolic_fall_20_mmhg", "medium")),
        ("systolic_mmhg", 89, ("systolic_below_90", "high")),
        ("systolic_mmhg", 219, None),
        ("systolic_mmhg", 220, ("systolic_220_or_more", "high")),
        ("spo2_percent", 92, None),
        ("spo2_percent", 91, ("spo2_below_92", "medium")),
        ("spo2_percent", 90, ("spo2_below_92", "medium")),
        ("spo2_percent", 89, ("spo2_below_90", "high")),
        ("temperature_c", Decimal("37.7"), None),
        ("temperature_c", Decimal("37.8"), ("temperature_rise_1", "medium")),
        ("temperature_c", Decimal("38.7"), ("temperature_rise_1", "medium")),
        ("temperature_c", Decimal("38.8"), ("temperature_rise_2", "high")),
        ("temperature_c", Decimal("35.0"), None),
        ("pulse_per_min", 110, None),
        ("pulse_per_min", 111, ("pulse_111_or_more", "medium")),
        ("pulse_per_min", 130, ("pulse_111_or_more", "medium")),
        ("pulse_per_min", 131, ("pulse_131_or_more", "high")),
        ("pulse_per_min", 41, None),
        ("pulse_per_min", 40, ("pulse_40_or_less", "high")),
        ("respiratory_rate_per_min", 24, None),
        ("respiratory_rate_per_min", 25, ("respiratory_rate_25_or_more", "high")),
        ("respiratory_rate_per_min", 9, None),
        ("respiratory_rate_per_min", 8, ("respiratory_rate_8_or_less", "high")),
        ("diastolic_mmhg", 20, None),
    ],
)
def test_each_side_of_each_threshold(guidelines, sign, value, expected):
    assert codes(guidelines, **{sign: value}) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("baseline", "value", "expected"),
    [
        (150, 106, ("systolic_fall_20_mmhg", "medium")),
        (150, 105, ("systolic_fall_30_percent", "high")),
        (131, 92, ("systolic_fall_20_mmhg", "medium")),
        (131, 91, ("systolic_fall_30_percent", "high")),
        (180, 112, ("systolic_fall_30_percent", "high")),
    ],
)
def test_a_fall_is_measured_against_this_patient_s_baseline(guidelines, baseline, value, expected):
    own = Vitals(NOW, **(NORMAL | {"systolic_mmhg": baseline}))
    assert codes(guidelines, own, systolic_mmhg=value) == [expected]


def test_normal_signs_fire_nothing(guidelines):
    assert codes(guidelines) == []


def test_what_was_not_measured_fires_nothing_and_is_named_missing(guidelines):
    vitals = Vitals(NOW, systolic_mmhg=85)
    assert [f.rule_code for f in evaluate(vitals, BASELINE, guidelines.observation_rules)] == [
        "systolic_below_90"
    ]
    assert vitals.missing == tuple(sign for sign in NORMAL if sign != "systolic_mmhg")


@pytest.mark.parametrize("baseline", [None, Vitals(NOW)])
def test_without_a_baseline_only_fixed_limits_hold(guidelines, baseline):
    assert codes(guidelines, baseline, systolic_mmhg=95, temperature_c=Decimal(40)) == []
    assert codes(guidelines, baseline, systolic_mmhg=89) == [("systolic_below_90", "high")]


def test_every_shipped_rule_speaks_in_its_own_words_with_numbers_and_source(guidelines):
    extremes = [
        {"systolic_mmhg": 60, "spo2_percent": 80, "temperature_c": Decimal("39.5"), "pulse_per_min": 150},
        {"systolic_mmhg": 95, "spo2_percent": 91, "temperature_c": Decimal("38.0"), "pulse_per_min": 115},
        {"systolic_mmhg": 230, "pulse_per_min": 35, "respiratory_rate_per_min": 30},
        {"respiratory_rate_per_min": 6},
    ]
    heard = [finding for signs in extremes for finding in findings(guidelines, **signs)]
    heard += findings(guidelines, Vitals(NOW, **(NORMAL | {"systolic_mmhg": 150})), systolic_mmhg=100)
    assert {f.rule_code for f in heard} == {rule.code for rule in guidelines.observation_rules}
    for finding in heard:
        text = finding.message % finding.params
        assert "%(" not in text
        assert not text.startswith("A vital sign")
        assert f"{finding.params['value']:f}" in text
        assert finding.source


def test_the_words_of_a_falling_pressure(guidelines):
    (finding,) = findings(guidelines, Vitals(NOW, **(NORMAL | {"systolic_mmhg": 150})), systolic_mmhg=100)
    assert finding.message % finding.params == (
        "Systolic blood pressure 100 mmHg, fallen by 33 % from baseline 150 mmHg."
    )


@given(
    systolic=st.integers(30, 300),
    baseline=st.integers(30, 300),
    lower=st.integers(0, 100),
)
def test_a_lower_pressure_is_never_judged_milder(guidelines, systolic, baseline, lower):
    own = Vitals(NOW, **(NORMAL | {"systolic_mmhg": baseline}))

    def urgency(value):
        fired = [f for f in findings(guidelines, own, systolic_mmhg=value) if f.group == "hypotension"]
        return max((2 if f.priority == "high" else 1 for f in fired), default=0)

    assert urgency(max(systolic - lower, 30)) >= urgency(systolic)
