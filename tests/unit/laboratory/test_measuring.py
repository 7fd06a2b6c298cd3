"""Units and what is believed: the wrong unit is the classic error, so it is named."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import DomainError
from apps.laboratory.domain.measuring import canonical_value, read_titre, read_value

WANTED = {
    "creatinine", "urine_output", "hemoglobin", "hematocrit", "reticulocytes", "ldh", "haptoglobin",
    "bilirubin_total", "bilirubin_indirect", "dat", "sodium", "osmolality", "total_protein", "potassium", "urea",
    "leukocytes", "neutrophils", "platelets", "alt", "crp", "igg", "urine_hemoglobin", "abo_group", "anti_hbc",
}  # fmt: skip


def taken(guidelines, code, value, unit, **more):
    return canonical_value(guidelines.analyte(code), value=Decimal(value), unit=unit, **more)


def refusal(guidelines, code, value, unit, **more):
    with pytest.raises(DomainError) as refused:
        taken(guidelines, code, value, unit, **more)
    return refused.value


def test_every_analyte_asked_for_is_there_with_names_and_a_source(guidelines):
    found = {analyte.code: analyte for analyte in guidelines.analytes}
    assert set(found) >= WANTED
    for analyte in found.values():
        assert analyte.name.en and analyte.name.nb and analyte.name.fa and analyte.citation.sources


@pytest.mark.parametrize(
    ("code", "value", "unit", "canonical"),
    [
        ("creatinine", "1", "mg/dL", "88.4"),
        ("creatinine", "4.0", "mg/dL", "353.6"),
        ("creatinine", "353.6", "µmol/L", "353.6"),
        ("hemoglobin", "12.5", "g/dL", "125"),
        ("hemoglobin", "8", "mmol/L", "128.912"),
        ("hematocrit", "0.42", "L/L", "42"),
        ("haptoglobin", "30", "mg/dL", "0.3"),
        ("bilirubin_total", "1", "mg/dL", "17.1"),
        ("bilirubin_indirect", "2.0", "mg/dL", "34.2"),
        ("ldh", "4", "µkat/L", "240"),
        ("sodium", "138", "mEq/L", "138"),
        ("total_protein", "7.2", "g/dL", "72"),
        ("urea", "30", "mg/dL (urea)", "4.995"),
        ("urea", "14", "mg/dL (BUN)", "4.998"),
        ("neutrophils", "1500", "/µL", "1.5"),
        ("neutrophils", "1.5", "×10³/µL", "1.5"),
        ("crp", "2", "mg/dL", "20"),
        ("igg", "700", "mg/dL", "7"),
    ],
)
def test_units_are_converted_exactly(guidelines, code, value, unit, canonical):
    assert taken(guidelines, code, value, unit) == Decimal(canonical)


def test_a_number_without_a_unit_is_refused_and_the_units_are_named(guidelines):
    error = refusal(guidelines, "creatinine", "90", "")
    assert (error.code, error.extra["field"]) == ("unit_needed", "unit")
    assert "µmol/L, mg/dL" in str(error)


def test_creatinine_is_never_taken_in_mmol(guidelines):
    assert refusal(guidelines, "creatinine", "90", "mmol/L").code == "unit_unknown"


@pytest.mark.parametrize(
    ("code", "value", "given", "meant"),
    [
        ("creatinine", "1.1", "µmol/L", "mg/dL"),
        ("creatinine", "90", "mg/dL", "µmol/L"),
        ("hemoglobin", "12", "g/L", "g/dL"),
        ("hemoglobin", "130", "g/dL", "g/L"),
        ("igg", "700", "g/L", "mg/dL"),
        ("neutrophils", "1500", "×10⁹/L", "/µL"),
        ("haptoglobin", "80", "g/L", "mg/dL"),
        ("total_protein", "7", "g/L", "g/dL"),
    ],
)
def test_the_unit_that_would_explain_the_number_is_named(guidelines, code, value, given, meant):
    error = refusal(guidelines, code, value, given, confirmed=True)
    assert error.code == "result_implausible"
    assert f"In {meant} it would be plausible" in str(error)


def test_what_is_possible_but_unusual_is_taken_once_confirmed(guidelines):
    error = refusal(guidelines, "potassium", "8.1", "mmol/L")
    assert (error.code, error.extra["field"]) == ("result_unusual", "confirmed")
    assert taken(guidelines, "potassium", "8.1", "mmol/L", confirmed=True) == Decimal("8.1")
    assert refusal(guidelines, "potassium", "81", "mmol/L", confirmed=True).code == "result_implausible"


@pytest.mark.parametrize("edge", ["refuse", "ask"])
def test_both_ends_of_every_range_belong_to_it(guidelines, edge):
    for analyte in guidelines.analytes:
        if analyte.in_words:
            continue
        for end in ("below", "above"):
            limit = getattr(analyte, f"{edge}_{end}")
            more = {"period_h": Decimal(6)} if analyte.collected else {}
            confirmed = edge == "refuse"
            kept = canonical_value(analyte, value=limit, unit=analyte.unit, confirmed=confirmed, **more)
            assert kept == limit
            beyond = limit + Decimal("0.0001") if end == "above" else limit - Decimal("0.0001")
            with pytest.raises(DomainError):
                canonical_value(analyte, value=beyond, unit=analyte.unit, confirmed=confirmed, **more)


def test_urine_in_ml_is_counted_per_kg_and_hour(guidelines):
    kept = taken(guidelines, "urine_output", "210", "mL", period_h=Decimal(6), weight_kg=Decimal(70))
    assert kept == Decimal("0.5")
    assert refusal(guidelines, "urine_output", "210", "mL", period_h=Decimal(6)).code == "weight_needed"
    assert refusal(guidelines, "urine_output", "0.5", "mL/kg/h").code == "period_needed"
    assert refusal(guidelines, "urine_output", "0.5", "mL/kg/h", period_h=Decimal(49)).code == "period_needed"
    assert taken(guidelines, "urine_output", "0", "mL", period_h=Decimal(12), weight_kg=Decimal(70)) == 0


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12.5", ("", "12.5")), ("۱۲٫۵", ("", "12.5")), ("12,5", ("", "12.5")), ("<0.1", ("<", "0.1")),
        ("> ۵۰۰", (">", "500")), (7, ("", "7")),
    ],
)  # fmt: skip
def test_results_are_read_as_laboratories_print_them(typed, read):
    comparator, value = read_value(typed, unit="g/L")
    assert (comparator, value) == (read[0], Decimal(read[1]))


@pytest.mark.parametrize("typed", ["", "<", "<<1", "1_000", "1e3", "-2", True, None, "NaN", "۲/۴", "0.1<"])
def test_anything_else_is_refused(typed):
    with pytest.raises(DomainError):
        read_value(typed, unit="g/L")


@given(data=st.data())
def test_whatever_is_typed_is_taken_or_refused_in_a_sentence(guidelines, data):
    analyte = data.draw(st.sampled_from([one for one in guidelines.analytes if not one.in_words]))
    unit = data.draw(st.sampled_from([*(one.unit for one in analyte.units), "", "mmol/L"]))
    value = data.draw(st.decimals(min_value=0, max_value=999_999, places=4))
    period = data.draw(st.none() | st.decimals(min_value=0, max_value=60, places=2))
    try:
        kept = canonical_value(analyte, value=value, unit=unit, period_h=period, weight_kg=Decimal(60))
        assert analyte.ask_below <= kept <= analyte.ask_above
    except DomainError as refused:
        assert str(refused) and refused.extra["field"] in ("value", "unit", "period_h", "confirmed")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("1:160", "1:160"),
        (" <1:40 ", "<1:40"),
        ("۱:۳۲۰", "1:320"),
        ("12,5 IU/L", "12.5 IU/L"),
        (">1000 mIU/mL", ">1000 mIU/mL"),
        ("35", "35"),
    ],
)
def test_a_titre_is_kept_as_it_is_printed(typed, kept):
    assert read_titre(typed) == kept


@pytest.mark.parametrize("typed", ["positive", "1:", ":80", "1/80/2", "-4", "1:160; strong", "1e5"])
def test_what_is_no_titre_is_refused(typed):
    with pytest.raises(DomainError) as refused:
        read_titre(typed)
    assert refused.value.code == "titre_invalid"
