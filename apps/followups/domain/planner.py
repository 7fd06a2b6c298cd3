"""The checks a course calls for: who is asked what, when, and why. Pure: a picture and rules in, a plan out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apps.followups.domain.calling_hours import Hours
from apps.followups.domain.picture import CourseDay, CoursePicture
from apps.followups.domain.reasons import Condition, Reason, reasons_for
from apps.followups.domain.timeline import RiskWindow, risk_bands
from apps.followups.domain.windows import (
    Rule,
    Window,
    asked_window,
    clinical_window,
    midnight,
    vaccine_hold,
)

EVERY_EFFECT = "delayed_effect"  # what a check is about that asks for all of them


@dataclass(frozen=True, slots=True)
class Protocol:
    """What a plan follows: rules, the conditions of derived facts, hours by kind, live-vaccine months, risk windows.

    `vaccine_months` are the intervals that the dose of the course falls under, by code.
    """

    rules: tuple[Rule, ...]
    derived: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    hours: Mapping[str, Hours] = field(default_factory=dict)
    vaccine_months: Mapping[str, int] = field(default_factory=dict)
    windows: tuple[RiskWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """A check with its window (aware datetimes).

    `day_number` is the infusion day it counts from, for an in-course check the day before which it is asked.
    `session_day` is the infusion it follows. What is `settled_by_time` is not added any more, only kept.
    `risk_until`: until when what it looks for may still begin; None where nobody knows an end.
    """

    rule_code: str
    day_number: int
    session_day: int
    effect: str
    kind: str
    anchored_at: datetime
    window: Window
    reasons: tuple[Reason, ...]
    settled_by_time: bool = False
    is_asked: bool = True
    risk_until: datetime | None = None

    @property
    def key(self) -> tuple[str, int]:
        """One check of each rule for each infusion day it counts from."""
        return self.rule_code, self.day_number


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What a check counts from."""

    day_number: int
    session_day: int
    at: datetime
    begun_at: datetime | None = None


def plan_course(picture: CoursePicture, protocol: Protocol) -> tuple[PlannedCheck, ...]:
    """Every check that the course calls for as it stands now, in order of due time.

    Nothing before the first dose. Onset windows count from the first dose, the rest from the last one so far;
    in-course checks lie on the morning of each later day. Sources: clinical facts 5.1, 8.
    """
    risks = _ends_of_risk(picture, protocol)
    planned = [
        _planned(rule, anchor, reasons, picture, protocol, risks)
        for rule in protocol.rules
        for reasons in [reasons_for(rule.for_facts, picture, protocol.derived)]
        if reasons or not rule.for_facts
        for anchor in _anchors(rule, picture)
    ]
    return tuple(sorted(planned, key=lambda check: (check.window.due_at, check.key)))


def _planned(
    rule: Rule,
    anchor: _Anchor,
    reasons: Sequence[Reason],
    picture: CoursePicture,
    protocol: Protocol,
    risks: Mapping[str, datetime],
) -> PlannedCheck:
    window = clinical_window(rule, anchor.at)
    if rule.interval_codes:
        window = vaccine_hold(rule, window, anchor.at, protocol.vaccine_months, picture.zone)
    if rule.is_asked:
        window = asked_window(window, protocol.hours.get(rule.kind), picture.zone)
    if anchor.begun_at is not None:
        window = _at_latest(window, anchor.begun_at)
    return PlannedCheck(
        rule_code=rule.code,
        day_number=anchor.day_number,
        session_day=anchor.session_day,
        effect=rule.effect,
        kind=rule.kind,
        anchored_at=anchor.at,
        window=window,
        reasons=tuple(reasons),
        settled_by_time=anchor.begun_at is not None,
        is_asked=rule.is_asked,
        risk_until=risks.get(rule.effect),
    )


def _ends_of_risk(picture: CoursePicture, protocol: Protocol) -> dict[str, datetime]:
    """Effect -> until when it may still begin; a check of every delayed effect, until the last of them."""
    ends: dict[str, datetime] = {}
    for band in risk_bands(picture, protocol.windows):
        for effect in (band.effect, EVERY_EFFECT):
            ends[effect] = max(band.to_at, ends.get(effect, band.to_at))
    return ends


def _at_latest(window: Window, moment: datetime) -> Window:
    """An infusion began: what was to be asked before it is asked now. Its window's end stays."""
    return Window(min(window.opens_at, moment), min(window.due_at, moment), window.closes_at)


def _anchors(rule: Rule, picture: CoursePicture) -> Iterator[_Anchor]:
    first, last = picture.first_begun, picture.last_ended
    if rule.anchor == "first_dose" and first is not None and first.started_at is not None:
        yield _Anchor(first.number, first.number, first.started_at)
    if rule.anchor == "last_dose" and last is not None and last.ended_at is not None:
        yield _Anchor(last.number, last.number, last.ended_at)
    if rule.anchor == "each_day" and first is not None:
        yield from _mornings(picture, first)


def _mornings(picture: CoursePicture, first: CourseDay) -> Iterator[_Anchor]:
    for day in picture.days:
        if day.number != first.number and (day.started_at is not None or _is_ahead(day, picture.days)):
            yield _Anchor(
                day_number=day.number,
                session_day=_begun_before(day, picture.days, first),
                at=midnight(day.expected_on, picture.zone),
                begun_at=day.started_at,
            )


def _is_ahead(day: CourseDay, days: Iterable[CourseDay]) -> bool:
    """A day that was passed over is not asked about."""
    return not any(other.started_at is not None and other.number > day.number for other in days)


def _begun_before(day: CourseDay, days: Iterable[CourseDay], first: CourseDay) -> int:
    begun = [other.number for other in days if other.started_at is not None and other.number < day.number]
    return max(begun, default=first.number)
