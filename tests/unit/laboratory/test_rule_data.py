"""The laboratory's data: what is shipped, and what would be refused."""

import copy

import pytest

from apps.guidelines.domain import parse_guidelines
from apps.guidelines.shipped import shipped_release
from apps.kernel.errors import DomainError

RULES = "laboratory_rules"
ANALYTES = "laboratory_analytes"


@pytest.fixture(scope="module")
def shipped():
    return shipped_release().documents


def spoilt(shipped, name, change):
    documents = shipped | {name: copy.deepcopy(shipped[name])}
    change(documents[name])
    with pytest.raises(DomainError) as refused:
        parse_guidelines(documents)
    assert refused.value.code == "guideline_invalid"
    return str(refused.value)


def rule(document, code):
    return next(one for one in document["laboratory_rules"] if one["code"] == code)


def test_the_figures_of_kdigo_are_the_printed_ones(guidelines):
    kdigo = dict(guidelines.laboratory_rule("aki").figures)
    assert {name: str(figure) for name, figure in kdigo.items()} == {
        "rise_umol_per_l": "26.5", "rise_within_h": "48",
        "ratio_stage_1": "1.5", "ratio_stage_2": "2", "ratio_stage_3": "3", "baseline_within_h": "168",
        "creatinine_stage_3_umol_per_l": "353.6", "egfr_below": "35", "egfr_below_years": "18",
        "urine_below_ml_per_kg_h": "0.5", "urine_stage_1_h": "6", "urine_stage_2_h": "12",
        "urine_far_below_ml_per_kg_h": "0.3", "urine_stage_3_h": "24", "anuria_h": "12",
        "urine_gap_minutes": "30",
    }  # fmt: skip


def test_what_was_written_from_memory_says_so(guidelines):
    for code in ("aki", "hemolysis", "hyponatremia", "neutropenia"):
        assert "unverified" in {one.read for one in guidelines.laboratory_rule(code).citations}, code


def test_the_misprinted_stage_2_would_be_refused(shipped):
    def misprint(document):
        rule(document, "aki")["figures"]["ratio_stage_2"] = "1.0"

    assert "must rise" in spoilt(shipped, RULES, misprint)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda document: rule(document, "aki")["figures"].pop("anuria_h"), "must be"),
        (lambda document: rule(document, "hemolysis")["levels"].pop(), "must be case"),
        (lambda document: rule(document, "neutropenia")["levels"].reverse(), "must be severe"),
        (lambda document: rule(document, "hyponatremia").update(cites=[]), "must name a source"),
    ],
)
def test_a_rule_that_could_not_be_carried_out_is_refused(shipped, change, says):
    assert says in spoilt(shipped, RULES, change)


def without(code):
    def change(document):
        document["analytes"] = [one for one in document["analytes"] if one["code"] != code]

    return change


@pytest.mark.parametrize("code", ["creatinine", "dat", "sodium", "neutrophils"])
def test_a_rule_needs_what_it_reads(shipped, code):
    assert f"{code} is not known" in spoilt(shipped, ANALYTES, without(code))


def test_every_antibody_test_says_what_to_ask_for_instead_in_three_languages(guidelines):
    tests = [analyte for analyte in guidelines.analytes if analyte.antibody]
    assert {test.code for test in tests} == {
        "anti_hbc", "anti_hbs", "anti_hcv", "anti_hav", "anti_hiv", "anti_cmv", "anti_ebv", "anti_vzv",
        "measles_igg", "rubella_igg", "mumps_igg", "anti_tbe", "anti_borrelia", "anti_treponema",
        "anti_toxoplasma", "ana", "anca",
    }  # fmt: skip
    for test in tests:
        assert all(test.antibody.instead.as_mapping().values()) and test.antibody.citation.sources
        assert [choice.code for choice in test.choices] == ["negative", "borderline", "positive"]


def test_instead_of_anti_hbc_the_virus_itself_is_looked_for(guidelines):
    """Clinical facts D-13: HBV DNA or HBsAg if anti-HBc is positive after immunoglobulin."""
    antibody = guidelines.analyte("anti_hbc").antibody
    assert "HBsAg" in antibody.instead.en and "HBV DNA" in antibody.instead.en
    assert [source.key for source in antibody.citation.sources] == ["W109"]
    assert {"hbsag", "hbv_dna"} <= {one.code for one in guidelines.analytes if one.antibody is None}


def test_an_antibody_test_in_numbers_is_refused(shipped):
    def change(document):
        document["analytes"][0]["antibody"] = {
            "instead": {"en": "x", "nb": "x", "fa": "x"}, "cite": {"keys": ["W109"], "section": "", "quote": ""},
        }  # fmt: skip

    assert "choices" in spoilt(shipped, ANALYTES, change)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("unit", "mmol/L"),
        ("ask_above", "9000"),
        ("ask_below", "1"),
        ("units", [{"unit": "µmol/L", "factor": "0.001"}]),
    ],
)
def test_an_analyte_whose_units_or_ranges_do_not_fit_is_refused(shipped, key, value):
    def change(document):
        next(one for one in document["analytes"] if one["code"] == "creatinine")[key] = value

    spoilt(shipped, ANALYTES, change)
