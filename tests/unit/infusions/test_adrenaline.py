"""The sources' adrenaline doses side by side. Vectors: clinical facts 3.3."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import Age, adrenaline_references
from apps.kernel.text import fill_in_english


def references(guidelines, weight_kg, *, months):
    age = Age(days=months * 30, months=months)
    return adrenaline_references(Decimal(weight_kg), age, guidelines.adrenaline_rules)


def doses(guidelines, weight_kg, *, months):
    return [(str(one.dose_mg), one.up_to_mg) for one in references(guidelines, weight_kg, months=months)]


@pytest.mark.parametrize(
    ("weight_kg", "months", "expected"),
    [
        ("40", 11 * 12, ["0.40", "0.30", "0.3"]),  # by weight; capped as a child; UK by age
        ("60", 45 * 12, ["0.50", "0.5"]),
        ("45", 16 * 12, ["0.45", "0.5"]),
        ("120", 45 * 12, ["0.50", "0.5"]),
        ("20", 5 * 12, ["0.20", "0.20", "0.15"]),
        ("8", 7, ["0.08", "0.08", "0.15"]),
        ("12.37", 24, ["0.12", "0.12", "0.15"]),
    ],
)
def test_every_source_s_dose_stands_beside_the_others(guidelines, weight_kg, months, expected):
    assert doses(guidelines, weight_kg, months=months) == [(dose, None) for dose in expected]


def test_below_six_months_the_source_gives_a_span(guidelines):
    by_age = references(guidelines, "5", months=3)[-1]
    assert (by_age.dose_mg, by_age.up_to_mg) == (Decimal("0.10"), Decimal("0.15"))
    assert (by_age.volume_ml, by_age.up_to_ml) == (Decimal("0.10"), Decimal("0.15"))


@pytest.mark.parametrize(
    ("months", "bands"),
    [
        (5, ["uk_below_6_months"]),
        (6, ["uk_6_months_to_6_years"]),
        (71, ["uk_6_months_to_6_years"]),
        (72, ["uk_6_to_12_years"]),
        (143, ["uk_6_to_12_years"]),
        (144, ["uk_over_12_years", "uk_6_to_12_years"]),  # the bands meet at 12: both are shown
        (155, ["uk_over_12_years", "uk_6_to_12_years"]),
        (156, ["uk_over_12_years"]),
    ],
)
def test_every_age_has_its_band(guidelines, months, bands):
    age = Age(days=months * 30, months=months)
    rules = [rule for rule in guidelines.adrenaline_rules if rule.dose_mg is not None]
    assert [rule.code for rule in rules if rule.ages.includes(age)] == bands


def test_the_rule_is_said_with_its_figures_and_its_source(guidelines):
    first = references(guidelines, "60", months=540)[0]
    assert fill_in_english(first.rule["en"], first.params).startswith("0.01 mg per kg, at most 0.5 mg")
    assert first.source and first.concentration_mg_per_ml == 1
    for one in references(guidelines, "60", months=150):
        for language in ("en", "nb", "fa"):
            assert "%" not in one.rule[language] % one.params


@given(weight=st.decimals("0.5", "300", places=2), months=st.integers(0, 1200))
def test_no_reference_is_above_its_maximum_or_rounded_up(guidelines, weight, months):
    age = Age(days=months * 30, months=months)
    found = adrenaline_references(weight, age, guidelines.adrenaline_rules)
    assert found
    for one in found:
        assert 0 <= one.dose_mg <= Decimal("0.5")
        assert one.volume_ml * one.concentration_mg_per_ml <= one.dose_mg
        if "mg_per_kg" in one.params:
            assert one.dose_mg <= weight * Decimal("0.01")
            assert one.dose_mg == one.dose_mg.quantize(Decimal("0.01"))
