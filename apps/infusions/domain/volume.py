"""How much has gone in, from the rates that were set and what was hung, and when each of them was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_PER_HOUR = 3_600_000_000
_TENTH_ML = Decimal("0.1")
_HUNDREDTH_G = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    """From `started_at` on the pump runs at this rate, until the next one; 0 is a pause or the end.

    Raises DomainError `rate_negative`.
    """

    started_at: datetime
    rate_ml_per_h: Decimal

    def __post_init__(self) -> None:
        if self.rate_ml_per_h < 0:
            raise DomainError("rate_negative", N_("A rate cannot be negative."))


@dataclass(frozen=True, slots=True)
class Hung:
    """A vial or bag with its volume, hung at a time. Its lot runs from there."""

    hung_at: datetime
    volume_ml: Decimal


def volume_given_ml(rates: Sequence[Rate], hung: Sequence[Hung], now: datetime) -> Decimal:
    """Millilitres given until `now`, unrounded (28 digits). Use `to_tenth_ml` to show it.

    Never more than was hung: an empty bag gives nothing until the next one hangs, at whatever rate.
    """
    return _flow(rates, hung, now).given / _MICROSECONDS_PER_HOUR


def to_tenth_ml(volume_ml: Decimal) -> Decimal:
    """A volume as it is shown: to 0.1 mL, half up."""
    return volume_ml.quantize(_TENTH_ML, rounding=ROUND_HALF_UP)


def grams_given(volume_ml: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    """Grams of immunoglobulin in a volume, to 0.01 g, half up."""
    return (volume_ml * concentration_mg_per_ml / 1000).quantize(_HUNDREDTH_G, rounding=ROUND_HALF_UP)


def hung_ml(hung: Sequence[Hung]) -> Decimal:
    """Everything that was hung."""
    return sum((vial.volume_ml for vial in hung), Decimal(0))


def left_in_each_ml(hung: Sequence[Hung], given_ml: Decimal) -> tuple[Decimal, ...]:
    """What each vial still holds in mL, if they run in the order in which they were hung."""
    left: list[Decimal] = []
    for vial in hung:
        taken = min(given_ml, vial.volume_ml)
        left.append(vial.volume_ml - taken)
        given_ml -= taken
    return tuple(left)


def time_of_volume(
    rates: Sequence[Rate], hung: Sequence[Hung], *, volume_ml: Decimal, now: datetime
) -> datetime | None:
    """When `volume_ml` is in, if the running rate stays and the next vial hangs in time.

    `now` when it is in already; None when nothing runs.
    """
    flow = _flow(rates, hung, now)
    left = volume_ml * _MICROSECONDS_PER_HOUR - flow.given
    if left <= 0:
        return now
    if not flow.rate_ml_per_h:
        return None
    microseconds = (left / flow.rate_ml_per_h).to_integral_value(rounding=ROUND_CEILING)
    return now + timedelta(microseconds=int(microseconds))


@dataclass(slots=True)
class _Flow:
    """`given` and `hung` in mL times microseconds per hour: exact, so that only one division rounds."""

    given: Decimal = Decimal(0)
    hung: Decimal = Decimal(0)
    rate_ml_per_h: Decimal = Decimal(0)


def _flow(rates: Sequence[Rate], hung: Sequence[Hung], now: datetime) -> _Flow:
    changes: list[tuple[datetime, Rate | Hung]] = [
        *((rate.started_at, rate) for rate in rates),
        *((vial.hung_at, vial) for vial in hung),
    ]
    changes.sort(key=lambda change: change[0])
    flow, since = _Flow(), now
    for at, change in changes:
        if at > now:
            break
        _run(flow, since, at)
        since = at
        if isinstance(change, Hung):
            flow.hung += change.volume_ml * _MICROSECONDS_PER_HOUR
        else:
            flow.rate_ml_per_h = change.rate_ml_per_h
    _run(flow, since, now)
    return flow


def _run(flow: _Flow, since: datetime, until: datetime) -> None:
    if until > since:
        flow.given = min(flow.hung, flow.given + flow.rate_ml_per_h * ((until - since) // _MICROSECOND))
