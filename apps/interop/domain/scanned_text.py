"""What a barcode scanner types as if it were a keyboard, made into what the code says."""

import re

from apps.kernel.errors import DomainError
from apps.kernel.numbers import fold_digits
from apps.kernel.text import N_

SEPARATOR = "\x1d"  # how scanners send FNC1, the end of a field of variable length
_SEPARATOR_AS_TEXT = re.compile(r"[{<\[](?:GS|FNC1)[}>\]]|\\x1d|\\u001d|\^\]|␝", re.IGNORECASE)
_SYMBOLOGY = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_WITH_CAPS_LOCK = {"D2", "c1", "q3"}  # GS1 DataMatrix, GS1-128 and GS1 QR with the letter's case turned


def scanned_text(text: str) -> str:
    """The data of a scanned code: digits folded, field separators as `SEPARATOR`, no symbology identifier.

    Raises DomainError `scan_empty`, `scan_keyboard` (the scanner types on another keyboard layout) or
    `scan_two_codes`.
    """
    data = _SEPARATOR_AS_TEXT.sub(SEPARATOR, fold_digits(text)).strip()
    if not data.isascii():
        raise _keyboard()
    symbology = _SYMBOLOGY.match(data)
    if symbology:
        if symbology[1] in _WITH_CAPS_LOCK:
            raise _keyboard()
        data = data[symbology.end() :].strip()
    if not data:
        raise DomainError("scan_empty", N_("Nothing was read. Scan the code again, or type what is printed."))
    if _SYMBOLOGY.search(data):
        raise two_codes()
    return data


def two_codes() -> DomainError:
    """Two codes came as one."""
    return DomainError(
        "scan_two_codes",
        N_("Two codes were read as one. Scan again, one vial at a time, and cover the other codes."),
    )


def _keyboard() -> DomainError:
    return DomainError(
        "scan_keyboard",
        N_(
            "The scanner types letters of another keyboard layout. Switch the keyboard to English,"
            " turn Caps Lock off, and scan again."
        ),
    )
