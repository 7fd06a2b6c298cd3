"""A patient's results in order of the time they were taken, and the infusions around them. Values only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from apps.guidelines.domain import LaboratoryRule

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Result:
    """One result that counts: a number in the canonical unit, or a choice; `period_h` when it was collected.

    `comparator`: "<" or ">" when the laboratory only knows that it lies beyond `value`.
    """

    number: int
    analyte: str
    taken_at: datetime
    value: Decimal = Decimal(0)
    comparator: str = ""
    choice: str = ""
    abnormal: bool = False
    period_h: Decimal | None = None

    def below(self, threshold: Decimal) -> bool:
        """Whether it surely lies below; "<0.5" lies below 0.5."""
        return self.value < threshold or (self.value == threshold and self.comparator == "<")

    def above(self, threshold: Decimal) -> bool:
        """Whether it surely lies above."""
        return self.value > threshold or (self.value == threshold and self.comparator == ">")


@dataclass(frozen=True, slots=True)
class Infusion:
    """An infusion that was begun; `ended_at` None while it runs."""

    session_id: int
    course_id: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Situation:
    """Whose results they are: birth date, the ward's time zone, every infusion that was begun."""

    birth_date: date
    time_zone: str
    infusions: tuple[Infusion, ...] = ()

    def day(self, moment: datetime) -> date:
        """The ward's day at a moment."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True, slots=True)
class Exposure:
    """The course a moment follows: first dose, and the end of the last one that was begun by then."""

    course_id: int
    session_id: int
    first_at: datetime
    last_at: datetime


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """By the time they were taken; of one moment the later entry last."""
    return tuple(sorted(results, key=lambda result: (result.taken_at, result.number)))


def exposure_at(situation: Situation, at: datetime) -> Exposure | None:
    """The course whose dose was the last to begin by `at`; None before any."""
    begun = [infusion for infusion in situation.infusions if infusion.started_at <= at]
    if not begun:
        return None
    last = max(begun, key=lambda infusion: infusion.started_at)
    of_course = [infusion for infusion in begun if infusion.course_id == last.course_id]
    return Exposure(
        course_id=last.course_id,
        session_id=last.session_id,
        first_at=min(infusion.started_at for infusion in of_course),
        last_at=min(last.ended_at or at, at),
    )


def within_days(exposure: Exposure | None, at: datetime, days: Decimal) -> bool:
    """Whether `at` lies no more than `days` behind the last dose."""
    return exposure is not None and at - exposure.last_at <= timedelta(days=int(days))


def newest(series: Iterable[Result], analyte: str, *, at: datetime) -> Result | None:
    """The newest result of an analyte taken by `at`."""
    found = [result for result in series if result.analyte == analyte and result.taken_at <= at]
    return found[-1] if found else None


def newest_since(series: Iterable[Result], analyte: str, *, since: datetime, at: datetime) -> Result | None:
    """The newest result of an analyte taken after `since` and by `at`."""
    found = newest(series, analyte, at=at)
    return found if found is not None and found.taken_at > since else None


def baseline_before_course(
    series: Iterable[Result], analyte: str, exposure: Exposure | None, rule: LaboratoryRule
) -> Result | None:
    """The newest result taken by the course's first dose, unless it is too old (rule `laboratory_baseline`)."""
    if exposure is None:
        return None
    found = newest(series, analyte, at=exposure.first_at)
    oldest = exposure.first_at - timedelta(days=int(rule.figure("max_age_days")))
    return found if found is not None and found.taken_at >= oldest else None


def days_between(earlier: datetime, later: datetime) -> Decimal:
    """Days from one moment to another, to a tenth."""
    hours = Decimal(int((later - earlier).total_seconds())) / 3600
    return (hours / 24).quantize(_TENTH, rounding=ROUND_HALF_UP).normalize() + 0
