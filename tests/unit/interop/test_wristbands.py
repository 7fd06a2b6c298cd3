"""Whose wristband it is."""

import pytest

from apps.interop.gs1 import read_wristband
from apps.kernel.errors import DomainError
from tests.unit.interop.codes import GS, GSRN, gs1_code


@pytest.mark.parametrize(
    ("typed", "identifier"),
    [
        ("UNIT-17", "UNIT-17"),
        ("]C0UNIT-17\r\n", "UNIT-17"),
        ("  40012345\t", "40012345"),
        ("۴۰۰۱۲۳۴۵", "40012345"),
        ("8018" + GSRN, GSRN),
        ("]d2" + GS + "8018" + GSRN, GSRN),
        (f"8018{GSRN}{GS}80191", GSRN),
        (f"(8018){GSRN}", GSRN),
    ],
)
def test_a_wristband_reads(typed, identifier):
    assert read_wristband(typed).identifier == identifier


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "scan_empty"),
        ("بیمار۱۷", "scan_keyboard"),
        ("8018" + GSRN[:-1] + str((int(GSRN[-1]) + 1) % 10), "scan_check_digit"),
        (gs1_code(), "scan_is_package"),
    ],
)
def test_what_is_no_wristband_is_refused_with_a_sentence(typed, code):
    with pytest.raises(DomainError) as refused:
        read_wristband(typed)
    assert refused.value.code == code


def test_only_the_whole_number_is_a_match():
    wristband = read_wristband("unit-17")
    assert wristband.belongs_to("UNIT-17") and wristband.belongs_to("UNIT -17")
    for other in ("UNIT-1", "UNIT-170", "17", "UNIT17", ""):
        assert not wristband.belongs_to(other)
