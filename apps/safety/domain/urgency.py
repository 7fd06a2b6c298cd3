"""How soon an adverse event is to be reviewed (review_clocks.yaml)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from apps.guidelines.domain import ReviewClock


def review_clock(clocks: Sequence[ReviewClock], *, severity: str, terms: Iterable[str]) -> ReviewClock | None:
    """The first clock that fits the severity, or one of the terms; the last fits every event. None without data."""
    named = set(terms)
    for clock in clocks:
        everything = not clock.severities and not clock.terms
        if everything or severity in clock.severities or named & set(clock.terms):
            return clock
    return None


def review_due(clock: ReviewClock, opened_at: datetime) -> datetime:
    """When an event that nobody has reviewed calls."""
    return opened_at + timedelta(hours=float(clock.alert_after_hours))
