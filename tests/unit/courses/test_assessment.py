"""What a prescriber must see before a course is approved, finding by finding."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.courses.domain.assessment import AcceptedReading, EarlierCourse, assess, unanswered
from apps.kernel.errors import DomainError
from apps.kernel.text import fill_in_english
from tests.unit.courses.orders import TODAY, around, order, patient

RELAPSING_MS = {"indication_code": "relapsing_ms", "product_code": "kiovig"}


@pytest.fixture
def levels(guidelines):
    """The findings of an order: code -> level."""

    def find(ordered, situation=None):
        assessment = assess(ordered, guidelines=guidelines, situation=situation or around())
        return {finding.code: finding.level for finding in assessment.findings}

    return find


def refusal(guidelines, ordered, situation=None):
    with pytest.raises(DomainError) as raised:
        assess(ordered, guidelines=guidelines, situation=situation or around())
    return raised.value.code


def test_nothing_but_notes_stands_against_the_worked_example(guidelines):
    assessment = assess(order(), guidelines=guidelines, situation=around())
    assert unanswered(assessment.findings, {}) == []
    assert (assessment.dose.total_g, assessment.dose.total_ml) == (Decimal(120), Decimal(1200))
    assert assessment.rounded.vials == ((200, 1), (50, 1))
    assert assessment.rounded.deviation_percent == Decimal("4.17")
    assert assessment.least_waste.volume_ml == Decimal(240)


@pytest.mark.parametrize(
    ("product", "days", "total_ml", "each_day_ml", "hung_ml"),
    [
        ("kiovig", 5, 1200, 240, 250),
        ("kiovig", 2, 1200, 600, 600),
        ("panzyga", 5, 1200, 240, 250),
        ("octagam_10", 5, 1200, 240, 250),
        ("octagam_5", 5, 2400, 480, 500),
        ("octagam_5", 2, 2400, 1200, 1200),
    ],
)
def test_the_norwegian_page_s_worked_examples(guidelines, product, days, total_ml, each_day_ml, hung_ml):
    assessment = assess(order(product_code=product, days=days), guidelines=guidelines, situation=around())
    assert assessment.dose.total_ml == Decimal(total_ml)
    assert assessment.dose.per_day_ml == Decimal(each_day_ml)
    assert assessment.rounded.volume_ml == Decimal(hung_ml)


def test_privigen_under_the_norwegian_plan_is_warned_about(guidelines):
    found = assess(order(product_code="privigen"), guidelines=guidelines, situation=around()).findings
    above = next(finding for finding in found if finding.code == "rate_above_label")
    assert (above.params["limit"], above.params["planned"]) == (Decimal("4.8"), Decimal("6.0"))
    assert "4.8" in above.text.en % above.params and "6.0" in above.text.en % above.params
    first = next(finding for finding in found if finding.code == "first_rate_above_label")
    assert (first.params["limit"], first.params["planned"]) == (Decimal("0.3"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("product", "conditions", "rates"),
    [
        ("kiovig", (), ["0.5", "1.0", "2.0", "4.0", "6.0"]),
        ("privigen", (), ["0.3", "0.5", "1.0", "2.0", "4.0", "4.8"]),
        ("kiovig", ("sepsis",), ["0.5", "1.0", "2"]),
        ("octagam_5", ("sepsis",), ["0.6", "1.2", "2.4", "4"]),
    ],
)
def test_the_plan_is_shown_cut_at_the_lowest_limit(guidelines, product, conditions, rates):
    ordered = order(product_code=product, profile=patient(conditions=conditions))
    assessment = assess(ordered, guidelines=guidelines, situation=around())
    assert [Decimal(rate) for rate in rates] == list(assessment.rates_ml_per_kg_h)


def test_octagam_five_percent_refuses_a_plan_for_100_mg_per_ml(guidelines):
    wrong = order(product_code="octagam_5", rate_table_code="nel_100mg_per_ml")
    assert refusal(guidelines, wrong) == "rate_table_concentration"


def test_a_product_whose_figures_are_not_verified_cannot_be_ordered(guidelines):
    assert refusal(guidelines, order(product_code="flebogamma_10")) == "product_incomplete"


@pytest.mark.parametrize(
    ("changes", "code", "level"),
    [
        ({"anti_iga": "positive"}, "contraindication.anti_iga", "block"),
        ({"iga": "deficient"}, "contraindication.iga_deficiency", "second_person"),
        ({"conditions": ("severe_renal_failure",)}, "contraindication.severe_renal_failure", "second_person"),
        ({"conditions": ("severe_heart_failure",)}, "contraindication.severe_heart_failure", "second_person"),
        ({"conditions": ("ivig_allergy",)}, "contraindication.ivig_allergy", "block"),
        ({"conditions": ("prior_ivig_anaphylaxis",)}, "contraindication.prior_ivig_anaphylaxis", "block"),
        ({"conditions": ("diabetes",)}, "renal_risk", "note"),
        ({"diabetes": True}, "renal_risk", "note"),
        ({"conditions": ("immobilisation",)}, "thrombosis_risk", "note"),
        ({"conditions": ("immobilisation",)}, "renal_risk", None),
        ({"blood_group": "A"}, "hemolysis_risk", "acknowledge"),
        ({"blood_group": "AB"}, "hemolysis_risk", "acknowledge"),
        ({"blood_group": "O"}, "hemolysis_risk", None),
        ({"blood_group": "unknown"}, "blood_group_unknown", "acknowledge"),
        ({"conditions": ("heart_failure",)}, "overload_risk", "acknowledge"),
        ({"prior_ivig": "never"}, "first_exposure", "note"),
        ({"prior_ivig": "unknown"}, "first_exposure", "note"),
        ({"prior_product": "privigen"}, "product_switch", "note"),
        ({"prior_given_on": date(2025, 11, 1)}, "long_gap", "note"),
        ({"prior_reaction": "urticaria"}, "prior_reaction", "acknowledge"),
        ({"pregnant": True}, "pregnancy", "note"),
        ({"weighed_on": TODAY - timedelta(days=31)}, "weight_old", "acknowledge"),
        ({"weighed_on": TODAY - timedelta(days=30)}, "weight_old", None),
        ({"weight_kg": Decimal("29.9")}, "weight_unusual", "acknowledge"),
        ({"weight_kg": Decimal(201)}, "weight_unusual", "acknowledge"),
        ({"weight_kg": Decimal(200)}, "weight_unusual", None),
    ],
)
def test_the_patient(levels, changes, code, level):
    assert levels(order(profile=patient(**changes))).get(code) == level


@pytest.mark.parametrize(
    ("product", "changes", "situation", "code", "level"),
    [
        ("octagam_10", {}, {}, "hazard.maltose_glucose_meter", "note"),
        (
            "octagam_10",
            {"diabetes": True, "glucose_meter": "maltose_sensitive"},
            {},
            "hazard.maltose_sensitive_meter",
            "second_person",
        ),
        ("octagam_10", {"diabetes": True}, {}, "hazard.maltose_sensitive_meter", "second_person"),
        ("octagam_10", {"conditions": ("corn_allergy",)}, {}, "hazard.corn_allergy", "second_person"),
        ("privigen", {"conditions": ("hyperprolinemia",)}, {}, "hazard.proline", "block"),
        ("kiovig", {"conditions": ("hyperprolinemia",)}, {}, "hazard.proline", None),
        ("kiovig", {"iga": "deficient"}, {}, "lower_iga_product", "acknowledge"),
        ("privigen", {"iga": "deficient"}, {}, "lower_iga_product", None),
    ],
)
def test_the_product_against_the_patient(levels, product, changes, situation, code, level):
    found = levels(order(product_code=product, profile=patient(**changes)), around(**situation))
    assert found.get(code) == level


def test_iga_deficiency_shows_both_readings(guidelines):
    found = assess(
        order(profile=patient(iga="deficient")), guidelines=guidelines, situation=around()
    ).findings
    finding = next(item for item in found if item.code == "contraindication.iga_deficiency")
    keys = {key for citation in finding.citations for key in citation.keys}
    assert "NEL" in keys and keys & {"W02", "W05"}


@pytest.mark.parametrize(
    ("changes", "code", "level"),
    [
        ({"dose_mg_per_kg": Decimal(2001)}, "ceiling.course_2_g_per_kg", "second_person"),
        ({"dose_mg_per_kg": Decimal(2000)}, "ceiling.course_2_g_per_kg", "note"),
        ({"dose_mg_per_kg": Decimal(2500), "days": 1}, "ceiling.day_2_g_per_kg", "second_person"),
        ({"dose_mg_per_kg": Decimal(1000)}, "dose_outside_regimen", "reason"),
        ({"days": 1}, "days_outside_regimen", "reason"),
        ({"days": 6}, "days_outside_regimen", "reason"),
        ({"missing_tests": ("hemoglobin",)}, "test_missing.hemoglobin", "acknowledge"),
        ({"premedication": ("nsaid",)}, "premedication_avoid.nsaid", None),
    ],
)
def test_the_order(levels, changes, code, level):
    assert levels(order(**changes)).get(code) == level


def test_ibuprofen_is_questioned_only_at_renal_risk(levels):
    risky = order(premedication=("nsaid",), profile=patient(conditions=("sepsis",)))
    assert levels(risky)["premedication_avoid.nsaid"] == "reason"


def test_thirty_five_grams_a_day_are_questioned_only_at_thrombosis_risk(levels):
    risky = order(days=2, profile=patient(conditions=("previous_thrombosis",)))
    assert levels(risky)["ceiling.day_35_g"] == "acknowledge"
    assert "ceiling.day_35_g" not in levels(order(days=2))


def test_the_iga_answer_may_be_awaited_with_a_reason_before_a_first_dose_only(levels):
    first = order(missing_tests=("iga",), profile=patient(prior_ivig="never"))
    assert levels(first)["start_before_iga"] == "reason"
    assert "start_before_iga" not in levels(order(missing_tests=("iga",)))


@pytest.mark.parametrize(
    ("specialty", "code"),
    [("neurology", None), ("", "specialty_unknown"), ("cardiology", "specialty_not_listed")],
)
def test_the_form_names_who_may_prescribe_and_the_norwegian_page_does_not(levels, specialty, code):
    form = order(indication_code="myasthenia_gravis", regimen_code=_first(levels, "myasthenia_gravis"))
    found = levels(form, around(specialty=specialty))
    assert found["document_expired"] == "acknowledge"
    assert {"specialty_unknown", "specialty_not_listed"} & set(found) == ({code} if code else set())
    assert not {"specialty_unknown", "specialty_not_listed"} & set(levels(order(), around(specialty="")))


def test_the_form_allows_hospital_only(levels):
    form = order(
        indication_code="myasthenia_gravis",
        regimen_code=_first(levels, "myasthenia_gravis"),
        setting="home",
    )
    assert levels(form)["setting_not_listed"] == "second_person"


def test_kawasaki_counts_what_was_given_before(guidelines, levels):
    repeat = order(
        indication_code="kawasaki",
        regimen_code=guidelines.indication("kawasaki").regimens[0].code,
        days=1,
    )
    before = EarlierCourse(
        disease="kawasaki",
        started_on=TODAY - timedelta(days=10),
        weight_kg=Decimal(60),
        weighed_on=TODAY,
        given_mg_per_kg=Decimal(2100),
        is_open=False,
    )
    assert levels(repeat, around(earlier=(before,)))["ceiling.kawasaki_4_g_per_kg"] == "second_person"
    assert "ceiling.kawasaki_4_g_per_kg" not in levels(repeat)


def test_a_changed_weight_and_an_open_course_are_asked_about(levels):
    before = EarlierCourse(
        disease="cidp",
        started_on=TODAY - timedelta(days=40),
        weight_kg=Decimal(54),
        weighed_on=TODAY - timedelta(days=40),
        given_mg_per_kg=Decimal(2000),
        is_open=True,
    )
    found = levels(order(), around(earlier=(before,)))
    assert found["weight_changed"] == "acknowledge"
    assert found["other_course_open"] == "acknowledge"
    near = order(profile=patient(weight_kg=Decimal("59.4")))
    assert "weight_changed" not in levels(near, around(earlier=(before,)))


def test_nothing_is_calculated_from_a_regimen_under_query_until_a_reading_is_accepted(guidelines, levels):
    regimen = guidelines.indication("relapsing_ms").regimens[0]
    assert regimen.queried
    queried = order(**RELAPSING_MS, regimen_code=regimen.code)
    assert refusal(guidelines, queried) == "regimen_under_query"
    reading = AcceptedReading(
        amount_mg_per_kg_min=Decimal(2000),
        amount_mg_per_kg_max=Decimal(2000),
        basis="total_course",
        days_min=5,
        days_max=5,
        physician="One",
        second_person="Other",
        accepted_on=TODAY,
    )
    found = levels(queried, around(reading=reading))
    assert found["reading_used"] == "note"
    assert "dose_outside_regimen" not in found


def test_where_the_source_states_no_dose_a_colleague_signs_for_the_prescriber_s_own(guidelines, levels):
    row = next(item for item in guidelines.indications if not item.regimens)
    found = levels(order(indication_code=row.slug, regimen_code="own_dose"))
    assert found["regimen_without_amount"] == "second_person"
    assert refusal(guidelines, order(regimen_code="own_dose")) == "guideline_unknown_code"


@pytest.mark.parametrize(
    ("basis", "sex", "height", "weight_kg"),
    [
        ("ideal", "female", "170", "61.4"),
        ("ideal", "male", "170", "65.9"),
        ("adjusted", "female", "170", "76.9"),
    ],
)
def test_ideal_and_adjusted_weight(guidelines, basis, sex, height, weight_kg):
    heavy = order(profile=patient(weight_kg=Decimal(100), height_cm=Decimal(height)), weight_basis=basis)
    assessment = assess(heavy, guidelines=guidelines, situation=around(sex=sex))
    assert assessment.weight.kg == Decimal(weight_kg)
    code = f"weight_{basis}"
    finding = next(item for item in assessment.findings if item.code == code)
    assert finding.citations[0].read == "unverified"


def test_ideal_weight_needs_the_height(guidelines):
    assert refusal(guidelines, order(weight_basis="ideal")) == "height_needed"


def test_a_child_is_planned_like_anybody(levels):
    child = order(profile=patient(weight_kg=Decimal(20)))
    as_an_adult = levels(child, around(age_years=17))
    assert as_an_adult.pop("weight_unusual")
    assert levels(child, around(age_years=7)) == as_an_adult


@pytest.mark.parametrize("field", ["missing_tests", "premedication"])
def test_codes_nobody_knows_are_refused(guidelines, field):
    assert refusal(guidelines, order(**{field: ("nonsense",)})) == "guideline_unknown_code"


def test_every_finding_can_be_said_in_three_languages(guidelines):
    risky = order(
        product_code="privigen",
        dose_mg_per_kg=Decimal(3000),
        days=1,
        premedication=("nsaid",),
        missing_tests=("iga", "hemoglobin"),
        profile=patient(
            conditions=("severe_renal_failure", "sepsis"),
            iga="deficient",
            blood_group="A",
            prior_ivig="never",
        ),
    )
    found = assess(risky, guidelines=guidelines, situation=around()).findings
    for finding in found:
        assert finding.citations, finding.code
        for text in (finding.text.en, finding.text.nb, finding.text.fa):
            assert "%(" not in fill_in_english(text, finding.params)
    assert [finding.level for finding in found] == sorted(
        (finding.level for finding in found),
        key=["block", "second_person", "reason", "acknowledge", "note"].index,
    )


def _first(levels, slug):
    return {"myasthenia_gravis": "crisis"}[slug]
