import copy
from datetime import date
from decimal import Decimal

import pytest

from apps.guidelines.domain import LocalText, content_hash, parse_document, parse_guidelines
from apps.kernel.errors import DomainError

CIDP = ("nel_ivig_nb", "indications", 0)
DOSE = (*CIDP, "regimens", 0)
WORDING = {"en": "e", "nb": "n", "fa": "f"}
ANOMALY = {"kind": "misprint", "text": WORDING, "regimens": ["initial"], "related": []}
LETTER = {
    "number": "1",
    "dated": "2020-09-06",
    "dated_jalali": "1399/06/16",
    "valid_years": 2,
    "quote": "q",
}


def change(documents, path, value):
    """A copy of the documents with one value replaced (deleted when value is ...)."""
    changed = copy.deepcopy(dict(documents))
    target = changed
    for key in path[:-1]:
        target = target[key]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("products", "products", 0, "name"), ..., "products.products[0].name"),
        (("products", "products", 0, "name"), "", "products.products[0].name"),
        (("products", "products", 0, "max_rate_ml_per_kg_h"), 6.0, "products[0].max_rate_ml_per_kg_h"),
        (("products", "products", 0, "max_rate_ml_per_kg_h"), "6e0", "products[0].max_rate_ml_per_kg_h"),
        (("products", "products", 0, "max_rate_ml_per_kg_h"), "0.4", "initial_rate_ml_per_kg_h"),
        (("products", "products", 0, "vial_sizes_ml"), [0], "vial_sizes_ml"),
        (("products", "products", 0, "vial_sizes_ml"), [True], "vial_sizes_ml"),
        (("products", "products", 0, "hazards"), ["glass"], "hazards"),
        (("products", "products", 0, "cite", "keys"), ["W999"], "cite.keys"),
        (("products", "products", 1, "code"), "kiovig", "products.kiovig"),
        (("rate_tables", "rate_tables", 0, "product_codes"), ["unknown"], "product_codes"),
        (("rate_tables", "rate_tables", 0, "steps", 1, "rate_ml_per_kg_h"), "0.5", "steps"),
        (("rate_tables", "rate_tables", 0, "steps", 1, "min_duration_minutes"), None, "steps"),
        (("risk_ceilings", "risk_factors", 0, "ceilings"), ["other"], "risk_factors.age_over_65"),
        (("observation_rules", "observation_rules", 0, "sign"), "mood", "systolic_below_90.sign"),
        (("observation_rules", "observation_rules", 0, "test"), "equals", "test"),
        (("observation_rules", "observation_rules", 0, "priority"), "low", "priority"),
        (("followup_protocol", "follow_up_rules", 0, "closes_after_h"), 24, "follow_up_rules[0]"),
        (("products", "products", 0, "rate_cite"), None, "products[0].rate_cite"),
        (
            ("products", "products", 0, "unverified"),
            [{"field": "vial_sizes_ml", "value": "5"}],
            "is verified",
        ),
        (("products", "hazards", 0, "when"), ["corn_alergy"], "maltose_glucose_meter.when"),
        ((*CIDP, "name", "fa"), None, "name_fa_inferred"),
        ((*CIDP, "slug"), "nel_mmn", "indications.nel_mmn"),
        ((*CIDP, "population"), [], "population"),
        ((*CIDP, "population"), ["adult", "adult"], "population"),
        ((*CIDP, "category"), "astrology", "category"),
        ((*CIDP, "quotes"), [], "quotes"),
        ((*CIDP, "targets"), [{"minimum": 700, "maximum": 500}], "targets[0].minimum: is above"),
        ((*CIDP, "targets"), [{"minimum": None, "maximum": None}], "targets[0]"),
        ((*DOSE, "amount_mg_per_kg_min"), 2001, "regimens[0].amount_mg_per_kg_min: is above"),
        ((*DOSE, "amount_mg_per_kg_min"), None, "amount_mg_per_kg_min"),
        ((*DOSE, "amount_mg_per_kg_min"), 0, "amount_mg_per_kg_min"),
        ((*DOSE, "probable_amount_mg_per_kg_max"), 400, "probable_amount_mg_per_kg_min"),
        ((*DOSE, "basis"), None, "regimens[0].basis"),
        ((*DOSE, "basis"), "per_night", "regimens[0].basis"),
        ((*DOSE, "phase"), "later", "regimens[0].phase"),
        ((*DOSE, "days_min"), 6, "regimens[0].days_min: is above"),
        ((*DOSE, "interval_days_min"), "0.5.", "interval_days_min"),
        ((*DOSE, "queried"), True, "regimens.initial: is queried"),
        ((*DOSE, "quote"), "", "regimens[0].quote"),
        ((*CIDP, "anomalies"), [ANOMALY | {"regimens": ["other"]}], "other is no regimen"),
        ((*CIDP, "anomalies"), [ANOMALY | {"related": ["nowhere"]}], "nowhere is not known"),
        ((*CIDP, "anomalies"), [ANOMALY | {"related": ["nel_cidp"]}], "nel_cidp is not known"),
        ((*CIDP, "anomalies"), [ANOMALY | {"kind": "odd"}], "anomalies[0].kind"),
        (("nel_ivig_nb", "contraindications", 0, "when"), [], "contraindications[0].when"),
        (("nel_ivig_nb", "contraindications", 0, "when"), ["unlucky"], "iga_deficiency.when"),
        (("nel_ivig_nb", "contraindications", 0, "handling"), "ignore", "handling"),
        (("nel_ivig_nb", "contraindications", 0, "cites"), [], "cites"),
        (("contraindications", "contraindications", 0, "handling"), "caution", "handling"),
        (("dose_ceilings", "dose_ceilings", 0, "kind"), "hour_mg", "dose_ceilings[0].kind"),
        (("dose_ceilings", "dose_ceilings", 0, "window_days"), 28, "window_days"),
        (("dose_ceilings", "dose_ceilings", 2, "window_days"), None, "window_days"),
        (("dose_ceilings", "dose_ceilings", 3, "when"), ["thrombosis"], "day_35_g.when"),
        (("premedications", "premedications", 0, "avoid_when"), ["tired"], "hydration.avoid_when"),
        (("live_vaccines", "live_vaccine_intervals", 0, "months"), 0, "months"),
        (("rate_limits", "rate_limits", 0, "product_code"), "aspirin", "privigen_us_pi_cidp.product_code"),
        (("rate_limits", "rate_limits", 0, "initial_rate_ml_per_kg_h"), "5", "is above the highest rate"),
        (("rate_limits", "rate_limits", 0, "risk"), "bad_luck", "privigen_us_pi_cidp.risk"),
        (("rate_tables", "rate_tables", 0, "from_label"), "yes", "from_label"),
        (("rate_tables", "rate_rules", 0, "figures", "percent_of_rate"), "half", "figures.percent_of_rate"),
        (("rate_limits", "rate_limits", 3, "max_rate_ml_per_kg_h"), None, "rate_limits[3]"),
        (("nel_ivig_nb", "statements", 0, "topic"), "gossip", "statements[0].topic"),
        (("nel_ivig_nb", "statements", 1, "figures"), {"percent": "many"}, "figures.percent"),
        (("tests_before", "tests_before", 0, "before_first_dose_only"), True, "before_first_dose_only"),
        (("nel_ivig_nb", "letter"), LETTER | {"dated": "1399-06-46"}, "letter.dated"),
        (("nel_ivig_nb", "letter"), LETTER | {"valid_years": 0}, "letter.valid_years"),
        (("tests_before", "tests_before", 0, "repeat_each_course"), "yes", "repeat_each_course"),
        (("nel_ivig_nb", "title"), 7, "nel_ivig_nb.title"),
        (("sources", "sources", "NEL", "read"), "heard", "sources.NEL.read"),
        (("products", "products"), "none", "products.products"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_with_its_place(documents, path, value, place):
    with pytest.raises(DomainError) as refusal:
        parse_guidelines(change(documents, path, value))
    assert refusal.value.code == "guideline_invalid"
    assert place in str(refusal.value)


def test_rows_of_one_table_stand_there_once(documents):
    changed = change(documents, (*CIDP, "row"), 1)
    changed["nel_ivig_nb"]["indications"][1]["row"] = 1
    with pytest.raises(DomainError, match="row 1: stands there twice"):
        parse_guidelines(changed)


def test_a_queried_dose_is_read_with_its_anomaly(documents):
    changed = change(documents, (*DOSE, "queried"), True)
    changed["nel_ivig_nb"]["indications"][0]["anomalies"] = [ANOMALY | {"related": ["nel_mmn"]}]
    changed["nel_ivig_nb"]["indications"][0]["regimens"][0] |= {
        "basis": None,
        "probable_basis": "per_day",
        "probable_amount_mg_per_kg_min": 400,
        "probable_amount_mg_per_kg_max": 500,
        "interval_days_min": "0.5",
        "interval_days_max": 1,
    }
    indication = parse_guidelines(changed).indication("nel_cidp")
    (regimen,) = indication.regimens
    assert regimen.queried and regimen.basis is None
    assert (regimen.interval_days_min, regimen.interval_days_max) == (Decimal("0.5"), Decimal(1))
    assert regimen.probable_amount_mg_per_kg_max == Decimal(500)
    assert [anomaly.kind for anomaly in indication.anomalies_of("initial")] == ["misprint"]
    assert indication.anomalies_of("other") == ()


def test_a_letter_is_valid_to_the_last_day_of_its_term(documents):
    letter = parse_document("x", {"code": "x", "title": "X", "language": "fa", "letter": LETTER}).letter
    assert letter.valid_until == date(2022, 9, 6)
    assert not letter.expired(date(2022, 9, 6))
    assert letter.expired(date(2022, 9, 7))
    assert parse_guidelines(documents).document("products").letter is None


def test_a_product_without_verified_figures_cannot_be_planned(documents):
    first = ("products", "products", 0)
    changed = change(documents, (*first, "concentration_mg_per_ml"), None)
    changed = change(changed, (*first, "initial_rate_ml_per_kg_h"), None)
    changed = change(changed, (*first, "unverified"), [{"field": "concentration_mg_per_ml", "value": "100"}])
    product = parse_guidelines(changed).product("kiovig")
    assert product.missing == ("concentration_mg_per_ml", "initial_rate_ml_per_kg_h")
    with pytest.raises(DomainError) as refusal:
        product.require_complete()
    assert refusal.value.code == "product_incomplete"
    assert refusal.value.params["missing"]["en"] == "concentration, first rate"


def test_the_version_of_a_document_is_the_hash_of_its_bytes():
    assert content_hash(b"a") == content_hash(b"a") != content_hash(b"b")
    assert len(content_hash(b"")) == 64


def test_unknown_codes_are_refused(guidelines):
    with pytest.raises(DomainError, match="aspirin") as refusal:
        guidelines.product("aspirin")
    assert refusal.value.code == "guideline_unknown_code"


@pytest.mark.parametrize(
    ("language", "wording"),
    [("en", "e"), ("nb", "n"), ("nb-NO", "n"), ("no", "n"), ("fa_IR", "f"), ("de", "e")],
)
def test_a_wording_falls_back_to_english(language, wording):
    assert LocalText(en="e", nb="n", fa="f").in_language(language) == wording
