"""A name is found however it is written; a day and a number as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.patients.domain.identity import generalised_birth_date, kept_birth_year
from apps.patients.domain.search import (
    LONGEST_WORD,
    asked_day,
    asked_numbers,
    asked_words,
    beginnings_of,
    comparable_number,
    words_of,
)


def finds(asked, name):
    words = asked_words(asked)
    return bool(words) and set(words) <= beginnings_of(name)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("gran", "Testperson Gran"),
        ("GRAN testperson", "Testperson Gran"),
        ("tes gra", "Testperson Gran"),
        ("ase", "Åse Lønn"),
        ("Åse", "Ase Lonn"),
        ("lønn", "Åse Lonn"),
        ("strasse", "Straße"),
        ("anne marie", "Anne-Marie Or"),
        ("anne-marie", "Anne-Marie Or"),
        ("annemarie", "Anne-Marie Or"),
        ("o'brien", "Testperson O’Brien"),
        ("علي", "علی لاله"),
        ("كاج", "کاج سرو"),
        ("علی‌رضا", "علیرضا"),
        ("علیرضا", "علی‌رضا"),
        ("علی رضا", "علی‌رضا"),
        ("آذر", "اذر"),
        ("مُحَمَّد", "محمد"),
        ("بیمار ۱۲", "بیمار 12"),
        ("li", "Testperson Li"),
    ],
)
def test_a_name_is_found_however_it_is_written(asked, name):
    assert finds(asked, name)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("gr", "Testperson Gran"),  # a beginning needs three letters, else half a ward is found
        ("ran", "Testperson Gran"),
        ("gran or", "Testperson Gran"),
        ("grane", "Testperson Gran"),
        ("", "Testperson Gran"),
        (" - ' .", "Testperson Gran"),
    ],
)
def test_and_nobody_else_is(asked, name):
    assert not finds(asked, name)


@given(st.text(max_size=200))
def test_every_name_is_found_by_itself_and_by_each_of_its_words(name):
    words = words_of(name)
    assert all(1 <= len(word) <= LONGEST_WORD for word in words)
    assert set(asked_words(name)) <= words <= beginnings_of(name)


@pytest.mark.parametrize(
    "text", ["1980-05-17", "17.05.1980", "17/5/1980", "17 5 1980", "۱۹۸۰-۰۵-۱۷", " 17.5.1980 "]
)
def test_a_day_is_read_as_people_type_it(text):
    assert asked_day(text) == date(1980, 5, 17)


@pytest.mark.parametrize(
    "text", ["", "1980", "31.02.1980", "17.05.80", "1359-02-27", "17.05.1980 Gran", "5/17/1980"]
)
def test_what_is_no_day_is_none(text):
    assert asked_day(text) is None


def test_a_number_is_looked_for_in_both_cases_and_in_digits_of_one_kind():
    assert set(asked_numbers(" ab-۱۲ ")) == {"ab-12", "AB-12"}
    assert comparable_number("AB-۱۲") == "AB-12" and asked_numbers("  ") == ()


@pytest.mark.parametrize(
    ("born", "year"), [(date(1980, 12, 31), 1980), (date(1936, 1, 1), 1936), (date(1930, 1, 1), 1936)]
)
def test_of_a_birth_date_a_year_is_kept_and_of_the_very_old_none_that_names_them(born, year):
    assert kept_birth_year(born, date(2026, 5, 17)) == year
    assert generalised_birth_date(year) == date(year, 7, 1)
