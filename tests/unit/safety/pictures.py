"""Adverse events as the record may hold them, for the pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.safety.domain import EventPicture, OtherReaction, RateSet, Signs

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """A moment, in minutes since the infusion began."""
    return START + timedelta(minutes=minutes)


def rate(minutes: float, ml_per_h: str, step: int | None = 0) -> RateSet:
    return RateSet(at(minutes), Decimal(ml_per_h), Decimal(ml_per_h) / 70, step)


def signs(minutes: float, **values: Any) -> Signs:
    return Signs(at(minutes), **values)


def other(minutes: float, term: str = "headache", session_id: int = 2) -> OtherReaction:
    return OtherReaction(session_id, term, at(minutes), date(2026, 3, 1))


HEADACHE = EventPicture(
    session_id=1,
    onset_at=at(40),
    started_at=START,
    ended_at=None,
    resolved_at=None,
    term="headache",
    symptoms=(("headache", "mild"),),
    age_years=40,
    age_months=480,
    rates=(rate(0, "35"), rate(30, "70", 1)),
)


def picture(**changes: Any) -> EventPicture:
    """A mild headache ten minutes after the second step of a running infusion, but for what is said."""
    return replace(HEADACHE, **changes)
