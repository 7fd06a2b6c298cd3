"""Live vaccines after immunoglobulin: from which day on, by each authority, and blocked until the longest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from apps.followups.domain.windows import months_after


class Interval(Protocol):
    """What an authority says for a dose: so many months after the last infusion day."""

    @property
    def code(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def months(self) -> int: ...


@dataclass(frozen=True, slots=True)
class CourseGiven:
    """A course as vaccines see it: its whole dose, its last infusion day so far (in the ward's time)."""

    course_id: int
    dose_mg_per_kg: Decimal
    last_infusion_on: date
    is_running: bool
    intervals: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class ReleaseDate:
    """From which day on one authority lets a vaccine be given, and the course that decides it."""

    authority: str
    months: int
    on: date
    course_id: int
    interval_code: str


@dataclass(frozen=True, slots=True)
class VaccineRelease:
    """Every authority's date for one vaccine, the longest first. Not before `blocked_until`."""

    code: str
    blocked_until: date
    is_running: bool
    dates: tuple[ReleaseDate, ...]

    def is_blocked(self, on: date) -> bool:
        """Whether a day lies before the longest of the dates."""
        return on < self.blocked_until


class Override(Protocol):
    """What a physician decided of a vaccine, and until when it was blocked then."""

    @property
    def vaccine(self) -> str: ...
    @property
    def blocked_until(self) -> date: ...


_Override = TypeVar("_Override", bound=Override)


def override_of(release: VaccineRelease, overrides: Iterable[_Override]) -> _Override | None:
    """The decision that sets this block aside; a block that another dose has moved since stands again."""
    return next(
        (
            one
            for one in overrides
            if one.vaccine == release.code and one.blocked_until >= release.blocked_until
        ),
        None,
    )


def vaccine_release(
    code: str, interval_codes: Iterable[str], courses: Sequence[CourseGiven]
) -> VaccineRelease | None:
    """When a vaccine may be given; None where no course delays it.

    `interval_codes` are the rows of the authorities that speak of this vaccine; the intervals of a course are
    those its dose falls under. Each authority's date is the latest that any course sets. A day that a month does
    not have becomes the first of the next. Source: clinical facts 6.
    """
    named = frozenset(interval_codes)
    latest: dict[str, ReleaseDate] = {}
    for course in courses:
        for interval in course.intervals:
            if interval.code not in named:
                continue
            on = months_after(course.last_infusion_on, interval.months)
            known = latest.get(interval.authority)
            if known is None or on > known.on:
                latest[interval.authority] = ReleaseDate(
                    interval.authority, interval.months, on, course.course_id, interval.code
                )
    if not latest:
        return None
    dates = tuple(sorted(latest.values(), key=lambda one: one.on, reverse=True))
    deciding = {one.course_id for one in dates}
    running = any(course.is_running for course in courses if course.course_id in deciding)
    return VaccineRelease(code, dates[0].on, running, dates)
