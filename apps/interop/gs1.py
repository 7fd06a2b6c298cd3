"""GS1 barcodes on packages and wristbands, read with biip.

Application identifiers (GS1 General Specifications, section 3): 01 GTIN, 10 lot, 17 expiry, 21 serial number,
8018 patient. Others are read over.
"""

import re
from datetime import date

from biip import ParseConfig, ParseError
from biip.checksums import gs1_standard_check_digit
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin

from apps.interop.domain.scanned_text import SEPARATOR, scanned_text, two_codes
from apps.interop.domain.vials import VialCode
from apps.interop.domain.wristbands import WristbandCode
from apps.kernel.errors import DomainError
from apps.kernel.numbers import fold_digits
from apps.kernel.text import N_

_GTIN, _LOT, _EXPIRY, _SERIAL = "01", "10", "17", "21"
_GTIN_LENGTHS = (8, 12, 13, 14)
# An impossible expiry date is refused below, with a sentence; another impossible date does not matter.
_CONFIG = ParseConfig(gs1_element_strings_verify_date=False)
# What an element looks like that was swallowed by the one before it.
_SWALLOWED = {_GTIN: r"01\d{14}", _LOT: "10.", _EXPIRY: r"17\d{6}", _SERIAL: "21."}
_PACKAGE = re.compile(r"\(?01\)?\d{14}")
_PATIENT = re.compile(r"\(?8018\)?(\d{18})(?:[\x1d(]?8019\)?\d{1,10})?")


def read_vial_code(text: str) -> VialCode:
    """A package's DataMatrix, GS1-128 or EAN code as a scanner types it, or as it is printed in brackets.

    A code of a GTIN alone holds no lot. Where a scanner leaves out the separators and lot and serial number
    cannot be told apart, both are None. Raises DomainError `scan_not_gs1`, `scan_no_gtin`, `scan_check_digit`,
    `scan_expiry`, `scan_separator`, and what `scanned_text` raises.
    """
    data = scanned_text(text)
    if data.isdigit() and len(data) in _GTIN_LENGTHS:
        return VialCode(gtin=read_gtin(data))
    elements = _elements(data)
    gtin = _value(elements, _GTIN)
    if gtin is None:
        raise DomainError(
            "scan_no_gtin",
            N_(
                "This code names no product (GTIN). Scan the code on the vial or on its box, or type lot and expiry."
            ),
        )
    return VialCode(
        gtin=read_gtin(gtin),
        lot_number=_value(elements, _LOT),
        expires_on=_expiry(elements),
        serial=_value(elements, _SERIAL),
    )


def read_gtin(digits: str) -> str:
    """A trade item number as 14 digits. Raises DomainError `scan_check_digit`."""
    digits = fold_digits(digits)
    if not (digits.isascii() and digits.isdigit()):
        raise _check_digit(digits)
    try:
        return Gtin.parse(digits).as_gtin_14()
    except ParseError as error:
        raise _check_digit(digits) from error


def read_wristband(text: str) -> WristbandCode:
    """A wristband as a scanner types it: a GS1 number of a patient (8018), or the bare record number.

    Raises DomainError `scan_is_package`, `scan_check_digit`, and what `scanned_text` raises.
    """
    data = scanned_text(text)
    if _PACKAGE.match(data):
        raise DomainError(
            "scan_is_package", N_("This is the code of a package. Scan the patient's wristband instead.")
        )
    patient = _PATIENT.fullmatch(data)
    if patient is None:
        return WristbandCode(identifier=data)
    number = patient[1]
    if gs1_standard_check_digit(number[:-1]) != int(number[-1]):
        raise _check_digit(number)
    return WristbandCode(identifier=number)


def _elements(data: str) -> list[GS1ElementString]:
    as_printed = data.startswith("(")
    read = GS1Message.parse_hri if as_printed else GS1Message.parse
    try:
        elements = list(read(data, config=_CONFIG).element_strings)
    except ParseError as error:
        raise DomainError(
            "scan_not_gs1",
            N_(
                "This is not a GS1 code that can be read. Scan the square code (DataMatrix) on the box again,"
                " or type lot and expiry."
            ),
        ) from error
    if as_printed:
        return elements
    _refuse_missing_separators(data, elements)
    return elements[:-1] if _last_may_have_swallowed(data, elements) else elements


def _refuse_missing_separators(data: str, elements: list[GS1ElementString]) -> None:
    """A field that is full is not therefore at its end: what follows may still belong to it."""
    position = 0
    for element in elements[:-1]:
        position += len(element)
        if element.ai.separator_required and data[position] != SEPARATOR:
            raise DomainError(
                "scan_separator",
                N_(
                    "The scanner left out a mark between two fields, so the lot number cannot be read safely."
                    " Type lot and expiry, and have the scanner set to send GS (ASCII 29)."
                ),
            )
        while data[position] == SEPARATOR:
            position += 1


def _last_may_have_swallowed(data: str, elements: list[GS1ElementString]) -> bool:
    """A scanner that sends no separator at all joins the last field to the one before it, without a trace."""
    last = elements[-1]
    if SEPARATOR in data or not last.ai.separator_required:
        return False
    missing = _SWALLOWED.keys() - {element.ai.ai for element in elements}
    return any(re.search(_SWALLOWED[ai], last.value[1:]) for ai in missing)


def _value(elements: list[GS1ElementString], ai: str) -> str | None:
    values = {element.value for element in elements if element.ai.ai == ai}
    if len(values) > 1:
        raise two_codes()
    return values.pop() if values else None


def _expiry(elements: list[GS1ElementString]) -> date | None:
    printed = _value(elements, _EXPIRY)
    if printed is None:
        return None
    found = next(element.date for element in elements if element.ai.ai == _EXPIRY)
    if found is None:
        raise DomainError(
            "scan_expiry",
            N_(
                "The expiry date in this code (%(printed)s) does not exist. Type lot and expiry from the label."
            ),
            printed=printed,
        )
    return found


def _check_digit(number: str) -> DomainError:
    return DomainError(
        "scan_check_digit",
        N_("The check digit of %(number)s is wrong: the code was misread or mistyped. Scan it again."),
        number=number,
    )
