"""Numbers as people type them at a bedside, read strictly.

Persian and Arabic digits and decimal signs, and the decimal comma of Norwegian, are folded on purpose.
Everything that has ever turned into a wrong dose is refused: booleans, NaN, infinities, exponents, grouping
signs, blanks inside.
"""

import re
from decimal import Decimal
from typing import Any

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_FOLD = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")
_TO_PERSIAN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")
# One or two digits behind a comma can only be a decimal part; three could be thousands.
_DECIMAL_COMMA = re.compile(r"(-?\d+),(\d{1,2})", re.ASCII)
# The form prints ۲/۴ for 2.4; read as a fraction it would be 0.5 (clinical facts 1.11 X3).
_SLASH = re.compile(r"\d+\s*/\s*\d*|/\s*\d+", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)


def fold_digits(text: str) -> str:
    """Persian and Arabic digits and the Arabic decimal sign as their Latin counterparts."""
    return text.translate(_FOLD)


def to_persian_digits(text: str) -> str:
    """Latin digits and decimal point as Persian readers expect them."""
    return text.translate(_TO_PERSIAN)


def plain(value: Decimal) -> str:
    """`1.50` as "1.5", `100` as "100": never an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_decimal(
    value: Any, *, minimum: Decimal, maximum: Decimal, max_decimal_places: int, unit: str
) -> Decimal:
    """A plain decimal number within [minimum, maximum], as Decimal.

    Accepts int, Decimal and text in Latin, Persian or Arabic digits, with a point, a momayyez, or a comma
    before at most two digits; a float only when its shortest form is plain. Raises DomainError
    `number_invalid`, `number_with_slash`, `number_too_precise` or `number_out_of_range`.
    """
    number = _plain(value, unit)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > max_decimal_places:
        raise DomainError(
            "number_too_precise",
            N_("Give at most %(places)s decimal places, in %(unit)s."),
            places=max_decimal_places,
            unit=unit,
        )
    if not minimum <= number <= maximum:
        raise DomainError(
            "number_out_of_range",
            N_("%(value)s is outside %(minimum)s to %(maximum)s %(unit)s. Check the value and its unit."),
            value=number,
            minimum=minimum,
            maximum=maximum,
            unit=unit,
        )
    return number


def _plain(value: Any, unit: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise _invalid(unit)
    text = fold_digits(value.strip()) if isinstance(value, str) else str(value)
    text = _DECIMAL_COMMA.sub(r"\1.\2", text) if _DECIMAL_COMMA.fullmatch(text) else text
    if _SLASH.fullmatch(text):
        raise DomainError(
            "number_with_slash",
            N_("“%(typed)s” may be a fraction or a decimal number. Write it with a decimal point or comma."),
            typed=str(value),
        )
    if not _NUMBER.fullmatch(text):
        raise _invalid(unit)
    return Decimal(text)


def _invalid(unit: str) -> DomainError:
    return DomainError(
        "number_invalid", N_("Enter a plain number in %(unit)s, for example 36.8 or ۳۶٫۸."), unit=unit
    )
