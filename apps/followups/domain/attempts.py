"""When somebody who was not reached is tried again, and when that has been in vain often enough. Pure."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo

from apps.guidelines.domain import AttemptPlan, CallingHours

UNREACHABLE = "unreachable"


def next_attempt_at(
    *, now: datetime, in_vain: int, plan: AttemptPlan, hours: CallingHours | None, zone: tzinfo
) -> datetime:
    """When to try again after `in_vain` attempts, this one among them: after the plan's wait, at an hour of calling.

    `zone` is the ward's. Without calling hours any hour will do. Site policy, see the plan's citation.
    """
    wait = plan.wait_h[min(in_vain, len(plan.wait_h)) - 1]
    return within_calling_hours(now + timedelta(hours=wait), hours=hours, zone=zone)


def within_calling_hours(moment: datetime, *, hours: CallingHours | None, zone: tzinfo) -> datetime:
    """The moment itself by day, else the next morning's first hour of calling, in the ward's time."""
    local = moment.astimezone(zone)
    if hours is None or hours.from_hour <= local.hour < hours.until_hour:
        return moment
    day = local.date() + timedelta(days=local.hour >= hours.until_hour)
    return datetime.combine(day, time(hours.from_hour), tzinfo=zone).astimezone(moment.tzinfo)


def unreached(outcomes: Iterable[str]) -> int:
    """How many of the last attempts were in vain, of outcomes in the order in which they were recorded."""
    in_vain = 0
    for outcome in outcomes:
        in_vain = in_vain + 1 if outcome == UNREACHABLE else 0
    return in_vain


def must_be_told(in_vain: int, plan: AttemptPlan) -> bool:
    """Whether so many attempts in vain are told to the ward as an alert."""
    return in_vain >= plan.escalate_after
