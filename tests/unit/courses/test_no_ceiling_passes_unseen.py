"""Whatever is ordered, no plan comes out above a ceiling without a caution."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from apps.courses.domain.assessment import EarlierCourse, assess
from apps.infusions.domain import build_rate_plan, product_initial, product_maximum, risk_maximum
from apps.kernel.errors import DomainError
from tests.unit.courses.orders import TODAY, around, order, patient

RISKS = ("sepsis", "immobilisation", "previous_thrombosis", "hypertension", "heart_failure")
orders = st.builds(
    lambda **parts: parts,
    product=st.sampled_from(
        [
            "kiovig",
            "privigen",
            "panzyga",
            "octagam_10",
            "octagam_5",
            "gammagard_liquid",
            "gamunex_c",
            "flebogamma_5",
            "bivigam",
        ]
    ),
    indication=st.sampled_from([("nel_cidp", "initial"), ("nel_mmn", "initial"), ("kawasaki", "single")]),
    weight_kg=st.decimals("0.5", "250", places=1),
    dose_mg_per_kg=st.decimals("50", "6000", places=0),
    days=st.integers(1, 10),
    vial_choice=st.sampled_from(["rounded", "least_waste"]),
    conditions=st.sets(st.sampled_from(RISKS)),
    before_mg_per_kg=st.decimals("0", "4000", places=0),
)


def assessed(guidelines, parts):
    slug, _ = parts["indication"]
    ordered = order(
        indication_code=slug,
        regimen_code=guidelines.indication(slug).regimens[0].code,
        product_code=parts["product"],
        dose_mg_per_kg=parts["dose_mg_per_kg"],
        days=parts["days"],
        vial_choice=parts["vial_choice"],
        profile=patient(weight_kg=parts["weight_kg"], conditions=tuple(sorted(parts["conditions"]))),
    )
    before = EarlierCourse(
        disease=guidelines.indication(slug).disease,
        started_on=TODAY - timedelta(days=7),
        weight_kg=parts["weight_kg"],
        weighed_on=TODAY,
        given_mg_per_kg=parts["before_mg_per_kg"],
        is_open=False,
    )
    try:
        return ordered, assess(ordered, guidelines=guidelines, situation=around(earlier=(before,)))
    except DomainError as refusal:
        assume(refusal.code not in {"volume_out_of_range", "rate_table_missing"})
        raise


@given(parts=orders)
def test_no_dose_above_a_ceiling_without_a_caution(guidelines, parts):
    ordered, assessment = assessed(guidelines, parts)
    weight = assessment.weight.kg
    concentration = guidelines.product(parts["product"]).concentration_mg_per_ml
    hung_day_g = assessment.vials.volume_ml * concentration / 1000
    codes = {finding.code for finding in assessment.findings}
    if hung_day_g * 1000 / weight > 2000:
        assert "ceiling.day_2_g_per_kg" in codes
    if hung_day_g * 1000 * ordered.days / weight > 2000:
        assert "ceiling.course_2_g_per_kg" in codes
    if hung_day_g >= 35 and parts["conditions"] & {"immobilisation", "previous_thrombosis"}:
        assert "ceiling.day_35_g" in codes
    if ordered.indication_code == "kawasaki" and ordered.dose_mg_per_kg + parts["before_mg_per_kg"] > 4000:
        assert "ceiling.kawasaki_4_g_per_kg" in codes
    if abs(assessment.vials.deviation_percent) > 5:
        assert "vial_deviation" in codes
    if ordered.dose_mg_per_kg > 2000:
        assert any(finding.level == "second_person" for finding in assessment.findings)


@given(parts=orders)
def test_no_rate_above_a_ceiling_and_a_plan_that_was_cut_is_said_so(guidelines, parts):
    ordered, assessment = assessed(guidelines, parts)
    product = guidelines.product(parts["product"])
    figures = product.require_complete()
    disease = guidelines.indication(ordered.indication_code).disease
    limits = [figures.max_rate_ml_per_kg_h] + [
        limit.max_rate_ml_per_kg_h
        for limit in guidelines.rate_limits_for(product.code, disease)
        if limit.diseases and limit.condition is None and limit.max_rate_ml_per_kg_h
    ]
    risks = guidelines.risk_ceilings_for(assessment.risk_factors)
    limits_at_risk = [
        limit.max_rate_ml_per_kg_h
        for risk in risks
        for limit in guidelines.risk_rate_limits(product.code, risk.code)
    ]
    plan = build_rate_plan(
        rate_table=assessment.rate_table,
        weight_kg=assessment.weight.kg,
        volume_ml=assessment.vials.volume_ml,
        concentration_mg_per_ml=figures.concentration_mg_per_ml,
        ceilings=[
            *(
                product_maximum(product=product.name, region="", rate_ml_per_kg_h=limit, source="")
                for limit in (*limits, *limits_at_risk)
            ),
            *(
                risk_maximum(
                    code=risk.code,
                    rate_ml_per_kg_h=risk.rate_ml_per_kg_h_at(figures.concentration_mg_per_ml),
                    source="",
                )
                for risk in risks
            ),
        ],
        initial=product_initial(
            product=product.name, region="", rate_ml_per_kg_h=figures.initial_rate_ml_per_kg_h, source=""
        ),
        pump_resolution_ml_per_h=Decimal("0.01"),
    )
    fastest = max(step.rate_ml_per_kg_h for step in plan.steps)
    offered = [step.rate_ml_per_kg_h for step in plan.steps]
    assert offered == list(assessment.rates_ml_per_kg_h), "the order shows what the bedside will offer"
    assert fastest <= min([*limits, *limits_at_risk])
    assert all(fastest <= risk.rate_ml_per_kg_h_at(figures.concentration_mg_per_ml) for risk in risks)
    codes = {finding.code for finding in assessment.findings}
    assert {risk.code for risk in risks} <= codes
    if assessment.rate_table.steps[-1].rate_ml_per_kg_h > min(limits):
        assert "rate_above_label" in codes
