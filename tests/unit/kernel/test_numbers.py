"""A number typed at a bedside is either exactly what was meant, or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import DomainError
from apps.kernel.numbers import fold_digits, parse_decimal, to_persian_digits

LATIN = "0123456789"
DIGITS = {"latin": LATIN, "persian": "۰۱۲۳۴۵۶۷۸۹", "arabic": "٠١٢٣٤٥٦٧٨٩"}
SIGNS = [".", "٫"]


def parse(value, *, minimum="-1000000", maximum="1000000", places=6):
    return parse_decimal(
        value,
        minimum=Decimal(minimum),
        maximum=Decimal(maximum),
        max_decimal_places=places,
        unit="kg",
    )


def refusal_of(value, **limits):
    with pytest.raises(DomainError) as refusal:
        parse(value, **limits)
    return refusal.value.code


@given(
    number=st.decimals("-1000000", "1000000", places=4),
    digits=st.sampled_from(sorted(DIGITS)),
    sign=st.sampled_from(SIGNS),
)
def test_any_number_in_any_of_our_digits_comes_back_equal(number, digits, sign):
    typed = f"{number:f}".translate(str.maketrans(LATIN + ".", DIGITS[digits] + sign))
    assert parse(typed) == number
    assert parse(f" {typed}\n") == number


@given(number=st.decimals("0", "999", places=1))
def test_the_norwegian_comma_is_a_decimal_sign(number):
    assert parse(f"{number:f}".replace(".", ",")) == number


@given(number=st.integers(-1_000_000, 1_000_000))
def test_whole_numbers_and_decimals_need_no_text(number):
    assert parse(number) == number
    assert parse(Decimal(number)) == number


@given(number=st.integers(-9999, 9999))
def test_a_float_is_read_as_it_is_printed(number):
    assert parse(number / 10) == Decimal(number) / 10


@pytest.mark.parametrize(
    "value",
    [
        True, False, None, [], [1], {}, b"1",
        float("nan"), float("inf"), float("-inf"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+5"), 1e-7,
        "", " ", "nan", "inf", "1e5", "1E5", "1_000", "1,500", "1,5,0", "1.500,0", "1٬500", "1 2", "1.", ".5",
        "+1", "--1", "0x10", "½", "१२", "12 kg", "1234567890", "1.2345678", "۱۲٫", "−1",
    ],
)  # fmt: skip
def test_whatever_has_ever_become_a_wrong_dose_is_refused(value):
    assert refusal_of(value, maximum="9999999999") == "number_invalid"


@pytest.mark.parametrize("value", ["۲/۴", "2/4", "۵/", "/4", "2 / 4"])
def test_a_slash_is_neither_read_as_a_fraction_nor_as_a_decimal_sign(value):
    assert refusal_of(value) == "number_with_slash"


@given(text=st.text(max_size=12))
def test_no_text_gets_past_as_anything_but_a_plain_number(text):
    try:
        number = parse(text)
    except DomainError as error:
        assert error.code in {"number_invalid", "number_with_slash", "number_out_of_range"}
    else:
        plain = fold_digits(text.strip()).replace(",", ".")
        assert set(plain) <= set("-0123456789.") and Decimal(plain) == number


@pytest.mark.parametrize(("value", "code"), [("29.9", None), ("30", None), ("30.1", "number_out_of_range")])
def test_the_range_holds_its_ends(value, code):
    if code is None:
        assert parse(value, minimum="29.9", maximum="30") == Decimal(value)
    else:
        assert refusal_of(value, minimum="29.9", maximum="30") == code
    assert refusal_of("29.8", minimum="29.9", maximum="30") == "number_out_of_range"


def test_precision_nobody_can_measure_is_refused():
    assert parse("36.7", places=1) == Decimal("36.7")
    assert refusal_of("36.75", places=1) == "number_too_precise"
    assert refusal_of("36,75", places=1) == "number_too_precise"
    assert refusal_of("120.0", places=0) == "number_too_precise"


def test_a_refusal_names_value_range_and_unit():
    with pytest.raises(DomainError) as refusal:
        parse("700", minimum="0.3", maximum="350")
    assert str(refusal.value) == "700 is outside 0.3 to 350 kg. Check the value and its unit."


@given(number=st.decimals("0", "1000000", places=3))
def test_shown_in_persian_digits_and_typed_back(number):
    shown = to_persian_digits(f"{number:f}")
    assert not set(shown) & set(LATIN + ".")
    assert parse(shown) == number
