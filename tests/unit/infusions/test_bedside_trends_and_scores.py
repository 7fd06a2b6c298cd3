"""What is seen before a limit is reached, and what a score says as a whole."""

import pytest

from apps.infusions.domain.bedside_rules import current, findings_on, judge
from tests.bedside import at, findings, fired, full, months, score, series, text

TREND = ("systolic_falling", "medium")


def on_last(guidelines, *observations, **of_series):
    whole = series(*observations, **of_series)
    return findings_on(whole.observations[-1], whole, guidelines.observation_rules)


def falling(*values, sign="systolic_mmhg"):
    return [at(10 * place, **{sign: value}) for place, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((130, 122, 116), []),
        ((130, 122, 115), [TREND]),
        ((130, 122, 114), [TREND]),
        ((130, 130, 114), []),
        ((130, 113, 114), []),
        ((130, 113), []),
        ((150, 145, 140, 136), []),
        ((120, 135, 125, 120), [TREND]),
    ],
)
def test_a_pressure_falling_over_three_sets_speaks_before_it_is_low(guidelines, values, expected):
    assert fired(on_last(guidelines, *falling(*values), baseline=None)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((70, 80, 89), []),
        ((70, 80, 90), [("pulse_rising", "medium")]),
        ((70, 80, 91), [("pulse_rising", "medium")]),
        ((70, 90, 90), []),
    ],
)
def test_a_pulse_rising_over_three_sets_speaks(guidelines, values, expected):
    assert fired(on_last(guidelines, *falling(*values, sign="pulse_per_min"), baseline=None)) == expected


def test_the_baseline_is_the_first_set_of_a_trend(guidelines):
    found = on_last(guidelines, at(5, systolic_mmhg=112), at(10, systolic_mmhg=105))
    assert fired(found) == [TREND]
    assert text(found[0]) == "Systolic blood pressure falling: from 120 to 105 mmHg over the last 3 sets."
    assert "Derived" in found[0].source


def test_a_set_without_the_sign_neither_breaks_a_trend_nor_repeats_it(guidelines):
    sets = [at(0, systolic_mmhg=130), at(5, pulse_per_min=70), at(10, systolic_mmhg=120)]
    sets += [at(15, systolic_mmhg=112), at(20, pulse_per_min=72)]
    judged = judge(series(*sets, baseline=None), guidelines.observation_rules)
    assert [fired(one.findings) for one in judged] == [[], [], [], [TREND], []]
    assert fired(current(series(*sets, baseline=None), guidelines.observation_rules)) == [TREND]


def test_looking_back_sees_only_what_was_effective_by_then(guidelines):
    whole = series(*falling(130, 122, 114, 100), baseline=None)
    codes = [fired(one.findings) for one in judge(whole, guidelines.observation_rules)]
    assert codes == [[], [], [TREND], [TREND]]


def news2(**points):
    return score("news2", **{"pulse_per_min": 0, "consciousness": 0, "spo2_percent": 0} | points)


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        (news2(pulse_per_min=2, spo2_percent=2), []),
        (news2(pulse_per_min=2, spo2_percent=2, temperature_c=1), [("news2_5_or_more", "medium")]),
        (news2(pulse_per_min=2, spo2_percent=2, temperature_c=2), [("news2_5_or_more", "medium")]),
        (
            news2(pulse_per_min=2, spo2_percent=2, temperature_c=2, systolic_mmhg=1),
            [("news2_7_or_more", "high")],
        ),
        (news2(spo2_percent=3), [("news2_single_3", "medium")]),
        (news2(spo2_percent=3, pulse_per_min=2), [("news2_5_or_more", "medium")]),
        (news2(pulse_per_min=2, spo2_percent=2, temperature_c=2, systolic_mmhg=None), []),
        (news2(consciousness=3, spo2_percent=3, systolic_mmhg=None), [("news2_single_3", "medium")]),
    ],
)
def test_a_total_speaks_only_when_the_set_is_complete_a_single_three_always(guidelines, scored, expected):
    assert fired(findings(guidelines, full(10), scored=scored)) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ((4, 3), []),
        ((4, 4), [("bedside_pews_8_or_more", "high")]),
        ((4, 4, 1), [("bedside_pews_8_or_more", "high")]),
    ],
)
def test_bedside_pews_speaks_from_eight(guidelines, points, expected):
    signs = ("pulse_per_min", "systolic_mmhg", "spo2_percent")
    scored = score("bedside_pews", **dict(zip(signs, points, strict=False)))
    child = {"age": months(60), "baseline": None, "scored": scored}
    assert fired(findings(guidelines, at(10, temperature_c=37), **child)) == expected


def test_an_incomplete_pews_has_no_total_and_says_nothing(guidelines):
    scored = score("bedside_pews", pulse_per_min=4, systolic_mmhg=4, capillary_refill_s=None)
    assert findings(guidelines, at(10, temperature_c=37), age=months(60), scored=scored) == ()


def test_one_score_is_never_taken_for_the_other(guidelines):
    scored = score("bedside_pews", pulse_per_min=4, systolic_mmhg=4)
    assert findings(guidelines, full(10), scored=scored) == ()


@pytest.mark.parametrize(
    ("scored", "sentence"),
    [
        (news2(spo2_percent=3), "NEWS2: oxygen saturation alone scores 3."),
        (news2(spo2_percent=3, pulse_per_min=2), "NEWS2 total 5, 5 or more."),
    ],
)
def test_a_score_says_which(guidelines, scored, sentence):
    assert [text(finding) for finding in findings(guidelines, full(10), scored=scored)] == [sentence]
