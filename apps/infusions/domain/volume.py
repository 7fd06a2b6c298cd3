"""How much has gone in, from the rates that were set and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from itertools import pairwise

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_PER_HOUR = 3_600_000_000
_TENTH_ML = Decimal("0.1")
_HUNDREDTH_G = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class RateSegment:
    """A time at one pump rate; `ended_at` None while it runs. A pause is a gap, or a segment at 0 mL/h.

    Raises DomainError `segment_invalid` when it ends before it starts or the rate is negative.
    """

    started_at: datetime
    ended_at: datetime | None
    rate_ml_per_h: Decimal

    def __post_init__(self) -> None:
        if self.rate_ml_per_h < 0 or (self.ended_at is not None and self.ended_at < self.started_at):
            raise DomainError("segment_invalid", N_("A rate cannot be negative or end before it begins."))


def volume_given_ml(segments: Sequence[RateSegment], now: datetime) -> Decimal:
    """Millilitres given until `now`, unrounded (28 digits). Use `to_tenth_ml` to show it.

    Segments must be in order of time. Raises DomainError `segments_overlap`.
    """
    return _ml_microseconds_per_hour(segments, now) / _MICROSECONDS_PER_HOUR


def to_tenth_ml(volume_ml: Decimal) -> Decimal:
    """A volume as it is shown: to 0.1 mL, half up."""
    return volume_ml.quantize(_TENTH_ML, rounding=ROUND_HALF_UP)


def grams_given(volume_ml: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    """Grams of immunoglobulin in a volume, to 0.01 g, half up."""
    return (volume_ml * concentration_mg_per_ml / 1000).quantize(_HUNDREDTH_G, rounding=ROUND_HALF_UP)


def finish_time(segments: Sequence[RateSegment], *, volume_ml: Decimal) -> datetime | None:
    """When `volume_ml` is in, if the running rate stays as it is; in the past when it already is.

    None when nothing runs, or runs at 0 mL/h, and the volume is not in. Raises DomainError `segments_overlap`.
    """
    _refuse_overlap(segments)
    left = volume_ml * _MICROSECONDS_PER_HOUR
    for segment in segments:
        if not segment.rate_ml_per_h:
            continue
        needed = left / segment.rate_ml_per_h
        if segment.ended_at is None or needed <= _microseconds(segment.started_at, segment.ended_at):
            return segment.started_at + timedelta(
                microseconds=int(needed.to_integral_value(rounding=ROUND_CEILING))
            )
        left -= segment.rate_ml_per_h * _microseconds(segment.started_at, segment.ended_at)
    return None


def _ml_microseconds_per_hour(segments: Sequence[RateSegment], now: datetime) -> Decimal:
    """The sum of rate (mL/h) times microseconds: exact, so that only one division rounds."""
    _refuse_overlap(segments)
    total = Decimal(0)
    for segment in segments:
        until = now if segment.ended_at is None else min(segment.ended_at, now)
        if until > segment.started_at:
            total += segment.rate_ml_per_h * _microseconds(segment.started_at, until)
    return total


def _microseconds(start: datetime, end: datetime) -> int:
    return (end - start) // _MICROSECOND


def _refuse_overlap(segments: Sequence[RateSegment]) -> None:
    for earlier, later in pairwise(segments):
        if earlier.ended_at is None or earlier.ended_at > later.started_at:
            raise DomainError("segments_overlap", N_("Two rates cannot run at the same time."))
