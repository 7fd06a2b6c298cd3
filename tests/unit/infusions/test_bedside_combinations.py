"""Signs and symptoms together: possible anaphylaxis (WAO 2020), possible fluid overload. Never a diagnosis."""

from decimal import Decimal

import pytest

from apps.infusions.domain.bedside_rules import as_of, current, findings_on, judge
from tests.bedside import ADULT, START, at, full, months, seen, series, text

SKIN, WITHOUT_SKIN = "possible_anaphylaxis_skin", "possible_anaphylaxis"
OVERLOAD, CHILD_OVERLOAD = "possible_fluid_overload", "child_possible_fluid_overload"


def together(guidelines, vitals, *reactions, **of_series):
    whole = series(vitals, reactions=[seen(guidelines, *one) for one in reactions], **of_series)
    found = findings_on(vitals, whole, guidelines.observation_rules)
    return [one for one in found if one.group in ("anaphylaxis", "fluid_overload")]


def codes(found):
    assert all(finding.priority == "high" for finding in found)
    return [finding.rule_code for finding in found]


@pytest.mark.parametrize("skin", ["urticaria", "pruritus", "flushing", "rash"])
@pytest.mark.parametrize("other", ["dyspnoea", "chest_pressure", "syncope"])
def test_skin_with_breathing_or_circulation_is_criterion_one(guidelines, skin, other):
    assert codes(together(guidelines, full(10), (skin, 8), (other, 9))) == [SKIN]
    assert together(guidelines, full(10), (skin, 8)) == []
    assert together(guidelines, full(10), (other, 9)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"spo2_percent": 92}, []),
        ({"spo2_percent": 91}, [SKIN]),
        ({"systolic_mmhg": 90}, []),
        ({"systolic_mmhg": 89}, [SKIN]),
        ({"pulse_per_min": 150}, []),
    ],
)
def test_skin_with_low_saturation_or_pressure_is_criterion_one(guidelines, changes, expected):
    assert codes(together(guidelines, full(10, **changes), ("urticaria", 8))) == expected


@pytest.mark.parametrize(("severity", "expected"), [("mild", []), ("moderate", []), ("severe", [SKIN])])
def test_skin_with_severe_symptoms_of_the_gut_is_criterion_one(guidelines, severity, expected):
    whole = series(
        full(10),
        reactions=[seen(guidelines, "urticaria", 8), seen(guidelines, "vomiting", 9, severity=severity)],
    )
    found = findings_on(full(10), whole, guidelines.observation_rules)
    assert [one.rule_code for one in found] == expected


@pytest.mark.parametrize("term", ["wheezing", "hypotension", "collapse", "throat_tightness", "angioedema"])
def test_airway_or_pressure_alone_is_criterion_two(guidelines, term):
    assert codes(together(guidelines, full(10), (term, 9))) == [WITHOUT_SKIN]


@pytest.mark.parametrize(
    "term",
    [
        "headache",
        "chills",
        "fever",
        "nausea",
        "hypertension",
        "tachycardia",
        "back_pain",
        "seizure",
        "unspecified",
    ],
)
def test_other_symptoms_alone_are_neither(guidelines, term):
    assert together(guidelines, full(10), (term, 9)) == []


@pytest.mark.parametrize(
    ("age", "baseline", "value", "expected"),
    [
        (ADULT, 120, 90, []),
        (ADULT, 120, 89, [WITHOUT_SKIN]),
        (ADULT, 180, 127, []),
        (ADULT, 180, 126, [WITHOUT_SKIN]),
        (months(6), 80, 70, []),
        (months(6), 80, 69, [WITHOUT_SKIN]),
        (months(36), 90, 76, []),
        (months(36), 90, 75, [WITHOUT_SKIN]),
        (months(180), 130, 92, []),
        (months(180), 130, 91, [WITHOUT_SKIN]),
    ],
)
def test_low_pressure_after_exposure_is_criterion_two(guidelines, age, baseline, value, expected):
    before, now = at(-5, systolic_mmhg=baseline), at(10, systolic_mmhg=value)
    assert codes(together(guidelines, now, age=age, baseline=before)) == expected


def test_before_anything_was_given_a_low_pressure_is_no_reaction(guidelines):
    before = at(-5, systolic_mmhg=85)
    assert together(guidelines, before, baseline=before) == []
    assert together(guidelines, at(-9, systolic_mmhg=85), baseline=before) == []


def test_one_symptom_does_not_stand_for_skin_and_airway(guidelines):
    assert codes(together(guidelines, full(10), ("angioedema", 9))) == [WITHOUT_SKIN]
    assert codes(together(guidelines, full(10), ("angioedema", 9), ("rash", 9))) == [SKIN]


def test_a_symptom_that_has_passed_counts_no_more(guidelines):
    reactions = [seen(guidelines, "urticaria", 5, passed=20), seen(guidelines, "dyspnoea", 25)]
    whole = series(full(10), full(30), reactions=reactions)
    assert [one.findings for one in judge(whole, guidelines.observation_rules)] == [(), (), ()]
    assert current(whole, guidelines.observation_rules) == ()


def test_a_symptom_counted_while_it_was_there(guidelines):
    reactions = [seen(guidelines, "urticaria", 5, passed=20), seen(guidelines, "dyspnoea", 6, passed=20)]
    whole = series(full(10), full(30), reactions=reactions)
    assert [codes(one.findings) for one in judge(whole, guidelines.observation_rules)] == [[], [SKIN], []]


def test_symptoms_speak_as_they_are_seen_before_anybody_measures(guidelines):
    reactions = [seen(guidelines, "urticaria", 12), seen(guidelines, "wheezing", 14)]
    whole = series(full(10), reactions=reactions)
    assert codes(current(whole, guidelines.observation_rules)) == [SKIN]
    unmeasured = series(baseline=None, reactions=reactions)
    assert codes(current(unmeasured, guidelines.observation_rules)) == [SKIN]
    earlier = as_of(whole, START.replace(minute=13))
    assert current(earlier, guidelines.observation_rules) == ()


@pytest.mark.parametrize(
    ("changes", "reactions", "expected"),
    [
        ({"systolic_mmhg": 150}, [], []),
        ({"systolic_mmhg": 149, "spo2_percent": 94}, [("dyspnoea", 9)], []),
        ({"systolic_mmhg": 150, "spo2_percent": 96}, [], []),
        ({"systolic_mmhg": 150, "spo2_percent": 95}, [], [OVERLOAD]),
        ({"systolic_mmhg": 150, "spo2_percent": 94}, [], [OVERLOAD]),
        ({"systolic_mmhg": 150, "oxygen_l_per_min": Decimal(0)}, [], []),
        ({"systolic_mmhg": 150, "oxygen_l_per_min": Decimal(1)}, [], [OVERLOAD]),
        ({"systolic_mmhg": 150, "respiratory_rate_per_min": 18}, [], []),
        ({"systolic_mmhg": 150, "respiratory_rate_per_min": 19}, [], [OVERLOAD]),
        ({"systolic_mmhg": 150}, [("headache", 9)], []),
        ({"systolic_mmhg": 150}, [("dyspnoea", 9)], [OVERLOAD]),
    ],
)
def test_a_rise_of_pressure_with_harder_breathing_is_possible_overload(
    guidelines, changes, reactions, expected
):
    assert codes(together(guidelines, full(10, **changes), *reactions)) == expected


@pytest.mark.parametrize(
    ("systolic", "breathing", "expected"),
    [(119, 40, []), (120, 39, []), (120, 40, [CHILD_OVERLOAD]), (121, 41, [CHILD_OVERLOAD])],
)
def test_in_a_child_the_limits_of_overload_are_its_own(guidelines, systolic, breathing, expected):
    before = at(-5, systolic_mmhg=100, respiratory_rate_per_min=30)
    now = at(10, systolic_mmhg=systolic, respiratory_rate_per_min=breathing)
    assert codes(together(guidelines, now, age=months(60), baseline=before)) == expected


@pytest.mark.parametrize(
    ("changes", "reactions", "sentence"),
    [
        ({}, [("wheezing", 9)], "Possible anaphylaxis, assess now: Wheezing."),
        (
            {"systolic_mmhg": 84},
            [],
            "Possible anaphylaxis, assess now: systolic blood pressure 84 mmHg.",
        ),
        (
            {},
            [("urticaria", 8), ("dyspnoea", 9)],
            "Possible anaphylaxis, assess now: Urticaria together with Shortness of breath.",
        ),
        (
            {"systolic_mmhg": 84},
            [("urticaria", 8)],
            "Possible anaphylaxis, assess now: Urticaria together with systolic blood pressure 84 mmHg.",
        ),
        (
            {"spo2_percent": 88},
            [("urticaria", 8)],
            "Possible anaphylaxis, assess now: Urticaria together with oxygen saturation 88 %.",
        ),
        (
            {"systolic_mmhg": 155, "spo2_percent": 94},
            [],
            "Possible fluid overload, assess now: systolic blood pressure risen by 35 mmHg to 155 mmHg,"
            " oxygen saturation fallen from 98 % to 94 %.",
        ),
        (
            {"systolic_mmhg": 155, "oxygen_l_per_min": Decimal(2)},
            [],
            "Possible fluid overload, assess now: systolic blood pressure risen by 35 mmHg to 155 mmHg,"
            " oxygen now given, 2 L/min.",
        ),
        (
            {"systolic_mmhg": 155, "respiratory_rate_per_min": 22},
            [],
            "Possible fluid overload, assess now: systolic blood pressure risen by 35 mmHg to 155 mmHg,"
            " respiratory rate risen from 14/min to 22/min.",
        ),
        (
            {"systolic_mmhg": 155},
            [("dyspnoea", 9)],
            "Possible fluid overload, assess now: systolic blood pressure risen by 35 mmHg to 155 mmHg,"
            " together with Shortness of breath.",
        ),
    ],
)
def test_a_combination_says_what_came_together(guidelines, changes, reactions, sentence):
    found = together(guidelines, full(10, **changes), *reactions)
    assert [text(finding) for finding in found] == [sentence]
