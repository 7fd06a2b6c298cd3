"""A stretch of time as the width of a drawing: moments become shares of it, days become ticks."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

_MOST_TICKS = 7
_MARGIN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Axis:
    """From the left edge to the right one; aware moments."""

    from_at: datetime
    to_at: datetime

    def place(self, moment: datetime) -> Decimal:
        """Percent of the width from the left edge, to a hundredth; what lies outside stands at the edge."""
        within = min(max(moment, self.from_at), self.to_at)
        share = Decimal((within - self.from_at).total_seconds()) / Decimal(
            (self.to_at - self.from_at).total_seconds()
        )
        return round(share * 100, 2)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies on it."""
        return self.from_at <= moment <= self.to_at

    def ticks(self, zone: ZoneInfo) -> tuple[datetime, ...]:
        """Midnights of the ward, so many days apart that at most seven fit; the first is the first day's own."""
        first = self.from_at.astimezone(zone).date()
        last = self.to_at.astimezone(zone).date()
        step = -(-((last - first).days + 1) // _MOST_TICKS)
        days = range(0, (last - first).days + 1, step)
        midnights = (datetime.combine(first + timedelta(days=day), time(0), zone) for day in days)
        return tuple(moment for moment in midnights if self.holds(moment))


def axis_over(moments: list[datetime], zone: ZoneInfo) -> Axis:
    """From midnight before the first of the moments to half a day after the last, in the ward's time."""
    first = min(moments).astimezone(zone).date()
    return Axis(datetime.combine(first, time(0), zone), max(moments) + _MARGIN)
