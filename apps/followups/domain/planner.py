"""Checks for delayed effects after the last infusion of a course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Rule(Protocol):
    """A follow-up rule, as the guidelines hold it; hours count from the end of the last infusion."""

    @property
    def code(self) -> str: ...
    @property
    def effect(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def opens_after_h(self) -> int: ...
    @property
    def due_after_h(self) -> int: ...
    @property
    def closes_after_h(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """A check with its window (aware datetimes): it may be done from `opens_at`, is asked for at `due_at`."""

    rule_code: str
    effect: str
    kind: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime


def plan_checks(*, ended_at: datetime, rules: Sequence[Rule]) -> tuple[PlannedCheck, ...]:
    """One check per rule, counted from the end of the last infusion, in order of due time.

    Source: NEL page, Bivirkninger (aseptic meningitis "24-48 timer"); clinical facts 5.1 D-01 to D-03,
    8 FU-2, FU-4, FU-5.
    """
    checks = (
        PlannedCheck(
            rule_code=rule.code,
            effect=rule.effect,
            kind=rule.kind,
            opens_at=ended_at + timedelta(hours=rule.opens_after_h),
            due_at=ended_at + timedelta(hours=rule.due_after_h),
            closes_at=ended_at + timedelta(hours=rule.closes_after_h),
        )
        for rule in rules
        if rule.closes_after_h is not None
    )
    return tuple(sorted(checks, key=lambda check: check.due_at))
