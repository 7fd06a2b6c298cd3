"""The series decides, not the order in which things were typed; and what counts now is the newest of each."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.guidelines.domain.items_rules import TESTS
from apps.infusions.domain.bedside_rules import current, judge, make_series
from apps.infusions.domain.bedside_rules.registry import known_tests
from tests.bedside import ADULT, BASELINE, START, UNSCORED, at, fired, full, seen, series

SETS = st.builds(
    lambda minute, signs: at(minute, **signs),
    st.integers(0, 40),
    st.fixed_dictionaries(
        {},
        optional={
            "systolic_mmhg": st.integers(60, 230),
            "pulse_per_min": st.integers(35, 180),
            "spo2_percent": st.integers(80, 100),
            "respiratory_rate_per_min": st.integers(5, 40),
            "temperature_c": st.decimals(35, 41, places=1),
            "oxygen_l_per_min": st.sampled_from([Decimal(0), Decimal(2)]),
            "consciousness": st.sampled_from(["alert", "voice"]),
        },
    ),
)
SYMPTOMS = st.tuples(
    st.sampled_from(["urticaria", "wheezing", "dyspnoea", "vomiting", "headache", "angioedema"]),
    st.integers(0, 40),
    st.sampled_from(["mild", "severe"]),
    st.none() | st.integers(41, 60),
)


def symptoms(guidelines, drawn):
    return [seen(guidelines, t, m, severity=s, passed=p) for t, m, s, p in drawn]


@given(data=st.data(), sets=st.lists(SETS, max_size=6), drawn=st.lists(SYMPTOMS, max_size=3))
def test_neither_order_nor_repetition_of_entries_changes_anything(guidelines, data, sets, drawn):
    seen_ones = symptoms(guidelines, drawn)
    once = series(*sets, reactions=seen_ones)
    shuffled = series(
        *data.draw(st.permutations([*sets, *sets[:2]])),
        reactions=data.draw(st.permutations([*seen_ones, *seen_ones[:1]])),
    )
    rules = guidelines.observation_rules
    assert judge(shuffled, rules) == judge(once, rules)
    assert current(shuffled, rules) == current(once, rules)


@given(sets=st.lists(SETS, min_size=1, max_size=5), right=SETS, wrong=SETS)
def test_a_corrected_entry_leaves_no_trace(guidelines, sets, right, wrong):
    entries = [*sets, wrong]
    corrected = [one for one in entries if one != wrong] + [right]
    clean = series(*(one for one in sets if one != wrong), right)
    rules = guidelines.observation_rules
    assert judge(series(*corrected), rules) == judge(clean, rules)
    assert current(series(*corrected), rules) == current(clean, rules)


@given(sets=st.lists(SETS, max_size=5), later=SETS, drawn=st.lists(SYMPTOMS, max_size=2))
def test_what_comes_later_changes_no_earlier_judgement(guidelines, sets, later, drawn):
    later = replace(later, effective_at=START + timedelta(minutes=50))
    rules, seen_ones = guidelines.observation_rules, symptoms(guidelines, drawn)
    before = judge(series(*sets, reactions=seen_ones), rules)
    assert judge(series(*sets, later, reactions=seen_ones), rules)[: len(before)] == before


@given(sets=st.lists(SETS, max_size=5), drawn=st.lists(SYMPTOMS, max_size=2))
def test_each_group_speaks_once(guidelines, sets, drawn):
    whole = series(*sets, reactions=symptoms(guidelines, drawn))
    for one in judge(whole, guidelines.observation_rules):
        groups = [finding.group for finding in one.findings]
        assert len(groups) == len(set(groups))


def test_the_series_is_in_order_of_bedside_time_with_the_baseline_in_it():
    whole = series(full(20), full(10), full(20))
    assert whole.observations == (BASELINE, full(10), full(20))
    assert series(BASELINE, full(10)).observations == (BASELINE, full(10))
    assert series(baseline=None).observations == ()


def test_the_newest_of_each_sign_counts_now(guidelines):
    low = full(10, systolic_mmhg=85)
    rules = guidelines.observation_rules
    assert ("systolic_below_90", "high") in fired(current(series(low, at(12, pulse_per_min=70)), rules))
    assert current(series(low, at(12, systolic_mmhg=118)), rules) == ()
    assert current(series(at(12, systolic_mmhg=118), low), rules) == ()


def test_what_was_before_the_last_full_set_counts_no_more(guidelines):
    drowsy = at(5, consciousness="voice")
    rules = guidelines.observation_rules
    assert fired(current(series(drowsy), rules)) == [("not_alert", "high")]
    assert fired(current(series(drowsy, at(10, pulse_per_min=70)), rules)) == [("not_alert", "high")]
    assert current(series(drowsy, full(10)), rules) == ()


@pytest.mark.parametrize(("since", "expected"), [(10, [("spo2_below_92", "medium")]), (11, [])])
def test_a_window_leaves_out_what_is_older(guidelines, since, expected):
    whole = series(full(5), at(10, spo2_percent=91), at(20, pulse_per_min=70))
    start = START + timedelta(minutes=since)
    assert fired(current(whole, guidelines.observation_rules, since=start)) == expected


def test_nothing_seen_says_nothing(guidelines):
    assert current(series(baseline=None), guidelines.observation_rules) == ()
    assert judge(series(baseline=None), guidelines.observation_rules) == ()


def test_a_score_is_asked_for_the_newest_of_each_sign(guidelines):
    asked = []

    def scored(vitals):
        asked.append(vitals)
        return UNSCORED

    whole = make_series(
        age=ADULT,
        weight_kg=Decimal(60),
        baseline=None,
        observations=[full(10), at(15, pulse_per_min=99)],
        reactions=[],
        score_of=scored,
    )
    current(whole, guidelines.observation_rules)
    assert set(asked) == {full(15, pulse_per_min=99)}


def test_every_test_a_document_may_name_is_there():
    assert known_tests() == set(TESTS)
