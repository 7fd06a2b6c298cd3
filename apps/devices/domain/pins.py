"""Which six digits may be a PIN."""

from apps.kernel.errors import DomainError
from apps.kernel.numbers import fold_digits
from apps.kernel.text import N_

LENGTH = 6
_STEPS = ("0123456789", "9876543210")


def read_pin(typed: str) -> str:
    """The digits in Latin; Persian and Arabic ones are folded. Says nothing about whether they may be chosen."""
    return fold_digits(typed.strip())


def choose_pin(typed: str) -> str:
    """The PIN somebody wants, folded. Raises DomainError `pin_not_six_digits`, `pin_too_simple`.

    Refused is what a neighbour tries first: one digit all over, a pair or three repeated, a run up or down.
    """
    pin = read_pin(typed)
    if not (len(pin) == LENGTH and pin.isascii() and pin.isdigit()):
        raise DomainError(
            "pin_not_six_digits", N_("A PIN has six digits and nothing else."), extra={"field": "pin"}
        )
    repeated = any(pin == pin[:part] * (LENGTH // part) for part in (1, 2, 3))
    if repeated or any(pin in row + row for row in _STEPS):
        raise DomainError(
            "pin_too_simple",
            N_("This PIN is guessed first. Choose digits that neither repeat nor count up or down."),
            extra={"field": "pin"},
        )
    return pin
