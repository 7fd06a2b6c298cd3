"""What an algorithm for repeated courses proposes next, from courses and responses. It never orders.

Where the source says "weeks after a course", days are counted from the last infusion day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Protocol

from apps.courses.domain.intervals import timing
from apps.kernel.text import N_, Params

OUTCOMES = ("none", "suboptimal", "good", "relapse")
_WEAK = ("none", "suboptimal")
_TEN_MG = Decimal(10)


class Algorithm(Protocol):
    """A maintenance algorithm, as the guidelines hold it."""

    @property
    def evaluate_after_days(self) -> int: ...
    @property
    def second_course_after_days(self) -> int: ...
    @property
    def course_dose_mg_per_kg(self) -> Decimal: ...
    @property
    def reduction_percent(self) -> Decimal: ...


class CourseState(StrEnum):
    """How far a course has come: every day given, some still to come, or ended before its dose was in."""

    RUNNING = "running"
    GIVEN = "given"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True)
class Response:
    """What was found on one day: `none`, `suboptimal`, `good`, or `relapse` after an effect."""

    outcome: str
    assessed_on: date


@dataclass(frozen=True, slots=True)
class TreatedCourse:
    """A course of which at least one day was given, with the dose that was ordered for it."""

    first_day: date
    last_day: date
    dose_mg_per_kg: Decimal
    state: CourseState
    responses: tuple[Response, ...] = ()


class Step(StrEnum):
    """What comes next. `stop_non_responder` and `ask` are for a person to decide."""

    UNDER_WAY = "under_way"
    EVALUATE = "evaluate"
    SECOND_COURSE = "second_course"
    STOP_NON_RESPONDER = "stop_non_responder"
    WAIT_FOR_RELAPSE = "wait_for_relapse"
    COURSE_AT_RELAPSE = "course_at_relapse"
    LOWER_DOSE = "lower_dose"
    KEEP_DOSE = "keep_dose"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class DoseOption:
    """A dose to choose from: `full`, `as_before`, `of_original`, `of_current` or `last_effective`."""

    reading: str
    dose_mg_per_kg: Decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A next step with its reason as an English template. Nothing follows from it until a person acts.

    `interval_days` was found by a relapse. `response_missing`: nobody has said how the last course worked,
    and unknown is not well.
    """

    step: Step
    message: str
    params: Params = field(default_factory=dict)
    due_on: date | None = None
    doses: tuple[DoseOption, ...] = ()
    interval_days: int | None = None
    response_missing: bool = False

    def timing(self, today: date) -> str:
        """`planned`, `due`, `overdue`; empty where the step has no date."""
        return timing(self.due_on, self.due_on, today=today) if self.due_on else ""


def propose_next_step(
    courses: Sequence[TreatedCourse], algorithm: Algorithm, *, today: date
) -> Proposal | None:
    """What the algorithm proposes after these courses (of one disease, in order of time); None before any.

    Where it is silent, or the history left its path, the step is `ask` with the reason. Source: NEL page,
    Vedlikeholdsbehandling; clinical facts 1.9 M1 to M7.
    """
    if not courses:
        return None
    last = courses[-1]
    if last.state is CourseState.RUNNING and (today - last.last_day).days <= algorithm.evaluate_after_days:
        return Proposal(
            Step.UNDER_WAY,
            N_("The course is under way. The effect is evaluated %(days)s days after its last infusion day."),
            {"days": algorithm.evaluate_after_days},
        )
    if last.state is not CourseState.GIVEN:
        return _ask(
            N_("The course ended before its dose was in. The source does not say how to go on: decide.")
        )
    path = _Path(courses, algorithm)
    return _search_for_dose(path) if path.relapses else _search_for_response(path)


class _Path:
    """The history as the algorithm sees it."""

    def __init__(self, courses: Sequence[TreatedCourse], algorithm: Algorithm) -> None:
        self.courses, self.algorithm = courses, algorithm
        self.outcomes = [self._newest(course) for course in courses]
        self.last, self.last_outcome = courses[-1], self.outcomes[-1]
        self.relapses = [
            (index, found.assessed_on)
            for index, found in enumerate(self.outcomes)
            if found is not None and found.outcome == "relapse"
        ]

    @property
    def original_mg_per_kg(self) -> Decimal:
        """The dose that is lowered: of the treatment at the first relapse, or where that is to come, before it."""
        index = self.relapses[0][0]
        return self.courses[min(index + 1, len(self.courses) - 1)].dose_mg_per_kg

    @property
    def interval_days(self) -> int | None:
        """From the newest course at the full dose that held long enough to be judged, until its relapse."""
        found = [
            self.days_to(index, relapsed_on)
            for position, (index, relapsed_on) in enumerate(self.relapses)
            if position == 0 or self.at_full_dose(index)
        ]
        return next((days for days in reversed(found) if days >= self.algorithm.evaluate_after_days), None)

    @property
    def dose_is_set(self) -> bool:
        """Whether the lowering has come to its relapse."""
        return any(not self.at_full_dose(index) for index, _ in self.relapses[1:])

    def at_full_dose(self, index: int) -> bool:
        return self.courses[index].dose_mg_per_kg >= self.original_mg_per_kg

    def days_to(self, index: int, relapsed_on: date) -> int:
        return (relapsed_on - self.courses[index].last_day).days

    def _newest(self, course: TreatedCourse) -> Response | None:
        """The newest response; a weak one from before the effect can be judged does not count."""
        judged_from = course.first_day + timedelta(days=self.algorithm.evaluate_after_days)
        newest: Response | None = None
        for response in course.responses:
            counts = response.outcome not in _WEAK or response.assessed_on >= judged_from
            if counts and (newest is None or response.assessed_on >= newest.assessed_on):
                newest = response
        return newest


def _search_for_response(path: _Path) -> Proposal:
    """M1 to M5: until the first relapse."""
    last, algorithm, number = path.last, path.algorithm, len(path.courses)
    if path.last_outcome is None:
        return Proposal(
            Step.EVALUATE,
            N_("Evaluate the effect of this course %(days)s days after its last infusion day."),
            {"days": algorithm.evaluate_after_days},
            due_on=last.last_day + timedelta(days=algorithm.evaluate_after_days),
        )
    outcome = path.last_outcome.outcome
    if outcome == "good":
        return Proposal(
            Step.WAIT_FOR_RELAPSE,
            N_("Responder: follow. The next treatment is given at increasing symptoms or relapse."),
        )
    if number == 1:
        return Proposal(
            Step.SECOND_COURSE,
            _SECOND_AFTER_NONE if outcome == "none" else _SECOND_AFTER_SUBOPTIMAL,
            {"days": algorithm.second_course_after_days},
            due_on=last.last_day + timedelta(days=algorithm.second_course_after_days),
            doses=(DoseOption("full", algorithm.course_dose_mg_per_kg),),
        )
    first = path.outcomes[0]
    if number == 2 and outcome == "none" and first is not None and first.outcome in _WEAK:
        return Proposal(
            Step.STOP_NON_RESPONDER,
            N_("No effect after the second course: non-responder. The source ends the treatment. Decide."),
        )
    if number == 2 and outcome == "suboptimal":
        return _ask(
            N_(
                "A suboptimal response after the second course: the source stops only without any effect, and"
                " says nothing of this. Decide."
            )
        )
    return _ask(N_("This history is not on the path of the algorithm. Decide without it."))


def _search_for_dose(path: _Path) -> Proposal:
    """M5 and M6: the first relapse sets the interval, then the dose is lowered until the next one sets it."""
    last, index, interval = path.last, len(path.courses) - 1, path.interval_days
    first, (newest, relapsed_on) = path.relapses[0][0], path.relapses[-1]
    if interval is None:
        return _ask(
            N_(
                "The relapse came before the effect of the course could be evaluated. It sets no interval:"
                " decide."
            )
        )
    if newest == index and newest == first:
        return Proposal(
            Step.COURSE_AT_RELAPSE,
            N_("Relapse: the next treatment is given now. It sets the interval of future courses."),
            due_on=relapsed_on,
            doses=(DoseOption("as_before", last.dose_mg_per_kg),),
            interval_days=interval,
        )
    if newest == index:
        return _relapse_again(path, relapsed_on, interval)
    if path.last_outcome is not None and path.last_outcome.outcome in _WEAK:
        return _ask(
            N_("The effect of the last course was weaker. The source lowers only until relapse: decide."),
            interval_days=interval,
        )
    next_on, missing = last.last_day + timedelta(days=interval), path.last_outcome is None
    if path.dose_is_set:
        return Proposal(
            Step.KEEP_DOSE,
            N_("The relapse has set the dose. The next course follows at the interval that was found."),
            due_on=next_on,
            doses=(DoseOption("as_before", last.dose_mg_per_kg),),
            interval_days=interval,
            response_missing=missing,
        )
    return Proposal(
        Step.LOWER_DOSE,
        N_(
            "The next course follows at the interval that was found, with the dose lowered by %(percent)s %%."
            " The source does not say of which dose: choose."
        ),
        {"percent": path.algorithm.reduction_percent},
        due_on=next_on,
        doses=lowered_doses(last.dose_mg_per_kg, path.original_mg_per_kg, path.algorithm.reduction_percent),
        interval_days=interval,
        response_missing=missing,
    )


def _relapse_again(path: _Path, relapsed_on: date, interval: int) -> Proposal:
    """A relapse after treatment at relapse: the dose was lowered too far, or the interval is too long."""
    index, last = len(path.courses) - 1, path.last
    if path.at_full_dose(index):
        return _ask(
            N_(
                "Relapse at a dose that was not lowered, %(days)s days after the course. The source does not"
                " say how to go on: decide on dose and interval."
            ),
            {"days": path.days_to(index, relapsed_on)},
            due_on=relapsed_on,
            doses=(DoseOption("as_before", last.dose_mg_per_kg),),
            interval_days=interval,
        )
    relapsed = {position for position, _ in path.relapses}
    held = [
        course.dose_mg_per_kg
        for position, course in enumerate(path.courses[path.relapses[0][0] + 1 :], path.relapses[0][0] + 1)
        if position not in relapsed and course.dose_mg_per_kg > last.dose_mg_per_kg
    ]
    return _ask(
        N_(
            "Relapse after the dose was lowered: this sets the dose. The source does not say which one; the"
            " last effective dose is proposed. Decide."
        ),
        due_on=relapsed_on,
        doses=(DoseOption("last_effective", held[-1] if held else path.original_mg_per_kg),),
        interval_days=interval,
    )


def lowered_doses(current: Decimal, original: Decimal, percent: Decimal) -> tuple[DoseOption, ...]:
    """The next lower dose in both readings of the source, to 10 mg/kg; one that comes to nothing is left out.

    By 20 % from 2000 mg/kg: of the original dose 1600, 1200, 800; of the current dose 1600, 1280, 1020.
    Source: clinical facts 1.9 M7.
    """
    options = (
        DoseOption("of_original", _to_ten_mg(current - original * percent / 100)),
        DoseOption("of_current", _to_ten_mg(current * (100 - percent) / 100)),
    )
    return tuple(option for option in options if option.dose_mg_per_kg > 0)


_SECOND_AFTER_SUBOPTIMAL = N_(
    "Suboptimal response: a second course at the full dose, %(days)s days after the last infusion day of the"
    " first."
)
_SECOND_AFTER_NONE = N_(
    "No effect of the first course: a second one at the full dose, %(days)s days after the last infusion day"
    " of the first. The source stops only after the second."
)


def _ask(message: str, params: Params | None = None, **more: Any) -> Proposal:
    return Proposal(Step.ASK, message, params or {}, **more)


def _to_ten_mg(dose: Decimal) -> Decimal:
    return (dose / _TEN_MG).quantize(Decimal(1), rounding=ROUND_HALF_UP) * _TEN_MG
