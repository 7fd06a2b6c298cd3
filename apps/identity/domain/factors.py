"""Second factors: which code counts, what a counter may do, how recovery codes look."""

from collections.abc import Mapping
from datetime import datetime

STEP_S = 30
DRIFT_STEPS = 1
RECOVERY_CODES = 10
# Without letters and digits that look alike on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
INDEX_LENGTH, SECRET_LENGTH = 4, 12
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def step_of(moment: datetime) -> int:
    """The number of the 30 s step of RFC 6238 a moment lies in."""
    return int(moment.timestamp()) // STEP_S


def steps_around(step: int) -> range:
    """The steps whose codes count: a telephone's clock may be one step off (RFC 6238, 5.2)."""
    return range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1)


def typed_code(text: str) -> str:
    """A code as people type it: blanks out, Persian and Arabic digits folded."""
    return "".join(text.split()).translate(_DIGITS)


def accepted_step(codes: Mapping[int, bool], last_step: int) -> int | None:
    """The step whose code was typed, if it was not used before. None refuses.

    `codes` says of each step whether its code is the one that was typed. A step at or before the last one used is
    refused: a code that somebody saw being typed opens nothing (RFC 6238, 5.2).
    """
    found = [step for step, matches in codes.items() if matches and step > last_step]
    return min(found, default=None)


def counter_goes_on(stored: int, sent: int) -> bool:
    """Whether a passkey's counter shows no copy of it (WebAuthn level 2, 6.1.1). Keys without a counter send 0."""
    return sent > stored or (sent == 0 and stored == 0)


def recovery_code_parts(text: str) -> tuple[str, str] | None:
    """Index and secret of a recovery code as it was typed; None when it cannot be one."""
    code = "".join(letter for letter in typed_code(text).upper() if letter != "-")
    if len(code) != INDEX_LENGTH + SECRET_LENGTH or any(letter not in ALPHABET for letter in code):
        return None
    return code[:INDEX_LENGTH], code[INDEX_LENGTH:]


def written_recovery_code(index: str, secret: str) -> str:
    """A recovery code as it is printed: four groups of four."""
    code = index + secret
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
