"""After a reaction: half the rate at its onset, never above the step before it (clinical facts 3.2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import reduced_rate
from apps.kernel.errors import DomainError
from tests.unit.infusions.plans import HALF, plan_of


def reduced(plan, index, rate, weight_kg="60", resolution="1"):
    return reduced_rate(
        plan,
        onset_step_index=index,
        onset_rate_ml_per_kg_h=Decimal(rate),
        weight_kg=Decimal(weight_kg),
        rule=HALF,
        pump_resolution_ml_per_h=Decimal(resolution),
    )


@pytest.mark.parametrize(
    ("index", "onset", "to_index", "rate", "pump"),
    [
        (4, "6.0", 2, "3", "180"),
        (3, "4.0", 2, "2", "120"),
        (2, "2.0", 1, "1", "60"),
        (1, "1.0", 0, "0.5", "30"),
        (0, "0.5", -1, "0.25", "15"),
        (-1, "0.25", -1, "0.125", "7"),
        (2, "3", 1, "1.5", "90"),
    ],
)
def test_half_of_the_norwegian_plan_at_sixty_kilograms(guidelines, index, onset, to_index, rate, pump):
    lower = reduced(plan_of(guidelines, "kiovig"), index, onset)
    assert (lower.step_index, lower.rate_ml_per_kg_h, lower.rate_ml_per_h) == (
        to_index,
        Decimal(rate),
        Decimal(pump),
    )


def test_where_the_step_before_is_lower_than_half_it_is_the_step_before(guidelines):
    plan = plan_of(guidelines, "bivigam", table="bivigam_label")
    lower = reduced(plan, 1, "0.78")
    assert (lower.step_index, lower.rate_ml_per_kg_h) == (0, Decimal("0.3"))
    assert lower.message % lower.params == (
        "50 % of the 0.78 mL/kg/h at which the reaction began, never above the step before it."
    )
    assert lower.source == "secondary"


def test_the_rule_says_half_and_that_it_is_derived(guidelines):
    rule = guidelines.rate_rule("after_reaction")
    assert rule.figure("percent_of_rate") == 50
    assert rule.citation.read == "derived"


def test_below_what_the_pump_can_do_only_a_pause_is_lower(guidelines):
    with pytest.raises(DomainError) as refusal:
        reduced(plan_of(guidelines, "kiovig"), -1, "0.03")
    assert refusal.value.code == "pump_resolution_too_coarse"


@given(
    code=st.sampled_from(["kiovig", "privigen", "bivigam", "octagam_5", "flebogamma_5"]),
    risks=st.sets(st.sampled_from(["diabetes", "immobilisation"])),
    weight_kg=st.decimals("10", "200", places=1),
    times=st.integers(1, 3),
    data=st.data(),
)
def test_however_often_a_patient_reacts_the_rate_goes_down(guidelines, code, risks, weight_kg, times, data):
    plan = plan_of(guidelines, code, risks=risks, weight_kg=weight_kg, resolution="0.1")
    step = data.draw(st.sampled_from(plan.steps))
    index, onset = step.index, step.rate_ml_per_kg_h
    for _ in range(times):
        lower = reduced(plan, index, onset, weight_kg, "0.1")
        assert lower.rate_ml_per_kg_h <= onset / 2
        assert lower.rate_ml_per_kg_h <= plan.ceiling.rate_ml_per_kg_h
        assert lower.rate_ml_per_h <= lower.rate_ml_per_kg_h * weight_kg
        before = [one.rate_ml_per_kg_h for one in plan.steps[: index + 1] if one.rate_ml_per_kg_h < onset]
        assert all(lower.rate_ml_per_kg_h <= rate for rate in before[-1:])
        reached = [one for one in plan.steps if one.rate_ml_per_kg_h <= lower.rate_ml_per_kg_h]
        assert lower.step_index == len(reached) - 1 <= index
        index, onset = lower.step_index, lower.rate_ml_per_kg_h
