"""A PIN is six digits that a neighbour does not try first."""

import pytest

from apps.devices.domain.pins import choose_pin
from apps.kernel.errors import DomainError


@pytest.mark.parametrize("typed", ["280461", " 280461 ", "۲۸۰۴۶۱", "٢٨٠٤٦١"])
def test_six_digits_of_any_script_are_the_same_pin(typed):
    assert choose_pin(typed) == "280461"


@pytest.mark.parametrize("typed", ["", "28046", "2804611", "28046a", "28 461", "²80461", "-28046"])
def test_anything_else_is_no_pin(typed):
    with pytest.raises(DomainError) as refusal:
        choose_pin(typed)
    assert refusal.value.code == "pin_not_six_digits"


@pytest.mark.parametrize("typed", ["000000", "121212", "123123", "123456", "654321", "890123", "۱۲۳۴۵۶"])
def test_what_is_guessed_first_is_refused(typed):
    with pytest.raises(DomainError) as refusal:
        choose_pin(typed)
    assert refusal.value.code == "pin_too_simple"
