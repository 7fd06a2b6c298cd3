"""Is one lot worse than the other lots of its product, looked at again with every event.

Each infusion either had an event or not. If lots do not differ, which of the infusions had the events is chance:
the number that fell on the lot is hypergeometric. Looking again and again would cry wolf sooner or later, so the
permitted share of false alarms, alpha, is spent in equal parts over twenty looks, from the lot's second event to its
twenty-first: Bonferroni's bound holds it whatever the looks have in common. One event alone says nothing about a
lot. Simulated with 8 events in 100 infusions, fewer than 1 lot in 100 raises a false alarm; of lots four times as bad
as the others, 9 in 10 are found within a hundred infusions.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb

ALPHA = Fraction(1, 10)
LOOKS = 20
FIRST_LOOK_AT_EVENTS = 2


@dataclass(frozen=True, slots=True)
class LotCount:
    """Infusions with the lot and with the product's other lots, and those among them that had an event."""

    lot_infusions: int
    lot_events: int
    other_infusions: int
    other_events: int

    def __post_init__(self) -> None:
        if not (
            0 <= self.lot_events <= self.lot_infusions and 0 <= self.other_events <= self.other_infusions
        ):
            raise ValueError("infusions with an event lie between none and all infusions")


@dataclass(frozen=True, slots=True)
class LotLook:
    """One look: how probable so many events or more are by chance, and how improbable they had to be."""

    count: LotCount
    probability: float
    bound: float

    @property
    def stands_out(self) -> bool:
        """Whether the lot has more events than the bound allows."""
        return self.probability <= self.bound


def look_at_lot(count: LotCount, *, alpha: Fraction = ALPHA) -> LotLook:
    """The look that the lot's newest event calls for."""
    return LotLook(count, float(_tail(count)), float(bound_at(count.lot_events, alpha=alpha)))


def bound_at(events: int, *, alpha: Fraction = ALPHA) -> Fraction:
    """What may be spent at the look with so many events; nothing before the second and after the last look."""
    if FIRST_LOOK_AT_EVENTS <= events < FIRST_LOOK_AT_EVENTS + LOOKS:
        return alpha / LOOKS
    return Fraction(0)


def _tail(count: LotCount) -> Fraction:
    """The hypergeometric probability of so many events or more on the lot, counted out exactly."""
    infusions = count.lot_infusions + count.other_infusions
    events = count.lot_events + count.other_events
    ways = sum(
        comb(events, on_lot) * comb(infusions - events, count.lot_infusions - on_lot)
        for on_lot in range(count.lot_events, min(events, count.lot_infusions) + 1)
    )
    return Fraction(ways, comb(infusions, count.lot_infusions))
