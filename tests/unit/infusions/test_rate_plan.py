from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import build_rate_plan, lay_out, risk_maximum
from apps.kernel.errors import DomainError
from tests.unit.infusions.plans import plan_of, rates

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def test_sixty_kilograms_of_kiovig_is_the_norwegian_plan_unchanged(guidelines):
    plan = plan_of(guidelines, "kiovig")
    assert rates(plan) == ["0.5", "1.0", "2.0", "4.0", "6.0"]
    assert [step.rate_ml_per_h for step in plan.steps] == [30, 60, 120, 240, 360]
    assert [str(step.rate_mg_per_kg_min) for step in plan.steps] == ["0.83", "1.67", "3.33", "6.67", "10.00"]
    assert [step.min_duration_minutes for step in plan.steps] == [30, 5, 5, 5, None]
    assert [step.limited_by for step in plan.steps] == [None] * 5
    assert [step.index for step in plan.steps] == [0, 1, 2, 3, 4]
    assert plan.ceiling.code == "product_maximum"
    assert plan.ceiling.message % plan.ceiling.params == "Highest rate for Kiovig (EU): 6 mL/kg/h."


@pytest.mark.parametrize(("volume_ml", "minutes"), [("240", "76.7"), ("250", "78.3"), ("600", "136.7")])
def test_the_time_until_the_volume_is_in(guidelines, volume_ml, minutes):
    laid_out = lay_out(plan_of(guidelines, "kiovig", volume_ml=volume_ml), START)
    took = Decimal((laid_out[-1].planned_end - START) // timedelta(microseconds=1)) / 60_000_000
    assert str(took.quantize(Decimal("0.1"))) == minutes


def test_steps_follow_one_another_and_unreached_steps_are_left_out(guidelines):
    laid_out = lay_out(plan_of(guidelines, "kiovig", volume_ml="18"), START)
    assert [s.step.index for s in laid_out] == [0, 1]
    assert laid_out[0].planned_end == laid_out[1].planned_start == START + timedelta(minutes=30)
    assert laid_out[1].planned_end == START + timedelta(minutes=33)


def test_the_rest_can_be_laid_out_from_where_it_stands(guidelines):
    plan = plan_of(guidelines, "kiovig")
    later = START + timedelta(hours=1)
    (last,) = lay_out(plan, later, first_step_index=4, already_given_ml=Decimal(60))
    assert (last.planned_start, last.planned_end) == (later, later + timedelta(minutes=30))
    assert lay_out(plan, later, first_step_index=4, already_given_ml=Decimal(240)) == ()


def test_privigen_starts_at_its_own_rate_and_ends_at_its_own_ceiling(guidelines):
    plan = plan_of(guidelines, "privigen")
    assert rates(plan) == ["0.3", "0.5", "1.0", "2.0", "4.0", "4.8"]
    assert (plan.steps[0].limited_by, plan.steps[0].min_duration_minutes) == ("product_initial", 30)
    assert (plan.steps[-1].limited_by, plan.steps[-1].min_duration_minutes) == ("product_maximum", None)
    assert plan.steps[-1].rate_mg_per_kg_min == Decimal("8.00")


def test_panzyga_ends_at_its_ceiling(guidelines):
    assert rates(plan_of(guidelines, "panzyga")) == ["0.5", "1.0", "2.0", "4.0", "4.8"]


def test_octagam_ten_percent_allows_more_than_the_page_and_gets_the_page(guidelines):
    plan = plan_of(guidelines, "octagam_10")
    assert rates(plan) == ["0.5", "1.0", "2.0", "4.0", "6.0"]


def test_five_percent_follows_its_label(guidelines):
    plan = plan_of(guidelines, "octagam_5")
    assert rates(plan) == ["0.6", "1.2", "2.4", "4.0"]
    assert [str(step.rate_mg_per_kg_min) for step in plan.steps] == ["0.50", "1.00", "2.00", "3.33"]


@pytest.mark.parametrize("risk", ["diabetes", "previous_thrombosis", "age_over_65"])
def test_risk_ends_the_climb_at_two(guidelines, risk):
    plan = plan_of(guidelines, "kiovig", risks=[risk])
    assert [Decimal(rate) for rate in rates(plan)] == [Decimal("0.5"), 1, 2]
    assert plan.steps[-1].min_duration_minutes is None
    assert plan.steps[-1].limited_by == plan.ceiling.code
    assert plan.steps[-1].rate_mg_per_kg_min == Decimal("3.33")
    assert plan.ceiling.source


def test_a_table_for_another_concentration_is_refused(guidelines):
    with pytest.raises(DomainError) as refusal:
        build_rate_plan(
            rate_table=guidelines.rate_table_for(guidelines.product("kiovig")),
            weight_kg=Decimal(60),
            volume_ml=Decimal(480),
            concentration_mg_per_ml=Decimal(50),
            ceilings=[risk_maximum(code="renal_risk", rate_ml_per_kg_h=Decimal(4), source="")],
        )
    assert refusal.value.code == "rate_table_concentration"
    assert str(refusal.value) == "The rate plan is for 100 mg/mL and must not be used for 50 mg/mL."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ceilings": []}, "rate_ceiling_missing"),
        ({"volume_ml": Decimal(0)}, "volume_not_positive"),
        ({"weight_kg": Decimal(0)}, "weight_not_positive"),
        ({"weight_kg": Decimal("1.9")}, "pump_resolution_too_coarse"),
    ],
)
def test_a_plan_that_could_not_be_safe_is_refused(guidelines, change, code):
    product = guidelines.product("kiovig")
    usual = {
        "rate_table": guidelines.rate_table_for(product),
        "weight_kg": Decimal(60),
        "volume_ml": Decimal(240),
        "concentration_mg_per_ml": Decimal(100),
        "ceilings": [risk_maximum(code="other", rate_ml_per_kg_h=Decimal(6), source="")],
    }
    with pytest.raises(DomainError) as refusal:
        build_rate_plan(**(usual | change))
    assert refusal.value.code == code


@given(
    weight_kg=st.decimals("4", "350", places=1),
    risks=st.sets(st.sampled_from(["diabetes", "immobilisation"])),
    code=st.sampled_from(["kiovig", "privigen", "panzyga", "octagam_10", "octagam_5"]),
)
def test_no_step_is_ever_above_the_lowest_ceiling(guidelines, weight_kg, risks, code):
    plan = plan_of(guidelines, code, weight_kg=weight_kg, risks=risks, resolution="0.1")
    product = guidelines.product(code)
    nominal = [step.rate_ml_per_kg_h for step in plan.steps]
    assert nominal == sorted(set(nominal))
    assert nominal[-1] <= plan.ceiling.rate_ml_per_kg_h <= product.max_rate_ml_per_kg_h
    assert nominal[0] <= product.initial_rate_ml_per_kg_h
    assert all(step.rate_ml_per_h <= step.rate_ml_per_kg_h * weight_kg for step in plan.steps)
    assert [step.min_duration_minutes is None for step in plan.steps] == [False] * (len(nominal) - 1) + [True]
