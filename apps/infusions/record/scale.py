"""Where things stand on the record's chart: one axis of time for every strip, a range of values for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

_TICK_MINUTES = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
_MOST_TICKS = 10
_SHORTEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From `start` to `end` between two places on the paper (mm), from left to right in every language."""

    start: datetime
    end: datetime
    left: float
    right: float

    def x(self, at: datetime) -> float:
        """Where a moment stands."""
        return self.left + (at - self.start) / (self.end - self.start) * (self.right - self.left)

    def ticks(self, zone: tzinfo) -> list[datetime]:
        """Moments to label: round ones of the ward's clock, at most ten or so."""
        span = self.end - self.start
        steps = [timedelta(minutes=minutes) for minutes in _TICK_MINUTES]
        step = next((step for step in steps if span / step <= _MOST_TICKS), timedelta(days=1))
        local = self.start.astimezone(zone)
        midnight = datetime.combine(local.date(), time(), tzinfo=zone)
        count = -((midnight - self.start) // step)
        first = midnight + step * count
        return [first + step * index for index in range(int((self.end - first) / step) + 1)]


def time_axis(moments: Iterable[datetime], *, left: float, right: float) -> TimeAxis | None:
    """An axis on which all moments stand, half an hour long at the least; None without any moment."""
    known = sorted(moments)
    if not known:
        return None
    start, end = known[0], max(known[-1], known[0] + _SHORTEST)
    margin = (end - start) / 40
    return TimeAxis(start - margin, end + margin, left, right)


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """From `low` at the bottom of a strip to `high` at its top (mm from the top of the paper)."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """Where a value stands."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def ticks(self, step: float) -> list[float]:
        """The multiples of `step` in the range, both ends included."""
        first = -(-self.low // step)
        return [step * (first + index) for index in range(int((self.high - step * first) // step) + 1)]


def value_axis(
    values: Iterable[float], *, usual: tuple[float, float], step: float, top: float, bottom: float
) -> ValueAxis:
    """The usual range, made wider by whole steps until every value is in it."""
    known = [*values, *usual]
    low, high = step * (min(known) // step), -step * (-max(known) // step)
    return ValueAxis(low, high, top, bottom)
