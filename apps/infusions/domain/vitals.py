"""A set of vital signs. None means not measured: unknown, never normal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

MEASURED_SIGNS = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "pulse_per_min",
    "respiratory_rate_per_min",
    "spo2_percent",
    "temperature_c",
)
ASSESSED_SIGNS = ("oxygen_l_per_min", "consciousness", "capillary_refill_s", "respiratory_effort")
VITAL_SIGNS = (*MEASURED_SIGNS, *ASSESSED_SIGNS)


class Consciousness(StrEnum):
    """ACVPU (clinical facts 4.1)."""

    ALERT = "alert"
    CONFUSION = "confusion"
    VOICE = "voice"
    PAIN = "pain"
    UNRESPONSIVE = "unresponsive"


class RespiratoryEffort(StrEnum):
    """How hard a child works to breathe; severe includes any apnoea (clinical facts 4.2)."""

    NORMAL = "normal"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was measured at `effective_at` (the bedside time, aware). Units are in the names.

    `oxygen_l_per_min` 0 is room air. `not_done` names signs that could not be measured, or were refused.
    """

    effective_at: datetime
    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    pulse_per_min: int | None = None
    respiratory_rate_per_min: int | None = None
    spo2_percent: int | None = None
    temperature_c: Decimal | None = None
    oxygen_l_per_min: Decimal | None = None
    consciousness: Consciousness | None = None
    capillary_refill_s: Decimal | None = None
    respiratory_effort: RespiratoryEffort | None = None
    not_done: frozenset[str] = frozenset()

    def value(self, sign: str) -> Decimal | None:
        """The number of a sign that is one, None when it was not measured."""
        measured: int | Decimal | None = getattr(self, sign)
        return None if measured is None else Decimal(measured)

    def has(self, sign: str) -> bool:
        """Whether a sign of VITAL_SIGNS was measured."""
        return getattr(self, sign) is not None

    @property
    def on_oxygen(self) -> bool | None:
        """Whether oxygen was given; None when nobody said."""
        return None if self.oxygen_l_per_min is None else self.oxygen_l_per_min > 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was measured."""
        return not any(self.has(sign) for sign in VITAL_SIGNS)

    def missing(self, needed: Iterable[str] = MEASURED_SIGNS) -> tuple[str, ...]:
        """The signs of `needed` that were not measured."""
        return tuple(sign for sign in needed if not self.has(sign))


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
