"""Exact limits of rates and proportions: what a count can tell, and no more.

Garwood's limits for a Poisson count and Clopper and Pearson's for a proportion: they never cover less than they
say, also for 0 and for few events, where approximations mislead.
"""

from dataclasses import dataclass
from decimal import Decimal

from scipy.special import betaincinv, gammaincinv  # scipy.stats would cost every process a second to start

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate or proportion with its limits, each in the unit it was asked for."""

    value: float
    low: float
    high: float


def poisson_rate(count: int, exposure: Decimal | int, *, per: int = 1) -> Estimate | None:
    """Events per `per` units of exposure with exact limits; None without exposure.

    An event that can come more than once in a unit, such as events per 1 000 infusions or per kilogram given.
    Raises ValueError for a negative count or exposure.
    """
    if count < 0 or exposure < 0:
        raise ValueError("a count and an exposure are never negative")
    if exposure == 0:
        return None
    beyond = (1 - CONFIDENCE) / 2
    scale = per / float(exposure)
    low = float(gammaincinv(count, beyond)) if count else 0.0
    high = float(gammaincinv(count + 1, 1 - beyond))
    return Estimate(count * scale, low * scale, high * scale)


def proportion(count: int, total: int, *, per: int = 1) -> Estimate | None:
    """How many of `per` had it, with exact limits: patients with an event among patients. None when none were at risk.

    Raises ValueError unless 0 <= count <= total.
    """
    if not 0 <= count <= total:
        raise ValueError("a share lies between none and all")
    if total == 0:
        return None
    beyond = (1 - CONFIDENCE) / 2
    low = float(betaincinv(count, total - count + 1, beyond)) if count else 0.0
    high = float(betaincinv(count + 1, total - count, 1 - beyond)) if count < total else 1.0
    return Estimate(count / total * per, low * per, high * per)
