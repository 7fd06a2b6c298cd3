"""The clinical window of a check: its ends are medicine, and only its due time may give way to a night."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from apps.followups.domain.calling_hours import Hours, place


class Rule(Protocol):
    """A follow-up rule, as the guidelines hold it; hours count from its anchor."""

    @property
    def code(self) -> str: ...
    @property
    def effect(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def is_asked(self) -> bool: ...
    @property
    def anchor(self) -> str: ...
    @property
    def for_facts(self) -> tuple[str, ...]: ...
    @property
    def interval_codes(self) -> tuple[str, ...]: ...
    @property
    def opens_after_h(self) -> int: ...
    @property
    def due_after_h(self) -> int: ...
    @property
    def closes_after_h(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Window:
    """A check may be done from `opens_at`, is asked for at `due_at`, and overdue after `closes_at` (None: never)."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime | None


def clinical_window(rule: Rule, anchored_at: datetime) -> Window:
    """Real hours from the anchor, across every change of the clocks. Source: clinical facts 5.1, 8."""
    closes = rule.closes_after_h
    return Window(
        opens_at=anchored_at + timedelta(hours=rule.opens_after_h),
        due_at=anchored_at + timedelta(hours=rule.due_after_h),
        closes_at=None if closes is None else anchored_at + timedelta(hours=closes),
    )


def asked_window(window: Window, hours: Hours | None, zone: ZoneInfo) -> Window:
    """The same window with its due time in calling hours."""
    due_at = place(window.due_at, hours, zone, opens_at=window.opens_at, closes_at=window.closes_at)
    return Window(window.opens_at, due_at, window.closes_at)


def vaccine_hold(
    rule: Rule, window: Window, last_dose_at: datetime, months: Mapping[str, int], zone: ZoneInfo
) -> Window:
    """A hold on live vaccines: the longest of the intervals the rule names, counted from the last infusion day.

    `months` are the rows that this dose falls under. Where none is known the hours of the rule stay.
    Source: clinical facts 6.
    """
    longest = max((months[code] for code in rule.interval_codes if code in months), default=None)
    if longest is None:
        return window
    ends_on = months_after(last_dose_at.astimezone(zone).date(), longest)
    return Window(window.opens_at, window.due_at, midnight(ends_on, zone))


def months_after(day: date, months: int) -> date:
    """The same day that many months later; where that month has no such day, the first of the next: never too soon."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    if day.day > monthrange(year, month)[1]:
        return date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, day.day)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day in the ward's time."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)
