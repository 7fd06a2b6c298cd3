"""Periods in whole months."""

from datetime import date


def first_of_month(day: date, *, months_back: int = 0) -> date:
    """The first day of the month that lies so many months before the day's own."""
    months = day.year * 12 + day.month - 1 - months_back
    return date(months // 12, months % 12 + 1, 1)
