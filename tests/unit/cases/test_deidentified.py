"""Rows for research: the key stays here, ages are bands, and nobody stands alone in a cell."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.cases.domain.deidentified import (
    SUPPRESSED,
    Class,
    age_band,
    export_key,
    hkdf_sha256,
    pseudonym,
    suppress_small_cells,
)

KEY = export_key("a secret of the house", b"salt one")


def test_the_key_is_derived_as_rfc_5869_says():
    """Test case 1 of its appendix A."""
    key = hkdf_sha256(
        bytes.fromhex("0b" * 22),
        salt=bytes.fromhex("000102030405060708090a0b0c"),
        info=bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
        length=42,
    )
    assert key.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_within_an_export_a_name_holds_and_between_two_it_does_not():
    other = export_key("a secret of the house", b"salt two")
    assert pseudonym(KEY, "patient", "17") == pseudonym(KEY, "patient", "17")
    names = {
        pseudonym(key, kind, number)
        for key, kind, number in product((KEY, other), ("patient", "lot"), ("17", "18"))
    }
    assert len(names) == 8


def test_who_knows_the_salt_but_not_the_secret_finds_nobody():
    wanted = pseudonym(KEY, "patient", "17")
    guessed = export_key("another secret", b"salt one")
    assert wanted not in {pseudonym(guessed, "patient", str(number)) for number in range(500)}


@given(st.integers(min_value=0, max_value=2**63))
def test_a_pseudonym_tells_nothing_of_the_number(number):
    name = pseudonym(KEY, "patient", str(number))
    assert len(name) == 16 and name.isalnum() and name.isupper()
    assert number < 100_000 or str(number) not in name


@pytest.mark.parametrize(
    ("years", "band"),
    [
        (0, "0-1"), (1, "0-1"), (2, "2-11"), (11, "2-11"), (12, "12-17"), (17, "12-17"), (18, "18-29"),
        (29, "18-29"), (30, "30-39"), (39, "30-39"), (40, "40-49"), (55, "50-59"), (69, "60-69"),
        (79, "70-79"), (80, "80-89"), (89, "80-89"), (90, "90+"), (104, "90+"),
    ],
)  # fmt: skip
def test_ages_stand_in_bands_and_the_oldest_in_one(years, band):
    assert age_band(date(1900, 6, 15), date(1900 + years, 6, 15)) == band


def test_the_day_before_a_birthday_is_still_the_year_before():
    assert age_band(date(1936, 6, 15), date(2026, 6, 14)) == "80-89"
    assert age_band(date(1936, 6, 15), date(2026, 6, 15)) == "90+"


def people(*groups):
    """Groups of (how many, age band, sex, indication)."""
    found, number = {}, 0
    for count, *traits in groups:
        for _ in range(count):
            found[f"P{number}"] = Class(*traits)
            number += 1
    return found


def test_a_class_that_is_large_enough_stays_as_it_is():
    patients = people((5, "30-39", "female", "cidp"))
    kept = suppress_small_cells(patients, at_least=5)
    assert (kept.classes, kept.cells_suppressed, kept.patients_left_out) == (patients, 0, 0)


def test_first_the_indication_goes_then_the_age_then_the_sex():
    patients = people(
        (4, "30-39", "female", "cidp"), (1, "30-39", "female", "mmn"),
        (3, "40-49", "male", "cidp"), (2, "50-59", "male", "cidp"),
        (3, "60-69", "female", "gbs"), (2, "60-69", "male", "gbs"),
    )  # fmt: skip
    kept = suppress_small_cells(patients, at_least=5).classes
    assert set(list(kept.values())[:5]) == {Class("30-39", "female", SUPPRESSED)}
    assert kept["P5"] == Class(SUPPRESSED, "male", SUPPRESSED)


def test_who_is_alone_even_then_is_left_out_and_counted():
    kept = suppress_small_cells(people((4, "30-39", "female", "cidp")), at_least=5)
    assert (kept.classes, kept.patients_left_out) == ({}, 4)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=4),
        st.builds(
            Class,
            st.sampled_from(["0-1", "30-39", "90+"]),
            st.sampled_from(["female", "male", "unknown"]),
            st.sampled_from(["cidp", "mmn", "gbs"]),
        ),
        max_size=60,
    ),
    st.integers(min_value=2, max_value=7),
)
def test_whatever_comes_in_every_class_that_goes_out_is_large_enough(patients, at_least):
    kept = suppress_small_cells(patients, at_least=at_least)
    values = list(kept.classes.values())
    assert all(values.count(one) >= at_least for one in values)
    assert len(values) + kept.patients_left_out == len(patients)
    for name, one in kept.classes.items():
        for field in ("age_band", "sex", "indication"):
            assert getattr(one, field) in (getattr(patients[name], field), SUPPRESSED)
