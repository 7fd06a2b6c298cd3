"""A set of vital signs. None means not measured: unknown, never normal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

VITAL_SIGNS = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "pulse_per_min",
    "respiratory_rate_per_min",
    "spo2_percent",
    "temperature_c",
)


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was measured at `effective_at` (the bedside time, aware). Units are in the names."""

    effective_at: datetime
    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    pulse_per_min: int | None = None
    respiratory_rate_per_min: int | None = None
    spo2_percent: int | None = None
    temperature_c: Decimal | None = None

    def value(self, sign: str) -> Decimal | None:
        """The measured value of a sign of VITAL_SIGNS, None when it was not measured."""
        measured: int | Decimal | None = getattr(self, sign)
        return None if measured is None else Decimal(measured)

    @property
    def missing(self) -> tuple[str, ...]:
        """The signs that were not measured."""
        return tuple(sign for sign in VITAL_SIGNS if getattr(self, sign) is None)


def latest_of_each(observations: Iterable[Vitals]) -> Vitals | None:
    """The newest measurement of every sign, at the time of the newest observation; None without any.

    A blood pressure alone after a full set replaces that set's blood pressure and nothing else.
    """
    in_order = sorted(observations, key=lambda vitals: vitals.effective_at)
    if not in_order:
        return None
    newest = {
        sign: measured
        for vitals in in_order
        for sign in VITAL_SIGNS
        if (measured := getattr(vitals, sign)) is not None
    }
    return Vitals(effective_at=in_order[-1].effective_at, **newest)
