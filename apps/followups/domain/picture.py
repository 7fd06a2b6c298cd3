"""A course as the planner sees it: its days, the dose, what is known of the patient and what is not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class CourseDay:
    """One infusion day; `expected_on` in the ward's time. None for what has not happened."""

    number: int
    expected_on: date
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CoursePicture:
    """Everything a plan rests on.

    `dose_mg_per_kg` is of the whole course: what was given, and what is still to be given. A fact neither in
    `known` nor in `unknown` does not hold. `figures` are what reasons print beside a fact: a blood group.
    `ordered_mg_per_kg` is the highest dose that was ever ordered (None: as `dose_mg_per_kg`), `given_mg_per_kg` what
    went in by now.
    """

    days: tuple[CourseDay, ...]
    zone: ZoneInfo
    dose_mg_per_kg: Decimal
    known: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    figures: Mapping[str, str] = field(default_factory=dict)
    ordered_mg_per_kg: Decimal | None = None
    given_mg_per_kg: Decimal = Decimal(0)

    def falls_short_of(self, dose_mg_per_kg: Decimal) -> bool:
        """Whether at least this was ordered, and the course comes to less."""
        return self.dose_mg_per_kg < dose_mg_per_kg <= (self.ordered_mg_per_kg or self.dose_mg_per_kg)

    @property
    def first_begun(self) -> CourseDay | None:
        """The day of the first dose."""
        begun = [day for day in self.days if day.started_at is not None]
        return min(begun, key=lambda day: (day.started_at, day.number), default=None)

    @property
    def last_ended(self) -> CourseDay | None:
        """The day of the last dose so far."""
        ended = [day for day in self.days if day.ended_at is not None]
        return max(ended, key=lambda day: (day.ended_at, day.number), default=None)


def expected_days(planned: Mapping[int, date], begun: Mapping[int, date]) -> dict[int, date]:
    """When each day of a course is to be expected: a day given late moves those after it, a day apart at least."""
    expected: dict[int, date] = {}
    for number in sorted({*planned, *begun}):
        on = begun.get(number) or planned[number]
        before = expected.get(max(expected)) if expected else None
        late = number not in begun and before is not None and on <= before
        expected[number] = date.fromordinal(before.toordinal() + 1) if late and before else on
    return expected


def dose_of_course(
    *, ordered_mg_per_kg: Decimal, days: int, stopped_mg_per_kg: Mapping[int, Decimal | None]
) -> Decimal:
    """Dose in mg/kg that a course comes to: every day counts its ordered share, a stopped one what went in.

    Whole vials round a day up or down by a few percent; the order's own number decides, not the rounding.
    What nobody measured counts whole: too long a hold is safer than too short a one.
    """
    share = ordered_mg_per_kg / days
    stopped = sum(
        (min(share, given) if given is not None else share for given in stopped_mg_per_kg.values()),
        Decimal(0),
    )
    return share * (days - len(stopped_mg_per_kg)) + stopped


def given_of_course(
    *,
    ordered_mg_per_kg: Decimal,
    days: int,
    done_mg_per_kg: Iterable[Decimal | None],
    stopped_mg_per_kg: Iterable[Decimal | None],
) -> Decimal:
    """Dose in mg/kg that went in by now. A day given whole counts its ordered share at least, whatever its vials hold.

    What nobody measured of a stopped day counts whole, as in `dose_of_course`.
    """
    share = ordered_mg_per_kg / days
    done = sum((max(share, given or share) for given in done_mg_per_kg), Decimal(0))
    return sum((share if given is None else given for given in stopped_mg_per_kg), done)
