"""Age in whole years, initials, and the pseudonym under which clinical data travels."""

import re
import secrets
from datetime import date
from typing import NamedTuple

# Crockford's base 32: no I, L, O or U, so that a pseudonym survives being read out.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

OLDEST_KEPT_APART = 90  # years; beyond it a year of birth may name a person (45 CFR 164.514(b)(2)(i)(C))


class Identity(NamedTuple):
    """What names a person."""

    name: str
    birth_date: date | None
    medical_record_number: str


NOBODY = Identity("", None, "")


def kept_birth_year(birth_date: date, on: date) -> int:
    """The year that stays of a birth date when it is erased; of the very old, that of ninety years ago."""
    return max(birth_date.year, on.year - OLDEST_KEPT_APART)


def generalised_birth_date(birth_year: int | None) -> date:
    """The middle of the year: an age counted from it is true to within a year. Raises ValueError without a year."""
    if birth_year is None:
        raise ValueError("This patient has neither a birth date nor a year of birth.")
    return date(birth_year, 7, 1)


def age_years(birth_date: date, on: date) -> int:
    """Completed years of life on a day."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def initials(name: str) -> str:
    """First letters of the first and the last word of a name, `A.H.`; what stands in brackets is left out.

    The points keep Persian letters from being written as one word. Empty when the name has no letter.
    """
    words = re.sub(r"\([^)]*\)", " ", name).split()
    letters = [letter for word in words if (letter := next(filter(str.isalpha, word), ""))]
    return "".join(f"{letter.upper()}." for letter in [*letters[:1], *letters[1:][-1:]])


def new_pseudonym() -> str:
    """A random name such as `P-7K3M9Q`; unrelated to anything about the person."""
    return "P-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))
