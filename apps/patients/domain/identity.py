"""Age in whole years, and the pseudonym under which clinical data travels."""

import secrets
from datetime import date

# Crockford's base 32: no I, L, O or U, so that a pseudonym survives being read out.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def age_years(birth_date: date, on: date) -> int:
    """Completed years of life on a day."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def new_pseudonym() -> str:
    """A random name such as `P-7K3M9Q`; unrelated to anything about the person."""
    return "P-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))
