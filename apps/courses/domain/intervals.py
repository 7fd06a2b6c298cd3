"""When a next course may begin, from the interval a regimen prints; and what is due by then."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol


class Interval(Protocol):
    """The part of a regimen that says how often."""

    @property
    def interval_days_min(self) -> Decimal | None: ...
    @property
    def interval_days_max(self) -> Decimal | None: ...
    @property
    def queried(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a next course may begin; `latest` None where the source sets no end."""

    earliest: date
    latest: date | None


def next_course_window(interval: Interval, *, last_infusion_on: date) -> Window | None:
    """The window for the next course; None where the source is silent, or under query.

    Parts of a day count as a whole one: 12 to 24 hours after means the next day.
    """
    least, most = interval.interval_days_min, interval.interval_days_max
    if interval.queried or (least is None and most is None):
        return None
    first = int((least or Decimal(0)).to_integral_value(ROUND_CEILING))
    last = max(first, int(most.to_integral_value(ROUND_FLOOR))) if most is not None else None
    return Window(
        earliest=last_infusion_on + timedelta(days=first),
        latest=None if last is None else last_infusion_on + timedelta(days=last),
    )


def timing(due_on: date, until: date | None, *, today: date) -> str:
    """`planned` before it is due, `due` from then on, `overdue` after `until`, None meaning never."""
    if today < due_on:
        return "planned"
    return "overdue" if until is not None and today > until else "due"
