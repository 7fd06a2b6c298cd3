"""After an outage: what is late is worked most urgent first, and what is not urgent does not come all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.followups.domain.calling_hours import Hours, next_calling_hour

AT_ONCE = 8  # as many as a ward can look at together; site policy once somebody asks for it


@dataclass(frozen=True, slots=True)
class LateCheck:
    """A check whose time passed while nobody worked; `until` is when it must have had its turn at the latest."""

    number: int
    urgent: bool
    due_at: datetime
    until: datetime


def turns(
    late: Sequence[LateCheck],
    *,
    now: datetime,
    taken: int,
    every: timedelta,
    hours: Hours | None,
    zone: ZoneInfo,
) -> dict[int, datetime]:
    """When each late check has its turn, by number: urgent ones now, whatever the hour; the rest one after another.

    The one whose window closes first comes first. `taken` had their turn a moment ago: with them at most
    `AT_ONCE` come together, and `every` so long another one, in calling hours. Nobody waits beyond `until`.
    """
    granted = {check.number: now for check in late if check.urgent}
    rest = [check for check in late if not check.urgent]
    rest.sort(key=lambda check: (check.until, check.due_at, check.number))
    begin = next_calling_hour(now, hours, zone)
    for place, check in enumerate(rest, start=taken):
        turn = next_calling_hour(begin + every * max(0, place - AT_ONCE + 1), hours, zone)
        granted[check.number] = max(now, min(turn, check.until))
    return granted
