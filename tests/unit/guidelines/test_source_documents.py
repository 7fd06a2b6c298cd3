"""What the three documents say (clinical facts 1.1 to 1.10, 9.1)."""

import dataclasses
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from apps.guidelines.domain import Citation

SEEDS = {"NEL", "REVIEW", "FORM"}


def citations(value):
    """Every citation inside a value."""
    if isinstance(value, Citation):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from citations(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from citations(item)


def test_whoever_cites_one_of_the_three_documents_quotes_it(guidelines):
    found = [citation for citation in citations(guidelines) if SEEDS & set(citation.keys)]
    assert len(found) > 200
    assert [citation for citation in found if not citation.quote] == []


def test_every_indication_and_dose_is_in_the_source_s_own_words(guidelines):
    for indication in guidelines.indications:
        assert indication.quotes and all(indication.quotes), indication.slug
        assert all(regimen.quote for regimen in indication.regimens), indication.slug


@pytest.mark.parametrize("code", ["iran_form_fa", "iran_form_notes_fa"])
def test_the_form_is_past_its_validity_since_6_september_2022(guidelines, code):
    letter = guidelines.document(code).letter
    assert letter is not None
    assert (letter.number, letter.dated_jalali) == ("۲۸/۳۶/۱۴۸۹۱۱", "۱۳۹۹/۰۶/۱۶")
    assert (letter.dated, letter.valid_years) == (date(2020, 9, 6), 2)
    assert letter.valid_until == date(2022, 9, 6)
    assert not letter.expired(date(2022, 9, 6))
    assert letter.expired(date(2022, 9, 7))


def test_who_may_prescribe_and_where(guidelines):
    assert [item.code for item in guidelines.specialties] == [
        "internal_medicine",
        "infectious_disease",
        "neurology",
        "pediatrics",
        "urology",
        "obstetrics_gynecology",
        "hematology_oncology",
        "neonatology",
        "rheumatology",
        "immunology_allergy",
    ]
    assert [item.code for item in guidelines.settings] == ["day_care_admission", "inpatient", "hospital"]


def dose(indication):
    (regimen,) = indication.regimens
    amount = (regimen.amount_mg_per_kg_min, regimen.amount_mg_per_kg_max)
    return regimen.phase, regimen.basis, amount, (regimen.days_min, regimen.days_max), regimen.queried


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("nel_cidp", ("initial", "total_course", (2000, 2000), (2, 5), False)),
        ("nel_mmn", ("initial", "total_course", (2000, 2000), (2, 5), False)),
        ("nel_high_dose", ("initial", "total_course", (2000, 2000), (2, 5), False)),
        ("nel_low_dose", ("any", "per_dose", (300, 500), (None, None), False)),
        ("review_bruton", ("any", "per_dose", (300, 500), (None, None), False)),
        ("review_cvid", ("any", "per_dose", (300, 500), (None, None), False)),
        ("review_hyper_igm", ("any", "per_dose", (300, 500), (None, None), False)),
        ("review_scid", ("any", "per_dose", (300, 500), (None, None), False)),
    ],
)
def test_doses_of_the_page_and_the_review(guidelines, slug, expected):
    assert dose(guidelines.indication(slug)) == expected


def test_the_review_s_tables_with_a_dose_for_replacement_only(guidelines):
    review = [one for one in guidelines.indications if one.document == "review_en"]
    assert len(review) == 7 + 26
    with_dose = [one for one in review if one.regimens]
    assert {one.disease for one in with_dose} == {"primary_immunodeficiency"}
    for one in with_dose:
        (regimen,), (trough,) = one.regimens, one.targets
        assert (regimen.interval_days_min, regimen.interval_days_max) == (Decimal(30), Decimal(30))
        assert (trough.code, trough.minimum, trough.maximum) == ("igg_trough", Decimal(500), None)
        assert trough.unit == "mg/dL"
    assert guidelines.indication("review_sle").evidence == "unproven"
    assert guidelines.indication("review_anca_vasculitis").evidence == "conditional"


FIGURES = {
    "nel_low_dose": {"mg_per_kg_min": "300", "mg_per_kg_max": "500"},
    "nel_high_dose": {"g_per_kg_min": "1", "g_per_kg_max": "2"},
    "nel_onset_of_effect": {"lasts_weeks_min": "4", "lasts_weeks_max": "6"},
    "nel_concentrations": {"mg_per_ml": "100", "octagam_mg_per_ml": "50"},
    "nel_dose_example_100": {
        "weight_kg": "60", "mg_per_ml": "100", "total_g": "120", "total_ml": "1200",
        "ml_per_day_over_5_days": "250", "ml_per_day_over_2_days": "600",
    },
    "nel_dose_example_50": {
        "weight_kg": "60", "mg_per_ml": "50", "total_g": "120", "total_ml": "2400",
        "ml_per_day_over_5_days": "500", "ml_per_day_over_2_days": "1200",
    },
    "nel_half_life_in_algorithm": {"weeks": "6", "half_lives": "2"},
    "nel_iga_deficiency_scandinavia": {"per_thousand_min": "1", "per_thousand_max": "2"},
    "nel_iga_deficiency_population": {"percent": "0.001"},
    "nel_rate_plan_and_labels": {"ml_per_kg_h": "6", "mg_per_ml": "100"},
    "nel_share_with_effects": {"percent_max": "40"},
    "nel_rare_anaphylaxis": {"percent_below": "0.01"},
    "nel_rare_aseptic_meningitis": {
        "percent": "1", "onset_hours_min": "24", "onset_hours_max": "48", "lasts_weeks_max": "2",
    },
    "nel_rare_renal_failure": {"percent_below": "1"},
    "nel_rare_lung_failure": {"percent_below": "0.01"},
    "nel_rare_overload": {"percent_below": "0.01"},
    "nel_rare_thromboembolism": {"percent": "11.3", "years": "2"},
    "nel_rare_infection": {"percent_below": "0.01"},
    "nel_serology_window": {"half_life_days": "30", "window_days": "60"},
    "review_definition": {"igg_percent_above": "95"},
    "review_incidence": {"percent_min": "1", "percent_max": "81"},
    "review_incidence_others": {"percent_min": "30", "percent_max": "40"},
    "review_renal_risk_age": {"years_above": "65"},
    "review_iga_deficiency": {"one_in_min": "500", "one_in_max": "1000"},
    "review_hemolytic_anemia": {"patients": "4"},
    "review_criterion_igg": {"igg_mg_per_dl_below": "200", "total_mg_per_dl_below": "400"},
    "review_level_after_500": {"mg_per_kg": "500", "igg_mg_per_ml_min": "12", "igg_mg_per_ml_max": "14"},
    "review_level_after_2000": {"mg_per_kg": "2000", "igg_mg_per_ml_min": "25", "igg_mg_per_ml_max": "35"},
    "review_level_that_protects": {"igg_mg_per_dl_above": "500"},
    "form_validity": {"years": "2"},
}  # fmt: skip


def test_the_figures_of_the_documents(guidelines):
    found = {one.code: dict(one.figures) for one in guidelines.statements if one.figures}
    assert found == FIGURES


@pytest.mark.parametrize("example", ["nel_dose_example_100", "nel_dose_example_50"])
def test_the_worked_examples_add_up(example):
    figures = {name: Decimal(value) for name, value in FIGURES[example].items()}
    assert figures["weight_kg"] * 2 == figures["total_g"]
    assert figures["total_g"] * 1000 / figures["mg_per_ml"] == figures["total_ml"]
    assert figures["ml_per_day_over_2_days"] * 2 == figures["total_ml"]
    over_five_days = figures["ml_per_day_over_5_days"] * 5 / figures["total_ml"]
    assert over_five_days.quantize(Decimal("0.001")) == Decimal("1.042")


def test_effects_of_the_review_by_class_and_grade(guidelines):
    topics = Counter(one.topic for one in guidelines.statements if one.document == "review_en")
    effects = ("immediate_effect", "late_effect", "common_effect", "mild_effect")
    assert [topics[name] for name in effects] == [3, 1, 8, 10]
    codes = {one.code for one in guidelines.statements}
    delayed = (
        "skin",
        "lung",
        "kidney",
        "aseptic_meningitis",
        "arthritis",
        "cerebral",
        "leukopenia",
        "hemolysis",
    )
    assert {f"review_delayed_{name}" for name in delayed} <= codes
    severe = ("renal_failure", "stroke", "deep_vein_thrombosis", "pulmonary_embolism", "anaphylaxis")
    assert {f"review_severe_{name}" for name in (*severe, "aseptic_meningitis")} <= codes


def test_the_list_printed_as_most_severe_is_told_to_be_the_mild_one(guidelines):
    mild = [one for one in guidelines.statements if one.topic == "mild_effect"]
    assert all(one.citation.quote.startswith("The most severe side effects") for one in mild)
    assert all(one.remark and "plainly the mild one" in one.remark.en for one in mild)


def test_where_a_source_contradicts_itself_a_remark_says_so(guidelines):
    odd = [one for one in guidelines.statements if one.topic == "contradiction"]
    assert len(odd) >= 9
    assert all(one.remark for one in odd)


def test_the_maintenance_algorithm_leaves_both_readings_open(guidelines):
    (algorithm,) = guidelines.maintenance_algorithms
    assert algorithm.diseases == ("cidp", "mmn")
    assert (algorithm.evaluate_after_days, algorithm.second_course_after_days) == (21, 42)
    assert (algorithm.course_dose_mg_per_kg, algorithm.reduction_percent) == (Decimal(2000), Decimal(20))
    assert len(algorithm.quotes) == 6
    for figures in ("2, 1.6, 1.2, 0.8 g/kg", "2, 1.6, 1.28, 1.02 g/kg"):
        assert figures in algorithm.remark.en
