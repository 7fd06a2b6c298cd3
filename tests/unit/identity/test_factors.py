"""Codes count once, counters go forward, and what people type is read kindly."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.identity.domain.factors import (
    ALPHABET,
    accepted_step,
    counter_goes_on,
    recovery_code_parts,
    step_of,
    steps_around,
    typed_code,
    written_recovery_code,
)


def test_a_step_lasts_thirty_seconds():
    assert step_of(datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC)) == 1
    assert list(steps_around(10)) == [9, 10, 11]


@pytest.mark.parametrize(
    ("matches", "last", "step"),
    [
        ({9: False, 10: True, 11: False}, 0, 10),
        ({9: True, 10: False, 11: False}, 0, 9),
        ({9: False, 10: False, 11: True}, 0, 11),
        ({9: False, 10: False, 11: False}, 0, None),
        ({9: False, 10: True, 11: False}, 10, None),  # used already
        ({9: True, 10: False, 11: False}, 10, None),  # older than the last one used
        ({9: True, 10: False, 11: True}, 9, 11),  # the same digits twice in a row
    ],
)
def test_a_code_counts_once_and_only_forward(matches, last, step):
    assert accepted_step(matches, last) == step


@pytest.mark.parametrize(
    ("stored", "sent", "goes_on"),
    [(0, 0, True), (0, 1, True), (7, 8, True), (7, 7, False), (7, 6, False), (7, 0, False)],
)
def test_a_counter_that_does_not_go_on_tells_of_a_copy(stored, sent, goes_on):
    assert counter_goes_on(stored, sent) is goes_on


def test_persian_digits_and_blanks_are_the_same_code():
    assert typed_code(" ۱۲۳ ٤٥٦ ") == "123456"


@given(st.text(ALPHABET, min_size=16, max_size=16))
def test_a_recovery_code_is_read_as_it_is_printed_and_as_it_is_typed(code):
    parts = (code[:4], code[4:])
    printed = written_recovery_code(*parts)
    assert recovery_code_parts(printed) == parts
    assert recovery_code_parts(f" {printed.lower().replace('-', ' ')} ") == parts


@given(st.text(max_size=40))
def test_anything_else_is_no_recovery_code(text):
    parts = recovery_code_parts(text)
    assert parts is None or len("".join(parts)) == 16


def test_six_digits_are_never_taken_for_a_recovery_code():
    assert recovery_code_parts("234567") is None
