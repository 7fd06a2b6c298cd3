"""Finding an indication as people type it, in three languages and on either Persian keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.guidelines.domain.search import IndicationFilter, find_indications, fold

_ARABIC_KEYBOARD = str.maketrans({"ی": "ي", "ک": "ك"})


def slugs(guidelines, text="", **filters):
    found = find_indications(guidelines.indications, IndicationFilter(text=text, **filters))
    return [indication.slug for indication in found]


@pytest.mark.parametrize("language", ["fa", "en", "nb"])
def test_every_row_is_found_by_its_name(guidelines, language):
    for indication in guidelines.indications:
        name = getattr(indication, f"name_{language}")
        if name:
            assert indication.slug in slugs(guidelines, name), (language, name)


def test_every_persian_name_is_found_on_an_arabic_keyboard_and_without_half_spaces(guidelines):
    for indication in guidelines.indications:
        if indication.name_fa:
            typed = indication.name_fa.translate(_ARABIC_KEYBOARD).replace("\u200c", " ")
            assert indication.slug in slugs(guidelines, typed), typed


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("کاوازاکی", "kawasaki"),
        ("كاوازاكي", "kawasaki"),
        ("KAWASAKI", "kawasaki"),
        ("guillain barre", "guillain_barre"),
        ("nevropati", "nel_cidp"),
        ("cidp", "nel_cidp"),
        ("B19", "hiv_itp_parvovirus"),
        ("۴۵۰۰", "hiv_itp_parvovirus"),
        ("4500", "hiv_itp_parvovirus"),
        ("4500mg/kg", "hiv_itp_parvovirus"),
    ],
)
def test_what_people_type(guidelines, typed, found):
    assert found in slugs(guidelines, typed)


def test_names_come_before_what_is_only_mentioned(guidelines):
    assert slugs(guidelines, "kawasaki")[0].startswith("kawasaki")


def test_filters_narrow(guidelines):
    everything = set(slugs(guidelines))
    assert len(everything) == len(guidelines.indications)
    for filters in (
        {"category": "neurology"},
        {"evidence": "unproven"},
        {"population": "neonate"},
        {"document": "iran_form_fa"},
    ):
        some = set(slugs(guidelines, **filters))
        assert some and some < everything
    assert slugs(guidelines, "no such disease anywhere") == []


@given(text=st.text(max_size=30))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ي", "ی"), ("ك", "ک"), ("می‌شود", "می شود"), ("۱۲٫۵", "12.5"), ("Guillain–Barré", "guillain barre")],
)
def test_what_is_heard_alike_folds_alike(one, other):
    assert fold(one) == fold(other)
