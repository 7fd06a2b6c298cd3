"""How long somebody may stand in for a ward, and what is wrong with a cover that cannot be meant. Pure."""

from datetime import datetime, timedelta

LONGEST_COVER = timedelta(hours=24)
"""At once; a longer absence is a ward of one's own, which the administrator gives. Site policy."""
EMERGENCY_LASTS = timedelta(hours=4)
"""How long break-glass opens a patient. Site policy."""


def fault_of_cover(*, starts_at: datetime, ends_at: datetime, now: datetime) -> str | None:
    """`cover_ends_too_early`, `cover_too_long`, or None where the times can be meant."""
    if ends_at <= max(starts_at, now):
        return "cover_ends_too_early"
    if ends_at - starts_at > LONGEST_COVER:
        return "cover_too_long"
    return None


def holds(*, starts_at: datetime, ends_at: datetime, ended_at: datetime | None, moment: datetime) -> bool:
    """Whether a cover or an emergency access counts: from its first moment until just before its end."""
    return starts_at <= moment < (min(ends_at, ended_at) if ended_at else ends_at)
