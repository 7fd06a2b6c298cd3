"""Products and rate limits, cell by cell (clinical facts 2.1, 2.2, 2.4)."""

from decimal import Decimal

import pytest

from apps.kernel.errors import DomainError

MALTOSE = ["maltose_glucose_meter", "maltose_sensitive_meter"]
CORN = [*MALTOSE, "corn_allergy"]
SORBITOL = ["sorbitol_intolerance", "sorbitol_under_2", "no_mixing"]
GLUCOSE = ["glucose_dilution", "dilute_in_glucose_only"]


@pytest.mark.parametrize(
    ("code", "concentration", "vials", "stabiliser", "sugar", "iga", "region", "initial", "highest", "hazards"),
    [
        ("kiovig", "100", [10, 25, 50, 100, 200, 300], "glycine", "none", 140, "EU", "0.5", "6", GLUCOSE),
        ("privigen", "100", [25, 50, 100, 200, 400], "L-proline", "none", 25, "EU", "0.3", "4.8",
         ["proline", *GLUCOSE]),
        ("panzyga", "100", [10, 25, 50, 60, 100, 200, 300], "glycine", "none", 300, "EU", "0.6", "4.8", []),
        ("octagam_10", "100", [20, 50, 100, 200, 300], "maltose", "maltose (corn)", None, "EU", "0.6", "7.2",
         CORN),
        ("octagam_5", "50", [50, 100, 200, 500], "maltose", "maltose (corn)", 200, "EU", "0.6", "4.8", CORN),
        ("gammagard_liquid", "100", [10, 25, 50, 100, 200, 300], "glycine 0.25 mol/L", "none", None, "US",
         "0.5", "5", ["glucose_dilution"]),
        ("flebogamma_5", "50", [10, 50, 100, 200, 400], "D-sorbitol 50 mg/mL", "sorbitol", 50, "EU", "0.6",
         "6", SORBITOL),
        ("flebogamma_10", "100", [50, 100, 200], "sorbitol", "sorbitol", 100, "EU", None, None, SORBITOL),
        ("gamunex_c", "100", [10, 25, 50, 100, 200, 400], "glycine 0.16 to 0.24 mol/L", "none", None, "US",
         "0.6", "4.8", ["not_with_saline"]),
        ("bivigam", "100", [50, 100], "polysorbate 80", "none", None, "US", "0.3", "3.6", []),
        ("asceniv", "100", [50], "", "none", None, "US", "0.3", "4.8", []),
        ("iqymune", "100", [], "", "none", None, "EU", "0.5", "6", []),
        ("intratect_5", "50", [20, 50, 100, 200], "glycine", "none", 900, "EU", None, None, []),
        ("intratect_10", "100", [10, 25, 50, 100, 200], "glycine", "none", 1800, "EU", None, None, []),
        ("ig_vena", "50", [], "", "", None, "one national copy", "0.6", "3.6", []),
        ("intragam_p", "60", [10, 50, 200], "maltose 100 mg/mL", "maltose", 25, "NZ, AU", None, None, MALTOSE),
    ],
)  # fmt: skip
def test_products(
    guidelines, code, concentration, vials, stabiliser, sugar, iga, region, initial, highest, hazards
):
    product = guidelines.product(code)
    assert product.concentration_mg_per_ml == Decimal(concentration)
    assert list(product.vial_sizes_ml) == vials
    assert (product.stabiliser, product.sugar, product.iga_max_ug_per_ml) == (stabiliser, sugar, iga)
    assert product.region == region
    assert product.initial_rate_ml_per_kg_h == (initial and Decimal(initial))
    assert product.max_rate_ml_per_kg_h == (highest and Decimal(highest))
    assert [hazard.code for hazard in product.hazards] == hazards
    assert (product.rate_citation is None) == (highest is None)


def test_the_list_above_is_complete(guidelines):
    assert len(guidelines.products) == 16


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("octagam_10", {"iga_max_ug_per_ml": "400"}),
        ("flebogamma_10", {"initial_rate_ml_per_kg_h": "0.6", "max_rate_ml_per_kg_h": "4.8"}),
        ("gamunex_c", {"iga_max_ug_per_ml": "46 (average)"}),
        ("bivigam", {"stabiliser": "glycine, sodium chloride"}),
        ("iqymune", {"stabiliser": "glycine, polysorbate 80"}),
        ("intratect_5", {"initial_rate_ml_per_kg_h": "1.4", "max_rate_ml_per_kg_h": "1.9"}),
        ("intratect_10", {"initial_rate_ml_per_kg_h": "0.3, then 1.9", "max_rate_ml_per_kg_h": "6"}),
        ("ig_vena", {"stabiliser": "maltose"}),
    ],
)
def test_figures_nobody_read_stand_apart(guidelines, code, values):
    assert {value.field: value.value for value in guidelines.product(code).unverified} == values


def test_nothing_unverified_is_planned_with(guidelines):
    refused = {}
    for product in guidelines.products:
        if product.missing:
            refused[product.code] = product.missing
            with pytest.raises(DomainError) as refusal:
                product.require_complete()
            assert refusal.value.code == "product_incomplete"
    rates = ("initial_rate_ml_per_kg_h", "max_rate_ml_per_kg_h")
    assert refused == {
        "flebogamma_10": rates,
        "iqymune": ("vial_sizes_ml",),
        "intratect_5": rates,
        "intratect_10": rates,
        "ig_vena": ("vial_sizes_ml",),
        "intragam_p": rates,
    }


def test_a_plan_of_the_right_strength_fits_or_there_is_none(guidelines):
    tables = {
        product.code: [table.code for table in guidelines.rate_tables_for(product)]
        for product in guidelines.products
    }
    ten_percent = {p.code for p in guidelines.products if p.concentration_mg_per_ml == 100}
    assert {code for code, fitting in tables.items() if fitting[:1] == ["nel_100mg_per_ml"]} == ten_percent
    assert {code: fitting for code, fitting in tables.items() if code not in ten_percent} == {
        "octagam_5": ["octagam_5_label"],
        "flebogamma_5": ["flebogamma_5_label"],
        "ig_vena": ["ig_vena_label"],
        "intratect_5": [],
        "intragam_p": [],
    }


def test_maltose_and_sorbitol_never_come_without_their_warning(guidelines):
    for word, hazard in (("maltose", "maltose_glucose_meter"), ("sorbitol", "sorbitol_intolerance")):
        holding = {p.code for p in guidelines.products if word in p.stabiliser or word in p.sugar}
        assert holding == {p.code for p in guidelines.products if hazard in [h.code for h in p.hazards]}
        assert holding


@pytest.mark.parametrize(
    ("hazard", "handling", "when"),
    [
        ("maltose_glucose_meter", "caution", ()),
        ("maltose_sensitive_meter", "confirm", ("glucose_meter_maltose_sensitive",)),
        ("proline", "block", ("hyperprolinemia",)),
        ("sorbitol_intolerance", "block", ("hereditary_fructose_intolerance",)),
        ("sorbitol_under_2", "block", ("age_under_2",)),
        ("corn_allergy", "confirm", ("corn_allergy",)),
        ("glucose_dilution", "caution", ("diabetes",)),
        ("dilute_in_glucose_only", "caution", ()),
        ("no_mixing", "caution", ()),
        ("not_with_saline", "caution", ()),
    ],
)
def test_hazards(guidelines, hazard, handling, when):
    hazards = {h.code: h for product in guidelines.products for h in product.hazards}
    assert len(hazards) == 10
    assert (hazards[hazard].handling, hazards[hazard].when) == (handling, when)


PI, DM = ("primary_immunodeficiency",), ("inflammatory_myopathy",)
LIMITS = [
    # code, product, region, diseases, initial, hold, step, highest, only on a condition
    ("privigen_us_pi_cidp", "privigen", "US", (*PI, "cidp"), "0.3", None, None, "4.8", False),
    ("privigen_us_itp", "privigen", "US", ("itp",), "0.3", None, None, "2.4", False),
    ("privigen_eu", "privigen", "EU", (), "0.3", 30, None, "4.8", False),
    ("privigen_eu_pi_tolerated", "privigen", "EU", PI, None, None, None, "7.2", True),
    ("kiovig_eu", "kiovig", "EU", (), "0.5", 30, None, "6", False),
    ("kiovig_eu_pi_adult", "kiovig", "EU", PI, None, None, None, "8", True),
    ("gammagard_us_pi", "gammagard_liquid", "US", PI, "0.5", 30, 30, "5", False),
    ("gammagard_us_mmn", "gammagard_liquid", "US", ("mmn",), "0.5", None, 30, "5.4", False),
    ("panzyga_us_pi", "panzyga", "US", PI, "0.6", 30, 15, "8.4", False),
    ("panzyga_us_itp", "panzyga", "US", ("itp",), "0.6", 30, 15, "4.8", False),
    ("panzyga_us_cidp", "panzyga", "US", ("cidp",), "0.6", 30, 15, "7.2", False),
    ("panzyga_eu", "panzyga", "EU", (), "0.6", 30, None, "4.8", False),
    ("panzyga_eu_pi_tolerated", "panzyga", "EU", PI, None, None, None, "8.4", True),
    ("octagam_10_us_itp", "octagam_10", "US", ("itp",), "0.6", 30, 30, "7.2", False),
    ("octagam_10_us_dermatomyositis", "octagam_10", "US", DM, "0.6", 30, None, "2.4", False),
    ("octagam_10_eu", "octagam_10", "EU", (), "0.6", 30, None, "7.2", False),
    ("octagam_5_us_pi", "octagam_5", "US", PI, "0.6", 30, 30, "4.2", False),
    ("octagam_5_eu", "octagam_5", "EU", (), "1", 30, None, "4.8", False),
    ("flebogamma_5_eu", "flebogamma_5", "EU", (), "0.6", 30, None, "6", False),
    ("gamunex_c_us_pi_itp", "gamunex_c", "US", (*PI, "itp"), "0.6", 30, None, "4.8", False),
    ("gamunex_c_us_cidp", "gamunex_c", "US", ("cidp",), "1.2", 30, None, "4.8", False),
    ("bivigam_us_pi", "bivigam", "US", PI, "0.3", 10, 20, "3.6", False),
    ("bivigam_us_thrombosis_risk", "bivigam", "US", (), None, None, None, "1.2", True),
    ("asceniv_us_pi", "asceniv", "US", PI, "0.3", 15, 15, "4.8", False),
    ("iqymune_eu", "iqymune", "EU", (), "0.5", 30, None, "6", False),
    ("ig_vena_copy", "ig_vena", "one national copy", (), "0.6", 30, None, "3.6", False),
]


def test_rate_limits(guidelines):
    assert [
        (
            limit.code,
            limit.product_code,
            limit.region,
            limit.diseases,
            limit.initial_rate_ml_per_kg_h and str(limit.initial_rate_ml_per_kg_h),
            limit.hold_minutes,
            limit.step_minutes,
            str(limit.max_rate_ml_per_kg_h),
            limit.condition is not None,
        )
        for limit in guidelines.rate_limits
    ] == LIMITS


def test_a_label_s_limit_at_a_risk_names_the_risk(guidelines):
    assert [limit.code for limit in guidelines.rate_limits if limit.risk] == ["bivigam_us_thrombosis_risk"]
    (limit,) = guidelines.risk_rate_limits("bivigam", "thrombosis_risk")
    assert limit.max_rate_ml_per_kg_h == Decimal("1.2")
    assert not guidelines.risk_rate_limits("bivigam", "renal_risk")
    assert not guidelines.risk_rate_limits("kiovig", "thrombosis_risk")


def test_limits_for_a_disease_leave_other_diseases_out(guidelines):
    def codes(product, disease):
        return [limit.code for limit in guidelines.rate_limits_for(product, disease)]

    assert codes("privigen", "itp") == ["privigen_us_itp", "privigen_eu"]
    assert codes("privigen", "kawasaki") == ["privigen_eu"]
    assert codes("octagam_10", "inflammatory_myopathy") == ["octagam_10_us_dermatomyositis", "octagam_10_eu"]
    assert codes("intratect_5", "itp") == []


def test_no_product_is_planned_above_the_unconditional_limits_of_its_region(guidelines):
    for product in guidelines.products:
        general = [
            limit.max_rate_ml_per_kg_h
            for limit in guidelines.rate_limits_for(product.code, "any other disease")
            if limit.region == product.region and limit.condition is None and limit.max_rate_ml_per_kg_h
        ]
        assert all(product.max_rate_ml_per_kg_h <= limit for limit in general), product.code
