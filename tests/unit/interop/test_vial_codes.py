"""What a scanner types for a vial, and what the product makes of it."""

import re
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.interop.domain.vials import VialCode
from apps.interop.gs1 import read_vial_code
from apps.kernel.errors import DomainError
from tests.unit.interop.codes import GS, GSRN, GTIN, LABEL, OTHER_GTIN, gs1_code, with_check_digit

WHOLE = VialCode(gtin=GTIN, lot_number="LE12X345AB", expires_on=date(2027, 12, 31), serial="7K3M9Q2X")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# The 82 characters of GS1 (General Specifications, figure 7.11-1).
CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
FIELDS = st.text(alphabet=CHARACTERS, min_size=1, max_size=20).filter(
    lambda text: not re.search("<(gs|fnc1)>", text, re.IGNORECASE)
)
GTINS = st.from_regex(r"[0-9]{13}", fullmatch=True).map(with_check_digit)
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2074, 12, 31))


def refusal(text):
    with pytest.raises(DomainError) as refused:
        read_vial_code(text)
    return refused.value.code


@given(
    gtin=GTINS, lot=FIELDS, expires_on=DATES, serial=FIELDS, order=st.sampled_from(list(permutations("gxls")))
)
def test_what_was_written_as_gs1_is_read_back(gtin, lot, expires_on, serial, order):
    text = gs1_code(gtin=gtin, lot=lot, expires_on=expires_on, serial=serial, order="".join(order))
    assert read_vial_code(text) == VialCode(gtin=gtin, lot_number=lot, expires_on=expires_on, serial=serial)


@given(lot=FIELDS, serial=FIELDS, order=st.sampled_from(["gxls", "gxsl", "glxs", "gsxl", "lgsx"]))
def test_a_lost_separator_never_makes_a_wrong_lot(lot, serial, order):
    """With the separators gone, the lot is read right, not at all, or the code is refused."""
    text = gs1_code(lot=lot, serial=serial, order=order, separator="")
    try:
        found = read_vial_code(text)
    except DomainError:
        return
    assert found.gtin == GTIN
    assert found.lot_number in (None, lot)


@pytest.mark.parametrize("symbology", ["", "]d2", "]C1", "]Q3", "]e0", f"]d2{GS}", f"]C1{GS}"])
@pytest.mark.parametrize("end", ["", "\r\n", "\t", GS])
def test_the_symbology_and_the_scanners_ending_do_not_matter(symbology, end):
    assert read_vial_code(symbology + gs1_code() + end) == WHOLE


@pytest.mark.parametrize("separator", [GS, "{GS}", "<GS>", "[GS]", "{gs}", "{FNC1}", "\\x1d", "^]", "␝"])
def test_the_separator_may_come_as_text(separator):
    assert read_vial_code(gs1_code(order="gxls", separator=separator)) == WHOLE


@pytest.mark.parametrize("digits", [PERSIAN, ARABIC])
def test_persian_and_arabic_digits_are_folded(digits):
    lot_in_digits = gs1_code(lot="120045", serial="889900").translate(digits)
    found = read_vial_code(lot_in_digits)
    assert (found.gtin, found.lot_number, found.serial) == (GTIN, "120045", "889900")


@pytest.mark.parametrize("typed", ["مث۱۲ط۳۴۵شذ", "چی۲" + "۰۱" + GTIN, "å¨d2" + gs1_code()])
def test_letters_of_another_keyboard_layout_are_refused(typed):
    assert refusal("01" + GTIN + "10" + typed) == "scan_keyboard"
    with pytest.raises(DomainError, match="Switch the keyboard to English"):
        read_vial_code(typed)


def test_caps_lock_is_seen_in_the_symbology():
    assert refusal("]D2" + gs1_code()) == "scan_keyboard"


def test_day_00_is_the_last_day_of_the_month():
    assert read_vial_code(f"01{GTIN}1728020010A1").expires_on == date(2028, 2, 29)
    assert read_vial_code(f"01{GTIN}1727020010A1").expires_on == date(2027, 2, 28)


def test_other_fields_are_read_over():
    text = f"01{GTIN}240XY-7{GS}241C99{GS}301{GS}11260115713123456789{GS}17271231" + "10LE12X345AB"
    assert read_vial_code(text) == VialCode(GTIN, "LE12X345AB", date(2027, 12, 31), None)


def test_what_is_printed_in_brackets_may_be_typed():
    assert read_vial_code(f"(01) {GTIN} (17) 271231 (10) LE12X345AB (21) 7K3M9Q2X") == WHOLE


@pytest.mark.parametrize(
    ("typed", "gtin"),
    [
        (with_check_digit("704000000001"), GTIN),
        ("]E0" + with_check_digit("704000000001"), GTIN),
        (with_check_digit("7040001"), with_check_digit("7040001").zfill(14)),
        (GTIN, GTIN),
    ],
    ids=["EAN-13", "EAN-13 with symbology", "EAN-8", "GTIN-14"],
)
def test_a_linear_code_names_the_product_and_no_lot(typed, gtin):
    assert read_vial_code(typed) == VialCode(gtin=gtin)
    assert read_vial_code(typed.translate(PERSIAN) if "]" not in typed else typed) == VialCode(gtin=gtin)


@given(gtin=GTINS, place=st.integers(0, 13), shift=st.integers(1, 9))
def test_one_wrong_digit_is_noticed(gtin, place, shift):
    wrong = gtin[:place] + str((int(gtin[place]) + shift) % 10) + gtin[place + 1 :]
    assert refusal(gs1_code(gtin=wrong)) == "scan_check_digit"
    assert refusal(wrong) == "scan_check_digit"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "scan_empty"),
        ("]d2", "scan_empty"),
        (" \r\n", "scan_empty"),
        ("hello", "scan_not_gs1"),
        ("01123", "scan_not_gs1"),
        ("(01", "scan_not_gs1"),
        (gs1_code().replace("17271231", "17271331"), "scan_not_gs1"),
        (gs1_code().replace("17271231", "17270231"), "scan_expiry"),
        (gs1_code(gtin=None), "scan_no_gtin"),
        ("8018" + GSRN, "scan_no_gtin"),
        (f"01{GTIN}10A1{GS}10B2", "scan_two_codes"),
        (f"01{GTIN}01{OTHER_GTIN}10A1", "scan_two_codes"),
        (f"01{GTIN}172712311726123110A1", "scan_two_codes"),
        ("]d2" + gs1_code() + "]d2" + gs1_code(), "scan_two_codes"),
        (f"01{GTIN}10{'A' * 20}21XY", "scan_separator"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_a_sentence(typed, code):
    assert refusal(typed) == code


def test_the_same_field_twice_with_the_same_content_is_one():
    assert read_vial_code(gs1_code() + GS + f"10{LABEL['lot']}").lot_number == LABEL["lot"]


def test_a_lot_that_may_hold_the_serial_number_is_left_to_the_person():
    """No separator came at all: `21` may begin the serial number or belong to the lot."""
    found = read_vial_code(f"01{GTIN}1727123110LE12217K3M9")
    assert found == VialCode(gtin=GTIN, lot_number=None, expires_on=date(2027, 12, 31), serial=None)
    assert read_vial_code(f"01{GTIN}1727123110LE12217K3M9{GS}21X7").lot_number == "LE12217K3M9"
