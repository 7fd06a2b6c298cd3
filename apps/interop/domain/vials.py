"""What the code on a vial says, and what speaks against hanging that vial."""

from dataclasses import dataclass, field
from datetime import date

from apps.kernel.text import N_, Params


@dataclass(frozen=True, slots=True)
class VialCode:
    """A vial's code. `gtin` has 14 digits; what the code does not say for certain is None."""

    gtin: str
    lot_number: str | None = None
    expires_on: date | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product by its code in the guideline and the name that is printed on its box."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be settled before the vial is hung, as a sentence."""

    code: str
    message: str
    params: Params = field(default_factory=dict)


def check_vial(
    code: VialCode,
    *,
    expected: NamedProduct,
    known: NamedProduct | None,
    hung_on: date | None,
    today: date,
    held_because: str = "",
) -> tuple[Problem, ...]:
    """What speaks against hanging this vial; `unknown_package` alone is settled by a look at the box.

    `known` is the product that the GTIN is confirmed to stand for, `hung_on` the day on which a vial of the same
    GTIN and serial number was hung, `today` the ward's day, `held_because` why the lot is on
    hold. A vial may be hung on the day it expires.
    """
    problems = []
    if held_because and code.lot_number is not None:
        problems.append(_on_hold(code.lot_number, held_because))
    if code.expires_on is not None and code.expires_on < today:
        problems.append(_expired(code.expires_on))
    if hung_on is not None and code.serial is not None:
        problems.append(_already_hung(code.serial, hung_on))
    if known is None:
        problems.append(_unknown(expected))
    elif known.code != expected.code:
        problems.append(_other(known, expected))
    return tuple(problems)


def _expired(expires_on: date) -> Problem:
    message = N_("This vial expired on %(date)s. Take another one and tell the pharmacy.")
    return Problem("expired", message, {"date": expires_on})


def _on_hold(lot_number: str, reason: str) -> Problem:
    message = N_("Lot %(lot)s is on hold: %(reason)s Do not hang it, and keep it for the pharmacy.")
    return Problem("lot_on_hold", message, {"lot": lot_number, "reason": reason})


def _already_hung(serial: str, hung_on: date) -> Problem:
    message = N_(
        "The vial with serial number %(serial)s was hung on %(date)s already. Look at the vial in your hand:"
        " is it empty, or was the wrong one scanned?"
    )
    return Problem("already_hung", message, {"serial": serial, "date": hung_on})


def _unknown(expected: NamedProduct) -> Problem:
    message = N_(
        "Nobody has confirmed this package number yet. Read the name on the box: is it %(expected)s?"
    )
    return Problem("unknown_package", message, {"expected": expected.name})


def _other(found: NamedProduct, expected: NamedProduct) -> Problem:
    message = N_("This is %(found)s, but %(expected)s is ordered. Do not hang it; ask the pharmacy.")
    return Problem("other_product", message, {"found": found.name, "expected": expected.name})
