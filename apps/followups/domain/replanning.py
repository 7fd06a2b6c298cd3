"""What a new plan changes: each check is kept, moved, superseded or added. Nothing twice, nothing lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apps.followups.domain.learned_late import LEARNED_LATE, Lateness, too_late, without_lateness
from apps.followups.domain.planner import PlannedCheck
from apps.followups.domain.reasons import Reason
from apps.followups.domain.windows import Window

PLANNED, SUPERSEDED = "planned", "superseded"


@dataclass(frozen=True, slots=True)
class ExistingCheck:
    """A check that is there. `status` is `planned`, `superseded`, or anything that came of it."""

    number: int
    rule_code: str
    day_number: int
    status: str
    window: Window
    reasons: tuple[Reason, ...]
    anchored_at: datetime | None

    @property
    def key(self) -> tuple[str, int]:
        """As `PlannedCheck.key`."""
        return self.rule_code, self.day_number


@dataclass(frozen=True, slots=True)
class Move:
    """A check takes another's place; the old row stays, superseded."""

    old: ExistingCheck
    new: PlannedCheck


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written. `explained`: kept where they are, with the reasons of today.

    `missed`: called for when it was too late for them; kept, and asked of nobody.
    """

    kept: tuple[ExistingCheck, ...]
    explained: tuple[Move, ...]
    moved: tuple[Move, ...]
    superseded: tuple[ExistingCheck, ...]
    added: tuple[PlannedCheck, ...]
    missed: tuple[PlannedCheck, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is to be written."""
        return not (self.explained or self.moved or self.superseded or self.added or self.missed)


def replan(
    existing: Sequence[ExistingCheck], plan: Sequence[PlannedCheck], late: Lateness | None = None
) -> Changes:
    """What brings the checks of a course in line with its plan.

    Only a check that is still planned gives way. One that was asked for stays until somebody answers it,
    even where a later dose calls for another: its question was real, and silence is not an answer. So of each
    rule at most one check is planned, and it counts from the last dose the rule knows; in-course checks are
    one for each day, and asked anew when the day was put off after the answer.

    `late` says what becomes of a check that is new and whose window has closed already; None: it is added as it is.
    One that was added so keeps its window for as long as it counts from the same dose.
    """
    waiting = [check for check in existing if check.status == PLANNED]
    asked = [check for check in existing if check.status not in (PLANNED, SUPERSEDED)]
    wanted = [check for check in plan if not any(_covers(one, check) for one in asked)]
    keys = {check.key for check in wanted}
    kept = list(asked)
    added, moved, explained, missed = [], [], [], []
    for check in wanted:
        old = _stand_in(check, waiting, keys)
        if old is not None and _stays(old, check):
            waiting.remove(old)
            kept.append(old)
            if without_lateness(old.reasons) != check.reasons:
                explained.append(Move(old, _as_late_as(old, check)))
            continue
        if old is None and check.settled_by_time:
            continue
        if late is not None and late.concerns(check):
            if not late.is_in_time(check):
                missed.append(too_late(check))
                continue
            check = late.at_once(check)
        if old is None:
            added.append(check)
        else:
            waiting.remove(old)
            moved.append(Move(old, check))
    return Changes(tuple(kept), tuple(explained), tuple(moved), tuple(waiting), tuple(added), tuple(missed))


def _stays(old: ExistingCheck, check: PlannedCheck) -> bool:
    """Whether the waiting check is this one, where it lies; one learned of late lies where it was put then."""
    if old.key != check.key:
        return False
    return old.window == check.window or (
        LEARNED_LATE in old.reasons and old.anchored_at == check.anchored_at
    )


def _as_late_as(old: ExistingCheck, check: PlannedCheck) -> PlannedCheck:
    if LEARNED_LATE not in old.reasons:
        return check
    return replace(check, window=old.window, reasons=(*check.reasons, LEARNED_LATE))


def _covers(asked: ExistingCheck, check: PlannedCheck) -> bool:
    """Whether what was asked already is this check, and not one for an earlier dose."""
    return asked.key == check.key and (asked.anchored_at is None or asked.anchored_at >= check.anchored_at)


def _stand_in(
    check: PlannedCheck, waiting: Sequence[ExistingCheck], keys: set[tuple[str, int]]
) -> ExistingCheck | None:
    """The waiting check that this one is, or else one of its rule that nothing in the plan asks for any more."""
    same = [one for one in waiting if one.key == check.key]
    left = [one for one in waiting if one.rule_code == check.rule_code and one.key not in keys]
    found = same or left
    return found[-1] if found else None
