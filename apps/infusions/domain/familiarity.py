"""Whether a patient is new to the product about to be given (clinical facts 2.3, 3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


class Given(Protocol):
    """An earlier infusion; "" for a product and None for a day that nobody knows."""

    @property
    def product_code(self) -> str: ...
    @property
    def given_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Familiarity:
    """How the patient stands to the product: each of the three calls for the lowest first rate."""

    is_naive: bool
    switched_product: bool
    long_gap: bool


def familiarity(
    earlier: Sequence[Given], *, product_code: str, today: date, long_gap_days: Decimal
) -> Familiarity:
    """Against the newest earlier infusion; a day nobody knows is the oldest, and a long gap when nothing is newer.

    `long_gap_days` or more are a long gap: "several weeks" in the leaflet (clinical facts 3.1).
    """
    last = max(earlier, key=lambda given: given.given_on or date.min, default=None)
    if last is None:
        return Familiarity(is_naive=True, switched_product=False, long_gap=False)
    return Familiarity(
        is_naive=False,
        switched_product=last.product_code != product_code,
        long_gap=last.given_on is None or (today - last.given_on).days >= long_gap_days,
    )
