"""The element table says the same as the values, and the values as the table."""

from dataclasses import is_dataclass
from decimal import Decimal
from typing import get_args, get_type_hints

import pytest

from apps.icsr import domain
from apps.icsr.domain import Dosage, Drug, E2bTime, Icsr, NullFlavor, Reaction
from apps.icsr.domain.codes import CODE_LISTS
from apps.icsr.domain.elements import BY_NUMBER, ELEMENTS, Conformance
from apps.icsr.domain.paths import steps_of
from apps.icsr.domain.structure import CONTEXTS
from apps.icsr.domain.walking import field_of, held, places

SECTIONS = [one for name in domain.__all__ if is_dataclass(one := getattr(domain, name))]


def _fields():
    for section in SECTIONS:
        hints = get_type_hints(section)
        for place in places(section):
            if place.element is not None:
                yield place.element, set(get_args(hints[place.field])) or {hints[place.field]}


def test_every_element_has_one_field_and_every_number_one_element():
    numbers = [element.number for element, _ in _fields()]
    assert sorted(numbers) == sorted(BY_NUMBER)
    assert len(BY_NUMBER) == len(ELEMENTS) == 156


def test_a_field_takes_a_null_flavor_exactly_where_the_element_does():
    for element, types in _fields():
        assert (NullFlavor in types) == bool(element.nulls), element.number


def test_the_type_of_a_field_is_that_of_its_element():
    for element, types in _fields():
        if element.alphabet == "TS":
            assert E2bTime in types, element.number
        elif element.alphabet in ("BL", "TRUE"):
            assert bool in types, element.number
        elif Decimal in types:
            assert element.alphabet in ("N", "AN"), element.number
        else:
            assert not {E2bTime, bool} & types, element.number


def test_every_element_has_its_place_in_a_known_context():
    for element in ELEMENTS:
        assert element.context in CONTEXTS or element.context in ("BATCH", "MSG"), element.number
        assert steps_of(element.path) or element.context == "OTHID", element.number
    for parent, path in CONTEXTS.values():
        assert parent in CONTEXTS or parent == "MSG"
        assert steps_of(path)


def test_what_an_element_calls_for_exists():
    for element in ELEMENTS:
        assert element.needed_with is None or element.needed_with in BY_NUMBER
        if element.conformance == Conformance.REQUIRED:
            assert element.needed_with is None


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("C.1.3", {"1", "2", "3", "4"}),
        ("E.i.7", {"0", "1", "2", "3", "4", "5"}),
        ("G.k.1", {"1", "2", "3", "4"}),
        ("G.k.8", {"0", "1", "2", "3", "4", "9"}),
        ("D.5", {"1", "2"}),
        ("C.2.r.5", {"1"}),
    ],
)
def test_closed_lists_hold_their_codes(number, codes):
    assert BY_NUMBER[number].allowed == codes


def test_rates_and_grams_per_kilogram_have_no_unit():
    """They belong into the dosage text (G.k.4.r.8)."""
    assert not {"mL/kg/h", "g/kg", "mL/h"} & set(CODE_LISTS[25])
    assert {"g", "mg/kg", "mg/mL"} <= BY_NUMBER["G.k.4.r.1b"].allowed


def test_the_six_criteria_are_true_or_no_information():
    for letter in "abcdef":
        element = BY_NUMBER[f"E.i.3.2{letter}"]
        assert element.alphabet == "TRUE"
        assert element.nulls == {NullFlavor.NO_INFORMATION}
        assert element.conformance == Conformance.REQUIRED


def test_walking_names_the_row():
    report = Icsr(
        reactions=(Reaction(), Reaction(meddra_code="90000001")),
        drugs=(Drug(dosages=(Dosage(), Dosage(lot="B456")), additional_codes=("5", "7")),),
    )
    found = {one.label: one.value for one in held(report) if one.value not in (None, ())}
    assert found == {"E.2.2.1b": "90000001", "G.1.4.2.7": "B456", "G.1.10.1": "5", "G.1.10.2": "7"}


def test_walking_tells_what_was_left_out():
    """A rule about what is required sees every required element, in each row."""
    labels = [one.label for one in held(Icsr(reactions=(Reaction(), Reaction()))) if one.value is None]
    assert {"C.1.1", "E.1.7", "E.2.7", "H.1"} <= set(labels)
    assert field_of(Reaction, "E.i.7") == "outcome"
