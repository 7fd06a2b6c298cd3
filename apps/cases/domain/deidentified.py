"""Rows for research that tell of nobody: pseudonyms by a keyed hash, days instead of dates, ages in bands, small cells.

The key is made of the site's secret and a salt of the export's own. It stays in the house, so nobody outside can go
from a pseudonym back to a patient by trying numbers, and two exports have no pseudonym in common.
"""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

SUPPRESSED = "*"
TOP_CODED_AGE = 90  # years; from here on all ages are one band, as in 45 CFR 164.514(b)(2)(i)(C)
_BANDS = (0, 2, 12, 18, 30, 40, 50, 60, 70, 80, TOP_CODED_AGE)
_INFO = b"ivig-monitor research export"
_PSEUDONYM_BYTES = 10


def hkdf_sha256(secret: bytes, *, salt: bytes, info: bytes, length: int = 32) -> bytes:
    """A key of `length` bytes derived from a secret (RFC 5869)."""
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    key, block, counter = b"", b"", 1
    while len(key) < length:
        block = hmac.new(extracted, block + info + bytes([counter]), hashlib.sha256).digest()
        key, counter = key + block, counter + 1
    return key[:length]


def export_key(secret: str, salt: bytes) -> bytes:
    """The key of one export."""
    return hkdf_sha256(secret.encode(), salt=salt, info=_INFO)


def pseudonym(key: bytes, kind: str, identifier: str) -> str:
    """A name for something (`patient`, `lot`) that only who holds the key can make: 16 letters and digits."""
    made = hmac.new(key, f"{kind}\0{identifier}".encode(), hashlib.sha256).digest()
    return b32encode(made[:_PSEUDONYM_BYTES]).decode()


def age_band(born_on: date, on: date) -> str:
    """Completed years in a band: `30-39`, `90+`."""
    years = max(0, on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day)))
    if years >= TOP_CODED_AGE:
        return f"{TOP_CODED_AGE}+"
    index = max(place for place, start in enumerate(_BANDS) if start <= years)
    return f"{_BANDS[index]}-{_BANDS[index + 1] - 1}"


@dataclass(frozen=True, slots=True)
class Class:
    """What somebody might know of a person already, and find them by: the same in all rows of a patient."""

    age_band: str
    sex: str
    indication: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Each patient's class after suppression, and how much was given up for it."""

    classes: dict[str, Class]
    cells_suppressed: int
    patients_left_out: int


def suppress_small_cells(patients: dict[str, Class], *, at_least: int) -> Kept:
    """Suppress what singles people out until every class that is left holds `at_least` patients (k-anonymity).

    Of patients in too small a class first the indication goes, then the age, then the sex; who is still alone then is
    left out.
    """
    classes = dict(patients)
    for fields in (("indication",), ("age_band",), ("sex",)):
        for name in _in_small_classes(classes, at_least):
            classes[name] = replace(classes[name], **dict.fromkeys(fields, SUPPRESSED))
    left_out = _in_small_classes(classes, at_least)
    for name in left_out:
        del classes[name]
    cells = sum(
        (one.age_band == SUPPRESSED) + (one.sex == SUPPRESSED) + (one.indication == SUPPRESSED)
        for one in classes.values()
    )
    return Kept(classes, cells, len(left_out))


def _in_small_classes(classes: dict[str, Class], at_least: int) -> Sequence[str]:
    members: dict[Class, list[str]] = {}
    for name, one in classes.items():
        members.setdefault(one, []).append(name)
    return [name for names in members.values() if len(names) < at_least for name in names]
