"""Whole numbers, days and texts at the door."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from apps.edge.fields import CodeField, DayField, LineField, NoteField, WholeNumberField

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.lists(st.none())
)


def refused(field, value):
    with pytest.raises(ValidationError) as refusal:
        field.run_validation(value)
    return str(refusal.value.detail[0])


@given(number=st.integers(-(10**18) + 1, 10**18 - 1))
def test_a_whole_number_in_any_of_our_digits(number):
    field = WholeNumberField()
    for typed in (number, str(number), str(number).translate(PERSIAN), f" {str(number).translate(ARABIC)} "):
        assert field.run_validation(typed) == number


@pytest.mark.parametrize(
    "value",
    [True, False, "1_000", "1 000", "1,000", "1.0", "1e3", "0x10", "+1", "१२", "１２", "½", "", "9" * 400, 10**400, 1.5,
     1e300, float("nan"), float("inf"), [], {}, [1], b"1"],
)  # fmt: skip
def test_whatever_looks_like_a_number_and_is_none(value):
    assert refused(WholeNumberField(), value)


def test_json_writes_whole_numbers_with_a_point_too():
    assert WholeNumberField().run_validation(3.0) == 3


def test_the_range_of_a_whole_number_holds():
    field = WholeNumberField(min_value=1, max_value=5)
    assert field.run_validation("۵") == 5
    assert refused(field, 0) and refused(field, 6)


@given(day=st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_in_any_of_our_digits(day):
    for typed in (day.isoformat(), day.isoformat().translate(PERSIAN)):
        assert DayField().run_validation(typed) == day


@pytest.mark.parametrize("value", ["1404-05-06", "0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_of_another_calendar_or_age_is_refused(value):
    assert "Gregorian" in refused(DayField(), value)


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "26-01-01", "2026-1-1", "01.02.2026", "2026-W10-1", "20260301", "2026-03-02T10:00", "", 20260301,
     True, 1.5, [], {}, "१९८०-०१-०१"],
)  # fmt: skip
def test_what_is_no_day(value):
    assert refused(DayField(), value)


@given(value=ANYTHING)
def test_every_field_answers_anything_with_a_value_or_a_sentence(value):
    for field in (WholeNumberField(), DayField(), CodeField(), LineField(), NoteField()):
        try:
            field.run_validation(value)
        except ValidationError as refusal:
            assert refusal.detail


@pytest.mark.parametrize("field", [CodeField(), LineField(), NoteField()])
def test_texts_say_what_is_hidden_in_them(field):
    assert "U+202E" in refused(field, "LOT\u202e21")
    assert field.run_validation("  LOT 12 \n") == "LOT 12"
