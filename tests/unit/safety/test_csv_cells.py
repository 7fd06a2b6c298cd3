import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.safety.domain import neutralise


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "＝1", "-", "--1",
     "-1-1", "-۱"],
)  # fmt: skip
def test_what_could_be_a_formula_becomes_text(text):
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "-2.5", "+3", "-1,5", "12", "rash", "LOT-1", "P-7K3M9Q", "2026-03-01", "کهیر", "a=b", "   "]
)
def test_numbers_and_plain_words_pass_unchanged(text):
    assert neutralise(text) == text


@given(st.text())
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text):
    safe = neutralise(text)
    assert safe == text or safe == f"'{text}"
    if safe[:1] in tuple("=+-@\t\r\n"):
        float(safe.replace(",", "."))
