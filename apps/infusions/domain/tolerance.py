"""Which rate of an infusion was borne without a reaction. For the eyes of the next prescriber, not a limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time at one rate; `ended_at` None while it runs."""

    rate_ml_per_kg_h: Decimal
    rate_ml_per_h: Decimal
    started_at: datetime
    ended_at: datetime | None


def tolerated_stretch(stretches: Sequence[Stretch], onsets: Sequence[datetime]) -> Stretch | None:
    """The longest stretch at the highest rate at which no reaction began; None where there is none.

    A reaction that began in a pause, or after the end, is put down to the rate before it; one that began at
    the very change of rates to both.
    """
    reacted = {rate for onset in onsets for rate in _rates_at(stretches, onset)}
    borne = [
        stretch
        for stretch in stretches
        if stretch.ended_at is not None and stretch.rate_ml_per_kg_h not in reacted
    ]
    return max(borne, key=_rate_and_length, default=None)


def _rates_at(stretches: Sequence[Stretch], onset: datetime) -> set[Decimal]:
    begun = [stretch for stretch in stretches if stretch.started_at <= onset]
    within = {
        stretch.rate_ml_per_kg_h for stretch in begun if stretch.ended_at is None or onset <= stretch.ended_at
    }
    last = max(begun, key=lambda stretch: stretch.started_at, default=None)
    return within or ({last.rate_ml_per_kg_h} if last else set())


def _rate_and_length(stretch: Stretch) -> tuple[Decimal, float]:
    assert stretch.ended_at is not None
    return stretch.rate_ml_per_kg_h, (stretch.ended_at - stretch.started_at).total_seconds()
