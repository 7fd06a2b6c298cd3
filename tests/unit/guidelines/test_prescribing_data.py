"""What a course is checked against, cell by cell (clinical facts 2.3, 6, 9.1, 9.3)."""

from decimal import Decimal

import pytest


def test_contraindications_keep_both_readings_of_iga_deficiency(guidelines):
    assert {c.code: (c.handling, c.when) for c in guidelines.contraindications} == {
        "iga_deficiency": ("confirm", ("iga_deficiency",)),
        "severe_renal_failure": ("confirm", ("severe_renal_failure",)),
        "severe_heart_failure": ("confirm", ("severe_heart_failure",)),
        "ivig_allergy": ("block", ("ivig_allergy",)),
        "anti_iga": ("block", ("anti_iga",)),
        "prior_ivig_anaphylaxis": ("block", ("prior_ivig_anaphylaxis",)),
    }
    page = guidelines.contraindication("iga_deficiency")
    assert page.citations[0].quote == "IgA mangel"
    assert page.remark and guidelines.contraindication("anti_iga").remark


ALL, NEL_ONLY, FORM_ONLY = {"NEL", "REVIEW", "FORM"}, {"NEL"}, {"FORM"}


@pytest.mark.parametrize(
    ("code", "repeated", "first_only", "sources"),
    [
        ("hemoglobin", True, False, ALL),
        ("white_cells", True, False, ALL),
        ("platelets", True, False, {"REVIEW", "FORM"}),
        ("crp", True, False, NEL_ONLY),
        ("alt", True, False, ALL),
        ("ast", True, False, ALL),
        ("creatinine", True, False, ALL),
        ("urea_nitrogen", True, False, FORM_ONLY),
        ("glucose", True, False, FORM_ONLY),
        ("electrolytes", True, False, FORM_ONLY),
        ("urinalysis", True, False, FORM_ONLY),
        ("igg", False, False, NEL_ONLY),
        ("igm", False, False, NEL_ONLY),
        ("iga", False, False, {"NEL", "REVIEW"}),
        ("hepatitis_serology", False, True, {"REVIEW", "FORM", "W109"}),
        ("diagnostic_antibodies", False, True, NEL_ONLY),
        ("abo_group", False, False, {"W90", "W91", "W92", "DERIVED"}),
    ],
)
def test_tests_before_are_the_union_of_the_sources_and_the_blood_group(
    guidelines, code, repeated, first_only, sources
):
    assert len(guidelines.tests_before) == 17
    test = next(test for test in guidelines.tests_before if test.code == code)
    assert (test.repeat_each_course, test.before_first_dose_only) == (repeated, first_only)
    assert {key for citation in test.citations for key in citation.keys} == sources


def test_premedication(guidelines):
    assert {p.code: (p.kind, p.avoid_when) for p in guidelines.premedications} == {
        "hydration": ("hydration", ("heart_failure", "severe_heart_failure")),
        "paracetamol": ("analgesic", ()),
        "antihistamine": ("antihistamine", ()),
        "steroid": ("steroid", ()),
        "nsaid": ("nsaid", ("renal_risk", "severe_renal_failure")),
        "antiemetic": ("antiemetic", ()),
        "subcutaneous": ("measure", ()),
    }


@pytest.mark.parametrize(
    ("code", "kind", "limit", "window", "diseases", "when"),
    [
        ("day_2_g_per_kg", "day_mg_per_kg", "2000", None, (), ()),
        ("course_2_g_per_kg", "course_mg_per_kg", "2000", None, (), ()),
        ("kawasaki_4_g_per_kg", "cumulative_mg_per_kg", "4000", 28, ("kawasaki",), ()),
        ("day_35_g", "day_grams", "35", None, (), ("thrombosis_risk",)),
    ],
)
def test_dose_ceilings(guidelines, code, kind, limit, window, diseases, when):
    assert len(guidelines.dose_ceilings) == 4
    ceiling = next(ceiling for ceiling in guidelines.dose_ceilings if ceiling.code == code)
    assert (ceiling.kind, ceiling.limit, ceiling.window_days) == (kind, Decimal(limit), window)
    assert (ceiling.diseases, ceiling.when) == (diseases, when)


def test_live_vaccine_rows(guidelines):
    assert [
        (i.authority, i.dose_mg_per_kg_max and int(i.dose_mg_per_kg_max), i.months)
        for i in guidelines.live_vaccine_intervals
    ] == [
        ("ACIP (US)", 400, 8),
        ("ACIP (US)", 1000, 10),
        ("ACIP (US)", 2000, 11),
        ("ACIP (US)", None, 11),
        ("Australian Handbook 2013", 400, 9),
        ("Australian Handbook 2013", 1000, 10),
        ("Australian Handbook 2013", 2000, 11),
        ("Australian Handbook 2013", None, 11),
        ("EU leaflets", None, 3),
        ("EU leaflets", None, 12),
    ]


@pytest.mark.parametrize(
    ("dose", "months"),
    [
        ("300", {"ACIP (US)": [8], "Australian Handbook 2013": [9], "EU leaflets": [3, 12]}),
        ("400", {"ACIP (US)": [8], "Australian Handbook 2013": [9], "EU leaflets": [3, 12]}),
        ("401", {"ACIP (US)": [10], "Australian Handbook 2013": [10], "EU leaflets": [3, 12]}),
        ("1000", {"ACIP (US)": [10], "Australian Handbook 2013": [10], "EU leaflets": [3, 12]}),
        ("1500", {"ACIP (US)": [11], "Australian Handbook 2013": [11], "EU leaflets": [3, 12]}),
        ("2000", {"ACIP (US)": [11], "Australian Handbook 2013": [11], "EU leaflets": [3, 12]}),
        ("4000", {"ACIP (US)": [11], "Australian Handbook 2013": [11], "EU leaflets": [3, 12]}),
    ],
)
def test_a_dose_between_two_rows_takes_the_next_row_up(guidelines, dose, months):
    found: dict[str, list[int]] = {}
    for interval in guidelines.live_vaccine_intervals_for(Decimal(dose)):
        found.setdefault(interval.authority, []).append(interval.months)
    assert found == months


def test_weight_formulas_are_devine_s(guidelines):
    ideal, adjusted = guidelines.weight_formulas
    for formula in (ideal, adjusted):
        assert (formula.base_male_kg, formula.base_female_kg) == (Decimal(50), Decimal("45.5"))
        assert (formula.per_cm_kg, formula.base_height_cm) == (Decimal("0.9055"), Decimal("152.4"))
    assert (ideal.adjustment, adjusted.adjustment) == (Decimal(0), Decimal("0.4"))


def test_every_disease_a_rule_names_is_the_disease_of_an_indication(guidelines):
    known = {indication.disease for indication in guidelines.indications}
    rules = (*guidelines.dose_ceilings, *guidelines.rate_limits, *guidelines.maintenance_algorithms)
    assert {disease for rule in rules for disease in rule.diseases} <= known
