"""The timeline of a patient's follow-up as a page draws it: places in percent of the width, words for each state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.followups.domain.axis import Axis, axis_over
from apps.followups.timeline import CourseTimeline, TimelineBand, TimelineCheck, TimelineDay
from apps.guidelines.domain import ASKED_KINDS

GONE = "superseded"
_NARROWEST = Decimal("0.6")  # percent: an hour stays visible beside weeks

_LAST_NAME = Decimal(88)  # percent


@dataclass(frozen=True, slots=True)
class Span:
    """A bar: where it begins and how wide it is, in percent of the drawing's width."""

    left: Decimal
    width: Decimal


def draw_timelines(
    courses: Iterable[CourseTimeline], *, now: datetime, time_zone: str
) -> list[dict[str, Any]]:
    """The courses of which something was given, each with its lanes and the rows of the table beside them."""
    zone = ZoneInfo(time_zone)
    begun = (course for course in courses if any(day.started_at for day in course.days))
    return [_drawn(course, now, zone) for course in begun]


def _drawn(course: CourseTimeline, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    asked = [check for check in course.checks if check.kind in ASKED_KINDS and check.status != GONE]
    axis = axis_over(_moments(course, asked, zone), zone)
    return {
        "course_id": course.course_id,
        "now": str(axis.place(now)) if axis.holds(now) else "",
        "now_at": now,
        "is_over": now > axis.to_at,
        "ticks": [_tick(axis.place(tick), tick) for tick in axis.ticks(zone)],
        "days": [_day(day, axis, now, zone) for day in course.days],
        "bands": [_band(band, axis, now) for band in course.bands],
        "lanes": [_check(check, axis) for check in asked],
        "checks": [_check(check, axis) for check in course.checks],
        "notable": course.notable,
        "noted": course.noted,
    }


def _tick(left: Decimal, at: datetime) -> dict[str, Any]:
    """A date has no room at the right edge; its line has."""
    return {"left": str(left), "at": at, "is_named": left <= _LAST_NAME}


def _moments(course: CourseTimeline, asked: list[TimelineCheck], zone: ZoneInfo) -> list[datetime]:
    days = [_bounds_of_day(day, day.started_at or _morning(day, zone), zone) for day in course.days]
    return [
        *(moment for bounds in days for moment in bounds),
        *(band.to_at for band in course.bands),
        *(check.closes_at or check.due_at for check in asked),
    ]


def _day(day: TimelineDay, axis: Axis, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    state = "done" if day.ended_at else "running" if day.started_at else "planned"
    return {
        "number": day.number,
        "state": state,
        "at": day.started_at or day.expected_on,
        "ended_at": day.ended_at,
        "span": _span(axis, *_bounds_of_day(day, now, zone)),
    }


def _bounds_of_day(day: TimelineDay, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """What runs reaches as far as now; a day that is planned is the whole day."""
    if day.started_at is None:
        morning = _morning(day, zone)
        return morning, morning + timedelta(days=1)
    return day.started_at, day.ended_at or max(now, day.started_at)


def _morning(day: TimelineDay, zone: ZoneInfo) -> datetime:
    return datetime.combine(day.expected_on, time(0), zone)


def _band(band: TimelineBand, axis: Axis, now: datetime) -> dict[str, Any]:
    state = "later" if now < band.from_at else "open" if now < band.to_at else "over"
    return {
        "effect": band.effect,
        "name": band.name,
        "source": band.source,
        "state": state,
        "from_at": band.from_at,
        "to_at": band.to_at,
        "span": _span(axis, band.from_at, band.to_at),
    }


def _check(check: TimelineCheck, axis: Axis) -> dict[str, Any]:
    return {
        "id": check.check_id,
        "code": check.code,
        "name": check.name,
        "kind": check.kind,
        "status": check.status,
        "is_asked": check.kind in ASKED_KINDS,
        "opens_at": check.opens_at,
        "due_at": check.due_at,
        "closes_at": check.closes_at,
        "because": check.because,
        "gave_way": check.gave_way,
        "source": check.source,
        "at": str(axis.place(check.due_at)),
        "span": _span(axis, check.opens_at, check.closes_at or check.due_at),
    }


def _span(axis: Axis, from_at: datetime, to_at: datetime) -> Span:
    left, right = axis.place(from_at), axis.place(to_at)
    width = max(right - left, _NARROWEST)
    return Span(min(left, 100 - width), width)
