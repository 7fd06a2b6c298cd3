import dataclasses
import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from apps.infusions.domain import VITAL_SIGNS
from apps.infusions.domain.vitals import Consciousness, RespiratoryEffort
from apps.kernel.errors import DomainError

SCHEMA = Path(__file__).parents[3] / "apps/guidelines/data/schema/document.schema.json"


def test_every_document_keeps_to_the_schema(documents):
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for name, document in documents.items():
        assert not list(validator.iter_errors(document)), name
        assert document["code"] == name


def test_the_norwegian_plan_is_the_page_s_own(guidelines):
    table = guidelines.rate_table_for(guidelines.product("kiovig"))
    assert table.code == "nel_100mg_per_ml"
    assert [
        (str(s.rate_ml_per_kg_h), s.min_duration_minutes, s.max_duration_minutes) for s in table.steps
    ] == [
        ("0.5", 30, 30),
        ("1.0", 5, None),
        ("2.0", 5, None),
        ("4.0", 5, 10),
        ("6.0", None, None),
    ]
    assert table.steps[3].quote == "4,0 ml/kg pr time i 5-10 minutter"


@pytest.mark.parametrize(
    ("code", "concentration", "initial", "highest", "table"),
    [
        ("kiovig", "100", "0.5", "6", "nel_100mg_per_ml"),
        ("privigen", "100", "0.3", "4.8", "nel_100mg_per_ml"),
        ("panzyga", "100", "0.6", "4.8", "nel_100mg_per_ml"),
        ("octagam_10", "100", "0.6", "7.2", "nel_100mg_per_ml"),
        ("octagam_5", "50", "0.6", "4.8", "octagam_5_label"),
    ],
)
def test_products_have_their_eu_limits_and_a_plan_for_their_concentration(
    guidelines, code, concentration, initial, highest, table
):
    product = guidelines.product(code)
    assert product.concentration_mg_per_ml == Decimal(concentration)
    assert product.initial_rate_ml_per_kg_h == Decimal(initial)
    assert product.max_rate_ml_per_kg_h == Decimal(highest)
    assert guidelines.rate_table_for(product).code == table


def test_risk_brings_two_ml_per_kg_h_at_ten_percent_and_four_at_five_percent(guidelines):
    ceilings = guidelines.risk_ceilings_for(["diabetes", "immobilisation", "sepsis"])
    assert [c.code for c in ceilings] == ["renal_risk", "thrombosis_risk"]
    assert {c.rate_ml_per_kg_h_at(Decimal(100)) for c in ceilings} == {Decimal(2)}
    assert {c.rate_ml_per_kg_h_at(Decimal(50)) for c in ceilings} == {Decimal(4)}


def test_every_vital_sign_of_a_bedside_set_is_known_with_its_range(guidelines):
    known = [sign.code for sign in (*guidelines.vital_signs, *guidelines.assessed_signs)]
    assert sorted(known) == sorted(VITAL_SIGNS) and len(known) == 10
    assert all(sign.minimum < sign.maximum for sign in guidelines.vital_signs)
    assert {sign.code: str(sign.step) for sign in guidelines.vital_signs} == {
        "systolic_mmhg": "1",
        "diastolic_mmhg": "1",
        "pulse_per_min": "1",
        "respiratory_rate_per_min": "1",
        "spo2_percent": "1",
        "temperature_c": "0.1",
        "oxygen_l_per_min": "0.1",
        "capillary_refill_s": "0.1",
    }


def test_every_word_of_an_assessed_sign_is_known(guidelines):
    assert {
        sign.code: tuple(choice.code for choice in sign.choices) for sign in guidelines.assessed_signs
    } == {
        "consciousness": tuple(Consciousness),
        "respiratory_effort": tuple(RespiratoryEffort),
    }


def test_a_citation_is_only_whole_when_every_source_was_read_whole(guidelines):
    assert guidelines.product("privigen").rate_citation.read == "whole"
    assert guidelines.product("kiovig").rate_citation.read == "excerpt"
    early_flag = next(r for r in guidelines.observation_rules if r.code == "systolic_fall_20_mmhg")
    assert early_flag.citation.read == "derived"


def test_general_knowledge_is_the_weakest_mark(guidelines):
    assert {formula.citation.read for formula in guidelines.weight_formulas} == {"unverified"}
    ceiling = next(c for c in guidelines.dose_ceilings if c.code == "day_2_g_per_kg")
    assert ceiling.citation.read == "derived"


def test_every_source_is_cited_somewhere(documents):
    def cited(value):
        if isinstance(value, dict):
            yield from value["keys"] if "keys" in value and "quote" in value else ()
            value = list(value.values())
        if isinstance(value, list):
            for inner in value:
                yield from cited(inner)

    assert set(cited(list(documents.values()))) == set(documents["sources"]["sources"])


@pytest.mark.parametrize(("code", "concentration"), [("kiovig", "50"), ("octagam_5", "60")])
def test_a_plan_for_another_concentration_or_product_is_never_used(guidelines, code, concentration):
    other = dataclasses.replace(guidelines.product(code), concentration_mg_per_ml=Decimal(concentration))
    with pytest.raises(DomainError) as refusal:
        guidelines.rate_table_for(other)
    assert refusal.value.code == "rate_table_missing"
