"""Whatever a scanner or a keyboard sends: a code that can be trusted, or a sentence."""

import re

from hypothesis import given
from hypothesis import strategies as st

from apps.interop.gs1 import read_gtin, read_vial_code, read_wristband
from apps.kernel.errors import DomainError

PIECES = st.sampled_from(
    ["01", "10", "17", "21", "8018", "(01)", "(10)", "(17)", "05012345678900", "261231", "260200", "LOT", "\x1d",
     "\x1d\x1d", "]d2", "]C1", "{GS}", "^]", "۰۱", "٠", "\x00", "\u202e", "\u200b", "½", "²", " ", "(", ")", "\n"]
)  # fmt: skip
TYPED = st.text(max_size=40) | st.lists(
    PIECES | st.text(st.sampled_from("0123456789"), max_size=18), max_size=8
).map("".join)


@given(typed=TYPED)
def test_a_vials_code_is_read_or_refused(typed):
    try:
        code = read_vial_code(typed)
    except DomainError as refusal:
        assert str(refusal) and refusal.http_status == 400
    else:
        assert re.fullmatch("[0-9]{14}", code.gtin)
        for text in (code.lot_number, code.serial):
            assert text is None or (text.isascii() and "\x1d" not in text and text)


@given(typed=TYPED)
def test_a_wristband_is_read_or_refused(typed):
    try:
        code = read_wristband(typed)
    except DomainError as refusal:
        assert str(refusal) and refusal.http_status == 400
    else:
        assert code.identifier.isascii() and code.identifier.strip()


@given(typed=TYPED | st.text(st.sampled_from("0123456789۰۳٣٩²"), min_size=8, max_size=14))
def test_a_trade_item_number_is_read_or_refused(typed):
    try:
        assert re.fullmatch("[0-9]{14}", read_gtin(typed))
    except DomainError as refusal:
        assert refusal.code == "scan_check_digit"
