"""Rates with exact limits, comparisons between products, lots that stand out. Pure."""

from apps.signals.domain.disproportion import Disproportion, Fourfold, disproportion
from apps.signals.domain.limits import CONFIDENCE, Estimate, poisson_rate, proportion
from apps.signals.domain.lot_watch import ALPHA, LotCount, LotLook, bound_at, look_at_lot

__all__ = [
    "ALPHA",
    "CONFIDENCE",
    "Disproportion",
    "Estimate",
    "Fourfold",
    "LotCount",
    "LotLook",
    "bound_at",
    "disproportion",
    "look_at_lot",
    "poisson_rate",
    "proportion",
]
