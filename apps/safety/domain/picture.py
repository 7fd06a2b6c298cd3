"""What the record holds around an adverse event, as values. What is not there is unknown, never normal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from apps.kernel.text import Params

# Which sets of vital signs speak for the onset: derived, needs sign-off.
SIGNS_BEFORE = timedelta(minutes=15)
SIGNS_AFTER = timedelta(hours=2)
NOT_DESCRIBED = "unspecified"


class Answer(StrEnum):
    """An answer to a question; what does not apply is kept apart from what nobody knows."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence: an English %-template, translated at the edge, and what fills it."""

    message: str
    params: Params


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with why."""

    answer: Answer
    why: Said


@dataclass(frozen=True, slots=True)
class RateSet:
    """From `at` on the pump ran at this rate; 0 is a pause or the end. `step_index` None outside the plan."""

    at: datetime
    rate_ml_per_h: Decimal
    rate_ml_per_kg_h: Decimal
    step_index: int | None


@dataclass(frozen=True, slots=True)
class Signs:
    """One set of vital signs; None was not measured. `oxygen_l_per_min` 0 is air."""

    at: datetime
    systolic_mmhg: int | None = None
    spo2_percent: int | None = None
    temperature_c: Decimal | None = None
    oxygen_l_per_min: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OtherReaction:
    """A reaction during another infusion, or another one of the same."""

    session_id: int
    term: str
    onset_at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class HemolysisSeen:
    """Hemoglobin's fall in g/L, whether the antiglobulin test is newly positive, how many further signs."""

    fall_g_per_l: Decimal | None
    antiglobulin: bool | None
    markers: int | None


@dataclass(frozen=True, slots=True)
class EventPicture:
    """An adverse event with everything that is read to judge it.

    `symptoms` maps what was recorded to its severity, possibly empty. `rates` and `signs` are in order of time.
    `earlier_infusions`, `later_infusions`: how many were begun here before and after. `measured`: the event rests on
    a laboratory result.
    """

    session_id: int
    onset_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    resolved_at: datetime | None
    term: str
    symptoms: tuple[tuple[str, str], ...]
    age_years: int
    age_months: int
    baseline: Signs | None = None
    signs: tuple[Signs, ...] = ()
    rates: tuple[RateSet, ...] = ()
    others: tuple[OtherReaction, ...] = ()
    earlier_infusions: int = 0
    later_infusions: int = 0
    measured: bool = False
    hemolysis: HemolysisSeen | None = None

    @property
    def seen(self) -> frozenset[str]:
        """Every code that was recorded: the term and the symptoms."""
        return frozenset({self.term, *(code for code, _ in self.symptoms)}) - {NOT_DESCRIBED}

    @property
    def described(self) -> bool:
        """Whether anybody has said what was seen."""
        return bool(self.seen)

    def among(self, terms: Iterable[str]) -> tuple[str, ...]:
        """Which of these codes were recorded."""
        return tuple(code for code in terms if code in self.seen)

    def severity_of(self, code: str) -> str:
        """The severity recorded for a symptom; empty when none was."""
        return dict(self.symptoms).get(code, "")

    @property
    def around(self) -> tuple[Signs, ...]:
        """The sets of vital signs that speak for the onset."""
        return tuple(
            taken
            for taken in self.signs
            if self.onset_at - SIGNS_BEFORE <= taken.at <= self.onset_at + SIGNS_AFTER
        )

    @property
    def running(self) -> RateSet | None:
        """What ran when it began: of what was set in that very moment the higher rate, for the lower is the answer."""
        before = [rate for rate in self.rates if rate.at < self.onset_at]
        within = [rate for rate in self.rates if rate.at == self.onset_at]
        found = max([*before[-1:], *within], key=lambda rate: rate.rate_ml_per_h, default=None)
        return found if found and found.rate_ml_per_h else None

    @property
    def last_change(self) -> tuple[RateSet, RateSet | None] | None:
        """The change that brought the rate at onset, and what ran before it; None when nothing ran."""
        running = self.running
        if running is None:
            return None
        before = [rate for rate in self.rates if rate.at < running.at]
        return running, before[-1] if before else None

    @property
    def less_after(self) -> RateSet | None:
        """The first time after the onset that the rate was lowered or the infusion stopped."""
        running = self.running
        if running is None:
            return None
        after = [rate for rate in self.rates if rate.at >= self.onset_at and rate is not running]
        return next((rate for rate in after if rate.rate_ml_per_h < running.rate_ml_per_h), None)

    @property
    def restarted(self) -> RateSet | None:
        """The first time that it ran again after a pause that followed the onset."""
        paused = False
        for rate in self.rates:
            if rate.at >= self.onset_at:
                if paused and rate.rate_ml_per_h:
                    return rate
                paused = paused or not rate.rate_ml_per_h
        return None


def whole_minutes(span: timedelta) -> int:
    """Whole minutes of a span."""
    return int(span.total_seconds() // 60)
