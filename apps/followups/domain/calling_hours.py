"""Nobody is called at night: a due time moves to the nearest calling hour of its window, in the ward's time."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


class Hours(Protocol):
    """Hours of the day in the ward's time; `until_hour` is not one of them."""

    @property
    def from_hour(self) -> int: ...
    @property
    def until_hour(self) -> int: ...


def in_calling_hours(moment: datetime, hours: Hours, zone: ZoneInfo) -> bool:
    """Whether the ward's wall clock stands within these hours."""
    return hours.from_hour <= moment.astimezone(zone).hour < hours.until_hour


def place(
    due_at: datetime, hours: Hours | None, zone: ZoneInfo, *, opens_at: datetime, closes_at: datetime | None
) -> datetime:
    """The moment nearest to `due_at` that lies in the hours and in the window; it may be earlier or later.

    A window that holds no such moment keeps its due time: a check at a bad hour is better than none.
    Before the night the last full hour is meant, not the last second.
    """
    if hours is None or in_calling_hours(due_at, hours, zone):
        return due_at
    fitting = [
        moment
        for moment in _around(due_at, hours, zone)
        if opens_at <= moment and (closes_at is None or moment < closes_at)
    ]
    return min(fitting, key=lambda moment: (abs(moment - due_at), moment), default=due_at)


def next_calling_hour(moment: datetime, hours: Hours | None, zone: ZoneInfo) -> datetime:
    """`moment`, or the beginning of the next calling hours after it."""
    if hours is None or in_calling_hours(moment, hours, zone):
        return moment
    return min(start for start, _ in _days_around(moment, hours, zone) if start > moment)


def _around(due_at: datetime, hours: Hours, zone: ZoneInfo) -> list[datetime]:
    return [moment for pair in _days_around(due_at, hours, zone) for moment in pair]


def _days_around(moment: datetime, hours: Hours, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    today = moment.astimezone(zone).date()
    return [_ends(at, hours, zone) for at in (today - _DAY, today, today + _DAY)]


def _ends(day: date, hours: Hours, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a day's hours, and the beginning of its last one."""
    first = datetime.combine(day, time(hours.from_hour), zone)
    last = datetime.combine(day, time(hours.until_hour - 1), zone)
    return first.astimezone(UTC), last.astimezone(UTC)
