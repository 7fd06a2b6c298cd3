"""Rates with exact limits, comparisons between products, lots that stand out. Pure."""

from apps.signals.domain.counting import fourfolds, lot_counts
from apps.signals.domain.disproportion import Disproportion, Fourfold, disproportion
from apps.signals.domain.limits import CONFIDENCE, Estimate, poisson_rate, proportion
from apps.signals.domain.lot_watch import ALPHA, LOOKS, LotCount, LotLook, bound_at, look_at_lot
from apps.signals.domain.rates import (
    GRAMS_PER_KG,
    PER_INFUSIONS,
    PER_PATIENTS,
    Axis,
    Given,
    RateRow,
    Told,
    rate_of_all,
    rates_by,
)

__all__ = [
    "ALPHA",
    "CONFIDENCE",
    "GRAMS_PER_KG",
    "LOOKS",
    "PER_INFUSIONS",
    "PER_PATIENTS",
    "Axis",
    "Disproportion",
    "Estimate",
    "Fourfold",
    "Given",
    "LotCount",
    "LotLook",
    "RateRow",
    "Told",
    "bound_at",
    "disproportion",
    "fourfolds",
    "look_at_lot",
    "lot_counts",
    "poisson_rate",
    "proportion",
    "rate_of_all",
    "rates_by",
]
