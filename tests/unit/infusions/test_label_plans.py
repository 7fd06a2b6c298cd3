"""The plans of product labels, cell by cell, and what they become for a patient (clinical facts 2.2, 2.3)."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import lay_out
from tests.unit.infusions.plans import plan_of, rates
from tests.unit.infusions.test_rate_plan import START

NEL = "nel_100mg_per_ml"
# table: product, concentration, rates in mL/kg/h, shortest minutes of each but the last, derived here or printed
LABEL_PLANS = {
    "octagam_5_label": ("octagam_5", 50, "0.6 1.2 2.4 4.0", (30, 30, 30), "printed"),
    "flebogamma_5_label": ("flebogamma_5", 50, "0.6 1.2 2.4 4.8 6.0", (30,) * 4, "derived"),
    "ig_vena_label": ("ig_vena", 50, "0.6 1.2 2.4 3.6", (30,) * 3, "derived"),
    "kiovig_label": ("kiovig", 100, "0.5 1.0 2.0 4.0 6.0", (30,) * 4, "derived"),
    "privigen_label": ("privigen", 100, "0.3 0.6 1.2 2.4 4.8", (30,) * 4, "derived"),
    "panzyga_label": ("panzyga", 100, "0.6 1.2 2.4 4.8", (30,) * 3, "derived"),
    "panzyga_us_label": ("panzyga", 100, "0.6 1.2 2.4 4.8 8.4", (30, 15, 15, 15), "derived"),
    "octagam_10_label": ("octagam_10", 100, "0.6 1.2 2.4 4.8 7.2", (30,) * 4, "printed"),
    "gammagard_liquid_label": ("gammagard_liquid", 100, "0.5 1.0 2.0 3.0 4.0 5.0", (30,) * 5, "printed"),
    "gamunex_c_label": ("gamunex_c", 100, "0.6 1.2 2.4 4.8", (30,) * 3, "derived"),
    "bivigam_label": ("bivigam", 100, "0.3 0.78 1.26 1.74 2.22 2.7 3.18 3.6", (10, *(20,) * 6), "printed"),
    "asceniv_label": ("asceniv", 100, "0.3 0.6 1.2 2.4 4.8", (15,) * 4, "derived"),
    "iqymune_label": ("iqymune", 100, "0.5 1.0 2.0 4.0 6.0", (30,) * 4, "derived"),
}


@pytest.mark.parametrize("code", LABEL_PLANS)
def test_label_plans(guidelines, code):
    product, concentration, steps, minutes, kind = LABEL_PLANS[code]
    table = guidelines.rate_table(code)
    assert (table.product_codes, table.concentration_mg_per_ml) == ((product,), concentration)
    assert " ".join(str(step.rate_ml_per_kg_h) for step in table.steps) == steps
    assert [step.min_duration_minutes for step in table.steps] == [*minutes, None]
    assert ("DERIVED" in table.citation.keys) == (kind == "derived")
    assert table.from_label
    assert table.minutes_to_full_rate == sum(minutes)


def test_the_list_above_is_complete(guidelines):
    assert {table.code for table in guidelines.rate_tables} == {NEL, *LABEL_PLANS}


@pytest.mark.parametrize("code", LABEL_PLANS)
def test_no_label_plan_climbs_faster_than_a_label_of_its_product(guidelines, code):
    """Each step lasts at least the shortest hold and interval that any label states, and at most doubles the rate."""
    table = guidelines.rate_table(code)
    labels = [
        limit
        for limit in guidelines.rate_limits
        if limit.product_code == table.product_codes[0] and not limit.risk
    ]
    first = min(limit.initial_rate_ml_per_kg_h for limit in labels if limit.initial_rate_ml_per_kg_h)
    highest = max(
        limit.max_rate_ml_per_kg_h for limit in labels if limit.max_rate_ml_per_kg_h and not limit.condition
    )
    assert table.steps[0].rate_ml_per_kg_h == first
    assert table.steps[-1].rate_ml_per_kg_h <= highest
    assert table.steps[0].min_duration_minutes == min(
        limit.hold_minutes for limit in labels if limit.hold_minutes
    )
    interval = min(limit.step_minutes or limit.hold_minutes for limit in labels if limit.hold_minutes)
    assert all(step.min_duration_minutes >= interval for step in table.steps[1:-1])
    if "DERIVED" in table.citation.keys:
        assert all(
            later.rate_ml_per_kg_h <= 2 * earlier.rate_ml_per_kg_h for earlier, later in pairwise(table.steps)
        )


@pytest.mark.parametrize(
    ("product", "fitting"),
    [
        ("kiovig", [NEL, "kiovig_label"]),
        ("panzyga", [NEL, "panzyga_label", "panzyga_us_label"]),
        ("octagam_5", ["octagam_5_label"]),
        ("flebogamma_5", ["flebogamma_5_label"]),
        ("ig_vena", ["ig_vena_label"]),
        ("intratect_5", []),
        ("intratect_10", [NEL]),
    ],
)
def test_the_page_s_plan_stays_the_default_and_the_label_s_is_offered(guidelines, product, fitting):
    assert [table.code for table in guidelines.rate_tables_for(guidelines.product(product))] == fitting


def test_flebogamma_five_percent_at_sixty_kilograms(guidelines):
    plan = plan_of(guidelines, "flebogamma_5", volume_ml="480")
    assert rates(plan) == ["0.6", "1.2", "2.4", "4.8", "6.0"]
    assert [step.rate_ml_per_h for step in plan.steps] == [36, 72, 144, 288, 360]
    assert [str(step.rate_mg_per_kg_min) for step in plan.steps] == ["0.50", "1.00", "2.00", "4.00", "5.00"]
    laid_out = lay_out(plan, START)
    assert [(step.planned_end - START).total_seconds() / 60 for step in laid_out] == [30, 60, 90, 120, 155]
    assert [str(step.given_ml) for step in laid_out] == ["18.0", "54.0", "126.0", "270.0", "480.0"]


def test_bivigam_climbs_by_eight_tenths_of_a_milligram_every_twenty_minutes(guidelines):
    plan = plan_of(guidelines, "bivigam", table="bivigam_label")
    assert [str(step.rate_mg_per_kg_min) for step in plan.steps] == [
        "0.50", "1.30", "2.10", "2.90", "3.70", "4.50", "5.30", "6.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("product", "disease", "risks", "rate", "code"),
    [
        ("kiovig", "cidp", (), "6", "product_maximum"),
        ("privigen", "cidp", (), "4.8", "product_maximum"),
        ("privigen", "itp", (), "2.4", "indication_maximum"),
        ("octagam_10", "inflammatory_myopathy", (), "2.4", "indication_maximum"),
        ("octagam_10", "inflammatory_myopathy", ("diabetes",), "2", "renal_risk"),
        ("kiovig", "cidp", ("immobilisation",), "2", "thrombosis_risk"),
        ("bivigam", "primary_immunodeficiency", ("diabetes",), "2", "renal_risk"),
        ("bivigam", "primary_immunodeficiency", ("immobilisation",), "1.2", "thrombosis_risk"),
        ("bivigam", "primary_immunodeficiency", ("age_over_65",), "1.2", "thrombosis_risk"),
        ("octagam_5", "cidp", ("diabetes",), "4", "renal_risk"),
        ("octagam_5", "primary_immunodeficiency", (), "4.2", "indication_maximum"),
        ("ig_vena", "cidp", ("diabetes",), "3.6", "product_maximum"),
    ],
)
def test_the_lowest_ceiling_wins_with_its_reason(guidelines, product, disease, risks, rate, code):
    plan = plan_of(guidelines, product, disease=disease, risks=risks)
    assert (plan.ceiling.rate_ml_per_kg_h, plan.ceiling.code) == (Decimal(rate), code)
    assert plan.ceiling is plan.ceilings[0]
    last = plan.steps[-1]
    assert last.rate_ml_per_kg_h <= Decimal(rate)
    if last.limited_by:
        assert plan.limit_of(last) is plan.ceiling


def test_at_risk_the_grams_count_not_the_millilitres(guidelines):
    (renal,) = guidelines.risk_ceilings_for(["diabetes"])
    at = {c: str(renal.rate_ml_per_kg_h_at(Decimal(c))) for c in (100, 60, 50, 30)}
    assert at == {100: "2", 60: "3.333", 50: "4", 30: "6.666"}, "rounded down: never above the ceiling"


@given(
    code=st.sampled_from(sorted(LABEL_PLANS)),
    weight_kg=st.decimals("4", "200", places=1),
    risks=st.sets(st.sampled_from(["diabetes", "immobilisation"])),
    disease=st.sampled_from(["cidp", "itp", "inflammatory_myopathy", "primary_immunodeficiency"]),
    volume_ml=st.decimals("1", "2000", places=0),
)
def test_no_plan_passes_a_ceiling_or_shortens_a_step(guidelines, code, weight_kg, risks, disease, volume_ml):
    table = guidelines.rate_table(code)
    plan = plan_of(
        guidelines,
        table.product_codes[0],
        table=code,
        weight_kg=weight_kg,
        disease=disease,
        risks=risks,
        resolution="0.1",
        volume_ml=volume_ml,
    )
    assert all(
        step.rate_ml_per_kg_h <= ceiling.rate_ml_per_kg_h for step in plan.steps for ceiling in plan.ceilings
    )
    shortest = {step.rate_ml_per_kg_h: step.min_duration_minutes for step in table.steps}
    for scheduled in lay_out(plan, START)[:-1]:
        minutes = (scheduled.planned_end - scheduled.planned_start).total_seconds() / 60
        assert minutes >= shortest[scheduled.step.rate_ml_per_kg_h]
    for step in plan.steps:
        assert step.rate_ml_per_h <= step.rate_ml_per_kg_h * weight_kg < step.rate_ml_per_h + Decimal("0.1")
        mass = step.rate_ml_per_kg_h * plan.concentration_mg_per_ml / 60
        assert abs(step.rate_mg_per_kg_min - mass) <= Decimal("0.005")
