"""Numbers, times and names as the reader's language writes them."""

from datetime import date, time
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import get_language

from apps.kernel.numbers import plain, to_persian_digits

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def in_reader_digits(text: str) -> str:
    """A text that is made of figures, such as a time of day; never a name or a code."""
    return text.translate(_PERSIAN_DIGITS) if get_language() == "fa" else text


def number_text(number: Decimal | int) -> str:
    """A number without needless zeros, with the reader's digits and decimal sign."""
    return written(plain(Decimal(number)))


def written(number: str) -> str:
    """A number's Latin digits and point in the reader's writing."""
    language = get_language()
    if language == "fa":
        return to_persian_digits(number)
    return number.replace(".", ",") if language == "nb" else number


def time_text(moment: time) -> str:
    """A time of day, 24 hours."""
    return in_reader_digits(f"{moment:%H:%M}")


def date_text(day: date) -> str:
    """A date of the calendar that is printed on labels: `31 Dec 2027`, in Norwegian `31.12.2027`."""
    return in_reader_digits(date_format(day, "d.m.Y" if get_language() == "nb" else "j M Y"))


def verbatim(text: str) -> str:
    """A name, a code or a person's own words: untouched, and kept apart from the sentence around it.

    The first strong letter decides its direction; figures alone run left to right, as printed on a label.
    """
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if text and get_language() == "fa" else text


def separator() -> str:
    """The comma of the reader's language with its blank, for things said side by side.

    A middle dot beside Persian digits reads as a zero: ten times a dose. The mark behind the Persian comma keeps
    figures that follow a Latin name from being drawn to it.
    """
    return "،\u200f " if get_language() == "fa" else ", "
