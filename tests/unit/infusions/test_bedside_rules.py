"""Rules on one set of an adult's vital signs: fixed limits, this patient's baseline, the words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain.bedside_rules import FINDING_MESSAGES, findings_on
from apps.infusions.domain.vitals import Consciousness
from tests.bedside import BASELINE, NORMAL, at, findings, fired, full, series, text


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        ("systolic_mmhg", 101, None),
        ("systolic_mmhg", 100, ("systolic_fall_20_mmhg", "medium")),
        ("systolic_mmhg", 90, ("systolic_fall_20_mmhg", "medium")),
        ("systolic_mmhg", 149, None),
        ("systolic_mmhg", 150, ("systolic_rise_30_mmhg", "medium")),
        ("systolic_mmhg", 219, ("systolic_rise_30_mmhg", "medium")),
        ("systolic_mmhg", 220, ("systolic_220_or_more", "high")),
        ("spo2_percent", 92, None),
        ("spo2_percent", 91, ("spo2_below_92", "medium")),
        ("spo2_percent", 90, ("spo2_below_92", "medium")),
        ("spo2_percent", 89, ("spo2_below_90", "high")),
        ("oxygen_l_per_min", Decimal(0), None),
        ("oxygen_l_per_min", Decimal("0.5"), ("oxygen_newly_given", "medium")),
        ("temperature_c", Decimal("37.7"), None),
        ("temperature_c", Decimal("37.8"), ("temperature_rise_1", "medium")),
        ("temperature_c", Decimal("37.9"), ("temperature_rise_1", "medium")),
        ("temperature_c", Decimal("38.0"), ("temperature_38_and_rise_1", "medium")),
        ("temperature_c", Decimal("38.7"), ("temperature_38_and_rise_1", "medium")),
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
        ("consciousness", Consciousness.ALERT, None),
        ("consciousness", Consciousness.CONFUSION, ("not_alert", "high")),
        ("consciousness", Consciousness.VOICE, ("not_alert", "high")),
        ("consciousness", Consciousness.PAIN, ("not_alert", "high")),
        ("consciousness", Consciousness.UNRESPONSIVE, ("not_alert", "high")),
    ],
)
def test_each_side_of_each_threshold(guidelines, sign, value, expected):
    assert fired(findings(guidelines, full(10, **{sign: value}))) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (91, None),
        (86, None),
        (85, ("spo2_scale_2_85_or_less", "medium")),
        (84, ("spo2_scale_2_85_or_less", "medium")),
        (83, ("spo2_scale_2_83_or_less", "high")),
    ],
)
def test_who_is_kept_between_88_and_92_percent_is_judged_by_the_second_scale(guidelines, value, expected):
    found = fired(findings(guidelines, full(10, spo2_percent=value), spo2_scale=2))
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("baseline", "value", "expected"),
    [
        (150, 106, ("systolic_fall_20_mmhg", "medium")),
        (131, 92, ("systolic_fall_20_mmhg", "medium")),
        (120, 90, ("systolic_fall_20_mmhg", "medium")),
        (100, 90, None),
        (150, 105, ("systolic_fall_30_percent", "high")),
        (131, 91, ("systolic_fall_30_percent", "high")),
        (180, 112, ("systolic_fall_30_percent", "high")),
        (100, 89, ("systolic_below_90", "high")),
    ],
)
def test_a_fall_is_measured_against_this_patient_s_baseline(guidelines, baseline, value, expected):
    found = findings(guidelines, full(10, systolic_mmhg=value), baseline=full(-5, systolic_mmhg=baseline))
    assert [one for one in fired(found) if one[0].startswith("systolic")] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("baseline", "value", "expected"),
    [
        ("37.0", "38.0", ["temperature_38_and_rise_1"]),
        ("37.1", "38.0", []),
        ("38.9", "39.8", []),
        ("38.9", "39.9", ["temperature_38_and_rise_1"]),
        ("37.0", "39.0", ["temperature_rise_2"]),
    ],
)
def test_a_fever_that_was_there_before_is_no_reaction(guidelines, baseline, value, expected):
    found = findings(
        guidelines,
        full(10, temperature_c=Decimal(value)),
        baseline=full(-5, temperature_c=Decimal(baseline)),
    )
    assert [code for code, _ in fired(found)] == expected


def test_oxygen_that_was_given_before_is_not_new(guidelines):
    on_oxygen = full(10, oxygen_l_per_min=Decimal(2))
    before = full(-5, oxygen_l_per_min=Decimal(1))
    assert fired(findings(guidelines, on_oxygen, baseline=before)) == []
    assert fired(findings(guidelines, on_oxygen, baseline=None)) == [("oxygen_newly_given", "medium")]


def test_normal_signs_fire_nothing(guidelines):
    assert findings(guidelines, full(10)) == ()


def test_what_was_not_measured_fires_nothing_and_is_named_missing(guidelines):
    vitals = at(-10, systolic_mmhg=85)
    assert fired(findings(guidelines, vitals)) == [("systolic_below_90", "high")]
    assert vitals.missing() == tuple(sign for sign in NORMAL if sign != "systolic_mmhg")


@pytest.mark.parametrize("baseline", [None, at(-5)])
def test_without_a_baseline_only_fixed_limits_hold(guidelines, baseline):
    warm = full(10, systolic_mmhg=95, temperature_c=Decimal(40))
    assert findings(guidelines, warm, baseline=baseline) == ()
    low = fired(findings(guidelines, full(10, systolic_mmhg=89), baseline=baseline))
    assert ("systolic_below_90", "high") in low


@pytest.mark.parametrize(
    ("baseline", "changes", "sentence"),
    [
        (
            {"systolic_mmhg": 150},
            {"systolic_mmhg": 100},
            "Systolic blood pressure 100 mmHg, fallen by 33 % from baseline 150 mmHg.",
        ),
        (
            {},
            {"systolic_mmhg": 152},
            "Systolic blood pressure 152 mmHg, risen by 32 mmHg from baseline 120 mmHg.",
        ),
        ({}, {"oxygen_l_per_min": Decimal(2)}, "Oxygen is given now, 2 L/min; none is recorded at baseline."),
        (
            {},
            {"temperature_c": Decimal("38.2")},
            "Temperature 38.2 °C, 38 °C or more, risen by 1.4 °C from baseline 36.8 °C.",
        ),
        ({}, {"consciousness": "confusion"}, "Not fully alert: new confusion."),
        ({}, {"pulse_per_min": 140}, "Pulse 140/min, 131/min or more."),
    ],
)
def test_a_finding_says_what_with_numbers_and_units(guidelines, baseline, changes, sentence):
    found = findings(guidelines, full(10, **changes), baseline=full(-5, **baseline))
    assert sentence in [text(finding) for finding in found]


def test_a_milder_rule_never_speaks_over_a_more_urgent_one(guidelines):
    backwards = tuple(reversed(guidelines.observation_rules))
    low = at(10, systolic_mmhg=85)
    found = findings_on(low, series(low), backwards)
    assert {f.priority for f in found if f.group == "hypotension"} == {"high"}


def test_every_sentence_can_be_translated_with_its_words():
    assert "new confusion" in FINDING_MESSAGES
    assert "respiratory rate" in FINDING_MESSAGES
    assert len(set(FINDING_MESSAGES)) == len(FINDING_MESSAGES)


@given(systolic=st.integers(30, 300), baseline=st.integers(30, 300), lower=st.integers(0, 100))
def test_a_lower_pressure_is_never_judged_milder(guidelines, systolic, baseline, lower):
    def urgency(value):
        own = full(-5, systolic_mmhg=baseline)
        found = findings(guidelines, full(10, systolic_mmhg=value), baseline=own)
        fallen = [f for f in found if f.group == "hypotension"]
        return max((2 if f.priority == "high" else 1 for f in fallen), default=0)

    assert urgency(max(systolic - lower, 30)) >= urgency(systolic)


def test_the_baseline_itself_may_be_outside_a_limit(guidelines):
    assert findings(guidelines, BASELINE) == ()
    tired = full(-5, systolic_mmhg=88)
    assert fired(findings(guidelines, tired, baseline=tired)) == [("systolic_below_90", "high")]
